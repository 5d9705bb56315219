// Package queues is SNS and SQS on one machine, as far as the template uses
// them: a topic hands what it gets to its queues; a queue keeps a message
// until its function has dealt with it, hides it meanwhile, and gives up to
// the dead letters what fails too often.
//
// Messages live in memory; Waiting gives those that are not done when the stack
// stops, to be resumed. A queue's retention is not played: a message is given
// up long before. The package must not know what a message says.
package queues

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"privacydesk/shared/testkit/template"
)

// Config says what there is and who takes it.
type Config struct {
	Queues      []template.Queue
	Pollers     []template.Poller
	Subscribers []template.Subscriber
	Invoke      func(ctx context.Context, function string, payload []byte) (answer []byte, functionError string, err error)
	DeadLetter  func(queue string, message []byte)           // gets a Letter as JSON
	Allowed     func(function, action, resource string) bool // whether Lambda may do that with the function's role; default yes
	// LongestHidden caps the visibility timeout: nobody at a terminal waits the
	// minutes that are right for the real queue. 0: no cap.
	LongestHidden time.Duration
	Log           *slog.Logger
	Now           func() time.Time // the machine's time, in which messages hide
	Stamp         func() time.Time // the stack's time, in which they are sent and grow old; default Now
	NewID         func() string
}

// Broker is the topics and queues.
type Broker struct {
	config Config
	queues map[string]*queue // by ARN
}

// New makes the queues; nothing is taken out of them before Run.
func New(config Config) *Broker {
	if config.Stamp == nil {
		config.Stamp = config.Now
	}
	if config.Allowed == nil {
		config.Allowed = func(string, string, string) bool { return true }
	}
	b := &Broker{config: config, queues: map[string]*queue{}}
	for _, q := range config.Queues {
		if config.LongestHidden > 0 {
			q.Visibility = min(q.Visibility, config.LongestHidden)
		}
		b.queues[q.ARN] = &queue{Queue: q, news: make(chan struct{}, 1)}
	}
	return b
}

// Publish hands a message to the queues that listen to a topic.
func (b *Broker) Publish(topic, subject, message string) {
	for _, s := range b.config.Subscribers {
		if s.Topic != topic {
			continue
		}
		body := message
		if !s.Raw {
			body = b.notification(topic, subject, message)
		}
		if err := b.Send(s.Queue, body); err != nil {
			b.config.Log.Error("a message of a topic is lost", "topic", topic, "error", err)
		}
	}
}

// notification is SNS's envelope.
func (b *Broker) notification(topic, subject, message string) string {
	raw, _ := json.Marshal(map[string]string{ // texts always have a JSON form
		"Type": "Notification", "MessageId": b.config.NewID(), "TopicArn": topic, "Subject": subject, "Message": message,
		"Timestamp": b.config.Stamp().UTC().Format("2006-01-02T15:04:05.000Z"), "SignatureVersion": "1", "Signature": "bG9jYWw=",
		"SigningCertURL": "https://sns." + template.Region + ".amazonaws.com/local.pem",
		"UnsubscribeURL": "https://sns." + template.Region + ".amazonaws.com/?Action=Unsubscribe",
	})
	return string(raw)
}

// Send puts a message into a queue.
func (b *Broker) Send(queue, body string) error {
	q, ok := b.queues[queue]
	if !ok {
		return fmt.Errorf("there is no queue %s", queue)
	}
	q.put(&message{id: b.config.NewID(), body: body, sent: b.config.Stamp()})
	return nil
}

// Waiting gives the messages that are not done yet, by the ARN of their queue.
// Call it when Run has returned.
func (b *Broker) Waiting() map[string][]Letter {
	out := map[string][]Letter{}
	for arn, q := range b.queues {
		if waiting := q.waiting(); len(waiting) > 0 {
			out[arn] = waiting
		}
	}
	return out
}

// Resume goes on with what another broker had; queues that are no more are left out.
func (b *Broker) Resume(waiting map[string][]Letter) {
	for arn, letters := range waiting {
		q, ok := b.queues[arn]
		for _, l := range letters {
			if ok {
				q.put(&message{id: l.MessageID, body: l.Body, sent: l.Sent, received: l.Received})
			}
		}
	}
}

// SourceOf is the queue whose dead letters go to the queue of that ARN.
func (b *Broker) SourceOf(deadLetters string) (string, bool) {
	for arn, q := range b.queues {
		if q.DeadLetters == deadLetters {
			return arn, true
		}
	}
	return "", false
}

// Run hands messages to their functions until ctx ends.
func (b *Broker) Run(ctx context.Context) {
	var wait sync.WaitGroup
	for _, p := range b.config.Pollers {
		if q := b.queues[p.Queue]; q != nil && !p.Disabled && b.mayPoll(p) {
			wait.Go(func() { (&poller{Config: b.config, mapping: p, queue: q}).run(ctx) })
		}
	}
	wait.Wait()
}

// mayPoll asks for what a mapping needs on its queue, as Lambda does when it
// makes the mapping ("Using Lambda with Amazon SQS" in the Lambda Developer
// Guide).
func (b *Broker) mayPoll(p template.Poller) bool {
	may := true
	for _, action := range []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"} {
		may = b.config.Allowed(p.Function, action, p.Queue) && may
	}
	if !may {
		b.config.Log.Error("the function's role may not read its queue: AWS would not make this mapping", "mapping", p.LogicalID)
	}
	return may
}
