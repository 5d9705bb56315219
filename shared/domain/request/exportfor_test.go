package request_test

import (
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
)

// A service that was not told how long an export is given out grants none, rather than one that has ended at once.
func TestNoExportWithoutItsPeriod(t *testing.T) {
	d := newDesk(t)
	d.Settings.ExportFor = 0
	r := d.opened(d.asks(germany, deadline.Access))
	if _, err := d.Decide(background, r.ID, "dpo", decision.Answer{Outcome: decision.Grant}); fault.CodeOf(err) != fault.Internal {
		t.Errorf("an export was granted: %v", err)
	}
}

// An agent's mailbox is not that of whose data was asked for: its own export is not what they may have.
func TestNoExportToAnAgent(t *testing.T) {
	d := newDesk(t)
	in := d.asks(california, deadline.Access)
	in.OnBehalfOf = intake.Agent
	r := d.opened(in)
	r = d.ok(d.Answer(background, r.ID, "dpo", d.now)) // the agent's authority came
	if _, err := d.Decide(background, r.ID, "dpo", decision.Answer{Outcome: decision.Grant}); err == nil {
		t.Error("a grant without words how the data is given")
	}
	r = d.ok(d.Decide(background, r.ID, "dpo", decision.Answer{Outcome: decision.Grant, Explanation: "By registered letter to Ms Larsen."}))
	if !r.ExportUntil.IsZero() || r.ExportOpen(d.now) {
		t.Errorf("the agent can fetch an export until %v", r.ExportUntil)
	}
}
