package request_test

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// Whatever makes the answer untrue before its letter goes, nothing is sent, the
// draft stays, and an officer must look.
func TestWhatCannotGoAnyMore(t *testing.T) {
	hold := []request.KeptBack{{Hold: "H-3", Of: "person", Keeps: "erasure"}}
	kinds := []intake.Kind{deadline.Access, deadline.Erasure}
	brazil := deadline.Jurisdiction{Country: "BR"}
	partly := []decision.Answer{{Kind: deadline.Access, Outcome: decision.Grant}, {Kind: deadline.Erasure, Outcome: decision.Partly, Explanation: "x", Grounds: []decision.Given{{Ground: decision.LegalClaims}}}}
	for name, c := range map[string]struct {
		answers []decision.Answer
		held    []request.KeptBack // when it is sent
		then    func(*desk, *holds, request.Request)
		why     draft.CheckCode
	}{
		"a new legal hold":    {[]decision.Answer{grant}, nil, func(_ *desk, h *holds, _ request.Request) { h.kept = hold }, draft.Hold},
		"the hold was lifted": {partly, hold, func(_ *desk, h *holds, _ request.Request) { h.kept = nil }, draft.Changed},
		"withdrawn": {[]decision.Answer{grant}, nil, func(d *desk, _ *holds, r request.Request) {
			d.ok(d.Withdraw(background, r.ID, audit.ByPerson))
		}, draft.State},
		"another law": {[]decision.Answer{refusal(decision.Excessive)}, nil, func(d *desk, _ *holds, r request.Request) {
			d.ok(d.Amend(background, r.ID, "dpo/B", request.Amendment{Place: &brazil}))
		}, draft.Changed},
		"another place, where no clause says so": {[]decision.Answer{grant}, nil, func(d *desk, _ *holds, r request.Request) {
			d.ok(d.Amend(background, r.ID, "dpo/B", request.Amendment{Place: &brazil}))
		}, draft.Changed},
		"another language": {[]decision.Answer{refusal(decision.Excessive)}, nil, func(d *desk, _ *holds, r request.Request) {
			d.ok(d.Amend(background, r.ID, "dpo/B", request.Amendment{Language: "de"}))
		}, draft.Changed},
		"another kind": {[]decision.Answer{grant}, nil, func(d *desk, _ *holds, r request.Request) {
			d.ok(d.Amend(background, r.ID, "dpo/B", request.Amendment{Kinds: []intake.Kind{deadline.Access, deadline.Correction}}))
		}, draft.Changed},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			h := &holds{kept: c.held}
			d.Holds = h
			r := d.onItsWay(d.asks(germany, kinds...), c.answers...)
			d.later(time.Minute)
			c.then(d, h, r)
			d.later(time.Minute)
			n, _ := d.notifier()
			d.drain(n) // what that act mails
			r, p := d.drained(r.ID, 10*time.Minute)
			if p.n != 0 || r.Decision != nil || r.Draft == nil || r.Draft.OnItsWay() || len(r.Draft.Answers) != len(c.answers) || r.Draft.Stopped.Why != c.why {
				t.Errorf("%d mails, %+v, draft %+v", p.n, r.Decision, r.Draft)
			}
			if r.Look == nil || r.Look.Why != lifecycle.LookUnsent || !r.EraseFrom.IsZero() || !strings.Contains(d.letters(r.ID), "decision obsolete") {
				t.Errorf("look %+v, %s", r.Look, d.letters(r.ID))
			}
			if e := d.event(r.ID, lifecycle.EventNotSent); e.Actor != audit.BySystem || e.Facts["why"] != string(c.why) {
				t.Errorf("%s by %s: %q", e.Kind, e.Actor, e.Facts)
			}
			if _, err := d.MailAgain(background, r.ID, "dpo/A", "decision"); !fault.Is(err, fault.Conflict) {
				t.Errorf("sent again: %v", err)
			}
			if _, p := d.drained(r.ID, day); p.n != 0 {
				t.Error("it went after all")
			}
		})
	}
}

// An answer that was on its way when the request was closed does not go once it is open again: somebody must read it anew.
func TestReopeningTakesBackWhatIsOnItsWay(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), refusal(decision.Excessive))
	d.ok(d.Withdraw(background, r.ID, audit.ByPerson))
	r = d.ok(d.Reopen(background, r.ID, "dpo/B", "They called: it was a mistake."))
	if r.Draft == nil || r.Draft.OnItsWay() || len(r.Draft.Answers) != 1 {
		t.Errorf("%+v", r.Draft)
	}
	if r, _ = d.drained(r.ID, day); r.State != lifecycle.Open || r.Decision != nil || !strings.Contains(d.letters(r.ID), "decision obsolete") {
		t.Errorf("%s, %+v, %s", r.State, r.Decision, d.letters(r.ID))
	}
}

// Where we say that nothing came, it does not go once something has.
func TestWhatCameMeanwhileStopsIt(t *testing.T) {
	for name, c := range map[string]struct {
		then func(*desk, request.Request)
		why  draft.CheckCode
	}{
		"the proof is recorded": {func(d *desk, r request.Request) { d.ok(d.Answer(background, r.ID, "dpo/A", time.Time{})) }, draft.Changed},
		"the person has written": {func(d *desk, r request.Request) {
			d.ok(d.Replied(background, r.ID, request.Mail{From: r.Address, Proven: true, At: d.now}))
		}, draft.Changed},
	} {
		d := newDesk(t)
		r := d.mailed(d.opened(d.asks(california, deadline.Access)))
		r = d.ok(d.Ask(background, r.ID, "dpo/A", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
		r = d.mailed(r)
		d.now = r.DueAt.Add(-time.Hour)
		if wait := d.Wait(&r); wait.By.After(d.now) {
			d.now = wait.By.Add(time.Second)
		}
		d.ok(d.SaveDraft(background, r.ID, "dpo/A", refusal(decision.EvidenceMissing)))
		d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
		c.then(d, r)
		if r, _ = d.drained(r.ID, 10*time.Minute); r.Decision != nil || r.Draft.Stopped == nil || r.Draft.Stopped.Why != c.why {
			t.Errorf("%s: %+v, %+v", name, r.Decision, r.Draft)
		}
	}
	// So it is with somebody who was not verified, and has confirmed since.
	d := newDesk(t)
	r := d.mailed(d.open(d.asks(germany, deadline.Access)))
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", refusal(decision.NotVerified)))
	d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
	d.confirm(r)
	if r, _ = d.drained(r.ID, 10*time.Minute); r.Decision != nil || r.Draft.Stopped == nil || r.Draft.Stopped.Why != draft.Changed {
		t.Errorf("%+v, %+v", r.Decision, r.Draft)
	}
}

// While the holds cannot be read, nothing goes and nothing is lost.
func TestHoldsThatCannotBeRead(t *testing.T) {
	d := newDesk(t)
	h := &holds{}
	d.Holds = h
	r := d.onItsWay(d.asks(germany, deadline.Erasure), grant)
	d.later(10 * time.Minute)
	h.err = errDown
	n, p := d.notifier()
	if _, err := n.Run(background, never); !fault.Is(err, fault.Unavailable) || p.n != 0 || !d.file(r.ID).Request.Draft.OnItsWay() {
		t.Errorf("%v, %d mails", err, p.n)
	}
	h.err = nil
	if r, p := d.drained(r.ID, 10*time.Minute); r.State != lifecycle.Fulfilled || p.n != 1 {
		t.Errorf("%s, %d mails", r.State, p.n)
	}
}

// What came while the answer was on its way is still to be looked at.
func TestAReplyMeanwhileIsNotLost(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	d.ok(d.Replied(background, r.ID, request.Mail{From: r.Address, Proven: true, At: d.now}))
	if r, _ := d.drained(r.ID, 10*time.Minute); r.State != lifecycle.Fulfilled || r.Look == nil || r.Look.Why != lifecycle.LookReply {
		t.Errorf("%s, %+v", r.State, r.Look)
	}
}

// What the person wrote is still to be looked at where the answer could not go, and
// told of anew.
func TestAReplyIsNotHiddenByAnAnswerThatStopped(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	d.ok(d.Replied(background, r.ID, request.Mail{From: r.Address, Proven: true, At: d.now}))
	d.ok(d.Withdraw(background, r.ID, audit.ByPerson))
	if r, _ := d.drained(r.ID, 10*time.Minute); r.Draft.Stopped == nil || r.Look == nil || r.Look.Why != lifecycle.LookReply || r.Look.Reminded != nil {
		t.Errorf("%+v, %+v", r.Draft, r.Look)
	}
}

// The clock ends nothing whose answer is about to go.
func TestTheClockWaitsForAnAnswerOnItsWay(t *testing.T) {
	d := newDesk(t)
	waits := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	waits = d.mailed(d.ok(d.Ask(background, waits.ID, "dpo/A", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"})))
	strangers := d.mailed(d.open(d.asks(germany, deadline.Erasure)))
	for d.now.Before(waits.Waiting.Until) || d.now.Before(d.file(strangers.ID).Request.VerifyBy) {
		d.later(day)
	}
	d.ok(d.SaveDraft(background, waits.ID, "dpo/A", refusal(decision.EvidenceMissing)))
	d.ok(d.Send(background, waits.ID, "dpo/A", draft.Morning))
	d.ok(d.SaveDraft(background, strangers.ID, "dpo/A", refusal(decision.NotVerified)))
	d.ok(d.Send(background, strangers.ID, "dpo/A", draft.Morning))
	if done, err := d.Lapse(background, waits.ID); done != "" || err != nil {
		t.Errorf("%s, %v", done, err)
	}
	_, err := d.Expire(background, strangers.ID, audit.BySystem)
	d.wantFault(err, fault.Conflict, "on its way")
	d.ok(d.CallBack(background, waits.ID, "dpo/A"))
	if done, err := d.Lapse(background, waits.ID); done != lifecycle.EventExpired || err != nil {
		t.Errorf("called back: %s, %v", done, err)
	}
	if r, _ := d.drained(strangers.ID, 4*day); r.State != lifecycle.Refused {
		t.Errorf("%s, %+v", r.State, r.Draft)
	}
}
