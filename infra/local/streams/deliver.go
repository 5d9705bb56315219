package streams

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"privacydesk/infra/local/template"
)

// deliverer hands batches of one shard to one function, under the mapping's
// own rules for what fails.
type deliverer struct {
	mapping    template.StreamMapping
	streamARN  string
	shard      string
	invoke     func(ctx context.Context, function string, payload []byte) ([]byte, string, error)
	deadLetter func(destination string, message []byte)
	log        *slog.Logger
	now        func() time.Time
	moved      func(time.Time) time.Time
	backoff    time.Duration
}

// deliver returns when each record was delivered or given up; its error is
// ctx's, and then nothing is known of the rest.
func (d *deliverer) deliver(ctx context.Context, batch []record) error {
	return d.try(ctx, batch, 0)
}

func (d *deliverer) try(ctx context.Context, batch []record, attempts int) error {
	for {
		if batch = d.dropExpired(batch, attempts); len(batch) == 0 {
			return nil
		}
		done, fault := d.once(ctx, batch)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if done == len(batch) {
			return nil
		}
		batch = batch[done:]
		if done > 0 {
			attempts = 0 // it moved on: the rest is a batch of its own
			continue
		}
		if d.mapping.Bisect && len(batch) > 1 { // splitting costs no attempt
			return d.halves(ctx, batch, attempts)
		}
		attempts++
		d.log.Warn("stream batch failed", "mapping", d.mapping.LogicalID, "records", len(batch), "attempt", attempts, "fault", fault)
		if d.mapping.Retries >= 0 && attempts > d.mapping.Retries {
			d.giveUp(batch, "RetryAttemptsExhausted", attempts)
			return nil
		}
		if err := pause(ctx, min(d.backoff<<min(attempts-1, 10), 100*d.backoff)); err != nil {
			return err
		}
	}
}

func (d *deliverer) halves(ctx context.Context, batch []record, attempts int) error {
	middle := len(batch) / 2
	if err := d.try(ctx, batch[:middle], attempts); err != nil {
		return err
	}
	return d.try(ctx, batch[middle:], attempts)
}

// once invokes the function and gives how many records, from the first, are done.
func (d *deliverer) once(ctx context.Context, batch []record) (done int, fault string) {
	events := make([]map[string]any, len(batch))
	for i, r := range batch {
		events[i] = r.event
	}
	payload, err := json.Marshal(map[string]any{"Records": events})
	if err != nil {
		return 0, err.Error()
	}
	answer, fault, err := d.invoke(ctx, d.mapping.Function, payload)
	switch {
	case err != nil:
		return 0, err.Error()
	case fault != "":
		return 0, fault
	case d.mapping.ReportFailures:
		return reported(answer, batch)
	}
	return len(batch), ""
}

// reported reads batchItemFailures. The first record that is named is where
// the next try begins; a name that is not in the batch fails all of it, and so
// does an answer that cannot be read. No answer is success, as in Lambda.
func reported(answer []byte, batch []record) (done int, fault string) {
	var report struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	if len(answer) == 0 {
		return len(batch), ""
	}
	if err := json.Unmarshal(answer, &report); err != nil {
		return 0, "the answer is no batch response"
	}
	done = len(batch)
	for _, failure := range report.BatchItemFailures {
		at := position(batch, failure.ItemIdentifier)
		if at < 0 {
			return 0, "batchItemFailures names a record that is not in the batch"
		}
		done = min(done, at)
	}
	return done, "batchItemFailures"
}

func position(batch []record, sequence string) int {
	for i, r := range batch {
		if r.sequence == sequence {
			return i
		}
	}
	return -1
}

// dropExpired gives up the records that are older than the mapping's limit.
func (d *deliverer) dropExpired(batch []record, attempts int) []record {
	if d.mapping.MaxAge == 0 {
		return batch
	}
	oldest := d.now().Add(-d.mapping.MaxAge)
	expired := 0
	for expired < len(batch) && batch[expired].created.Before(oldest) {
		expired++
	}
	if expired > 0 {
		d.giveUp(batch[:expired], "RecordAgeExceeded", attempts)
	}
	return batch[expired:]
}

// giveUp sends what Lambda sends to an on-failure destination: where the
// records were, not what was in them.
func (d *deliverer) giveUp(batch []record, condition string, attempts int) {
	d.log.Error("stream batch given up", "mapping", d.mapping.LogicalID, "records", len(batch), "why", condition)
	if d.mapping.OnFailure == "" {
		return
	}
	first, last := batch[0], batch[len(batch)-1]
	message, err := json.Marshal(map[string]any{
		"version": "1.0", "timestamp": d.moved(d.now()).UTC().Format(time.RFC3339Nano),
		"requestContext": map[string]any{"functionArn": d.mapping.Function, "condition": condition, "approximateInvokeCount": attempts},
		"DDBStreamBatchInfo": map[string]any{
			"shardId": d.shard, "streamArn": d.streamARN, "batchSize": len(batch),
			"startSequenceNumber": first.sequence, "endSequenceNumber": last.sequence,
			"approximateArrivalOfFirstRecord": d.moved(first.created).UTC().Format(time.RFC3339),
			"approximateArrivalOfLastRecord":  d.moved(last.created).UTC().Format(time.RFC3339),
		},
	})
	if err == nil {
		d.deadLetter(d.mapping.OnFailure, message)
	}
}

// pause waits, or returns ctx's error.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
