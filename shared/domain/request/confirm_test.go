package request_test

import (
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

func TestConfirm(t *testing.T) {
	d := newDesk(t)
	r := d.open(d.asks(california, deadline.Access))
	d.later(6 * day)
	got, already, err := d.Confirm(background, r.ID, r.Words())
	if d.ok(got, err).State != lifecycle.Open || already || !got.VerifiedAt.Equal(d.now) {
		t.Errorf("%+v, %v", got, already)
	}
	// 11 CCR 7021(b): 45 days from receipt, whatever time verification takes.
	if want := time.Date(2027, 1, 6, 23, 59, 59, 0, losAngeles(t)); !got.DueAt.Equal(want) || stopped(got) {
		t.Errorf("due %v, want %v", got.DueAt, want)
	}
	if d.history(r.ID) != "received verification_asked verified" || d.mails(r.ID) != "verify acknowledge" {
		t.Errorf("%s; mails %s", d.history(r.ID), d.mails(r.ID))
	}
	if d.event(r.ID, lifecycle.EventVerified).Actor != audit.ByPerson {
		t.Error("the person is not the one who confirmed")
	}

	d.later(30 * day) // the link has ended, the request is in hand: nothing to complain about
	again, already, err := d.Confirm(background, r.ID, r.Words())
	if d.ok(again, err); !already || !again.VerifiedAt.Equal(got.VerifiedAt) {
		t.Errorf("%+v, %v", again, already)
	}
	d.wantUnchanged(got)
}

func losAngeles(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestConfirmTooLate(t *testing.T) {
	for name, wait := range map[string]time.Duration{"at the end": 0, "later": 23 * day} {
		d := newDesk(t)
		r := d.mailed(d.open(d.asks(california, deadline.Access)))
		d.now = dayEnd(d.now, 7).Add(wait)
		_, already, err := d.Confirm(background, r.ID, r.Words())
		if d.wantFault(err, fault.Expired, "over"); already {
			t.Error(name, "known already")
		}
		d.wantUnchanged(r)
		expired := d.ok(d.Expire(background, r.ID, audit.BySystem))
		_, _, err = d.Confirm(background, r.ID, r.Words())
		d.wantFault(err, fault.Expired, "over")
		d.wantUnchanged(expired)
	}
	d := newDesk(t)
	r := d.open(d.asks(california, deadline.Access))
	d.later(7*day - time.Millisecond)
	if got := d.confirm(r); got.State != lifecycle.Open {
		t.Errorf("a millisecond before: %s", got.State)
	}
}

func TestConfirmWhatIsClosed(t *testing.T) {
	for name, c := range map[string]struct {
		of    func(*desk) request.Request
		known bool
	}{
		"withdrawn before": {func(d *desk) request.Request {
			return d.ok(d.Withdraw(background, d.open(d.asks(california, deadline.Access)).ID, audit.ByPerson))
		}, false},
		"refused before": {func(d *desk) request.Request {
			return d.ok(d.Decide(background, d.open(d.asks(california, deadline.Access)).ID, "dpo", refusal(decision.NotVerified)))
		}, false},
		"done at once": {func(d *desk) request.Request { return d.open(d.asks(california, deadline.OptOutOfSale)) }, false},
		"withdrawn after": {func(d *desk) request.Request {
			return d.ok(d.Withdraw(background, d.opened(d.asks(california, deadline.Access)).ID, audit.ByPerson))
		}, false},
		"never answered": {func(d *desk) request.Request {
			in := d.asks(california, deadline.ChildErasure)
			r := d.opened(in)
			d.now = r.DueAt.Add(time.Second) // no law stops the clock there
			return d.ok(d.Expire(background, r.ID, audit.BySystem))
		}, false},
		"refused after": {func(d *desk) request.Request { return d.refused(d.asks(california, deadline.Access)) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := c.of(d)
			d.store.calls = nil
			got, already, err := d.Confirm(background, r.ID, r.Words())
			if c.known && (err != nil || !already || got.State != r.State) {
				t.Errorf("%s, %v, %v", got.State, already, err)
			}
			if !c.known && (already || fault.CodeOf(err) != fault.Conflict) {
				t.Errorf("%s, %v, %v", got.State, already, err)
			}
			if !slices.Equal(d.store.calls, []string{"load"}) {
				t.Errorf("calls: %q", d.store.calls)
			}
			d.wantUnchanged(r)
		})
	}
	d := newDesk(t)
	_, _, err := d.Confirm(background, "PD-0000-0000-0000-0000", request.Words{})
	d.wantFault(err, fault.NotFound, "")
}

// A double click is one confirmation, and a mail that was settled in between
// does not spoil it.
func TestConfirmLooksAgain(t *testing.T) {
	d := newDesk(t)
	r := d.open(d.asks(california, deadline.Access))
	once := true
	d.store.before = func(call string) error {
		if call == "save" && once {
			once = false
			d.ok(d.Note(background, r.ID, "dpo", "meanwhile"))
		}
		return nil
	}
	if got := d.confirm(r); got.State != lifecycle.Open {
		t.Errorf("%s", got.State)
	}
	if d.history(r.ID) != "received verification_asked noted verified" {
		t.Error(d.history(r.ID))
	}

	r = d.open(d.asks(california, deadline.Erasure))
	once = true
	d.store.before = func(call string) error {
		if call == "save" && once {
			once = false
			d.confirm(r)
		}
		return nil
	}
	if _, already, err := d.Confirm(background, r.ID, r.Words()); err != nil || !already {
		t.Errorf("the second of two clicks: %v, %v", already, err)
	}
	if d.history(r.ID) != "received verification_asked verified" || d.mails(r.ID) != "verify acknowledge" {
		t.Errorf("%s; %s", d.history(r.ID), d.mails(r.ID))
	}
}

// Art. 12(6) GDPR stops the clock while we doubt who asks; 11 CCR 7021(b)
// does not, and where the place is not known the strictest runs on.
func TestEvidence(t *testing.T) {
	child := []intake.Proof{intake.ParentalAuthority, intake.ChildsIdentity}
	agent := []intake.Proof{intake.WrittenAuthority, intake.PersonsIdentity}
	for name, c := range map[string]struct {
		place   deadline.Jurisdiction
		kinds   []intake.Kind
		behalf  intake.Behalf
		needs   []intake.Proof
		stopped bool
	}{
		"self":                     {germany, []intake.Kind{deadline.Access}, intake.Self, nil, false},
		"a child's erasure, GDPR":  {germany, []intake.Kind{deadline.ChildErasure}, intake.Self, child, true},
		"a child's erasure, CCPA":  {california, []intake.Kind{deadline.ChildErasure}, intake.Self, child, false},
		"a parent, UK":             {britain, []intake.Kind{deadline.Access}, intake.Parent, child, true},
		"an agent, GDPR":           {germany, []intake.Kind{deadline.Access, deadline.Erasure}, intake.Agent, agent, true},
		"an agent, CCPA":           {california, []intake.Kind{deadline.Access}, intake.Agent, agent, false},
		"an agent for a child":     {germany, []intake.Kind{deadline.ChildErasure}, intake.Agent, agent, true},
		"an agent, from somewhere": {nowhere, []intake.Kind{deadline.Access}, intake.Agent, agent, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			in := d.asks(c.place, c.kinds...)
			in.OnBehalfOf = c.behalf
			before := d.date(in)
			r := d.opened(in)
			if c.needs == nil {
				if r.State != lifecycle.Open || r.Waiting != nil {
					t.Errorf("%s waits for %+v", r.State, r.Waiting)
				}
				return
			}
			if r.State != lifecycle.WaitingForPerson || r.Waiting.Cause != deadline.Identity || !slices.Equal(r.Waiting.Proofs, c.needs) {
				t.Fatalf("%s waits for %+v", r.State, r.Waiting)
			}
			// The acknowledgement lists what is needed: no mail of its own.
			if d.mails(r.ID) != "verify acknowledge" || d.history(r.ID) != "received verification_asked verified asked" {
				t.Errorf("%s; mails %s", d.history(r.ID), d.mails(r.ID))
			}
			said := d.event(r.ID, lifecycle.EventAsked).Facts["clock_stopped"]
			if stopped(r) != c.stopped || (said == "yes") != c.stopped {
				t.Errorf("stopped: %v, told: %s", stopped(r), said)
			}
			d.later(20 * day)
			r = d.ok(d.Answer(background, r.ID, "dpo", time.Time{}))
			if r.State != lifecycle.Open || r.Waiting != nil || stopped(r) {
				t.Errorf("%+v", r)
			}
			if moved := r.DueAt.After(before); moved != (c.stopped && c.place != nowhere) {
				t.Errorf("due %v, before %v", r.DueAt, before)
			}
		})
	}
}

// date is the due date of a request that waits for nothing.
func (d *desk) date(in request.Intake) time.Time {
	d.t.Helper()
	due, err := d.Due(request.Request{Kinds: in.Kinds, Place: in.Place, ReceivedAt: d.now, ClockFrom: d.now})
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	return due.Due
}

// An officer who has verified a person by other means leaves nothing out that
// the person's own confirmation does.
func TestOfficerVerifies(t *testing.T) {
	d := newDesk(t)
	first := d.opened(d.asks(germany, deadline.Access))
	d.later(3 * day)
	in := d.asks(germany, deadline.Access)
	in.OnBehalfOf, in.Source = intake.Agent, intake.FromOfficer
	r := d.open(in)
	d.later(10 * day) // the link has ended, which is nothing to an officer
	r = d.ok(d.Verify(background, r.ID, "dpo", intake.Verification{Checked: []intake.Check{intake.CallBack}}))
	if r.State != lifecycle.WaitingForPerson || len(r.Waiting.Proofs) != 2 || !r.VerifiedAt.Equal(d.now) {
		t.Errorf("%+v", r)
	}
	if r.LinkedTo != first.ID || !r.ClockFrom.Equal(testkit.T0) || r.DueAt.Before(first.DueAt) {
		t.Errorf("linked to %q, clock from %v, due %v", r.LinkedTo, r.ClockFrom, r.DueAt)
	}
	if d.history(r.ID) != "received verification_asked verified linked asked" || d.mails(r.ID) != "verify acknowledge" {
		t.Errorf("%s; mails %s", d.history(r.ID), d.mails(r.ID))
	}
	if e := d.event(r.ID, lifecycle.EventVerified); by(e) != "officer:dpo" || e.Facts["checked"] != "call_back" || len(r.Checked) != 1 {
		t.Errorf("verified by %q, %q", by(e), e.Facts)
	}
	_, err := d.Verify(background, r.ID, "dpo", intake.Verification{Checked: []intake.Check{intake.CallBack}})
	d.wantFault(err, fault.Conflict, "verified")
}
