package request_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	"privacydesk/shared/domain/outbox"
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

// killed ends a run at its nth call to the tables or the mailer.
type killed struct{ left int }

var errKilled = errors.New("killed")

// A run may end at every step, before it and after it: the answer takes effect
// once, its letter goes once, and the history says so. Only what may have gone is
// not sent again.
func TestKilledAtEveryStep(t *testing.T) {
	for n := range 12 {
		for _, called := range []bool{false, true} {
			d := newDesk(t)
			r := d.onItsWay(d.asks(germany, deadline.Access, deadline.Erasure), grant)
			d.later(10 * time.Minute)
			k, mails := &killed{n}, 0
			step := func(string) error {
				if k.left--; k.left < 0 {
					return errKilled
				}
				return nil
			}
			d.store.before = step
			drain, p := d.notifier()
			p.fail = func(int) (error, bool) { mails++; return step(""), k.left >= 0 }
			_, _ = drain.Run(background, never)
			d.store.before = nil
			if called { // nothing is lost when the officer takes it back just then
				_, _ = d.CallBack(background, r.ID, "dpo/A")
			}
			var all int
			for range 3 {
				d.later(11 * time.Minute)
				drain, p := d.notifier()
				d.drain(drain)
				all += p.n
			}
			f := d.file(r.ID)
			decided := f.Request.Decision != nil
			if decided != (f.Request.State == lifecycle.Fulfilled) || decided && f.Request.Draft != nil || f.Request.Draft.OnItsWay() || !called && !decided {
				t.Errorf("killed at %d, called back %t: %s, draft %+v", n, called, f.Request.State, f.Request.Draft)
			}
			went := slices.ContainsFunc(f.Letters, func(l outbox.Letter) bool {
				return l.Template == "decision" && (l.State == outbox.Sent || l.State == outbox.Unknown)
			})
			if went != decided || f.Request.Decision == nil && mails+all > 0 || strings.Count(d.history(r.ID), "fulfilled") > 1 || all > 1 {
				t.Errorf("killed at %d, called back %t: %d and %d mails, %s: %s", n, called, mails, all, d.letters(r.ID), d.history(r.ID))
			}
		}
	}
}

// Two runs at the same time carry an answer out once.
func TestTwoRunsCarryOutOnce(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	d.later(10 * time.Minute)
	var other *post
	d.store.before = func(call string) error {
		if call == "move" && other == nil { // the second begins within the first
			other = &post{}
			n, p := d.notifier()
			other = p
			d.drain(n)
		}
		return nil
	}
	n, p := d.notifier()
	d.drain(n)
	if p.n+other.n != 1 || !strings.HasSuffix(d.history(r.ID), "scheduled fulfilled mailed") {
		t.Errorf("%d and %d mails: %s", p.n, other.n, d.history(r.ID))
	}
}

// A letter that SES does not take is tried again, and its answer given once.
func TestAFailedLetterIsSentLater(t *testing.T) {
	d := newDesk(t)
	r := d.onItsWay(d.asks(germany, deadline.Access), grant)
	d.later(10 * time.Minute)
	n, p := d.notifier()
	p.fail = func(int) (error, bool) { return fault.New(fault.Unavailable, "busy"), false }
	d.drain(n)
	at := d.file(r.ID).Request.Decision.At
	r, p = d.drained(r.ID, time.Minute)
	if p.n != 1 || !r.Decision.At.Equal(at) || !strings.HasSuffix(d.history(r.ID), "scheduled fulfilled mailed") {
		t.Errorf("%d mails, %+v: %s", p.n, r.Decision, d.history(r.ID))
	}
}

func TestDraftsAreKept(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access, deadline.Erasure))
	half := decision.Answer{Kind: deadline.Access, Explanation: "So far."}
	r = d.ok(d.SaveDraft(background, r.ID, "dpo/A", half))
	if !draft.Same(r.Draft.Answers, []decision.Answer{half}) || r.Draft.By != "dpo/A" || r.State != lifecycle.Open {
		t.Errorf("%+v", r.Draft)
	}
	d.wantUnchanged(d.ok(d.SaveDraft(background, r.ID, "dpo/A", half)))
	if e := d.event(r.ID, lifecycle.EventDrafted); by(e) != "officer:dpo/A" || len(e.Private) != 1 {
		t.Errorf("%s: %q, %d private", by(e), e.Facts, len(e.Private))
	}
	if _, err := d.Send(background, r.ID, "dpo/A", draft.Now); !fault.Is(err, fault.Invalid) {
		t.Errorf("sent half an answer: %v", err)
	}
	for name, answers := range map[string][]decision.Answer{
		"no kind of it": {{Kind: deadline.Correction}}, "no outcome": {{Outcome: "maybe"}}, "no ground": {{Grounds: []decision.Given{{Ground: "mood"}}}},
		"one twice": {half, half}, "a ground twice": {{Grounds: []decision.Given{{Ground: decision.Excessive}, {Ground: decision.Excessive, Clause: "another"}}}},
	} {
		if _, err := d.SaveDraft(background, r.ID, "dpo/A", answers...); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r = d.ok(d.replacing().SaveDraft(background, r.ID, "dpo/B")); r.Draft != nil {
		t.Errorf("%+v", r.Draft)
	}
	_, err := d.Send(background, r.ID, "dpo/A", draft.Now)
	d.wantFault(err, fault.Conflict, "no draft")
	_, err = d.Send(background, r.ID, "dpo/A", draft.AtOnce)
	d.wantField(err, "when", "unknown")
	decided := d.ok(d.Decide(background, r.ID, "dpo/A", grant))
	_, err = d.SaveDraft(background, decided.ID, "dpo/A", half)
	d.wantFault(err, fault.Conflict, "drafted")
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
