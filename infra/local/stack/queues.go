package stack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"privacydesk/infra/local/queues"
	"privacydesk/infra/local/standin"
)

// hidden caps how long a message that failed stays away: a damaged event is
// among the dead letters within half a minute, not a quarter of an hour.
const hidden = 5 * time.Second

// startQueues makes the topics and queues; the functions that read them are
// started later.
func (s *Stack) startQueues() {
	s.queues = queues.New(queues.Config{
		Queues: s.Template.Queues, Pollers: s.Template.Pollers, Subscribers: s.Template.Subscribers,
		Invoke: s.Invoke, DeadLetter: s.deadLetter, LongestHidden: hidden,
		Log: s.logger("queues"), Now: time.Now, NewID: newUUID,
	})
}

// publish sends what SES tells to the topics of the mail's configuration set.
func (s *Stack) publish(e standin.Event) {
	for _, topic := range e.Topics {
		s.queues.Publish(topic, "Amazon SES Email Event Notification", string(e.JSON))
	}
}

// redriveAPI puts every dead letter that came out of a queue back into it.
func (s *Stack) redriveAPI(w http.ResponseWriter, _ *http.Request) {
	for _, q := range s.Template.Queues {
		source, ok := s.queues.SourceOf(q.ARN)
		if !ok {
			continue
		}
		letters, err := s.takeLetters(q.LogicalID)
		for _, l := range letters {
			err = errors.Join(err, s.queues.Send(source, l.Body))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = fmt.Fprintf(w, "%s: %s handed over again\n", q.LogicalID, count(len(letters), "message"))
	}
}

// takeLetters empties the file of a queue's dead letters.
func (s *Stack) takeLetters(queue string) ([]queues.Letter, error) {
	s.letters.Lock()
	defer s.letters.Unlock()
	path := s.letterFile(queue)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var letters []queues.Letter
	for line := range bytes.Lines(data) {
		var kept struct{ Message queues.Letter }
		if err := json.Unmarshal(line, &kept); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		letters = append(letters, kept.Message)
	}
	if err == nil {
		err = os.Remove(path)
	}
	return letters, err
}

func (s *Stack) letterFile(queue string) string {
	return filepath.Join(s.config.Data, "dead-letters", filepath.Base(queue)+".jsonl")
}
