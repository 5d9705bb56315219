package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// rig is the handler over a table in memory, with all that it writes.
type rig struct {
	*handler
	table   *counting
	bounced []string // mails of requests
	output  bytes.Buffer
}

// counting counts the calls that reach DynamoDB.
type counting struct {
	*testkit.OptOuts
	calls int
	fail  error
}

func (c *counting) Apply(ctx context.Context, change optout.Change) (optout.Record, error) {
	if c.calls++; c.fail != nil {
		return optout.Record{}, c.fail
	}
	return c.OptOuts.Apply(ctx, change)
}

func (c *counting) ApplyAll(ctx context.Context, changes []optout.Change, o *optout.OptInConfirmation) error {
	c.calls++
	return c.OptOuts.ApplyAll(ctx, changes, o)
}

func (c *counting) Records(ctx context.Context, keys []optout.Key) (map[optout.Key]optout.Record, error) {
	c.calls++
	return c.OptOuts.Records(ctx, keys)
}

func (r *rig) MailBounced(_ context.Context, id, messageID string) error {
	if id == "R-GONE" {
		return fault.New(fault.NotFound, "no such request")
	}
	r.bounced = append(r.bounced, id+" "+messageID)
	return nil
}

func newRig(tb testing.TB) *rig {
	now := func() time.Time { return testkit.T0.Add(time.Hour) }
	r := &rig{table: &counting{OptOuts: testkit.NewOptOuts()}}
	r.handler = &handler{
		recorder: &feedback.Recorder{Store: r.table, Key: testkit.Key(tb), Now: now},
		requests: r, figures: &boot.Reporter{Function: "feedback", Out: &r.output, Now: now},
		log: slog.New(slog.NewJSONHandler(io.MultiWriter(&r.output), nil)), now: now,
	}
	return r
}

// deliver invokes the function and returns the messages that it gave back.
func (r *rig) deliver(tb testing.TB, raw []byte) ([]string, error) {
	tb.Helper()
	answer, err := r.handle(context.Background(), raw)
	var kept []string
	for _, f := range answer.BatchItemFailures {
		kept = append(kept, f.ItemIdentifier)
	}
	if strings.Contains(r.output.String(), "@") || strings.Contains(fmt.Sprint(err), "@") {
		tb.Errorf("an address shows: %s %v", r.output.String(), err)
	}
	return kept, err
}

// suppressed are the scopes in which a person must not be contacted.
func (r *rig) suppressed(tb testing.TB, address string) string {
	tb.Helper()
	records, err := r.table.OfPerson(context.Background(), testkit.Key(tb).Ref(testkit.Address(tb, address)))
	if err != nil {
		tb.Fatal(err)
	}
	var scopes []string
	for _, rec := range records {
		if rec.Suppresses(r.now()) {
			scopes = append(scopes, string(rec.Scope))
		}
	}
	slices.Sort(scopes)
	return strings.Join(scopes, " ")
}

// sqs is a batch of messages as SQS hands them over.
func sqs(bodies ...string) []byte {
	type record struct {
		MessageID   string `json:"messageId"`
		EventSource string `json:"eventSource"`
		Body        string `json:"body"`
	}
	var batch struct{ Records []record }
	for i, body := range bodies {
		batch.Records = append(batch.Records, record{fmt.Sprint("m-", i), "aws:sqs", body})
	}
	raw, _ := json.Marshal(batch)
	return raw
}

func bounceOf(address string) string {
	return fmt.Sprintf(`{"eventType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":%q}],"timestamp":"2026-11-22T12:00:00.000Z"},"mail":{"messageId":"0100-1","destination":[%q]}}`, address, address)
}

func TestTenEventsAreAtMostElevenCalls(t *testing.T) {
	r := newRig(t)
	var bodies []string
	for i := range 10 {
		bodies = append(bodies, bounceOf(fmt.Sprintf("z%d@example.com", i)))
	}
	for range 2 {
		r.table.calls = 0
		if kept, err := r.deliver(t, sqs(bodies...)); len(kept) != 0 || err != nil {
			t.Fatal(kept, err)
		}
		if r.table.calls > 11 {
			t.Errorf("%d calls", r.table.calls)
		}
	}
	if r.table.calls != 1 {
		t.Errorf("the same batch again took %d calls, want one read", r.table.calls)
	}
}

func TestWhatCannotBeStoredComesAgain(t *testing.T) {
	r := newRig(t)
	r.table.fail = fault.New(fault.Unavailable, "no answer")
	batch := sqs(bounceOf("a@example.com"), `{"eventType":"Send"}`, `broken a@example.com`)
	if kept, err := r.deliver(t, batch); fmt.Sprint(kept) != "[m-0 m-2]" || err != nil {
		t.Errorf("kept %v, %v", kept, err)
	}
	r.table.fail = nil
	if kept, _ := r.deliver(t, batch); fmt.Sprint(kept) != "[m-2]" || r.suppressed(t, "a@example.com") != "bounce" {
		t.Errorf("kept %v", kept)
	}
}

// Whoever cannot be told which record failed is told that something did.
func TestWithoutQueueAFaultIsAnError(t *testing.T) {
	for name, raw := range map[string]string{
		"an unknown event": `{"hello":"a@example.com"}`, "nothing": `{}`, "no JSON": `a@example.com`, "a list": `[1]`,
		"a table's stream": `{"Records":[{"eventSource":"aws:dynamodb"}]}`,
		"a broken event":   `{"Records":[{"EventSource":"aws:sns","Sns":{"Type":"Notification","Message":"a@example.com"}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			if kept, err := newRig(t).deliver(t, []byte(raw)); err == nil || len(kept) != 0 {
				t.Errorf("kept %v, %v", kept, err)
			}
		})
	}
	r := newRig(t)
	r.table.fail = fault.New(fault.Unavailable, "no answer")
	if _, err := r.deliver(t, []byte(bounceOf("a@example.com"))); err == nil {
		t.Error("what was not stored was called done")
	}
}

func TestAMailOfARequestThatBounces(t *testing.T) {
	r := newRig(t)
	tagged := func(id string) string {
		return strings.Replace(bounceOf("a@example.com"), `"mail":{`, `"mail":{"tags":{"request":["`+id+`"]},`, 1)
	}
	if kept, err := r.deliver(t, sqs(tagged("R-1"), tagged("R-GONE"))); len(kept) != 0 || err != nil {
		t.Error(kept, err)
	}
	if fmt.Sprint(r.bounced) != "[R-1 0100-1]" {
		t.Error(r.bounced)
	}
}
