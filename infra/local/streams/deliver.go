package streams

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"time"

	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/partial"
	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit/template"
)

// deliverer hands batches of one shard to one function, under the mapping's
// own rules for what fails.
type deliverer struct {
	mapping     template.StreamMapping
	functionARN string
	streamARN   string
	shard       string
	do          func(ctx context.Context, call runtime.Call) (runtime.Result, error)
	deadLetter  func(destination string, message []byte)
	log         *slog.Logger
	clock       *clock.Clock
	backoff     time.Duration
	newID       func() string
}

// progress is what a batch has been through. Throttles are no attempts.
type progress struct {
	attempts, refusals int
	requestID          string          // of the last try
	ended              time.Time       // of the last try, in the machine's time
	last               *runtime.Result // nil where the function was never reached
}

// deliver returns when each record was delivered or given up; its error is
// ctx's, and then nothing is known of the rest.
func (d *deliverer) deliver(ctx context.Context, batch []record) error {
	return d.try(ctx, batch, progress{})
}

func (d *deliverer) try(ctx context.Context, batch []record, p progress) error {
	for {
		if batch = d.dropExpired(batch, p, func(r record) time.Duration { return time.Since(r.created) }); len(batch) == 0 {
			return nil
		}
		done, fault := d.once(ctx, batch, &p)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if done == len(batch) {
			return nil
		}
		batch = batch[done:]
		if done > 0 {
			p.attempts, p.refusals = 0, 0 // it moved on: the rest is a batch of its own
			continue
		}
		if fault != throttled && d.mapping.Bisect && len(batch) > 1 { // splitting costs no attempt
			return d.halves(ctx, batch, p)
		}
		if fault != throttled && d.exhausted(batch, &p, fault) {
			return nil
		}
		var err error
		if batch, err = d.rest(ctx, batch, p); err != nil {
			return err
		}
	}
}

// exhausted counts an attempt, and gives the batch up after the last.
func (d *deliverer) exhausted(batch []record, p *progress, fault string) bool {
	p.attempts++
	d.log.Warn("stream batch failed", "mapping", d.mapping.LogicalID, "records", len(batch), "attempt", p.attempts, "fault", fault)
	if d.mapping.Retries < 0 || p.attempts <= d.mapping.Retries {
		return false
	}
	d.giveUp(batch, "RetryAttemptsExhausted", *p)
	return true
}

// maxBackoff is the longest wait between two retries. Lambda documents neither
// it nor the first.
const maxBackoff = time.Minute

// rest waits for the next retry, and gives the records that are left for it: a
// record whose age is up before then is given up when it is.
func (d *deliverer) rest(ctx context.Context, batch []record, p progress) ([]record, error) {
	wait := min(d.backoff<<min(p.attempts+p.refusals-1, 10), maxBackoff)
	left := d.mapping.MaxAge - (d.clock.Since(batch[0].created) - d.clock.Since(p.ended)) // when the try ended
	if d.mapping.MaxAge == 0 || wait <= left {
		return batch, d.clock.Sleep(ctx, p.ended, wait)
	}
	if err := d.clock.Sleep(ctx, p.ended, left); err != nil {
		return nil, err
	}
	return d.dropExpired(batch, p, func(r record) time.Duration { return d.clock.Since(r.created) }), nil
}

func (d *deliverer) halves(ctx context.Context, batch []record, p progress) error {
	middle := len(batch) / 2
	if err := d.try(ctx, batch[:middle], p); err != nil {
		return err
	}
	return d.try(ctx, batch[middle:], p)
}

// throttled is the fault of a batch that did not reach the function.
const throttled = "throttled"

// once invokes the function and gives how many records, from the first, are done.
func (d *deliverer) once(ctx context.Context, batch []record, p *progress) (done int, fault string) {
	events := make([]map[string]any, len(batch))
	for i, r := range batch {
		events[i] = r.event
	}
	payload, err := json.Marshal(map[string]any{"Records": events})
	if err != nil {
		return 0, err.Error()
	}
	p.requestID = d.newID()
	result, err := d.do(ctx, runtime.Call{Function: d.mapping.Function, RequestID: p.requestID, Payload: payload})
	p.ended = time.Now()
	if err != nil {
		if p.refusals++; p.refusals == 1 && ctx.Err() == nil {
			d.log.Info("stream batch waits", "mapping", d.mapping.LogicalID, "records", len(batch), "why", err)
		}
		return 0, throttled
	}
	p.last = &result
	switch {
	case result.FunctionError != "":
		return 0, result.FunctionError
	case d.mapping.ReportFailures:
		return reported(result.Payload, batch)
	}
	return len(batch), ""
}

// reported gives how many records come before the first that the answer names.
// A name that is not in the batch, or an answer that cannot be read, fails all
// of it.
func reported(answer []byte, batch []record) (done int, fault string) {
	names, err := partial.Failures(answer)
	if err != nil {
		return 0, err.Error()
	}
	done = len(batch)
	for _, name := range names {
		at := slices.IndexFunc(batch, func(r record) bool { return r.sequence == name })
		if at < 0 {
			return 0, "batchItemFailures names a record that is not in the batch"
		}
		done = min(done, at)
	}
	return done, "batchItemFailures"
}

// dropExpired gives up the records that are as old as the mapping's limit.
func (d *deliverer) dropExpired(batch []record, p progress, age func(record) time.Duration) []record {
	expired := 0
	for d.mapping.MaxAge > 0 && expired < len(batch) && age(batch[expired]) >= d.mapping.MaxAge {
		expired++
	}
	if expired > 0 {
		d.giveUp(batch[:expired], "RecordAgeExceeded", p)
	}
	return batch[expired:]
}

// giveUp sends what Lambda sends to an on-failure destination: where the
// records were, not what was in them. The response is missing where the
// function was never reached.
func (d *deliverer) giveUp(batch []record, condition string, p progress) {
	d.log.Error("stream batch given up", "mapping", d.mapping.LogicalID, "records", len(batch), "why", condition)
	if d.mapping.OnFailure == "" {
		return
	}
	first, last := batch[0], batch[len(batch)-1]
	request := map[string]any{"requestId": cmp.Or(p.requestID, d.newID()), "functionArn": d.functionARN, "condition": condition, "approximateInvokeCount": p.attempts}
	message := map[string]any{
		"version": "1.0", "timestamp": d.clock.Now().UTC().Format("2006-01-02T15:04:05.000Z"), "requestContext": request,
		"DDBStreamBatchInfo": map[string]any{
			"shardId": d.shard, "streamArn": d.streamARN, "batchSize": len(batch),
			"startSequenceNumber": first.sequence, "endSequenceNumber": last.sequence,
			"approximateArrivalOfFirstRecord": d.clock.At(first.created).UTC().Format(time.RFC3339),
			"approximateArrivalOfLastRecord":  d.clock.At(last.created).UTC().Format(time.RFC3339),
		},
	}
	if p.last != nil {
		response := map[string]any{"statusCode": 200, "executedVersion": "$LATEST"}
		if p.last.FunctionError != "" {
			response["functionError"] = p.last.FunctionError
		}
		message["responseContext"] = response
	}
	if text, err := json.Marshal(message); err == nil {
		d.deadLetter(d.mapping.OnFailure, text)
	}
}

// pause waits in the machine's time, or returns ctx's error.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
