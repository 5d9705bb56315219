package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

const marvin = "marvin@example.com"

var (
	ringText = `{"current":"k1","k1":"` + strings.Repeat("a", 32) + `"}`
	crm      = ledger.System{ID: "crm", Way: "webhook", URL: "https://crm.example/hook", Told: []string{"erasure"}, Required: true, AnswerDays: 7, Needs: []string{"email"}}
)

// What each file in events/systems is. Both do the same, and neither is read.
var eventCases = map[string]any{"scheduled": &events.EventBridgeEvent{}, "stream": &events.DynamoDBEvent{}}

func TestEvents(t *testing.T) {
	testkit.Events(t, "systems", eventCases, func(t *testing.T, _ string, text []byte) {
		r := newRig(t, crm)
		q := r.erasing()
		var e boot.Hint
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		if _, err := r.handle(context.Background(), e); err != nil || len(r.got) != 1 || r.entry(q.ID).State != ledger.Told {
			t.Errorf("%v, %q, %+v", err, r.got, r.entry(q.ID))
		}
		if strings.Contains(r.log.String(), "PD-7K3M") {
			t.Error("the event stands in the log")
		}
	})
}

// The outcome in the answer ends the case.
func TestTheCaseClosesOnTheAnswer(t *testing.T) {
	r := newRig(t, crm)
	q := r.erasing()
	if q.State != lifecycle.CarryingOut {
		t.Fatalf("%s", q.State)
	}
	r.answer = says(200, `{"outcome":"done","records":3}`)
	r.run()
	after, err := r.service.Store.Load(context.Background(), q.ID)
	if e := r.entry(q.ID); err != nil || after.State != lifecycle.Fulfilled || e.State != ledger.Done || e.Records != 3 {
		t.Errorf("%+v, %+v, %v", after, e, err)
	}
	if r.run(); len(r.got) != 1 {
		t.Errorf("told %d times", len(r.got))
	}
	if !strings.Contains(r.log.String(), `"answered":1`) || strings.Contains(r.log.String(), marvin) || strings.Contains(r.got[0], marvin) {
		t.Errorf("%s", r.log.String())
	}
}

// The sealed address is for this task, this telling and some months.
func TestTheSealedAddress(t *testing.T) {
	r := newRig(t, crm)
	q := r.erasing()
	r.run()
	var event struct{ Data struct{ Address string } }
	if err := json.Unmarshal([]byte(r.got[0]), &event); err != nil {
		t.Fatal(err)
	}
	token, found := strings.CutPrefix(event.Data.Address, "https://privacy.example.com/systems/")
	e := r.entry(q.ID)
	c, err := r.ways.ring.Open(link.System, token, r.clock.AddDate(0, 3, 0))
	if err != nil || !found || c.Request != q.ID || c.System != "crm" || c.Task != "erasure" || c.Notice != e.ID() || !c.Address.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := r.ways.ring.Open(link.System, token, r.clock.AddDate(1, 0, 0)); !errors.Is(err, link.ErrExpired) {
		t.Error(err)
	}
}

// A system that is down is told by the steps, each time the same; after the last one its owner is asked.
func TestASystemThatIsDown(t *testing.T) {
	r := newRig(t, crm)
	q := r.erasing()
	r.answer = says(503, "")
	for range ledger.Retry {
		r.run()
		r.run() // the next is not due yet
		r.clock = r.entry(q.ID).TellAt
	}
	r.run()
	if e := r.entry(q.ID); len(r.got) != len(ledger.Retry)+1 || !e.ByOwner || e.State == ledger.Told {
		t.Errorf("%d calls, %+v", len(r.got), e)
	}
	for _, id := range r.ids {
		if id != r.ids[0] {
			t.Errorf("another notice: %s", id)
		}
	}
	if n := strings.Count(r.log.String(), `"msg":"system not told"`); n != len(r.got) || !strings.Contains(r.log.String(), "it answered 503") {
		t.Errorf("%d lines: %.300s", n, r.log.String())
	}
	if !strings.Contains(r.log.String(), `"handed_over":1`) || !strings.Contains(r.log.String(), `"failed":1`) {
		t.Error(r.log.String())
	}
}

func TestASystemThatIsDownForTwoDays(t *testing.T) {
	r := newRig(t, crm)
	q := r.erasing()
	r.answer = says(500, "")
	for until := r.clock.AddDate(0, 0, 2); r.clock.Before(until); r.clock = r.clock.Add(time.Hour) {
		r.run()
	}
	r.answer = says(200, `{"outcome":"not_found"}`)
	r.clock = r.entry(q.ID).TellAt
	r.run()
	after, err := r.service.Store.Load(context.Background(), q.ID)
	if e := r.entry(q.ID); err != nil || e.State != ledger.NotFound || after.State != lifecycle.Fulfilled {
		t.Errorf("%+v, %s, %v", e, after.State, err)
	}
}

func TestRetryAfterAndGone(t *testing.T) {
	r := newRig(t, crm)
	q := r.erasing()
	r.answer = func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	r.run()
	if e := r.entry(q.ID); !e.TellAt.Equal(r.clock.Add(2*time.Hour)) || e.Trouble != string(fault.TooMany) {
		t.Errorf("%+v", e)
	}
	r.clock = r.entry(q.ID).TellAt
	r.answer = says(410, "")
	r.run()
	if e := r.entry(q.ID); !e.ByOwner {
		t.Errorf("%+v", e)
	}
	if r.run(); len(r.got) != 2 {
		t.Error("asked again after 410")
	}
}

// Ten thousand opt-outs are a hundred calls, and none names anybody.
func TestChoices(t *testing.T) {
	told := crm
	told.Told = []string{"opt_out"}
	r := newRig(t, told)
	for i := range 250 {
		address := testkit.Address(t, "a"+string(rune('a'+i%26))+strings.Repeat("b", i/26)+"@example.com")
		if _, err := r.choosing.Record(context.Background(), optout.Request{Address: address, Scopes: []optout.Scope{"email"}, Source: optout.FromForm}); err != nil {
			t.Fatal(err)
		}
	}
	r.clock = r.clock.Add(2 * feed.Margin)
	r.run()
	if len(r.got) != 3 || !strings.Contains(r.got[0], `"type":"privacydesk.choices"`) || !strings.Contains(r.got[0], `"changes":100`) || strings.Contains(strings.Join(r.got, ""), "@") {
		t.Errorf("%d calls: %.400s", len(r.got), r.got)
	}
	if r.run(); len(r.got) != 3 {
		t.Error("told twice")
	}
}

// What is missing is named: the parameter, or the key in the secret.
func TestSecrets(t *testing.T) {
	var asked []string
	w := &ways{now: time.Now, read: func(_ context.Context, ids ...string) ([]aws.Secret, error) {
		asked = append(asked, ids...)
		return []aws.Secret{{}}, nil
	}}
	if _, err := w.secret(context.Background(), "crm"); !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), `"crm", and the stack has no SystemsSecretArn`) || len(asked) > 0 {
		t.Errorf("%v, %q", err, asked)
	}
	w.keys = "arn:keys"
	if _, err := w.secret(context.Background(), "crm"); !fault.Is(err, fault.Internal) || !strings.Contains(err.Error(), `SystemsSecretArn names has no "crm"`) || len(asked) != 1 || asked[0] != w.keys {
		t.Errorf("%v, %q", err, asked)
	}
	w.readAt, w.read = time.Time{}, func(context.Context, ...string) ([]aws.Secret, error) {
		return []aws.Secret{{}}, fault.New(fault.Unavailable, "down")
	}
	if _, err := w.secret(context.Background(), "crm"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
	if got := hosts([]ledger.System{crm, {ID: "files", Way: "task"}}); len(got) != 1 || got[0] != "crm.example" {
		t.Errorf("%q", got)
	}
}
