package request_test

import (
	"testing"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

func TestAssign(t *testing.T) {
	d := newDesk(t)
	for name, r := range map[string]request.Request{
		"unconfirmed": d.open(d.asks(germany, deadline.Access)), "open": d.opened(d.asks(germany, deadline.Erasure)), "closed": d.refused(d.asks(germany, deadline.Portability)),
	} {
		after := d.ok(d.Assign(background, r.ID, "dpo/1", "Ford Prefect/f2"))
		if after.Assignee != "Ford Prefect/f2" || after.State != r.State || !after.DueAt.Equal(r.DueAt) || !after.Touched {
			t.Errorf("%s: %+v", name, after)
		}
		e := d.event(r.ID, lifecycle.EventAssigned)
		if to, _ := e.Private["assignee"].Reveal(); to != "Ford Prefect/f2" || audit.Officer(e) != "dpo/1" || e.Facts["assigned"] != "yes" {
			t.Errorf("%s: %+v", name, e)
		}
		if again := d.ok(d.Assign(background, r.ID, "dpo/1", "Ford Prefect/f2")); again.Version != after.Version {
			t.Errorf("%s: twice is not once", name)
		}
		if nobody := d.ok(d.Assign(background, r.ID, "dpo/1", "")); nobody.Assignee != "" || d.event(r.ID, lifecycle.EventAssigned).Facts["assigned"] != "no" {
			t.Errorf("%s: %+v", name, nobody)
		}
	}
}

// An assignee is named as officers are, and cannot be an address.
func TestAssigneesAreNoAddresses(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access))
	for _, to := range []string{"ford", "/f2", "Ford/", "ford@example.com/f2", "Ford/ford@example.com", "Ford/f 2", "Ford<b>/f2"} {
		_, err := d.Assign(background, r.ID, "dpo/1", to)
		d.wantFault(err, fault.Invalid, "assignee")
	}
	d.wantUnchanged(r)
}

// Whatever a colleague's login calls them, or a machine's role, a file can be theirs.
func TestAssigneesAreNamedAsTheySignIn(t *testing.T) {
	d := newDesk(t)
	r := d.opened(d.asks(germany, deadline.Access))
	for _, name := range []string{"Niamh O’Brien", "D'Arcy Dent", "Zoë", "dpo_1"} {
		if r := d.ok(d.Assign(background, r.ID, "dpo/1", name+"/f2")); r.Assignee != name+"/f2" {
			t.Errorf("%q", r.Assignee)
		}
	}
}

// Of a reduced request nothing personal is left to be seen.
func TestLooksAtAReducedRequest(t *testing.T) {
	d := newDesk(t)
	id := d.told().ID
	f := d.file(id)
	if err := d.Looked(background, &f, "dpo/1", lifecycle.EventRevealed); err != nil || f.RevealedUntil("dpo/1").IsZero() {
		t.Fatalf("%v", err)
	}
	d.reduce(id, lifecycle.EventReduced)
	f = d.file(id)
	if !f.RevealedUntil("dpo/1").IsZero() {
		t.Error("the address is still revealed")
	}
	before := len(f.Events)
	for _, what := range []lifecycle.Event{lifecycle.EventLooked, lifecycle.EventExportedByOfficer} {
		if err := d.Looked(background, &f, "dpo/1", what); err != nil || len(f.Events) != before {
			t.Errorf("%s: %v", what, err)
		}
	}
	d.wantFault(d.Looked(background, &f, "dpo/1", lifecycle.EventRevealed), fault.Conflict, "disposed")
	_, err := d.Assign(background, id, "dpo/1", "Ford/f2")
	d.wantFault(err, fault.Conflict, "disposed")
}
