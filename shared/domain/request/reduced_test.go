package request_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// Whatever is done to a reduced request is refused in words that say why, and
// leaves it as it is.
func TestNothingHappensToAReducedRequest(t *testing.T) {
	d := newDesk(t)
	r := d.told()
	before := d.reduce(r.ID, lifecycle.EventReduced)
	for name, act := range map[string]func() error{
		"confirm": func() error { _, _, err := d.Confirm(background, r.ID, r.Words()); return err },
		"amend": func() error {
			_, err := d.Amend(background, r.ID, "dpo", request.Amendment{Language: "de"})
			return err
		},
		"reopen": func() error { _, err := d.Reopen(background, r.ID, "dpo", "why not"); return err },
		"verify": func() error {
			_, err := d.Verify(background, r.ID, "dpo", intake.Verification{Checked: []intake.Check{intake.CallBack}})
			return err
		},
		"ask": func() error {
			_, err := d.Ask(background, r.ID, "dpo", waiting.Waiting{Cause: deadline.Clarification, Question: "?"})
			return err
		},
		"answer": func() error { _, err := d.Answer(background, r.ID, "dpo", time.Time{}); return err },
		"extend": func() error { _, err := d.Extend(background, r.ID, "dpo", deadline.Complexity, ""); return err },
		"decide": func() error {
			_, err := d.Decide(background, r.ID, "dpo", decision.Answer{Outcome: decision.Grant})
			return err
		},
		"erase":    func() error { _, err := d.Erase(background, r.ID, "dpo"); return err },
		"withdraw": func() error { _, err := d.Withdraw(background, r.ID, audit.ByPerson); return err },
		"disagree": func() error { _, err := d.Disagree(background, r.ID, audit.ByPerson, "No."); return err },
		"appeal":   func() error { _, err := d.Appeal(background, r.ID, "unjust"); return err },
		"resend":   func() error { _, err := d.Resend(background, r.ID, audit.ByPerson); return err },
		"expire":   func() error { _, err := d.Expire(background, r.ID, audit.BySystem); return err },
		"moved":    func() error { _, err := d.TellNewAddress(background, r.ID, "new@example.com"); return err },
		"note":     func() error { _, err := d.Note(background, r.ID, "dpo", "hm"); return err },
		"mail":     func() error { _, err := d.MailAgain(background, r.ID, "dpo", requestmail.Decision); return err },
		"exported": func() error { return d.Exported(background, r.ID, "json") },
	} {
		if err := act(); !errors.Is(err, request.ErrReduced) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.MailBounced(background, r.ID, "ses-1"); err != nil {
		t.Errorf("a bounce: %v", err)
	}
	d.wantUnchanged(before.Request)
}

// A mail that is pending all the same is never written from what is gone, and
// leaves the queue.
func TestNoticesOfAReducedRequestAreObsolete(t *testing.T) {
	for name, state := range map[string]outbox.State{"pending": outbox.Pending, "being tried": outbox.Sending} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			n, p := d.notifier()
			r := d.told()
			sent := p.n
			f := d.reduce(r.ID, lifecycle.EventReduced)
			step := request.Step{Request: f.Request, Letters: []outbox.Letter{{SubjectID: r.ID, Seq: 1, Template: requestmail.Decision, DueAt: d.now, State: state}}}
			step.Request.Version++
			if err := d.store.Requests.Save(background, step); err != nil {
				t.Fatal(err)
			}
			d.drain(n)
			after := d.file(r.ID)
			i := slices.IndexFunc(after.Letters, func(l outbox.Letter) bool { return l.Seq == 1 && l.Template == requestmail.Decision })
			if last := after.Letters[i]; last.State != outbox.Obsolete || p.n != sent || len(after.Events) != len(f.Events) {
				t.Errorf("%+v, %d mails", last, p.n)
			}
			for notice, err := range d.optOuts.Outbox.Pending(background, d.now.Add(day)) {
				t.Errorf("left: %+v, %v", notice, err)
			}
		})
	}
}

// A reduced request is one of the person's all the same: it counts among those
// alike, stands in their export by its log, and gives none of its own.
func TestReducedRequestsElsewhere(t *testing.T) {
	d := newDesk(t)
	n, _ := d.notifier()
	first := d.granted()
	d.drain(n)
	old := d.reduce(first.ID, lifecycle.EventReduced)
	_, err := d.Export(background, first.ID, "", holdings{desk: d})
	d.wantFault(err, fault.Expired, "not available")

	d.later(time.Hour)
	second := d.opened(d.asks(germany, deadline.Access))
	if second.LinkedTo != "" {
		t.Error("it is linked to what is closed")
	}
	third := d.opened(d.asks(germany, deadline.Access))
	if !third.Repeated {
		t.Error("the reduced one does not count among those alike")
	}
	d.ok(d.Decide(background, third.ID, "dpo", decision.Answer{Outcome: decision.Grant}))
	e, err := d.Export(background, third.ID, "", holdings{desk: d})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(e.Requests, func(r export.RequestFile) bool { return r.Reference == first.ID })
	if i < 0 || e.Requests[i].ReducedAt.IsZero() || e.Requests[i].Name+e.Requests[i].Details != "" || e.Requests[i].Decision.Outcome != decision.Grant || len(e.Requests[i].Mails) == 0 {
		t.Errorf("in the export: %+v", e.Requests)
	}
	whole := false
	for _, encoded := range e.Histories {
		h, err := audit.DecodeHistory(encoded)
		if err != nil {
			t.Fatal(err)
		}
		whole = whole || h.Head == old.Request.Head && audit.Verify(h.Entries, h.Head) == nil
	}
	if !whole {
		t.Error("its history is not whole in the export")
	}
	for _, table := range e.Tables() {
		for _, row := range table.Rows {
			if len(row) != len(table.Columns) {
				t.Errorf("%s: %q", table.Title, row)
			}
		}
	}
}

// A person who was erased can be known again by the reference alone.
func TestReducedRequestKeepsTheReference(t *testing.T) {
	d := newDesk(t)
	f := d.reduce(d.told().ID, lifecycle.EventErased)
	a, _ := person.Parse(marvin)
	if f.Request.Ref != d.Key.Ref(a) || !f.Request.Address.IsZero() || fmt.Sprint(f.Request.Place) != "DE" {
		t.Errorf("%+v", f.Request)
	}
}
