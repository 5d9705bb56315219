package request_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
)

// takes is a way by which a system takes every task, and answers by itself.
type takes struct{}

func (takes) Tell(context.Context, ledger.Notice) (ledger.Answer, error) {
	return ledger.Answer{State: ledger.Told}, nil
}

// systemsDrain is what functions/systems runs; only owners are told for real.
func (d *desk) systemsDrain() *ledger.Drain {
	ways := map[string]ledger.Way{ledger.OwnerWay: ledger.Owners{Now: d.Now}, "webhook": takes{}, "mailchimp": takes{}, "event": takes{}}
	return &ledger.Drain{
		Book: d.store, Systems: d.Settings.Systems, Whom: d.Whom, Now: d.Now, Ways: ways,
		Do: func(ctx context.Context, id string, deed ledger.Deed) error {
			_, err := d.Ledger(ctx, id, deed)
			return err
		},
	}
}

func (d *desk) tellOwners() {
	d.t.Helper()
	if _, err := d.systemsDrain().Run(background, func() bool { return false }); err != nil {
		d.t.Fatalf("%v", err)
	}
}

// toOwners shows what owners were mailed, such as "owner_task/contracts owner_reminder/contracts".
func (d *desk) toOwners(id string) string {
	d.t.Helper()
	var all []string
	letters := request.Letters{Service: d.Service}
	for _, l := range d.file(id).Letters {
		if l.Template != requestmail.OwnerTask && l.Template != requestmail.OwnerReminder {
			continue
		}
		s, err := letters.Read(background, l)
		if err != nil {
			d.t.Fatalf("%v", err)
		}
		about := "over"
		if n, ok := s.About.(ledger.Notice); ok && !s.Obsolete {
			if about = n.System.ID; s.To.Reveal() != n.System.Owner || n.Asked != (l.Template == requestmail.OwnerReminder) || n.ID == "" || n.Person != nil || l.Paper || l.Cause != "" {
				d.t.Errorf("%+v to %s", n, s.To.Reveal())
			}
		}
		all = append(all, string(l.Template)+"/"+about)
	}
	return strings.Join(all, " ")
}

// An owner is mailed once, reminded before the date and after it, and not when they have answered.
func TestOwnersAreMailedOnceAndReminded(t *testing.T) {
	d := newDeskWithSystems(t)
	id := d.grant(d.opened(d.asks(germany, deadline.Erasure)).ID).ID
	const task, reminder = "owner_task/contracts", " owner_reminder/contracts"
	due := d.entry(id, "contracts", ledger.Erasure).DueAt
	for _, at := range []struct {
		name string
		when time.Time
		want string
	}{
		{"at once", d.now, task},
		{"a minute later", d.now.Add(time.Minute), task},
		{"a week later", d.now.AddDate(0, 0, 7), task},
		{"two days before", due.AddDate(0, 0, -2), task + reminder},
		{"on the day", due, task + reminder},
		{"a day late", due.AddDate(0, 0, 1), task + reminder + reminder},
		{"four weeks late", due.AddDate(0, 0, 28), task + reminder + reminder},
		{"and a day", due.AddDate(0, 0, 29), task + reminder + reminder + reminder},
	} {
		d.now = at.when
		d.tellOwners()
		d.tellOwners()
		if got := d.toOwners(id); got != at.want {
			t.Errorf("%s: %s", at.name, got)
		}
	}
	if e := d.event(id, lifecycle.EventSystemReminded); e.Facts["system"] != "contracts" {
		t.Errorf("%+v", e)
	} else if owner, _ := e.Private["owner"].Reveal(); owner != "sales@biosero.com" {
		t.Errorf("reminded: %s", owner)
	}
	d.answer(id, "contracts", ledger.Erasure, "not_found")
	if got := d.toOwners(id); strings.Contains(got, "contracts") {
		t.Errorf("answered: %s", got)
	}
	d.later(60 * 24 * time.Hour)
	d.tellOwners()
	if got := strings.Count(d.toOwners(id), "owner_"); got != 4 {
		t.Errorf("%d mails", got)
	}
}

// What could not be told becomes the same task, with days of its own.
func TestWhatCannotBeToldIsTheOwners(t *testing.T) {
	d := newDeskWithSystems(t)
	id := d.grant(d.opened(d.asks(germany, deadline.Erasure)).ID).ID
	d.later(4 * 24 * time.Hour)
	d.ok(d.Ledger(background, id, ledger.Deed{Act: ledger.HandedOver, System: "crm", Task: ledger.Erasure}))
	d.tellOwners()
	if got := d.toOwners(id); got != "owner_task/contracts owner_task/crm" && got != "owner_task/crm owner_task/contracts" {
		t.Error(got)
	}
	if e := d.entry(id, "crm", ledger.Erasure); !e.ByOwner || e.State != ledger.Told || !e.TellAt.Equal(e.DueAt.AddDate(0, 0, -2)) {
		t.Errorf("%+v", e)
	}
	// Told anew, the mail before is obsolete: its link is not the last.
	d.ok(d.Ledger(background, id, ledger.Deed{Act: ledger.Again, System: "crm", Task: ledger.Erasure, By: "officer/ann"}))
	d.tellOwners()
	if got := d.toOwners(id); strings.Count(got, "owner_task/crm") != 1 || strings.Count(got, "over") != 1 {
		t.Error(got)
	}
}

// A run may die at any call: the mail is queued with what notes it, or not at all.
func TestOwnersAreMailedOnceWhereverARunDies(t *testing.T) {
	for dies := 1; dies < 12; dies++ {
		d := newDeskWithSystems(t)
		id := d.grant(d.opened(d.asks(germany, deadline.Erasure)).ID).ID
		calls := 0
		d.store.before = func(string) error {
			if calls++; calls == dies {
				return fault.New(fault.Unavailable, "the run died")
			}
			return nil
		}
		_, _ = d.systemsDrain().Run(background, func() bool { return false })
		d.store.before = nil
		for range 3 {
			d.later(3 * time.Minute)
			d.tellOwners()
		}
		if got := d.toOwners(id); got != "owner_task/contracts" {
			t.Errorf("dead at call %d: %s", dies, got)
		}
	}
}

// A mailbox of an owner that takes no mail says nothing about the person's.
func TestAnOwnersMailboxIsNotThePersons(t *testing.T) {
	d := newDeskWithSystems(t)
	id := d.grant(d.opened(d.asks(germany, deadline.Erasure)).ID).ID
	d.tellOwners()
	for _, l := range d.file(id).Letters {
		if l.Template == requestmail.OwnerTask {
			if err := d.optOuts.Outbox.Move(background, l, outbox.Sending, d.now.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			l.State = outbox.Refused
			if err := (request.Letters{Service: d.Service}).Settle(background, outbox.Item{Letter: l}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if r := d.file(id).Request; !r.MailFailedAt.IsZero() || r.Look == nil || r.Look.Why != lifecycle.LookUndelivered {
		t.Errorf("%+v", r)
	}
}

// An owner reads once a week what is open, on the first working day, and nothing when nothing is.
func TestOwnersReadOnceAWeek(t *testing.T) {
	d := newDeskWithSystems(t)
	id := d.grant(d.opened(d.asks(germany, deadline.Erasure)).ID).ID
	d.tellOwners()
	box := d.optOuts.Outbox
	clock := agenda.Clock{Service: d.Service, Agenda: d.store, Letters: box, Tasks: d.store}
	owners := agenda.Weekly(d.Service, d.store, box)
	var read []string
	week := func() {
		t.Helper()
		for range 7 * 24 {
			d.later(time.Hour)
			for range 2 {
				if _, err := clock.Run(background, func() bool { return false }); err != nil {
					t.Fatal(err)
				}
			}
			for l := range box.Pending(background, d.now) {
				owner := owners[l.Template]
				if owner == nil {
					continue
				}
				s, err := owner.Read(background, l)
				if err != nil {
					t.Fatal(err)
				}
				if w := s.About.(agenda.Week); !s.Obsolete {
					at := d.now.In(d.Law.Zone())
					read = append(read, fmt.Sprintf("%s at %s: %d of %s", s.To.Reveal(), at.Format("Mon 15h"), len(w.Tasks)+w.More, w.Tasks[0].System.ID))
				}
				if err := box.Move(background, l, outbox.Sending, d.now.Add(time.Minute)); err != nil {
					t.Fatal(err)
				}
				l.State = outbox.Sent
				if err := owner.Settle(background, outbox.Item{Letter: l}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	week()
	week()
	if got := strings.Join(read, "; "); got != "sales@biosero.com at Mon 09h: 1 of contracts; sales@biosero.com at Mon 09h: 1 of contracts" {
		t.Errorf("%s", got)
	}
	d.answer(id, "contracts", ledger.Erasure, "done")
	read = nil
	if week(); len(read) != 0 {
		t.Errorf("nothing is open: %s", read)
	}
}
