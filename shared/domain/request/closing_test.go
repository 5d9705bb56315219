package request_test

import (
	"errors"
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
)

func TestWithdraw(t *testing.T) {
	for name, of := range map[string]func(*desk) request.Request{
		"unverified": func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access, deadline.OptOutOfSale)) },
		"open": func(d *desk) request.Request {
			return d.opened(d.asks(germany, deadline.Access, deadline.OptOutOfSale))
		},
		"waiting": func(d *desk) request.Request {
			return d.opened(d.asks(germany, deadline.ChildErasure, deadline.OptOutOfSale))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := of(d)
			d.later(day)
			r = d.ok(d.Withdraw(background, r.ID, audit.ByPerson))
			if r.State != lifecycle.Withdrawn || !r.ClosedAt.Equal(d.now) || r.Waiting != nil {
				t.Errorf("%+v", r)
			}
			if !strings.HasSuffix(d.mails(r.ID), "withdrawn") || d.event(r.ID, lifecycle.EventWithdrawn).Actor != audit.ByPerson {
				t.Errorf("mails %s", d.mails(r.ID))
			}
			if d.rows(marvin) != "sale" {
				t.Error("an opt-out ends with the request")
			}
			d.ok(d.Withdraw(background, r.ID, "officer:dpo")) // once more is nothing more
			d.wantUnchanged(r)
		})
	}
	d := newDesk(t)
	r := d.refused(d.asks(germany, deadline.Access))
	_, err := d.Withdraw(background, r.ID, audit.ByPerson)
	d.wantFault(err, fault.Conflict, "refused")
	r = d.ok(d.Withdraw(background, d.opened(d.asks(germany, deadline.Erasure)).ID, "officer:dpo"))
	if actor := by(d.event(r.ID, lifecycle.EventWithdrawn)); actor != "officer:dpo" {
		t.Errorf("withdrawn by %q", actor)
	}
}

func TestExpire(t *testing.T) {
	d := newDesk(t)
	r := d.mailed(d.open(d.asks(germany, deadline.Access, deadline.OptOutOfSale)))
	d.now = r.VerifyBy.Add(-1)
	_, err := d.Expire(background, r.ID, audit.BySystem)
	d.wantFault(err, fault.Conflict, "can still be confirmed")
	d.wantUnchanged(r)
	d.later(1)
	r = d.ok(d.Expire(background, r.ID, audit.BySystem))
	if r.State != lifecycle.Expired || d.mails(r.ID) != "verify expired" || d.rows(marvin) != "sale" {
		t.Errorf("%s; mails %s; out of %q", r.State, d.mails(r.ID), d.rows(marvin))
	}
	waiting := d.opened(d.asks(germany, deadline.ChildErasure))
	d.now = waiting.Waiting.Until.Add(time.Second)
	waiting = d.ok(d.Expire(background, waiting.ID, "officer:dpo"))
	if waiting.State != lifecycle.Expired || waiting.Waiting != nil || by(d.event(waiting.ID, lifecycle.EventExpired)) != "officer:dpo" {
		t.Errorf("%+v", waiting)
	}
	_, err = d.Expire(background, d.opened(d.asks(germany, deadline.Access)).ID, audit.BySystem)
	d.wantFault(err, fault.Conflict, "open")
}

func TestDisagree(t *testing.T) {
	d := newDesk(t)
	r := d.refused(d.asks(germany, deadline.Correction))
	_, err := d.Disagree(background, r.ID, audit.ByPerson, "")
	d.wantField(err, "statement", "missing")
	r = d.ok(d.Disagree(background, r.ID, audit.ByPerson, "I am not paranoid."))
	if r.State != lifecycle.Refused || r.Statement != "I am not paranoid." {
		t.Errorf("%+v", r)
	}
	if said, _ := d.event(r.ID, lifecycle.EventDisagreed).Private["statement"].Reveal(); said != r.Statement {
		t.Errorf("the history says %q", said)
	}
	d.ok(d.Disagree(background, r.ID, audit.ByPerson, "I am not paranoid."))    // a double click
	_, err = d.Disagree(background, r.ID, audit.ByPerson, "And another thing.") // by link there is one
	d.wantFault(err, fault.Conflict, "on record already")
	d.wantUnchanged(r)
	r = d.ok(d.Disagree(background, r.ID, "officer:dpo", "Not even android."))
	if r.Statement != "Not even android." || strings.Count(d.history(r.ID), "disagreed") != 2 {
		t.Error("a later statement is lost, or the first one")
	}
	for _, other := range []request.Request{d.opened(d.asks(germany, deadline.Access)), d.open(d.asks(germany, deadline.OptOutOfSale))} {
		_, err = d.Disagree(background, other.ID, audit.ByPerson, "No.")
		d.wantFault(err, fault.Conflict, "disagreed")
	}
}

func TestAppeal(t *testing.T) {
	d := newDesk(t)
	in := d.asks(deadline.Jurisdiction{Country: "US", Region: "CO"}, deadline.Access, deadline.Erasure)
	in.Name, in.Language = "Marvin", "de"
	about := d.refused(in)
	d.later(10 * day)
	r := d.ok(d.Appeal(background, about.ID, "You did not look."))
	if r.State != lifecycle.Open || r.AppealOf != about.ID || r.ID == about.ID || r.Source != intake.FromAppeal || r.LinkedTo != "" ||
		!slices.Equal(r.Kinds, about.Kinds) || r.Address != about.Address || r.Name != "Marvin" || r.Language != "de" || r.Details != "You did not look." {
		t.Errorf("%+v", r)
	}
	// A clock of its own: 45 days of CRS 6-1-1306(3), from the appeal.
	due, err := d.Due(r)
	if err != nil || due.Purpose != deadline.Appeal || !r.ClockFrom.Equal(d.now) || r.DueAt.In(losAngeles(t)).Format("2006-01-02") != "2027-01-16" {
		t.Errorf("%s due %v, %v", due.Rule, r.DueAt, err)
	}
	if d.history(r.ID) != "received verified" || d.mails(r.ID) != "acknowledge" || d.event(r.ID, lifecycle.EventReceived).Facts["appeal_of"] != about.ID {
		t.Errorf("%s; mails %s", d.history(r.ID), d.mails(r.ID))
	}
	if d.event(about.ID, lifecycle.EventAppealed).Facts["appeal"] != r.ID || d.file(about.ID).Request.State != lifecycle.Refused {
		t.Error(d.history(about.ID))
	}

	for _, same := range []string{"You did not look.", "You did  not look.\n", ""} { // a double click is one appeal
		if again := d.ok(d.Appeal(background, about.ID, same)); again.ID != r.ID || strings.Count(d.history(about.ID), "appealed") != 1 {
			t.Errorf("a second appeal %s beside %s", again.ID, r.ID)
		}
	}
	_, err = d.Appeal(background, about.ID, "And again.") // what is not in it must not be called received
	d.wantFault(err, fault.Conflict, "before")
	d.wantUnchanged(r)

	r = d.ok(d.Decide(background, r.ID, "dpo-2", refusal(decision.NoDataFound)))
	if r.Appealable() {
		t.Error("an appeal can be appealed against")
	}
	_, err = d.Appeal(background, r.ID, "No.")
	d.wantFault(err, fault.Conflict, "final")
	_, err = d.Appeal(background, about.ID, "No.")
	d.wantFault(err, fault.Conflict, "final")
	d.wantUnchanged(r)
}

// There is one appeal, as the page offers: else whoever holds the link opens
// requests without end.
func TestAppealAgainAfterItWasWithdrawn(t *testing.T) {
	d := newDesk(t)
	about := d.refused(d.asks(germany, deadline.Access))
	d.ok(d.Withdraw(background, d.ok(d.Appeal(background, about.ID, "")).ID, audit.ByPerson))
	before := d.file(about.ID).Request
	_, err := d.Appeal(background, about.ID, "After all.")
	d.wantFault(err, fault.Conflict, "before")
	d.wantUnchanged(before)
}

func TestAppealAgainstNothing(t *testing.T) {
	d := newDesk(t)
	granted := d.ok(d.Decide(background, d.opened(d.asks(germany, deadline.Erasure)).ID, "dpo", decision.Answer{Outcome: decision.Grant}))
	for _, r := range []request.Request{
		granted, d.opened(d.asks(germany, deadline.Access)), d.open(d.asks(germany, deadline.Access)), d.open(d.asks(germany, deadline.OptOutOfSale)),
	} {
		_, err := d.Appeal(background, r.ID, "No.")
		d.wantFault(err, fault.Conflict, "appealed")
		d.wantUnchanged(r)
	}
	_, err := d.Appeal(background, "PD-0000-0000-0000-0000", "No.")
	d.wantFault(err, fault.NotFound, "")
}

// Either both requests know of the appeal or neither does.
func TestAppealIsAllOrNothing(t *testing.T) {
	d := newDesk(t)
	about := d.refused(d.asks(germany, deadline.Access))
	d.store.before = func(call string) error {
		if call == "create" {
			return errDown
		}
		return nil
	}
	_, err := d.Appeal(background, about.ID, "No.")
	d.wantFault(err, fault.Unavailable, "")
	d.wantUnchanged(about)
	once := true
	d.store.before = func(call string) error {
		if call == "create" && once {
			once = false
			d.ok(d.Note(background, about.ID, "dpo", "meanwhile"))
		}
		return nil
	}
	d.ok(d.Appeal(background, about.ID, "No."))
	if !strings.HasSuffix(d.history(about.ID), "noted appealed") {
		t.Error(d.history(about.ID))
	}
}

func TestResend(t *testing.T) {
	d := newDesk(t)
	r := d.mailed(d.open(d.asks(germany, deadline.Access)))
	for i := range d.Settings.Resends {
		for range 3 { // while it waits it is not queued again
			r = d.ok(d.Resend(background, r.ID, audit.ByPerson))
		}
		d.later(time.Hour)
		if r = d.mailed(r); r.Resent != i+1 || !r.VerifyBy.Equal(dayEnd(d.now, 7)) {
			t.Errorf("%+v", r)
		}
	}
	if d.mails(r.ID) != "verify verify verify verify" {
		t.Errorf("mails %s", d.mails(r.ID))
	}
	_, err := d.Resend(background, r.ID, audit.ByPerson)
	if !errors.Is(err, request.ErrResent) {
		t.Errorf("once more: %v", err)
	}
	d.wantUnchanged(r)

	late := d.open(d.asks(germany, deadline.Access))
	confirmed := d.opened(d.asks(germany, deadline.Access))
	_, err = d.Resend(background, confirmed.ID, audit.ByPerson)
	d.wantFault(err, fault.Conflict, "open")
	d.wantUnchanged(confirmed)
	if got := d.ok(d.Resend(background, late.ID, "officer:dpo")); by(d.event(got.ID, lifecycle.EventResent)) != "officer:dpo" {
		t.Error("the history names another")
	}
	late = d.mailed(late)
	d.now = late.VerifyBy // the link that would be sent has ended
	_, err = d.Resend(background, late.ID, audit.ByPerson)
	d.wantFault(err, fault.Expired, "over")
}

func TestNote(t *testing.T) {
	d := newDesk(t)
	r := d.refused(d.asks(germany, deadline.Access))
	_, err := d.Note(background, r.ID, "dpo", "")
	d.wantField(err, "note", "missing")
	d.ok(d.Note(background, r.ID, "dpo", "rang up, was depressed"))
	if e := d.event(r.ID, lifecycle.EventNoted); by(e) != "officer:dpo" || len(e.Facts) != 0 {
		t.Errorf("%q %q", e.Actor, e.Facts)
	}
}

func TestMailBounced(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access))
	for range 2 {
		if err := d.MailBounced(background, r.ID, "ses-1"); err != nil {
			t.Fatal(err)
		}
	}
	f := d.file(r.ID)
	if !f.Request.MailFailedAt.Equal(d.now) || strings.Count(d.history(r.ID), "mail_failed") != 1 || d.event(r.ID, lifecycle.EventMailFailed).Facts["result"] != "bounced" {
		t.Error(d.history(r.ID))
	}
}
