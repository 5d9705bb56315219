package request_test

import (
	"strings"
	"testing"

	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// newDeskWithSystems tells a CRM, a newsletter tool, the owner of contracts, and a
// warehouse that nobody waits for.
func newDeskWithSystems(tb testing.TB) *desk {
	tb.Helper()
	d, settings := newDesk(tb), testkit.Desk(tb)
	testkit.WithSystems(settings)
	d.Settings.Systems = settings.Systems
	return d
}

func (d *desk) grant(id string) request.Request {
	d.t.Helper()
	return d.ok(d.Decide(background, id, "dpo", decision.Answer{Outcome: decision.Grant}))
}

// answer is what a system says, such as "done" or "exempt:a contract".
func (d *desk) answer(id, system string, task ledger.Task, outcome string) request.Request {
	d.t.Helper()
	state, ground, _ := strings.Cut(outcome, ":")
	return d.ok(d.Ledger(background, id, ledger.Deed{Act: ledger.Answered, System: system, Task: task, State: ledger.State(state), Outcome: ledger.Outcome{Ground: ground}}))
}

// ledgerOf shows the entries of a request, such as "erasure/crm=due access/crm=done".
func (d *desk) ledgerOf(id string) string {
	d.t.Helper()
	var all []string
	for _, e := range d.file(id).Systems {
		all = append(all, string(e.Task)+"/"+e.System+"="+string(e.State))
	}
	return strings.Join(all, " ")
}

func (d *desk) entry(id, system string, task ledger.Task) ledger.Entry {
	d.t.Helper()
	e, err := ledger.Find(d.file(id).Systems, system, task)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	return e
}
