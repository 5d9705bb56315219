package stack

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"privacydesk/infra/local/queues"
	"privacydesk/shared/testkit/standin"
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
		letters, err := takeLetters[queues.Letter](s, q.LogicalID)
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
