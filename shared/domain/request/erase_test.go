package request_test

import (
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
)

var (
	grant = decision.Answer{Outcome: decision.Grant}
	told  = decision.Answer{Outcome: decision.Grant, Explanation: "We erase it tomorrow."} // as a child's erasure needs it
)

func partly(kind decision.Ground) decision.Answer {
	v := refusal(kind)
	v.Outcome = decision.Partly
	return v
}

// Which decisions order the erasure of the person, and from when on.
func TestDecideOrdersTheErasure(t *testing.T) {
	atOnce, afterExport := func(d *desk) time.Time { return d.now }, func(d *desk) time.Time { return dayEnd(d.now, 5) }
	for name, c := range map[string]struct {
		kinds   []intake.Kind
		verdict decision.Answer
		from    func(*desk) time.Time // nil: never
		behalf  intake.Behalf
	}{
		"an erasure":                       {[]intake.Kind{deadline.Erasure}, grant, atOnce, intake.Self},
		"a child's, by its parent":         {[]intake.Kind{deadline.Erasure}, grant, nil, intake.Parent},
		"a child's":                        {[]intake.Kind{deadline.ChildErasure}, told, nil, intake.Self},
		"by an agent":                      {[]intake.Kind{deadline.Erasure}, grant, nil, intake.Agent},
		"with an objection":                {[]intake.Kind{deadline.Erasure, deadline.Objection}, grant, atOnce, intake.Self},
		"with access":                      {[]intake.Kind{deadline.Access, deadline.Erasure}, grant, afterExport, intake.Self},
		"in part":                          {[]intake.Kind{deadline.Erasure}, partly(decision.LegalObligation), nil, intake.Self},
		"refused":                          {[]intake.Kind{deadline.Erasure}, refusal(decision.LegalObligation), nil, intake.Self},
		"access alone":                     {[]intake.Kind{deadline.Access}, grant, nil, intake.Self},
		"consent withdrawn, and corrected": {[]intake.Kind{deadline.WithdrawConsent, deadline.Correction}, grant, nil, intake.Self},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			in := d.asks(germany, c.kinds...)
			in.OnBehalfOf = c.behalf
			r := d.opened(in)
			if r.State == lifecycle.WaitingForPerson { // for the proofs of a parent
				r = d.ok(d.Answer(background, r.ID, "dpo", time.Time{}))
			}
			d.later(time.Hour)
			r = d.ok(d.Decide(background, r.ID, "dpo", c.verdict))
			if c.from == nil {
				if !r.EraseFrom.IsZero() || strings.Contains(d.history(r.ID), "erasure_ordered") || strings.Contains(d.rows(marvin), "email") {
					t.Errorf("ordered from %v on: %s, out of %q", r.EraseFrom, d.history(r.ID), d.rows(marvin))
				}
				return
			}
			want := c.from(d)
			if class, since := requestlog.Disposal(&r); class != schedule.ErasureOrder || !since.Equal(want) || !r.EraseFrom.Equal(want) {
				t.Errorf("%s from %v, want %v", class, since, want)
			}
			if e := d.event(r.ID, lifecycle.EventEraseOrdered); by(e) != "officer:dpo" || e.Facts["scopes"] != "email" || !strings.HasPrefix(want.UTC().Format(time.RFC3339), e.Facts["from"][:19]) {
				t.Errorf("%s: %v", by(e), e.Facts)
			}
			if !strings.HasSuffix(d.history(r.ID), "fulfilled erasure_ordered") || !strings.HasSuffix(d.mails(r.ID), "decision") {
				t.Errorf("%s, mails %s", d.history(r.ID), d.mails(r.ID))
			}
			d.wantOutOfEmail()
		})
	}
}

func (d *desk) wantOutOfEmail() {
	d.t.Helper()
	k := optout.Key{Ref: d.Key.Ref(d.address(marvin)), Scope: "email"}
	found, err := d.optOuts.Records(background, []optout.Key{k})
	if r := found[k]; err != nil || r.State != optout.Out || r.Evidence.Source != optout.FromRequest || !r.ChangedAt.Equal(d.now) || r.Address != d.address(marvin) {
		d.t.Errorf("%+v, %v", found, err)
	}
}

func TestErase(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Erasure, deadline.Access))
	_, err := d.Erase(background, r.ID, "dpo")
	d.wantFault(err, fault.Conflict, "open")
	d.ok(d.Decide(background, r.ID, "dpo", answer(deadline.Access, decision.Grant), partly(decision.LegalObligation)))
	d.later(time.Hour)
	r = d.ok(d.Erase(background, r.ID, "dpo"))
	if !r.EraseFrom.Equal(dayEnd(r.ClosedAt, 30)) || !r.EraseFrom.After(r.ExportUntil) || by(d.event(r.ID, lifecycle.EventEraseOrdered)) != "officer:dpo" {
		t.Errorf("from %v, export until %v", r.EraseFrom, r.ExportUntil)
	}
	d.wantOutOfEmail()
	d.later(time.Hour)
	if again := d.ok(d.Erase(background, r.ID, "dpo")); again.Version != r.Version || !again.EraseFrom.Equal(r.EraseFrom) {
		t.Errorf("again: %+v", again)
	}
	late := d.opened(d.asks(germany, deadline.Erasure, deadline.Access))
	late = d.ok(d.Decide(background, late.ID, "dpo", answer(deadline.Access, decision.Grant), partly(decision.LegalObligation)))
	d.now = dayEnd(late.ClosedAt, 30).Add(time.Hour)
	if late = d.ok(d.Erase(background, late.ID, "dpo")); !late.EraseFrom.Equal(d.now) {
		t.Errorf("long after the export ended, and the time to object: from %v", late.EraseFrom)
	}
}

// Where something was denied, the file is there while the person is offered to object:
// an order waits for that, and for an appeal. What a legal hold keeps follows by itself.
func TestTheOrderWaitsForObjections(t *testing.T) {
	both := []intake.Kind{deadline.Access, deadline.Erasure}
	denied, held := answer(deadline.Access, decision.Refuse, decision.Excessive), []request.KeptBack{{Hold: "H-3", Of: "person", Keeps: "erasure"}}
	for name, c := range map[string]struct {
		answers []decision.Answer
		held    []request.KeptBack
		byHand  bool
		days    int
	}{
		"access refused":                 {[]decision.Answer{denied, answer(deadline.Erasure, decision.Grant)}, nil, false, 30},
		"erased in part":                 {[]decision.Answer{answer(deadline.Access, decision.Refuse, decision.NoDataFound), answer(deadline.Erasure, decision.Partly, decision.LegalObligation)}, nil, true, 30},
		"erased in part, and held since": {[]decision.Answer{answer(deadline.Access, decision.Grant), answer(deadline.Erasure, decision.Partly, decision.LegalObligation)}, held, true, 30},
		"held back":                      {[]decision.Answer{answer(deadline.Access, decision.Grant), answer(deadline.Erasure, decision.Partly, decision.LegalClaims)}, held, false, 5},
		"held back, and access denied":   {[]decision.Answer{denied, answer(deadline.Erasure, decision.Partly, decision.LegalClaims)}, held, false, 30},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if !c.byHand {
				d.Holds = &holds{kept: c.held}
			}
			r := d.ok(d.Decide(background, d.opened(d.asks(germany, both...)).ID, "dpo", c.answers...))
			want := dayEnd(d.now, c.days)
			if c.byHand {
				d.later(time.Hour)
				d.Holds = &holds{kept: c.held}
				r = d.ok(d.Erase(background, r.ID, "dpo"))
			}
			if !r.EraseFrom.Equal(want) {
				t.Errorf("erased from %v, want %v", r.EraseFrom, want)
			}
			d.now = want.Add(-time.Second)
			d.ok(d.Disagree(background, r.ID, audit.ByPerson, "I do not agree."))
			if _, err := d.Appeal(background, r.ID, "unjust"); err != nil {
				t.Error(err)
			}
		})
	}
	d := newDesk(t)
	r := d.refused(d.asks(germany, both...))
	a, err := d.Appeal(background, r.ID, "unjust")
	if err != nil {
		t.Fatal(err)
	}
	a = d.ok(d.Decide(background, a.ID, "dpo-2", denied, answer(deadline.Erasure, decision.Grant)))
	if !a.EraseFrom.Equal(d.now) {
		t.Errorf("an answer that is final waits until %v", a.EraseFrom)
	}
}

// An order shrinks the person's other requests too: it waits until they can neither
// fetch nor object there any more, and the letter names that day.
func TestTheOrderWaitsForTheOtherRequests(t *testing.T) {
	erasure := func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Erasure)) }
	for name, c := range map[string]struct {
		other func(*desk)
		days  int // 0: at once
	}{
		"refused":           {func(d *desk) { d.refused(d.asks(germany, deadline.Access)) }, 30},
		"an export is open": {func(d *desk) { d.ok(d.Decide(background, d.opened(d.asks(germany, deadline.Access)).ID, "dpo", grant)) }, 5},
		"granted": {func(d *desk) {
			d.ok(d.Decide(background, d.opened(d.asks(germany, deadline.Correction)).ID, "dpo", grant))
		}, 0},
		"of another mailbox": {func(d *desk) {
			d.ok(d.Decide(background, d.fromMailbox(trillian, deadline.Correction).ID, "dpo", refusal(decision.NoDataFound)))
		}, 0},
		"reopened": {func(d *desk) {
			d.ok(d.Reopen(background, d.refused(d.asks(germany, deadline.Access)).ID, "dpo", "a mistake"))
		}, 0},
		"appealed against": {func(d *desk) {
			if _, err := d.Appeal(background, d.refused(d.asks(germany, deadline.Access)).ID, "unjust"); err != nil {
				d.t.Fatalf("%v", err)
			}
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			c.other(d)
			until := dayEnd(d.now, c.days)
			d.later(day)
			if c.days == 0 {
				until = d.now
			}
			r := erasure(d)
			plan, after, err := d.Preview(background, r.ID, "dpo", grant)
			if effect, _ := plan.Effect(draft.Erases); err != nil || !after.EraseFrom.Equal(until) || effect["from"] != until.UTC().Format(civil.Stamp) {
				t.Errorf("shown before: %+v, %v, want %v", effect, err, until)
			}
			if r = d.ok(d.Decide(background, r.ID, "dpo", grant)); !r.EraseFrom.Equal(until) {
				t.Errorf("erased from %v, want %v", r.EraseFrom, until)
			}
		})
	}
}

// What is denied after the order was made keeps it waiting too.
func TestADenialKeepsAnOrderOfErasureWaiting(t *testing.T) {
	d := newDesk(t)
	r := d.refused(d.asks(germany, deadline.Access))
	for at, want := range map[time.Time]requestlog.Effect{dayEnd(d.now, 30).Add(-1): requestlog.Delays, dayEnd(d.now, 30): requestlog.Shrunk} {
		if got := requestlog.OnErasure(&r, d.now, at); got != want {
			t.Errorf("%v: %s, want %s", at, got, want)
		}
	}
}

// Of a parent's and of an agent's mailbox the officer must say that it is that
// of the person to be erased.
func TestEraseForSomebodyElse(t *testing.T) {
	d := newDesk(t)
	for _, behalf := range []intake.Behalf{intake.Parent, intake.Agent} {
		in := d.asks(germany, deadline.Erasure)
		in.OnBehalfOf = behalf
		r := d.ok(d.Answer(background, d.opened(in).ID, "dpo", time.Time{}))
		d.ok(d.Decide(background, r.ID, "dpo", grant))
		if r = d.ok(d.Erase(background, r.ID, "dpo")); !r.EraseFrom.Equal(d.now) {
			t.Errorf("%s: %+v", behalf, r)
		}
	}
}

func TestEraseWhatWasNotGranted(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		kind    intake.Kind
		verdict decision.Answer
		words   string
	}{
		"refused": {deadline.Erasure, refusal(decision.LegalObligation), "refused"},
		"access":  {deadline.Access, partly(decision.RightsOfOthers), "does not ask"},
	} {
		r := d.opened(d.asks(germany, c.kind))
		before := d.ok(d.Decide(background, r.ID, "dpo", c.verdict))
		_, err := d.Erase(background, r.ID, "dpo")
		if d.wantFault(err, fault.Conflict, c.words); !d.file(r.ID).Request.EraseFrom.IsZero() {
			t.Errorf("%s: ordered", name)
		}
		d.wantUnchanged(before)
	}
	withdrawn := d.opened(d.asks(germany, deadline.Erasure))
	d.ok(d.Withdraw(background, withdrawn.ID, audit.ByPerson))
	_, err := d.Erase(background, withdrawn.ID, "dpo")
	d.wantFault(err, fault.Conflict, "withdrawn")
	_, err = d.Erase(background, "PD-none", "dpo")
	d.wantFault(err, fault.NotFound, "no such")
}

// An appeal that is granted orders what the request it is about did not.
func TestAppealOrdersTheErasure(t *testing.T) {
	d := newDesk(t)
	r := d.refused(d.asks(germany, deadline.Erasure))
	a, err := d.Appeal(background, r.ID, "unjust")
	if err != nil {
		t.Fatal(err)
	}
	if a = d.ok(d.Decide(background, a.ID, "dpo-2", grant)); a.EraseFrom.IsZero() {
		t.Errorf("%+v", a)
	}
	d.wantOutOfEmail()
}

// The decision, the order and the opt-out stand together or not at all.
func TestOrderIsAllOrNothing(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Erasure))
	d.store.before = func(call string) error {
		if call == "save" {
			return errDown
		}
		return nil
	}
	if _, err := d.Decide(background, r.ID, "dpo", grant); fault.CodeOf(err) != fault.Unavailable {
		t.Fatal(err)
	}
	d.store.before = nil
	if d.wantUnchanged(r); d.rows(marvin) != "" {
		t.Errorf("out of %q", d.rows(marvin))
	}
}
