package people

import (
	"net/http"
	"net/url"
	"testing"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

// carriedOut is a granted correction that other systems have yet to do.
func (r *rig) carriedOut() request.Request {
	r.t.Helper()
	desk := testkit.Desk(r.t)
	testkit.WithSystems(desk)
	r.door.Rights.Settings.Systems, r.door.Pages.Systems = desk.Systems, desk.Systems
	q := r.confirmed(deadline.Correction)
	return r.ok(r.door.Rights.Decide(background, q.ID, "Ben/b2", decision.Answer{Outcome: decision.Grant}))
}

// What another system has done is entered in its place, by whoever has logged in just now.
func TestASystemsTaskIsEnteredByHand(t *testing.T) {
	r := newRig(t, staff.Admin)
	q := r.carriedOut()
	r.shows(r.get("/desk/requests/"+q.ID), http.StatusOK, "The request closes by itself", deskpage.ActPath(q.ID, "system"), deskpage.ActPath(q.ID, "tell"))
	r.shows(r.get(deskpage.ActPath(q.ID, "system")), http.StatusOK, "our customer database: Correct", "the contract files of our sales team: Correct")
	done := url.Values{"which": {"correction/crm"}, "outcome": {"done"}, "records": {"2"}, "why": {"I looked myself"}}
	for name, c := range map[string]struct {
		typed url.Values
		says  string
	}{
		"no task":                       {with(done, url.Values{"which": {}}), `id="e-which"`},
		"no outcome":                    {with(done, url.Values{"outcome": {}}), `id="e-outcome"`},
		"no number":                     {with(done, url.Values{"records": {"two"}}), `id="e-records"`},
		"no reason":                     {with(done, url.Values{"why": {" "}}), `id="e-why"`},
		"an exemption without a ground": {with(done, url.Values{"outcome": {"exempt"}, "records": {}}), `id="e-ground"`},
	} {
		t.Run(name, func(t *testing.T) {
			head := r.file(q.ID).Request.Head
			r.shows(r.act(q, "system", c.typed), http.StatusUnprocessableEntity, c.says)
			if r.file(q.ID).Request.Head != head {
				t.Error("something was written")
			}
		})
	}
	r.to(r.act(q, "system", done), "/desk/requests/"+q.ID+"#history")
	f := r.file(q.ID)
	if e := f.Systems[0]; e.System != "crm" || e.State != ledger.Done || e.Records != 2 || e.By != "Anna Weber/a1" || f.Request.State != lifecycle.CarryingOut {
		t.Errorf("%s: %+v", f.Request.State, f.Systems)
	}
	if last := r.last(q.ID); last.Kind != string(lifecycle.EventSystemSet) || audit.Officer(last) != "Anna Weber/a1" {
		t.Errorf("%+v", last)
	}
	r.to(r.act(q, "system", url.Values{"which": {"correction/contracts"}, "outcome": {"not_found"}, "why": {"they said so"}}), "/desk/requests/"+q.ID+"#history")
	if got := r.file(q.ID).Request.State; got != lifecycle.Fulfilled {
		t.Errorf("once all have ended it is %s", got)
	}
}

// A system is told anew, and only where that can still change something.
func TestASystemIsToldAgain(t *testing.T) {
	r := newRig(t, staff.Admin)
	q := r.carriedOut()
	r.shows(r.act(q, "tell", url.Values{}), http.StatusUnprocessableEntity, `id="e-which"`)
	r.to(r.act(q, "tell", url.Values{"which": {"correction/crm"}}), "/desk/requests/"+q.ID+"#history")
	if last := r.last(q.ID); last.Kind != string(lifecycle.EventSystemAgain) || r.file(q.ID).Systems[0].Round != 1 {
		t.Errorf("%s: %+v", last.Kind, r.file(q.ID).Systems[0])
	}
	r.to(r.act(q, "system", url.Values{"which": {"correction/crm"}, "outcome": {"done"}, "why": {"I looked myself"}}), "/desk/requests/"+q.ID+"#history")
	r.shows(r.act(q, "tell", url.Values{"which": {"correction/crm"}}), http.StatusConflict)
}
