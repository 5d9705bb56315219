package streams

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit/template"
)

// fake is a function that fails on some records.
type fake struct {
	bad     map[string]bool // sequence numbers it never manages
	partial bool            // names the bad ones, where it would fail as a whole
	busy    int             // is throttled so many times before anything else
	answer  string          // what it says, where that is not made from bad
	batches []string        // what it was given
	at      []string        // when, where that is looked at
	began   time.Time
}

func (f *fake) do(_ context.Context, call runtime.Call) (runtime.Result, error) {
	var event struct {
		Records []struct {
			Dynamodb struct{ SequenceNumber string }
		}
	}
	if err := json.Unmarshal(call.Payload, &event); err != nil {
		return runtime.Result{}, err
	}
	f.at = append(f.at, time.Since(f.began).String())
	var given, failed []string
	for _, r := range event.Records {
		given = append(given, r.Dynamodb.SequenceNumber)
		if f.bad[r.Dynamodb.SequenceNumber] {
			failed = append(failed, `{"itemIdentifier":"`+r.Dynamodb.SequenceNumber+`"}`)
		}
	}
	f.batches = append(f.batches, strings.Join(given, ""))
	if f.busy > 0 {
		f.busy--
		return runtime.Result{}, runtime.ErrThrottled
	}
	if f.answer != "" {
		return runtime.Result{Payload: []byte(f.answer)}, nil
	}
	if len(failed) > 0 && !f.partial {
		return runtime.Result{Payload: []byte(`{"errorMessage":"no"}`), FunctionError: "Unhandled"}, nil
	}
	return runtime.Result{Payload: []byte(`{"batchItemFailures":[` + strings.Join(failed, ",") + `]}`)}, nil
}

func records(t *testing.T, sequences string, created time.Time) []record {
	t.Helper()
	var out []record
	for _, s := range strings.Split(sequences, "") {
		r, err := finish(record{sequence: s, created: created}, map[string]any{"dynamodb": map[string]any{"SequenceNumber": s}})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func TestDeliver(t *testing.T) {
	cases := map[string]struct {
		mapping template.StreamMapping
		fake    fake
		age     time.Duration
		batches []string
		dead    []string // condition, first and last sequence number
	}{
		"all well":              {template.StreamMapping{}, fake{}, 0, []string{"abcd"}, nil},
		"busy, then well":       {template.StreamMapping{Retries: 1, Bisect: true}, fake{busy: 2}, 0, []string{"abcd", "abcd", "abcd"}, nil},
		"whole batch given up":  {template.StreamMapping{Retries: 1}, fake{bad: map[string]bool{"c": true}}, 0, []string{"abcd", "abcd"}, []string{"RetryAttemptsExhausted a-d"}},
		"no retries":            {template.StreamMapping{Retries: 0}, fake{bad: map[string]bool{"c": true}}, 0, []string{"abcd"}, []string{"RetryAttemptsExhausted a-d"}},
		"bisected":              {template.StreamMapping{Retries: 1, Bisect: true}, fake{bad: map[string]bool{"c": true}}, 0, []string{"abcd", "ab", "cd", "c", "c", "d"}, []string{"RetryAttemptsExhausted c-c"}},
		"partial":               {template.StreamMapping{Retries: 1, ReportFailures: true}, fake{partial: true, bad: map[string]bool{"c": true}}, 0, []string{"abcd", "cd", "cd"}, []string{"RetryAttemptsExhausted c-d"}},
		"partial and bisected":  {template.StreamMapping{Retries: 0, ReportFailures: true, Bisect: true}, fake{partial: true, bad: map[string]bool{"b": true}}, 0, []string{"abcd", "bcd", "b", "cd"}, []string{"RetryAttemptsExhausted b-b"}},
		"partial not asked for": {template.StreamMapping{}, fake{partial: true, bad: map[string]bool{"c": true}}, 0, []string{"abcd"}, nil},
		"names nobody":          {template.StreamMapping{ReportFailures: true}, fake{answer: `{"batchItemFailures":[{"itemIdentifier":""}]}`}, 0, []string{"abcd"}, []string{"RetryAttemptsExhausted a-d"}},
		"answers null":          {template.StreamMapping{ReportFailures: true}, fake{answer: `null`}, 0, []string{"abcd"}, nil},
		"answers nonsense":      {template.StreamMapping{ReportFailures: true}, fake{answer: `"x"`}, 0, []string{"abcd"}, []string{"RetryAttemptsExhausted a-d"}},
		"too old":               {template.StreamMapping{MaxAge: time.Hour}, fake{}, 2 * time.Hour, nil, []string{"RecordAgeExceeded a-d"}},
		"grows too old":         {template.StreamMapping{MaxAge: time.Hour, Retries: -1}, fake{bad: map[string]bool{"c": true}}, 59*time.Minute + 58*time.Second, []string{"abcd", "abcd"}, []string{"RecordAgeExceeded a-d"}},
		"busy until too old":    {template.StreamMapping{MaxAge: time.Hour, Retries: 0}, fake{busy: 1e6}, 59*time.Minute + 58*time.Second, []string{"abcd", "abcd"}, []string{"RecordAgeExceeded a-d"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var dead []string
				c.mapping.OnFailure = "arn:aws:sqs:us-east-1:000000000000:Q"
				d := newDeliverer(c.mapping, &c.fake, clock.New(0))
				d.deadLetter = func(_ string, message []byte) { dead = append(dead, summary(t, message)) }
				if err := d.deliver(t.Context(), records(t, "abcd", time.Now().Add(-c.age))); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(c.fake.batches, c.batches) || !slices.Equal(dead, c.dead) {
					t.Errorf("batches %q, dead %q", c.fake.batches, dead)
				}
			})
		})
	}
}

func newDeliverer(mapping template.StreamMapping, f *fake, c *clock.Clock) *deliverer {
	f.began = time.Now()
	return &deliverer{mapping: mapping, do: f.do, log: slog.New(slog.DiscardHandler), clock: c, backoff: time.Second, newID: func() string { return "id-1" },
		functionARN: "arn:aws:lambda:us-east-1:000000000000:function:F", streamARN: "arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/2026", shard: "shardId-1"}
}

// Waits between retries grow, and are counted in the stack's time.
func TestWaitsBetweenRetries(t *testing.T) {
	cases := map[string]struct {
		mapping template.StreamMapping
		fake    fake
		moves   map[time.Duration]time.Duration
		at      string
	}{
		"faults":    {template.StreamMapping{Retries: 8}, fake{bad: map[string]bool{"a": true}}, nil, "0s 1s 3s 7s 15s 31s 1m3s 2m3s 3m3s"},
		"throttles": {template.StreamMapping{Retries: 0, MaxAge: 40 * time.Second}, fake{busy: 1e6}, nil, "0s 1s 3s 7s 15s 31s"},
		"moved": {template.StreamMapping{Retries: 4}, fake{bad: map[string]bool{"a": true}},
			map[time.Duration]time.Duration{1500 * time.Millisecond: time.Hour, 2 * time.Second: 2 * time.Hour}, "0s 1s 1.5s 2s 10s"},
		"moved beyond its age, it is tried once more": {template.StreamMapping{Retries: 9, MaxAge: time.Hour}, fake{bad: map[string]bool{"a": true}},
			map[time.Duration]time.Duration{1500 * time.Millisecond: 31 * 24 * time.Hour}, "0s 1s 1.5s"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				moving := clock.New(0)
				for after, offset := range c.moves {
					time.AfterFunc(after, func() { moving.Set(offset) })
				}
				d := newDeliverer(c.mapping, &c.fake, moving)
				if err := d.deliver(t.Context(), records(t, "a", time.Now())); err != nil {
					t.Fatal(err)
				}
				if got := strings.Join(c.fake.at, " "); got != c.at {
					t.Errorf("tried at %s, want %s", got, c.at)
				}
			})
		})
	}
}

// A record that is written after a move is not as old as the move is long,
// although DynamoDB Local stamps it with the minute's begin.
func TestAMoveBeforeTheRecordDoesNotAgeIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, moving, minute := fake{busy: 3}, clock.New(0), time.Now()
		time.Sleep(20 * time.Second)
		moving.Set(31 * 24 * time.Hour)
		time.Sleep(20 * time.Second)
		sequence := "a"
		one, err := convert(types.Record{Dynamodb: &types.StreamRecord{SequenceNumber: &sequence, ApproximateCreationDateTime: &minute}}, "", moving.At, func() bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		d := newDeliverer(template.StreamMapping{MaxAge: time.Hour}, &f, moving)
		d.deadLetter = func(_ string, message []byte) { t.Errorf("given up: %s", message) }
		d.mapping.OnFailure = "arn:Q"
		if err := d.deliver(t.Context(), []record{one}); err != nil || len(f.batches) != 4 {
			t.Errorf("%d tries, %v", len(f.batches), err)
		}
	})
}

// The message has the members of AWS's own example.
// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
func TestOnFailureMessage(t *testing.T) {
	const whole = `{"DDBStreamBatchInfo":{"approximateArrivalOfFirstRecord":"1999-12-31T23:59:00Z","approximateArrivalOfLastRecord":"1999-12-31T23:59:00Z",` +
		`"batchSize":2,"endSequenceNumber":"b","shardId":"shardId-1","startSequenceNumber":"a","streamArn":"arn:aws:dynamodb:us-east-1:000000000000:table/T/stream/2026"},` +
		`"requestContext":{"approximateInvokeCount":%d,"condition":"%s","functionArn":"arn:aws:lambda:us-east-1:000000000000:function:F","requestId":"id-1"},` +
		`%s"timestamp":"2000-01-01T00:00:%s.000Z","version":"1.0"}`
	cases := map[string]struct {
		mapping template.StreamMapping
		fake    fake
		want    string
	}{
		"exhausted": {template.StreamMapping{Retries: 1}, fake{bad: map[string]bool{"a": true}},
			fmt.Sprintf(whole, 2, "RetryAttemptsExhausted", `"responseContext":{"executedVersion":"$LATEST","functionError":"Unhandled","statusCode":200},`, "01")},
		"reported": {template.StreamMapping{ReportFailures: true}, fake{partial: true, bad: map[string]bool{"a": true}},
			fmt.Sprintf(whole, 1, "RetryAttemptsExhausted", `"responseContext":{"executedVersion":"$LATEST","statusCode":200},`, "00")},
		"too old, never invoked": {template.StreamMapping{MaxAge: 65 * time.Second}, fake{busy: 1e6}, fmt.Sprintf(whole, 0, "RecordAgeExceeded", "", "05")},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.mapping.OnFailure = "arn:Q"
				d, got := newDeliverer(c.mapping, &c.fake, clock.New(0)), ""
				d.deadLetter = func(_ string, message []byte) { got += string(message) }
				if err := d.deliver(t.Context(), records(t, "ab", time.Now().Add(-time.Minute))); err != nil {
					t.Fatal(err)
				}
				if got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			})
		})
	}
}

func summary(t *testing.T, message []byte) string {
	t.Helper()
	var m struct {
		RequestContext     struct{ Condition string }
		DDBStreamBatchInfo struct{ StartSequenceNumber, EndSequenceNumber string }
	}
	if err := json.Unmarshal(message, &m); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %s-%s", m.RequestContext.Condition, m.DDBStreamBatchInfo.StartSequenceNumber, m.DDBStreamBatchInfo.EndSequenceNumber)
}

func TestDeliverStopsWithTheStack(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := fake{busy: 1e6}
	d := newDeliverer(template.StreamMapping{Retries: -1}, &f, clock.New(0))
	d.backoff, d.do = time.Hour, func(ctx context.Context, call runtime.Call) (runtime.Result, error) {
		cancel()
		return f.do(ctx, call)
	}
	if err := d.deliver(ctx, records(t, "ab", time.Now())); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
