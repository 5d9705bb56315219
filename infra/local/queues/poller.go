package queues

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"privacydesk/infra/local/partial"
	"privacydesk/shared/testkit/template"
)

// poller takes messages out of one queue for one function.
type poller struct {
	Config
	mapping template.Poller
	queue   *queue
}

func (p *poller) run(ctx context.Context) {
	for ctx.Err() == nil {
		batch, dead, next := p.queue.receive(p.mapping.BatchSize, p.Now(), p.Stamp())
		for _, m := range dead {
			p.giveUp(m)
		}
		switch {
		case len(batch) > 0:
			p.deliver(ctx, batch)
		case len(dead) == 0:
			p.wait(ctx, next)
		}
	}
}

// wait ends when a message can be seen, and then leaves the window's time for
// others to join it.
func (p *poller) wait(ctx context.Context, next time.Time) {
	var again <-chan time.Time
	if !next.IsZero() {
		again = time.After(max(next.Sub(p.Now()), time.Millisecond))
	}
	select {
	case <-ctx.Done():
	case <-again:
	case <-p.queue.news:
		select {
		case <-ctx.Done():
		case <-time.After(p.mapping.Window):
		}
	}
}

// deliver invokes the function. What it reports, or everything when it fails,
// stays hidden in the queue and comes again.
func (p *poller) deliver(ctx context.Context, batch []*message) {
	payload, err := json.Marshal(map[string]any{"Records": p.records(batch)})
	var answer []byte
	var fault string
	if err == nil {
		answer, fault, err = p.Invoke(ctx, p.mapping.Function, payload)
	}
	failed := batch
	switch {
	case err != nil:
		fault = err.Error()
	case fault != "":
	case p.mapping.ReportFailures:
		failed, fault = reported(answer, batch)
	default:
		failed = nil
	}
	p.queue.delete(slices.DeleteFunc(slices.Clone(batch), func(m *message) bool { return slices.Contains(failed, m) }))
	if len(failed) > 0 && ctx.Err() == nil {
		p.Log.Warn("messages failed and come again", "mapping", p.mapping.LogicalID, "messages", len(failed), "of", len(batch), "fault", fault)
	}
}

// reported gives the messages that the answer names. A name that is not in the
// batch, or an answer that cannot be read, fails all of it.
func reported(answer []byte, batch []*message) (failed []*message, fault string) {
	names, err := partial.Failures(answer)
	if err != nil {
		return batch, err.Error()
	}
	for _, name := range names {
		at := slices.IndexFunc(batch, func(m *message) bool { return m.id == name })
		if at < 0 {
			return batch, "batchItemFailures names a message that is not in the batch"
		}
		failed = append(failed, batch[at])
	}
	return failed, "batchItemFailures"
}

func (p *poller) records(batch []*message) []map[string]any {
	var records []map[string]any
	for _, m := range batch {
		sum := md5.Sum([]byte(m.body))
		records = append(records, map[string]any{
			"messageId": m.id, "receiptHandle": m.id, "body": m.body, "md5OfBody": hex.EncodeToString(sum[:]),
			"attributes": map[string]string{
				"ApproximateReceiveCount": strconv.Itoa(m.received), "SenderId": "local",
				"SentTimestamp":                    strconv.FormatInt(m.sent.UnixMilli(), 10),
				"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.first.UnixMilli(), 10),
			},
			"messageAttributes": map[string]any{}, "eventSource": "aws:sqs",
			"eventSourceARN": p.mapping.Queue, "awsRegion": template.Region,
		})
	}
	return records
}

func (p *poller) giveUp(m *message) {
	p.Log.Error("a message is given up", "queue", p.queue.LogicalID, "sqs_message", m.id, "received", m.received)
	raw, err := json.Marshal(m.letter())
	if err == nil && p.queue.DeadLetters != "" {
		p.DeadLetter(p.queue.DeadLetters, raw)
	}
}
