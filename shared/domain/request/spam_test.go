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
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

const byAnna = audit.ByOfficer + ":Anna/1"

// What nobody confirmed is closed as spam at once: no letter tells of it, and the one that asks to confirm it does not go.
func TestSpamIsClosedWithoutALetter(t *testing.T) {
	d := newDesk(t)
	q := d.open(d.asks(germany, deadline.Access))
	before := d.mails(q.ID)
	q = d.ok(d.Expire(background, q.ID, byAnna, lifecycle.Spam))
	if q.State != lifecycle.Expired || d.mails(q.ID) != before {
		t.Errorf("%s, letters %q, before %q", q.State, d.mails(q.ID), before)
	}
	if e := d.event(q.ID, lifecycle.EventExpired); e.Facts["because"] != "spam" || audit.Officer(e) != "Anna/1" {
		t.Errorf("%v by %s", e.Facts, audit.Officer(e))
	}
	if s, err := (request.Letters{Service: d.Service}).Read(background, outbox.Letter{SubjectID: q.ID, Template: "verify"}); err != nil || !s.Obsolete {
		t.Errorf("the letter that asks to confirm it still goes: %v", err)
	}
}

// What somebody confirmed is no spam.
func TestWhatIsConfirmedIsNoSpam(t *testing.T) {
	d := newDesk(t)
	q := d.confirm(d.open(d.asks(germany, deadline.Access)))
	_, err := d.Expire(background, q.ID, byAnna, lifecycle.Spam)
	if fault.CodeOf(err) != fault.Conflict || fault.BecauseOf(err).Code != "confirmed" {
		t.Errorf("%v", err)
	}
	d.wantUnchanged(q)
}

// Whoever closes a request themselves knows that no answer to it goes, and need not look.
func TestAnswerOfWhatAnOfficerClosed(t *testing.T) {
	for name, c := range map[string]struct {
		open  func(*desk) request.Request
		close func(*desk, string) (request.Request, error)
	}{
		"spam": {func(d *desk) request.Request { return d.open(d.asks(germany, deadline.Access)) }, func(d *desk, id string) (request.Request, error) {
			return d.Expire(background, id, byAnna, lifecycle.Spam)
		}},
		"withdrawn on the telephone": {func(d *desk) request.Request { return d.opened(d.asks(germany, deadline.Access)) }, func(d *desk, id string) (request.Request, error) {
			return d.Withdraw(background, id, byAnna)
		}},
	} {
		d := newDesk(t)
		q := c.open(d)
		d.ok(d.SaveDraft(background, q.ID, "Anna/1", refusal(decision.NotVerified)))
		d.ok(d.Send(background, q.ID, "Anna/1", draft.Now))
		closed := d.ok(c.close(d, q.ID))
		q, _ = d.drained(q.ID, time.Hour)
		if q.Look != nil || q.State != closed.State || q.Draft.OnItsWay() || q.Decision != nil || !strings.Contains(d.letters(q.ID), "decision obsolete") {
			t.Errorf("%s: %s, look %+v, draft %+v, %s", name, q.State, q.Look, q.Draft, d.letters(q.ID))
		}
	}
}
