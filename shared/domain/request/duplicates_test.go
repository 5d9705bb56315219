package request_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

func TestDuplicateIsLinkedAndInheritsTheClock(t *testing.T) {
	d := newDesk(t)
	first := d.opened(d.asks(germany, deadline.Access))
	d.later(5 * day)
	second := d.opened(d.asks(germany, deadline.Access, deadline.Erasure))
	d.later(5 * day)
	third := d.opened(d.asks(germany, deadline.Access))
	for _, r := range []request.Request{second, third} {
		if r.LinkedTo != first.ID || !r.ClockFrom.Equal(testkit.T0) || !r.DueAt.Equal(first.DueAt) {
			t.Errorf("linked to %q, clock from %v, due %v", r.LinkedTo, r.ClockFrom, r.DueAt)
		}
		if d.history(r.ID) != "received verification_asked verified linked" || d.event(r.ID, lifecycle.EventLinked).Facts["to"] != first.ID {
			t.Error(d.history(r.ID))
		}
	}
	if !third.ReceivedAt.Equal(testkit.T0.Add(10 * day)) {
		t.Errorf("received %v", third.ReceivedAt)
	}
	d.wantUnchanged(first)
}

func TestWhatIsNoDuplicate(t *testing.T) {
	for name, first := range map[string]func(*desk) request.Request{
		"another kind":     func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Erasure)) },
		"answered":         func(d *desk) request.Request { return d.refused(d.asks(germany, deadline.Access)) },
		"never confirmed":  func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) },
		"another person's": func(d *desk) request.Request { return d.opened(d.from("trillian@example.com", deadline.Access)) },
		"withdrawn": func(d *desk) request.Request {
			return d.ok(d.Withdraw(background, d.opened(d.asks(germany, deadline.Access)).ID, audit.ByPerson))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			first(d)
			d.later(time.Hour)
			if r := d.opened(d.asks(germany, deadline.Access)); r.LinkedTo != "" || !r.ClockFrom.Equal(d.now) {
				t.Errorf("linked to %q", r.LinkedTo)
			}
		})
	}
}

func (d *desk) from(address string, kinds ...intake.Kind) request.Intake {
	in := d.asks(germany, kinds...)
	in.Address = d.address(address)
	return in
}

// GHSA-qx5f-ghc2-7g5c: requests that anybody can send in a person's name must
// not block, delay, hide or spoil the one that the person confirms.
func TestUnverifiedNeverComesBeforeVerified(t *testing.T) {
	alone := newDesk(t)
	want := alone.opened(alone.asks(germany, deadline.Access))

	d := newDesk(t)
	mine := d.open(d.asks(germany, deadline.Access))
	var theirs []request.Request
	for range 50 {
		theirs = append(theirs, d.open(d.asks(germany, deadline.Access)))
	}
	got := d.confirm(mine)
	for range 50 {
		theirs = append(theirs, d.open(d.asks(germany, deadline.Access)))
	}
	if got.State != want.State || got.LinkedTo != "" || got.Repeated || !got.DueAt.Equal(want.DueAt) || !got.ClockFrom.Equal(want.ClockFrom) {
		t.Errorf("%+v", got)
	}
	if d.history(got.ID) != alone.history(want.ID) || d.mails(got.ID) != alone.mails(want.ID) {
		t.Errorf("%s; mails %s", d.history(got.ID), d.mails(got.ID))
	}
	for _, r := range theirs {
		if f := d.file(r.ID); f.Request.State != lifecycle.Unverified || f.Request.Repeated || f.Request.LinkedTo != "" {
			t.Errorf("%+v", f.Request)
		}
	}
	// Nor do they stand in the way of what follows, or of each other.
	answered := d.ok(d.Decide(background, got.ID, "dpo", decision.Answer{Outcome: decision.Grant}))
	if next := d.opened(d.asks(germany, deadline.Access)); next.LinkedTo != "" || next.Repeated {
		t.Errorf("%+v", next)
	}
	d.mailed(got)
	answered = d.file(answered.ID).Request
	d.later(8 * day)
	d.ok(d.Expire(background, theirs[0].ID, audit.BySystem))
	d.wantUnchanged(answered)
}

func TestThirdAlikeIsRepeated(t *testing.T) {
	year := 360 * day
	for name, c := range map[string]struct {
		apart  time.Duration
		second []intake.Kind
		third  []intake.Kind
		want   bool
	}{
		"three in a row":       {day, []intake.Kind{deadline.Access}, []intake.Kind{deadline.Access}, true},
		"alike in part":        {day, []intake.Kind{deadline.Access, deadline.Erasure}, []intake.Kind{deadline.Portability, deadline.Access}, true},
		"the second is other":  {day, []intake.Kind{deadline.Erasure}, []intake.Kind{deadline.Access}, false},
		"the third is other":   {day, []intake.Kind{deadline.Access}, []intake.Kind{deadline.Erasure}, false},
		"twice within a year":  {year / 2, []intake.Kind{deadline.Access}, []intake.Kind{deadline.Access}, false},
		"just within the year": {year/2 - time.Hour, []intake.Kind{deadline.Access}, []intake.Kind{deadline.Access}, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			first := d.refused(d.asks(germany, deadline.Access))
			d.later(c.apart)
			second := d.refused(d.asks(germany, c.second...))
			d.later(c.apart)
			third := d.open(d.asks(germany, c.third...))
			if first.Repeated || second.Repeated || third.Repeated != c.want {
				t.Errorf("repeated: %v %v %v", first.Repeated, second.Repeated, third.Repeated)
			}
			if said := d.event(third.ID, lifecycle.EventReceived).Facts["repeated"]; (said == "yes") != c.want {
				t.Errorf("the history says %q", said)
			}
			if _, err := d.Decide(background, d.confirm(third).ID, "dpo", refusal(decision.RepeatedRequest)); (err == nil) != c.want {
				t.Errorf("refused as repeated: %v", err)
			}
		})
	}
}

// Who sends three at once and then confirms them has repeated them as well.
func TestRepeatedIsSeenWhenItIsConfirmed(t *testing.T) {
	d := newDesk(t)
	var sent []request.Request
	for range 3 {
		sent = append(sent, d.open(d.asks(germany, deadline.Access)))
		d.later(time.Minute)
	}
	for i, r := range sent {
		if got := d.confirm(r); got.Repeated != (i == 2) {
			t.Errorf("request %d: repeated %v", i+1, got.Repeated)
		}
	}
	if said := d.event(sent[2].ID, lifecycle.EventVerified).Facts["repeated"]; said != "yes" {
		t.Errorf("the history says %q", said)
	}
	if _, told := d.event(sent[0].ID, lifecycle.EventVerified).Facts["repeated"]; told {
		t.Error("the history says it of the first")
	}
}

// An appeal asks for the same again, but because of our answer.
func TestAppealIsNoDuplicate(t *testing.T) {
	d := newDesk(t)
	first := d.refused(d.asks(germany, deadline.Access))
	appeal := d.ok(d.Appeal(background, first.ID, "Look again."))
	d.later(day)
	r := d.opened(d.asks(germany, deadline.Access))
	if r.Repeated || r.LinkedTo != "" {
		t.Errorf("repeated %v, linked to %q, the appeal is %q", r.Repeated, r.LinkedTo, appeal.ID)
	}
}

// Sec-GPC adds the opt-out of sale to all that a browser sends, and many object
// to marketing beside what they ask for: what took effect at once makes two
// requests no more alike, or a third wish would be refused as repeated.
func TestOptOutsDoNotMakeRequestsAlike(t *testing.T) {
	for _, beside := range []intake.Kind{deadline.OptOutOfSale, deadline.Objection} {
		t.Run(string(beside), func(t *testing.T) {
			d := newDesk(t)
			for _, k := range []intake.Kind{deadline.Access, deadline.Erasure, deadline.Correction} {
				r := d.opened(d.asks(germany, k, beside))
				d.later(day)
				if r.Repeated || r.LinkedTo != "" || !r.ClockFrom.Equal(r.ReceivedAt) {
					t.Errorf("%s: repeated %v, linked to %q", k, r.Repeated, r.LinkedTo)
				}
			}
			if r := d.open(d.asks(germany, beside)); r.State != lifecycle.Fulfilled || r.Repeated {
				t.Errorf("the opt-out alone: %s, repeated %v", r.State, r.Repeated)
			}
			if r := d.opened(d.asks(germany, deadline.Access, beside)); r.LinkedTo == "" {
				t.Error("the same again is not linked")
			}
		})
	}
}
