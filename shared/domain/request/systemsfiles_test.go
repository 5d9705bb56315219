package request_test

import (
	"testing"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// sends is a file of a system, in the state given.
func (d *desk) sends(id, system string, state attachment.State) {
	d.t.Helper()
	r := d.file(id).Request
	r.Version++
	a := attachment.Expect(id, "file-"+system, attachment.Answer, d.now)
	a.System, a.By, a.State = system, audit.BySystem, state
	if err := d.store.Save(background, request.Step{Request: r, Files: []attachment.File{a}}); err != nil {
		d.t.Fatalf("%v", err)
	}
}

// keeps is a file about a system that an officer has for officers.
func (d *desk) keeps(id, system string) {
	d.t.Helper()
	r := d.file(id).Request
	r.Version++
	a := attachment.Expect(id, "own-"+system, attachment.Internal, d.now)
	a.System, a.By, a.State = system, "officer:dpo/A", attachment.Stored
	if err := d.store.Save(background, request.Step{Request: r, Files: []attachment.File{a}}); err != nil {
		d.t.Fatalf("%v", err)
	}
}

// A system says that it is done once a file of its own has arrived.
func TestWhatIsHeldIsSent(t *testing.T) {
	d := newDeskWithSystems(t)
	id := d.opened(d.asks(germany, deadline.Access)).ID
	done := ledger.Deed{Act: ledger.Answered, System: "crm", Task: ledger.Access, State: ledger.Done}
	for name, send := range map[string]func(){
		"nothing":          func() {},
		"a form alone":     func() { d.sends(id, "crm", attachment.Expected) },
		"one that goes":    func() { d.sends(id, "crm", attachment.Leaving) },
		"another's":        func() { d.sends(id, "contracts", attachment.Stored) },
		"one that is gone": func() { d.sends(id, "crm", attachment.Gone) },
		"an officer's own": func() { d.keeps(id, "crm") },
	} {
		send()
		_, err := d.Ledger(background, id, done)
		if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].Reason != ledger.NoFile || d.entry(id, "crm", ledger.Access).State != ledger.Due {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := d.Ledger(background, id, ledger.Deed{Act: ledger.Answered, System: "contracts", Task: ledger.Access, State: ledger.NotFound})
	if fields := fault.FieldsOf(err); len(fields) != 1 || fields[0].Reason != ledger.FileSent {
		t.Errorf("nothing, in spite of a file: %v", err)
	}
	d.sends(id, "crm", attachment.Stored)
	d.ok(d.Ledger(background, id, done))
	d.ok(d.Ledger(background, id, ledger.Deed{Act: ledger.Set, System: "contracts", Task: ledger.Access, State: ledger.NotFound, By: "officer/ann", Outcome: ledger.Outcome{Why: "asked them"}}))
	if got := d.ledgerOf(id); got != "access/crm=done access/contracts=not_found" {
		t.Error(got)
	}
}

// Who answers that it is done, and sends nothing, cannot be asked again by the same call: the owner is.
func TestASystemThatSendsNothing(t *testing.T) {
	w := newWires(t)
	w.says["crm"] = func(int) (ledger.Answer, error) { return ledger.Answer{State: ledger.Done, Records: 1}, nil }
	id := w.opened(w.asks(germany, deadline.Access)).ID
	if r := w.run(); r.HandedOver != 1 || r.Answered != 0 {
		t.Errorf("%+v", r)
	}
	if e := w.entry(id, "crm", ledger.Access); !e.ByOwner || e.State != ledger.Due || w.entries(id, lifecycle.EventSystemHandedOver)["crm"] != 1 {
		t.Errorf("%+v", e)
	}
}
