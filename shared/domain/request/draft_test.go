package request_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// onItsWay is a request of Marvin's whose answer is on its way.
func (d *desk) onItsWay(in request.Intake, answers ...decision.Answer) request.Request {
	d.t.Helper()
	r := d.mailed(d.opened(in))
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", answers...))
	return d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
}

// drained drains the outbox some time later, and returns the request as it is then.
func (d *desk) drained(id string, after time.Duration) (request.Request, *post) {
	d.t.Helper()
	d.later(after)
	n, p := d.notifier()
	d.drain(n)
	return d.file(id).Request, p
}

// letters are what became of a request's letters, such as "decision sent".
func (d *desk) letters(id string) string {
	d.t.Helper()
	var all []string
	for _, l := range d.file(id).Letters {
		all = append(all, fmt.Sprint(l.Template, " ", l.State))
	}
	return strings.Join(all, ", ")
}

// An answer that is sent changes nothing until its letter goes, and then all of
// it at once.
func TestAnAnswerWaitsForItsLetter(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	if r.State != lifecycle.Open || r.Decision != nil || !r.Draft.OnItsWay() || !r.Draft.Way.SendAt.Equal(d.now.Add(10*time.Minute)) {
		t.Fatalf("%s, %+v", r.State, r.Draft)
	}
	if r, p := d.drained(r.ID, 10*time.Minute-time.Second); r.State != lifecycle.Open || p.n != 0 {
		t.Errorf("%s after %d mails", r.State, p.n)
	}
	r, p := d.drained(r.ID, time.Second)
	if r.State != lifecycle.Fulfilled || r.Draft != nil || !r.Decision.At.Equal(d.now) || r.Decision.By != "dpo/A" || r.ExportUntil.IsZero() || p.n != 1 {
		t.Errorf("%s, %+v, %+v after %d mails", r.State, r.Draft, r.Decision, p.n)
	}
	if got := d.history(r.ID); !strings.HasSuffix(got, "drafted scheduled fulfilled mailed") || by(d.event(r.ID, lifecycle.EventFulfilled)) != "officer:dpo/A" {
		t.Error(got)
	}
	if got := d.letters(r.ID); !strings.HasSuffix(got, "decision sent") || strings.Count(got, "decision") != 1 {
		t.Error(got)
	}
	if _, err := d.CallBack(background, r.ID, "dpo/A"); !fault.Is(err, fault.Conflict) {
		t.Errorf("called back what went: %v", err)
	}
}

// What is called back does not go, neither then nor with what is sent after it.
func TestCalledBack(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	d.later(time.Minute)
	r = d.ok(d.CallBack(background, r.ID, "dpo/A"))
	if r.Draft.OnItsWay() || len(r.Draft.Answers) != 1 || r.State != lifecycle.Open {
		t.Fatalf("%+v", r.Draft)
	}
	_, err := d.MailAgain(background, r.ID, "dpo/A", "decision")
	d.wantFault(err, fault.Conflict, "on its way") // until it is due
	again := d.ok(d.CallBack(background, r.ID, "dpo/A"))
	d.wantUnchanged(again)
	d.ok(d.replacing().SaveDraft(background, r.ID, "dpo/B", refusal(decision.Excessive)))
	d.ok(d.Send(background, r.ID, "dpo/B", draft.Now))
	r, p := d.drained(r.ID, time.Hour)
	if r.State != lifecycle.Refused || r.Decision.By != "dpo/B" || p.n != 1 || !strings.HasSuffix(d.letters(r.ID), "decision obsolete, decision sent") {
		t.Errorf("%s by %s, %d mails: %s", r.State, r.Decision.By, p.n, d.letters(r.ID))
	}
	if got := d.history(r.ID); !strings.HasSuffix(got, "drafted scheduled called_back drafted scheduled refused mailed") {
		t.Error(got)
	}
}

// The letter of what was called back is not sent when something shorter went meanwhile.
func TestAnOldLetterTellsNothingNew(t *testing.T) {
	d := newDesk(t)
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", grant))
	r = d.ok(d.Send(background, r.ID, "dpo/A", draft.Morning))
	morning := r.Draft.Way.SendAt
	d.ok(d.CallBack(background, r.ID, "dpo/A"))
	d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
	_, first := d.drained(r.ID, 10*time.Minute)
	_, second := d.drained(r.ID, morning.Sub(d.now)+time.Minute)
	if first.n != 1 || second.n != 0 {
		t.Errorf("%d, %d mails: %s", first.n, second.n, d.letters(r.ID))
	}
}

func TestSentInTheMorning(t *testing.T) {
	for now, want := range map[string]string{
		"2026-11-26T08:00:00-08:00": "2026-11-26T09:00:00-08:00", // Thursday
		"2026-11-26T08:55:00-08:00": "2026-11-27T09:00:00-08:00", // it can be called back for ten minutes
		"2026-11-27T18:00:00-08:00": "2026-11-30T09:00:00-08:00", // over the weekend
		"2026-10-30T20:00:00-07:00": "2026-11-02T09:00:00-08:00", // the clocks change
	} {
		d := newDesk(t)
		d.now, _ = time.Parse(time.RFC3339, now)
		r := d.opened(d.asks(germany, deadline.Access))
		d.ok(d.SaveDraft(background, r.ID, "dpo/A", grant))
		r = d.ok(d.Send(background, r.ID, "dpo/A", draft.Morning))
		if at, _ := time.Parse(time.RFC3339, want); !r.Draft.Way.SendAt.Equal(at) {
			t.Errorf("sent at %s it goes at %s", now, r.Draft.Way.SendAt)
		}
	}
}

// Beside an answer that is on its way nothing else is answered or asked.
func TestNothingBesideWhatIsOnItsWay(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	for name, act := range map[string]func() (request.Request, error){
		"draft":  func() (request.Request, error) { return d.SaveDraft(background, r.ID, "dpo/A", refusal()) },
		"send":   func() (request.Request, error) { return d.Send(background, r.ID, "dpo/A", draft.Now) },
		"decide": func() (request.Request, error) { return d.Decide(background, r.ID, "dpo/A", grant) },
		"ask": func() (request.Request, error) {
			return d.Ask(background, r.ID, "dpo/A", waiting.Waiting{Cause: deadline.Clarification, Question: "Which?"})
		},
	} {
		if _, err := act(); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Public(err), "callback") {
			t.Errorf("%s: %v", name, err)
		}
	}
	d.wantUnchanged(r)
}

// holds are what a test says.
type holds struct {
	kept []request.KeptBack
	err  error
}

func (h *holds) KeptBack(context.Context, *request.Request) ([]request.KeptBack, error) {
	return h.kept, h.err
}
