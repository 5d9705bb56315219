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
	"strings"
	"time"

	"privacydesk/infra/local/queues"
	"privacydesk/shared/testkit/standin"
	"privacydesk/shared/testkit/template"
)

// hidden caps how long a message that failed stays away: a damaged event is
// among the dead letters within half a minute, not a quarter of an hour.
const hidden = 5 * time.Second

// startQueues makes the topics and queues; the functions that read them are
// started later.
func (s *Stack) startQueues() {
	s.queues = queues.New(queues.Config{
		Queues: s.Template.Queues, Pollers: s.Template.Pollers, Subscribers: s.Template.Subscribers,
		Invoke: s.Invoke, DeadLetter: s.deadLetter, Allowed: s.judge.Ask, LongestHidden: hidden,
		Log: s.logger("queues"), Now: time.Now, Stamp: s.Now, NewID: newUUID,
	})
}

// publish sends what SES tells to the topics of the mail's configuration set.
func (s *Stack) publish(e standin.Event) {
	for _, topic := range e.Topics {
		s.queues.Publish(topic, "Amazon SES Email Event Notification", string(e.JSON))
	}
}

// redriveAPI puts every dead letter that came out of a queue back into it, and
// calls functions again for what was kept of their failed calls.
func (s *Stack) redriveAPI(w http.ResponseWriter, r *http.Request) {
	for _, q := range s.Template.Queues {
		source, ok := s.queues.SourceOf(q.ARN)
		if !ok {
			continue
		}
		letters, err := take[queues.Letter](s, q.LogicalID)
		for _, l := range letters {
			err = errors.Join(err, s.queues.Send(source, l.Body))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = fmt.Fprintf(w, "%s: %s handed over again\n", q.LogicalID, count(len(letters), "message"))
	}
	if err := s.callAgain(r.Context(), w); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// take empties the file of a queue's dead letters.
func take[T any](s *Stack, queue string) ([]T, error) {
	s.letters.Lock()
	defer s.letters.Unlock()
	path := s.letterFile(queue)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var letters []T
	for line := range bytes.Lines(data) {
		var kept struct{ Message T }
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

// queueName is the last part of a queue's ARN.
func queueName(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] }

// expireLetters forgets the dead letters that are older than their queue keeps
// them; as in SQS, their age counts from when the message was first sent.
func (s *Stack) expireLetters() {
	for _, q := range s.Template.Queues {
		if err := s.expireLettersOf(q); err != nil {
			s.logger("queues").Warn("cannot look through the dead letters", "queue", q.LogicalID, "error", err)
		}
	}
}

func (s *Stack) expireLettersOf(q template.Queue) error {
	s.letters.Lock()
	defer s.letters.Unlock()
	path := s.letterFile(q.LogicalID)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var kept bytes.Buffer
	for line := range bytes.Lines(data) {
		var letter struct {
			Received time.Time
			Message  struct{ Sent time.Time }
		}
		if err := json.Unmarshal(line, &letter); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		sent := letter.Message.Sent
		if sent.IsZero() { // of a stream or an invocation: sent when it was given up
			sent = letter.Received
		}
		if s.Now().Sub(sent) <= q.Retention {
			kept.Write(line)
		}
	}
	switch {
	case kept.Len() == len(data):
		return nil
	case kept.Len() == 0:
		return os.Remove(path)
	}
	return os.WriteFile(path, kept.Bytes(), 0o644)
}

func (s *Stack) letterFile(queue string) string {
	return filepath.Join(s.config.Data, "dead-letters", filepath.Base(queue)+".jsonl")
}
