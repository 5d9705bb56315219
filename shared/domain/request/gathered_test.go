package request_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// attached is a request with a file for the person.
func (d *desk) attached(id string, what attachment.Type, found ...string) attachment.File {
	d.t.Helper()
	q := d.file(id).Request
	q.Version++
	a := attachment.File{Request: id, ID: strings.ToUpper(string(what)) + "2345", For: attachment.Answer, State: attachment.Stored, Type: what, Size: 1, SHA256: "00", Found: found, StoredAt: d.now}
	if err := d.Store.Save(background, request.Step{Request: q, Files: []attachment.File{a}}); err != nil {
		d.t.Fatalf("%v", err)
	}
	return a
}

// systemSent is a file that a system has sent for the person.
func (d *desk) systemSent(id, system string) attachment.File {
	d.t.Helper()
	a := d.attached(id, attachment.Text)
	a.System = system
	q := d.file(id).Request
	q.Version++
	if err := d.Store.Save(background, request.Step{Request: q, Files: []attachment.File{a}}); err != nil {
		d.t.Fatalf("%v", err)
	}
	return a
}

func (d *desk) lookedFor(laws ...string) *request.Service {
	s := *d.Service
	s.LookedFor = laws
	return &s
}

// withheld shows the checks of an answer about what must not be disclosed.
func (d *desk) withheld(id string) string {
	d.t.Helper()
	plan, _, err := d.Preview(background, id, "dpo/A", grant)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	var all []string
	for _, c := range plan.Checks {
		if c.Code == draft.Withheld {
			all = append(all, strings.Join(strings.Fields(c.Facts["law"]+" "+c.Facts["reason"]+" "+map[bool]string{true: "ok", false: "blocks"}[c.OK || !c.Blocks]), " "))
		}
	}
	return strings.Join(all, ", ")
}

// An answer does not wait for systems that need not answer: it says that their part is
// not included.
func TestAccessGoesWithoutWhoNeedNotAnswer(t *testing.T) {
	d := newDeskWithSystems(t)
	for i := range d.Settings.Systems {
		if s := &d.Settings.Systems[i]; s.ID == "contracts" {
			s.Required = false
		}
	}
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	d.answer(r.ID, "crm", ledger.Access, "not_found")
	plan, after, err := d.Preview(background, r.ID, "dpo/A", grant)
	if facts, _ := plan.Effect(draft.NotIncluded); err != nil || facts["systems"] != "contracts" || after.State != lifecycle.Fulfilled {
		t.Errorf("%v %+v", err, plan)
	}
	r = d.grant(r.ID)
	if got := d.ledgerOf(r.ID); r.State != lifecycle.Fulfilled || got != "access/crm=not_found access/contracts=exempt" || d.entry(r.ID, "contracts", ledger.Access).Ground != ledger.CalledOff {
		t.Errorf("%s: %s", r.State, got)
	}
	if e := d.event(r.ID, lifecycle.EventSystemsDropped); e.Facts["access"] != "contracts" {
		t.Errorf("%v", e.Facts)
	}
}

// What a system has sent may go again before the answer: then nobody gets it, and the
// answer waits until an officer says how it stands.
func TestAccessWaitsForWhatIsNotThereAnyMore(t *testing.T) {
	d := newDeskWithSystems(t)
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	d.answer(r.ID, "contracts", ledger.Access, "not_found")
	a := d.systemSent(r.ID, "crm")
	d.answer(r.ID, "crm", ledger.Access, "done")
	if plan, _, err := d.Preview(background, r.ID, "dpo/A", grant); err != nil || plan.Refusal() != nil {
		t.Fatalf("%v, %+v", err, plan.Refusal())
	}
	q := d.file(r.ID).Request
	q.Version++
	a.State = attachment.Refused
	if err := d.Store.Save(background, request.Step{Request: q, Files: []attachment.File{a}}); err != nil {
		t.Fatal(err)
	}
	plan, _, err := d.Preview(background, r.ID, "dpo/A", grant)
	if c := plan.Refusal(); err != nil || c == nil || c.Code != draft.Gathered || c.Facts["systems"] != "crm" {
		t.Errorf("%v, %+v", err, c)
	}
	d.ok(d.Ledger(background, r.ID, ledger.Deed{Act: ledger.Set, System: "crm", Task: ledger.Access, State: ledger.Done, Outcome: ledger.Outcome{Why: "it stands in the letter"}, By: "dpo/A"}))
	if r = d.grant(r.ID); r.State != lifecycle.Fulfilled {
		t.Error(r.State)
	}
}

// One that need not answer, and says that it does not show what it holds, has been heard:
// the answer is no whole one.
func TestAccessWithoutWhatSomeoneKeepsBackIsPartlyDone(t *testing.T) {
	d := newDeskWithSystems(t)
	for i := range d.Settings.Systems {
		d.Settings.Systems[i].Required = false
	}
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	d.answer(r.ID, "crm", ledger.Access, "not_found")
	d.answer(r.ID, "contracts", ledger.Access, "failed:technical")
	if r = d.grant(r.ID); r.State != lifecycle.PartlyFulfilled || !r.Appealable() {
		t.Errorf("%s: %s", r.State, d.ledgerOf(r.ID))
	}
}

// While the answer waits for its time, a system may be told again: then it does not go.
func TestAccessIsJudgedAgain(t *testing.T) {
	d := newDeskWithSystems(t)
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	d.answer(r.ID, "crm", ledger.Access, "not_found")
	d.answer(r.ID, "contracts", ledger.Access, "failed:technical")
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", grant))
	_, err := d.Send(background, r.ID, "dpo/A", draft.Now)
	d.wantFault(err, fault.Conflict, "contracts")
	set := ledger.Deed{Act: ledger.Set, System: "contracts", Task: ledger.Access, State: ledger.Done, Outcome: ledger.Outcome{Why: "I have added it"}, By: "dpo/A"}
	d.ok(d.Ledger(background, r.ID, set))
	d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
	d.ok(d.Ledger(background, r.ID, ledger.Deed{Act: ledger.Set, System: "contracts", Task: ledger.Access, State: ledger.Failed, Outcome: ledger.Outcome{Ground: "technical", Why: "it was another's"}, By: "dpo/A"}))
	d.ok(d.Ledger(background, r.ID, ledger.Deed{Act: ledger.Again, System: "contracts", Task: ledger.Access, By: "dpo/A"}))
	r, _ = d.drained(r.ID, 10*time.Minute)
	if r.State != lifecycle.Open || r.Draft.Stopped == nil || r.Draft.Stopped.Why != draft.Gathered {
		t.Errorf("%s %+v", r.State, r.Draft)
	}
}

// What a system keeps back that must answer is no whole answer, whatever it is called.
func TestAccessWithoutAPartIsPartlyDone(t *testing.T) {
	d := newDeskWithSystems(t)
	r := d.opened(d.asks(germany, deadline.Access))
	d.answer(r.ID, "crm", ledger.Access, "exempt:claims")
	d.answer(r.ID, "contracts", ledger.Access, "not_found")
	r = d.grant(r.ID)
	if r.State != lifecycle.PartlyFulfilled || !r.Appealable() || r.ObjectUntil.Before(d.now.AddDate(0, 0, 29)) || r.ExportUntil.IsZero() {
		t.Errorf("%s, until %s, %s", r.State, r.ObjectUntil, r.ExportUntil)
	}
	e, err := d.Export(background, r.ID, "", holdings{desk: d})
	if err != nil || len(e.Requests) != 1 || e.Requests[0].Decision.Answers[0].Outcome != decision.Partly || e.Requests[0].Decision.Outcome != decision.Partly {
		t.Errorf("the person reads %+v, %v", e.Requests, err)
	}
}

// An appeal that is granted is answered by parts too: systems are asked again, since
// they were called off, or their part was kept back.
func TestAnAppealGathersParts(t *testing.T) {
	d := newDeskWithSystems(t)
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	r = d.ok(d.Decide(background, r.ID, "dpo/A", refusal(decision.NoDataFound)))
	appeal := d.ok(d.Appeal(background, r.ID, "look again"))
	if got := d.ledgerOf(appeal.ID); got != "access/crm=due access/contracts=due" {
		t.Fatalf("%q", got)
	}
	_, err := d.Decide(background, appeal.ID, "dpo/B", grant)
	d.wantFault(err, fault.Conflict, "crm, contracts")
	d.answer(appeal.ID, "crm", ledger.Access, "not_found")
	d.answer(appeal.ID, "contracts", ledger.Access, "not_found")
	if appeal = d.ok(d.Decide(background, appeal.ID, "dpo/B", grant)); appeal.State != lifecycle.Fulfilled {
		t.Error(appeal.State)
	}
}

// Where a law forbids it, no file goes that seems to hold what must not be disclosed
// before somebody has looked; what comes later is looked at again.
func TestWhatIsNeverDisclosed(t *testing.T) {
	d := newDesk(t)
	r := d.mailed(d.opened(d.asks(california, deadline.Access)))
	d.attached(r.ID, attachment.CSV)
	if got := d.withheld(r.ID); got != "us-ca ok" {
		t.Errorf("nothing was found: %q", got)
	}
	d.attached(r.ID, attachment.Text, "social_security_number")
	d.attached(r.ID, attachment.PDF)
	if got := d.withheld(r.ID); got != "us-ca both blocks" {
		t.Errorf("%q", got)
	}
	_, err := d.Decide(background, r.ID, "dpo/A", grant)
	d.wantFault(err, fault.Conflict, "11 CCR 7024(d)")
	if why := fault.BecauseOf(err); why.Code != "withheld" || why.Facts["what"] != "social_security_number" || why.Facts["unread"] == "" || why.Facts["files"] == "" {
		t.Errorf("%+v", why)
	}
	_, err = d.lookedFor("us-mn").Decide(background, r.ID, "dpo/A", grant)
	d.wantField(err, "looked_for", "unknown")

	d.ok(d.SaveDraft(background, r.ID, "dpo/A", grant))
	r = d.ok(d.lookedFor("us-ca").SaveDraft(background, r.ID, "dpo/B", grant))
	if e := d.event(r.ID, lifecycle.EventFilesChecked); e.Facts["law"] != "us-ca" || len(strings.Fields(e.Facts["files"])) != 3 || by(e) != "officer:dpo/B" || r.Draft.By != "dpo/A" {
		t.Errorf("%v by %s, %+v", e.Facts, by(e), r.Draft)
	}
	before := d.history(r.ID)
	d.ok(d.lookedFor("us-ca").SaveDraft(background, r.ID, "dpo/A", grant))
	if got := d.withheld(r.ID); got != "us-ca ok" || d.history(r.ID) != before {
		t.Errorf("%q, %s", got, d.history(r.ID))
	}
	d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
	d.attached(r.ID, attachment.ZIP)
	r, _ = d.drained(r.ID, 10*time.Minute)
	if r.State != lifecycle.Open || r.Draft.Stopped == nil || r.Draft.Stopped.Why != draft.Withheld || d.withheld(r.ID) != "us-ca unread blocks" {
		t.Errorf("%s %+v %q", r.State, r.Draft, d.withheld(r.ID))
	}
	if r = d.ok(d.lookedFor("us-ca").Decide(background, r.ID, "dpo/A", grant)); r.State != lifecycle.Fulfilled {
		t.Error(r.State)
	}
}

// Whoever has a form may use it twice: what then stands under a name that was looked at,
// nobody has looked at.
func TestAnotherContentIsLookedAtAgain(t *testing.T) {
	d := newDesk(t)
	r := d.mailed(d.opened(d.asks(california, deadline.Access)))
	a := d.attached(r.ID, attachment.PDF)
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", grant))
	d.ok(d.lookedFor("us-ca").SaveDraft(background, r.ID, "dpo/A", grant))
	d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
	q, entry, err := request.Record(d.file(r.ID).Request, lifecycle.EventFileAdded, audit.BySystem, map[string]string{"file": a.Name()}, d.now, rand.Reader)
	if err == nil {
		err = d.Store.Save(background, request.Step{Request: q, Events: []audit.Entry{entry}, Files: []attachment.File{a}})
	}
	if err != nil || d.withheld(r.ID) != "us-ca unread blocks" {
		t.Errorf("%v %q", err, d.withheld(r.ID))
	}
	if r, _ = d.drained(r.ID, 10*time.Minute); r.State != lifecycle.Open || r.Draft.Stopped == nil || r.Draft.Stopped.Why != draft.Withheld {
		t.Errorf("%s %+v", r.State, r.Draft)
	}
}

// A file that comes while the answer is on its way goes with no answer before an officer
// has seen it, wherever the person is.
func TestAFileThatComesAfterTheAnswerWasSent(t *testing.T) {
	d := newDesk(t)
	r := d.mailed(d.opened(d.asks(germany, deadline.Access)))
	d.attached(r.ID, attachment.CSV)
	d.ok(d.SaveDraft(background, r.ID, "dpo/A", grant))
	d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
	d.now = d.now.Add(time.Minute)
	d.attached(r.ID, attachment.PDF)
	if r, _ = d.drained(r.ID, 10*time.Minute); r.State != lifecycle.Open || r.Draft.Stopped == nil || r.Draft.Stopped.Why != draft.Changed {
		t.Fatalf("%s %+v", r.State, r.Draft)
	}
	d.ok(d.Send(background, r.ID, "dpo/A", draft.Now))
	if r, _ = d.drained(r.ID, 10*time.Minute); r.State != lifecycle.Fulfilled {
		t.Errorf("%s %+v", r.State, r.Draft)
	}
}

// Elsewhere it is a hint; of files that are not for the person nothing is said.
func TestWhereNoLawForbidsIt(t *testing.T) {
	for name, c := range map[string]struct {
		place deadline.Jurisdiction
		found []string
		want  string
	}{
		"found":   {germany, []string{"financial_account"}, "hint ok"},
		"nothing": {germany, nil, "ok"},
		"nowhere": {nowhere, []string{"biometric"}, "us-ca found blocks, us-ct found blocks, us-mn found blocks"},
	} {
		d := newDesk(t)
		r := d.opened(d.asks(c.place, deadline.Access))
		d.attached(r.ID, attachment.JSON, c.found...)
		if got := d.withheld(r.ID); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	d := newDesk(t)
	r := d.opened(d.asks(california, deadline.Access))
	a := d.attached(r.ID, attachment.PDF)
	q := d.file(r.ID).Request
	q.Version++
	a.For = attachment.Internal
	if err := d.Store.Save(background, request.Step{Request: q, Files: []attachment.File{a}}); err != nil || d.withheld(r.ID) != "" {
		t.Errorf("%v %q", err, d.withheld(r.ID))
	}
	d.attached(r.ID, attachment.PDF, "biometric")
	if r = d.ok(d.Decide(background, r.ID, "dpo/A", refusal(decision.NoDataFound))); r.State != lifecycle.Refused {
		t.Error(r.State)
	}
}
