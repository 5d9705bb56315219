package template

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

type queueFields struct {
	VisibilityTimeout      *number
	MessageRetentionPeriod *number
	RedrivePolicy          json.RawMessage // an object, or its text
}

// What SQS takes where the template says nothing, in seconds.
const (
	defaultVisibility = 30
	defaultRetention  = 4 * 24 * 60 * 60
)

func (t *Template) addQueue(r Resource) error {
	var fields queueFields
	if err := r.Decode(&fields); err != nil {
		return err
	}
	q := Queue{LogicalID: r.LogicalID, ARN: r.ARN, Visibility: seconds(orDefault(fields.VisibilityTimeout, defaultVisibility)),
		Retention: seconds(orDefault(fields.MessageRetentionPeriod, defaultRetention))}
	if len(fields.RedrivePolicy) > 0 {
		var policy struct {
			DeadLetterTargetArn string `json:"deadLetterTargetArn"`
			MaxReceiveCount     number `json:"maxReceiveCount"`
		}
		if err := json.Unmarshal(fields.RedrivePolicy, &policy); err != nil {
			return fmt.Errorf("%s: RedrivePolicy: %w", place(r.LogicalID), err)
		}
		q.DeadLetters, q.MaxReceives = policy.DeadLetterTargetArn, int(policy.MaxReceiveCount)
	}
	t.Queues = append(t.Queues, q)
	return nil
}

type subscriptionFields struct {
	TopicArn, Protocol, Endpoint word
	RawMessageDelivery           flag
}

// addSubscription takes those of queues: nothing else listens locally.
func (t *Template) addSubscription(r Resource) error {
	var fields subscriptionFields
	if err := r.Decode(&fields); err != nil || fields.Protocol != "sqs" {
		return err
	}
	t.Subscribers = append(t.Subscribers, Subscriber{string(fields.TopicArn), string(fields.Endpoint), bool(fields.RawMessageDelivery)})
	return nil
}

type pollerFields struct {
	Queue                          word
	BatchSize                      *number
	MaximumBatchingWindowInSeconds number
	FunctionResponseTypes          []string
	Enabled                        *flag
}

// defaultPoll is Lambda's batch size for queues.
const defaultPoll = 10

func (t *Template) addPoller(e eventOf) error {
	var fields pollerFields
	if err := decode(e.place, e.properties, &fields); err != nil {
		return err
	}
	if !strings.HasPrefix(string(fields.Queue), "arn:") {
		return fmt.Errorf("%s: Queue must be an ARN, not %q", e.place, fields.Queue)
	}
	t.Pollers = append(t.Pollers, Poller{
		LogicalID: e.id, Function: e.function.LogicalID, Queue: string(fields.Queue),
		BatchSize: int(orDefault(fields.BatchSize, defaultPoll)), Window: seconds(fields.MaximumBatchingWindowInSeconds),
		ReportFailures: slices.Contains(fields.FunctionResponseTypes, "ReportBatchItemFailures"),
		Disabled:       !bool(orDefault(fields.Enabled, true)),
	})
	return nil
}

// checkPollers asks that what a function waits for longer than it may run is
// hidden from others meanwhile, as Lambda demands.
func (t *Template) checkPollers() error {
	for _, p := range t.Pollers {
		at := slices.IndexFunc(t.Queues, func(q Queue) bool { return q.ARN == p.Queue })
		f, _ := t.Function(p.Function)
		switch {
		case at < 0:
			return fmt.Errorf("%s: there is no queue %s", p.LogicalID, p.Queue)
		case t.Queues[at].Visibility < f.Timeout:
			return fmt.Errorf("%s: the queue's VisibilityTimeout (%s) is shorter than the function's Timeout (%s): Lambda refuses that",
				p.LogicalID, t.Queues[at].Visibility, f.Timeout.Round(time.Second))
		}
	}
	return nil
}
