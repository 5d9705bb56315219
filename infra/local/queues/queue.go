package queues

import (
	"slices"
	"sync"
	"time"

	"privacydesk/shared/testkit/template"
)

// message is one message of a queue.
type message struct {
	id       string
	body     string
	sent     time.Time
	first    time.Time // when it was first received
	received int
	hidden   time.Time // until then nobody sees it
}

// Letter is a message that was given up, or waits.
type Letter struct {
	MessageID string    `json:"messageId"`
	Body      string    `json:"body"`
	Sent      time.Time `json:"sent"`
	Received  int       `json:"received"`
}

// queue is a standard queue.
type queue struct {
	template.Queue
	news chan struct{} // a message has come

	mu       sync.Mutex
	messages []*message
}

func (q *queue) put(m *message) {
	q.mu.Lock()
	q.messages = append(q.messages, m)
	q.mu.Unlock()
	select {
	case q.news <- struct{}{}:
	default:
	}
}

// receive hides and returns up to n messages that can be seen, and those that
// were received too often; these leave the queue. next is when another one
// will be seen, zero when none is hidden. Messages hide by now, and are marked
// with stamp when they are received first.
func (q *queue) receive(n int, now, stamp time.Time) (batch, dead []*message, next time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var kept []*message
	for _, m := range q.messages {
		switch {
		case now.Before(m.hidden):
			if next.IsZero() || m.hidden.Before(next) {
				next = m.hidden
			}
		case q.MaxReceives > 0 && m.received >= q.MaxReceives:
			dead = append(dead, m)
			continue
		case len(batch) < n:
			if m.received++; m.first.IsZero() {
				m.first = stamp
			}
			m.hidden = now.Add(q.Visibility)
			batch = append(batch, m)
		default:
			next = now
		}
		kept = append(kept, m)
	}
	q.messages = kept
	return batch, dead, next
}

// waiting gives every message that is not done yet, received or not.
func (q *queue) waiting() []Letter {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []Letter
	for _, m := range q.messages {
		out = append(out, m.letter())
	}
	return out
}

func (m *message) letter() Letter { return Letter{m.id, m.body, m.sent.UTC(), m.received} }

func (q *queue) delete(done []*message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.messages = slices.DeleteFunc(q.messages, func(m *message) bool { return slices.Contains(done, m) })
}
