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

	"privacydesk/infra/local/template"
)

// fake is a function that fails on some records.
type fake struct {
	bad     map[string]bool // sequence numbers it never manages
	partial bool            // names the bad ones, where it would fail as a whole
	busy    int             // fails so many times before anything else
	answer  string          // what it says, where that is not made from bad
	batches []string        // what it was given
}

func (f *fake) invoke(_ context.Context, _ string, payload []byte) ([]byte, string, error) {
	var event struct {
		Records []struct {
			Dynamodb struct{ SequenceNumber string }
		}
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, "", err
	}
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
		return nil, "", errors.New("busy")
	}
	if f.answer != "" {
		return []byte(f.answer), "", nil
	}
	if len(failed) > 0 && !f.partial {
		return []byte(`{"errorMessage":"no"}`), "Unhandled", nil
	}
	return []byte(`{"batchItemFailures":[` + strings.Join(failed, ",") + `]}`), "", nil
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
		"busy, then well":       {template.StreamMapping{Retries: 5}, fake{busy: 2}, 0, []string{"abcd", "abcd", "abcd"}, nil},
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
		"grows too old":         {template.StreamMapping{MaxAge: time.Hour, Retries: -1}, fake{busy: 1e6}, 59*time.Minute + 59*time.Second, []string{"abcd", "abcd"}, []string{"RecordAgeExceeded a-d"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var dead []string
				c.mapping.OnFailure = "arn:aws:sqs:us-east-1:000000000000:Q"
				d := &deliverer{mapping: c.mapping, invoke: c.fake.invoke, log: slog.New(slog.DiscardHandler), now: time.Now, moved: func(t time.Time) time.Time { return t }, backoff: 500 * time.Millisecond,
					deadLetter: func(_ string, message []byte) { dead = append(dead, summary(t, message)) }}
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
	d := &deliverer{mapping: template.StreamMapping{Retries: -1}, log: slog.New(slog.DiscardHandler), now: time.Now, moved: func(t time.Time) time.Time { return t }, backoff: time.Hour,
		invoke: func(ctx context.Context, fn string, p []byte) ([]byte, string, error) {
			cancel()
			return f.invoke(ctx, fn, p)
		}}
	if err := d.deliver(ctx, records(t, "ab", time.Now())); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
