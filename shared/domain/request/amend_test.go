package request_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

// What was entered wrongly is put right: old and new stay in the history, and the
// law of the right place sets the date.
func TestAmend(t *testing.T) {
	d := newDesk(t)
	in := d.asks(nowhere, deadline.Access)
	in.Name = "Marvn"
	r := d.opened(in)
	name := "Marvin"
	place := deadline.Jurisdiction{Country: "US", Region: "VA"}
	r = d.ok(d.Amend(background, r.ID, "dpo", request.Amendment{Place: &place, Kinds: []intake.Kind{deadline.Access, deadline.Objection}, Name: &name, Language: "de"}))
	due, err := d.Due(r)
	if err != nil || due.Rule != "us-va/respond" || !r.DueAt.Equal(due.Due) || r.Place != place || r.Name != "Marvin" || r.Language != "de" {
		t.Errorf("%v: %+v", err, r)
	}
	e := d.event(r.ID, lifecycle.EventAmended)
	before, _ := e.Private["name_before"].Reveal()
	after, _ := e.Private["name"].Reveal()
	if e.Facts["place"] != "US-VA" || e.Facts["place_before"] != "" || e.Facts["kinds"] != "access objection" || e.Facts["kinds_before"] != "access" || e.Facts["language"] != "de" || e.Facts["language_before"] != "en" ||
		before != "Marvn" || after != "Marvin" || by(e) != "officer:dpo" {
		t.Errorf("%q %q %q", e.Facts, before, after)
	}
	if d.rows(marvin) == "" {
		t.Error("an objection that was forgotten is not in effect")
	}
	if !strings.HasSuffix(d.mails(r.ID), "amended") {
		t.Errorf("the person is not told: %s", d.mails(r.ID))
	}
}

// The person is told of what was corrected where it may move the date, and of
// nothing else.
func TestAmendTells(t *testing.T) {
	name, place, wide := "Alex", britain, []intake.Kind{deadline.Access, deadline.Erasure}
	for about, c := range map[string]struct {
		to    request.Amendment
		tells bool
	}{
		"the place":    {request.Amendment{Place: &place}, true},
		"the kinds":    {request.Amendment{Kinds: wide}, true},
		"whose it is":  {request.Amendment{OnBehalfOf: intake.Parent}, true},
		"the name":     {request.Amendment{Name: &name}, false},
		"the language": {request.Amendment{Language: "es"}, false},
	} {
		d := newDesk(t)
		r := d.ok(d.Amend(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", c.to))
		if got := strings.Contains(d.mails(r.ID), "amended"); got != c.tells {
			t.Errorf("%s: %v, mails %s", about, got, d.mails(r.ID))
		}
	}
}

// What was amended is read in the history as it was before, by the entry that a
// letter follows.
func TestBeforeAmendment(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(nowhere, deadline.Access))
	first, virginia, name := r.DueAt, deadline.Jurisdiction{Country: "US", Region: "VA"}, "Alex"
	r = d.ok(d.Amend(background, r.ID, "dpo", request.Amendment{Place: &virginia, Name: &name}))
	seq, second := r.Head.Seq, r.DueAt
	place := germany
	r = d.ok(d.Amend(background, r.ID, "dpo", request.Amendment{Place: &place, Kinds: []intake.Kind{deadline.Access, deadline.Erasure}}))
	f := d.file(r.ID)
	if b := f.BeforeAmendment(seq); !slices.Equal(b.Changed, []string{"name", "place"}) || b.Words.Place != nowhere || len(b.Words.Kinds) > 0 || !b.DueAt.Equal(first) {
		t.Errorf("%+v", b)
	}
	if b := f.BeforeAmendment(r.Head.Seq); !slices.Equal(b.Changed, []string{"kinds", "place"}) || b.Words.Place != virginia || !slices.Equal(b.Words.Kinds, []intake.Kind{deadline.Access}) || !b.DueAt.Equal(second) {
		t.Errorf("%+v", b)
	}
}

// Whom a request is for decides what must be proved: it is asked for, and not
// behind a question that still waits.
func TestAmendBehalf(t *testing.T) {
	d := newDesk(t)
	r := d.ok(d.Amend(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", request.Amendment{OnBehalfOf: intake.Agent}))
	e := d.event(r.ID, lifecycle.EventAmended)
	if r.State != lifecycle.WaitingForPerson || !slices.Equal(r.Waiting.Proofs, intake.RequiredProofs(intake.Agent, r.Kinds)) || !strings.HasSuffix(d.mails(r.ID), "waiting") ||
		e.Facts["on_behalf_of"] != "agent" || e.Facts["on_behalf_of_before"] != "self" {
		t.Errorf("%+v, mails %s, %q", r, d.mails(r.ID), e.Facts)
	}
	_, err := d.Amend(background, r.ID, "dpo", request.Amendment{OnBehalfOf: intake.Self})
	d.wantFault(err, fault.Conflict, "answer")
	d.wantUnchanged(r)
	r = d.ok(d.Answer(background, r.ID, "dpo", time.Time{}))
	if r = d.ok(d.Amend(background, r.ID, "dpo", request.Amendment{OnBehalfOf: intake.Self})); r.State != lifecycle.Open || r.OnBehalfOf != intake.Self {
		t.Errorf("%+v", r)
	}
}

// A fee that the person is asked for is not left standing where no law allows it.
func TestAmendLeavesNoFee(t *testing.T) {
	d := newDesk(t)
	fee := waiting.Waiting{Cause: deadline.Fee, Question: "Why.", Fee: &waiting.Fee{Amount: "5", Currency: "EUR", Because: decision.Excessive}}
	r := d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", fee))
	brazil := deadline.Jurisdiction{Country: "BR"}
	_, err := d.Amend(background, r.ID, "dpo", request.Amendment{Place: &brazil})
	d.wantField(err, "fee", "not_allowed")
	d.wantUnchanged(r)
	d = newDesk(t)
	d.refused(d.asks(germany, deadline.Access))
	d.refused(d.asks(germany, deadline.Access))
	fee.Fee = &waiting.Fee{Amount: "5", Currency: "EUR", Because: decision.RepeatedRequest}
	r = d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", fee))
	_, err = d.Amend(background, r.ID, "dpo", request.Amendment{Kinds: []intake.Kind{deadline.Correction}})
	d.wantField(err, "fee", "not_repeated")
	d.wantUnchanged(r)
}

func TestAmendNothing(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access))
	same, instant := germany, []intake.Kind{deadline.OptOutOfSale}
	_, err := d.Amend(background, r.ID, "dpo", request.Amendment{Place: &same, Language: "en"})
	d.wantField(err, "amendment", "missing")
	_, err = d.Amend(background, r.ID, "dpo", request.Amendment{Kinds: instant})
	d.wantField(err, "kinds", "instant")
	d.wantUnchanged(r)
	closed := d.refused(d.asks(germany, deadline.Erasure))
	_, err = d.Amend(background, closed.ID, "dpo", request.Amendment{Language: "de"})
	d.wantFault(err, fault.Conflict, "amended")
}

// A closed request is opened again: the answer is withdrawn with its order of
// erasure, and the date is that of the receipt.
func TestReopen(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access, deadline.Erasure))
	due := r.DueAt
	r = d.ok(d.Decide(background, r.ID, "dpo", grant))
	d.later(40 * day)
	r = d.ok(d.Reopen(background, r.ID, "dpo", "a mistake"))
	if r.State != lifecycle.Open || r.Decision != nil || !r.ClosedAt.IsZero() || !r.EraseFrom.IsZero() || !r.ExportUntil.IsZero() || !r.DueAt.Equal(due) {
		t.Errorf("%+v", r)
	}
	e := d.event(r.ID, lifecycle.EventReopened)
	if why, _ := e.Private["reason"].Reveal(); why != "a mistake" || e.Facts["erasure_order"] != "withdrawn" || by(e) != "officer:dpo" || !strings.HasSuffix(d.mails(r.ID), "reopened") {
		t.Errorf("%q %q, mails %s", why, e.Facts, d.mails(r.ID))
	}
	again := d.ok(d.Decide(background, r.ID, "dpo", answer(deadline.Access, decision.Grant), refusal(decision.LegalClaims)))
	if again.State != lifecycle.PartlyFulfilled || !again.ClosedAt.Equal(d.now) {
		t.Errorf("%+v", again)
	}
}

// A clock that stood still for the person when their request was closed runs
// again: nothing is waited for any more.
func TestReopenedClockRuns(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access))
	due := r.DueAt
	r = d.ok(d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
	d.later(3 * day)
	d.ok(d.Decide(background, r.ID, "dpo", refusal(decision.Excessive)))
	d.later(10 * day)
	r = d.ok(d.Reopen(background, r.ID, "dpo", "a mistake"))
	if stopped(r) || !r.DueAt.Equal(due.AddDate(0, 0, 3)) {
		t.Errorf("due %v, first %v, %+v", r.DueAt, due, r.Pauses)
	}
}

func TestWhatIsNotReopened(t *testing.T) {
	for name, c := range map[string]struct {
		of     func(*desk) request.Request
		reason string
		code   fault.Code
		said   string
	}{
		"without a reason": {func(d *desk) request.Request { return d.refused(d.asks(germany, deadline.Access)) }, "", fault.Invalid, "reason"},
		"what is open":     {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, "x", fault.Conflict, "reopened"},
		"opt-outs alone":   {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.OptOutOfSale)) }, "x", fault.Conflict, "nothing is to be answered"},
		"nobody's": {func(d *desk) request.Request {
			return d.ok(d.Withdraw(background, d.open(d.asks(germany, deadline.Access)).ID, audit.ByPerson))
		}, "x", fault.Conflict, "enter it anew"},
		"while an appeal is open": {func(d *desk) request.Request {
			r := d.refused(d.asks(germany, deadline.Access))
			d.ok(d.Appeal(background, r.ID, "No."))
			return d.file(r.ID).Request
		}, "x", fault.Conflict, "an appeal"},
	} {
		d := newDesk(t)
		r := c.of(d)
		_, err := d.Reopen(background, r.ID, "dpo", c.reason)
		if fault.CodeOf(err) != c.code || !strings.Contains(fault.Public(err), c.said) {
			t.Errorf("%s: %v", name, err)
		}
		d.wantUnchanged(r)
	}
}

// The clock runs again from the day on which the answer came, not from the one on
// which it was entered.
func TestAnswerOfEarlier(t *testing.T) {
	wait := waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}
	dues := map[int]time.Time{}
	for _, came := range []int{2, 3} {
		d := newDesk(t)
		r := d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", wait))
		d.later(5 * day)
		r = d.ok(d.Answer(background, r.ID, "dpo", r.ReceivedAt.AddDate(0, 0, came)))
		dues[came] = r.DueAt
		if e := d.event(r.ID, lifecycle.EventAnswered); !strings.HasPrefix(e.Facts["came"], r.ReceivedAt.AddDate(0, 0, came).Format(time.DateOnly)) || !e.At.Equal(d.now) {
			t.Errorf("%q", e.Facts)
		}
	}
	if !dues[3].Equal(dues[2].AddDate(0, 0, 1)) {
		t.Errorf("%v", dues)
	}
	d := newDesk(t)
	d.later(3 * day)
	r := d.ok(d.Ask(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", wait))
	_, err := d.Answer(background, r.ID, "dpo", d.now.Add(time.Second))
	d.wantField(err, "at", "future")
	_, err = d.Answer(background, r.ID, "dpo", d.now.Add(-2*day))
	d.wantField(err, "at", "early")
	d.wantUnchanged(r)
	midnight := dayEnd(d.now, -1) // whoever names the day of the question means a time after it
	if r = d.ok(d.Answer(background, r.ID, "dpo", midnight)); stopped(r) || r.State != lifecycle.Open {
		t.Errorf("%+v", r)
	}
}
