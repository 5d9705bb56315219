package request_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
)

func TestAnErasureIsDoneWhenEverySystemHasSaidSo(t *testing.T) {
	d := newDeskWithSystems(t)
	r := d.grant(d.opened(d.asks(germany, deadline.Erasure)).ID)
	if want := "erasure/crm=due erasure/newsletter=due erasure/contracts=due erasure/warehouse=due"; d.ledgerOf(r.ID) != want {
		t.Errorf("asked: %s", d.ledgerOf(r.ID))
	}
	watch, until := r.Watched()
	if r.State != lifecycle.CarryingOut || !r.ClosedAt.IsZero() || watch != lifecycle.WatchOpen || !until.Equal(r.DueAt) || r.Outstanding != 4 {
		t.Errorf("decided: %+v", r)
	}
	if class, _ := requestlog.Disposal(&r); class != "" {
		t.Errorf("it is erased before the systems know whom to erase: %s", class)
	}
	if e := d.event(r.ID, lifecycle.EventCarryingOut); e.Facts["decision"] != "fulfilled" {
		t.Errorf("%v", e.Facts)
	}
	if e := d.event(r.ID, lifecycle.EventSystemsAsked); e.Facts["erasure"] != "crm newsletter contracts warehouse" {
		t.Errorf("%v", e.Facts)
	}
	d.later(48 * time.Hour)
	r = d.answer(r.ID, "crm", ledger.Erasure, "done")
	r = d.answer(r.ID, "newsletter", ledger.Erasure, "not_found")
	if r.State != lifecycle.CarryingOut || d.mails(r.ID) != "verify acknowledge decision" {
		t.Errorf("closed too early: %s, %s", r.State, d.mails(r.ID))
	}
	r = d.answer(r.ID, "contracts", ledger.Erasure, "done")
	if r.State != lifecycle.Fulfilled || !r.ClosedAt.Equal(d.now) || d.mails(r.ID) != "verify acknowledge decision carried_out" || !r.EraseFrom.Equal(r.Decision.At) {
		t.Errorf("%+v, %s", r, d.mails(r.ID))
	}
	if class, _ := requestlog.Disposal(&r); class != "" {
		t.Errorf("one that is not required needs the address still: %s", class)
	}
	d.later(time.Hour)
	r = d.answer(r.ID, "warehouse", ledger.Erasure, "done")
	if class, since := requestlog.Disposal(&r); class != schedule.ErasureOrder || !since.Equal(d.now) || r.Outstanding != 0 {
		t.Errorf("%s since %s, %d", class, since, r.Outstanding)
	}
}

func TestTheSameAnswerTwiceIsOne(t *testing.T) {
	d := newDeskWithSystems(t)
	id := d.grant(d.opened(d.asks(germany, deadline.Erasure)).ID).ID
	d.answer(id, "crm", ledger.Erasure, "done")
	before := d.history(id)
	d.answer(id, "crm", ledger.Erasure, "done")
	if after := d.history(id); after != before {
		t.Errorf("%s became %s", before, after)
	}
	_, err := d.Ledger(background, id, ledger.Deed{Act: ledger.Answered, System: "crm", Task: ledger.Erasure, State: ledger.NotFound})
	d.wantFault(err, fault.Conflict, "does not allow")
	_, err = d.Ledger(background, id, ledger.Deed{Act: ledger.Answered, System: "nobody", Task: ledger.Erasure, State: ledger.Done})
	d.wantFault(err, fault.NotFound, "no such task")
	_, err = d.Ledger(background, id, ledger.Deed{Act: ledger.Dropped, System: "newsletter", Task: ledger.Erasure})
	d.wantFault(err, fault.Internal, "")
}

// What could not be done somewhere is no whole fulfilment, and the person can have it
// looked at again.
func TestWhatASystemKeepsIsPartlyDone(t *testing.T) {
	d := newDeskWithSystems(t)
	id := d.grant(d.opened(d.asks(germany, deadline.Erasure)).ID).ID
	_, err := d.Appeal(background, id, "no")
	d.wantFault(err, fault.Conflict, "granted")
	d.answer(id, "crm", ledger.Erasure, "exempt:a contract runs until May")
	d.answer(id, "newsletter", ledger.Erasure, "done")
	r := d.answer(id, "contracts", ledger.Erasure, "failed:read only")
	if r.State != lifecycle.CarryingOut {
		t.Errorf("a failure is no answer: %s", r.State)
	}
	r = d.ok(d.Ledger(background, id, ledger.Deed{Act: ledger.Set, System: "contracts", Task: ledger.Erasure, State: ledger.Done, Outcome: ledger.Outcome{Why: "did it myself"}, By: "officer/ann"}))
	if r.State != lifecycle.PartlyFulfilled || !r.Appealable() || !r.EraseFrom.After(d.now.AddDate(0, 0, 29)) {
		t.Errorf("%s, erased from %s", r.State, r.EraseFrom)
	}
	if e := d.event(id, lifecycle.EventSystemSet); e.Facts["outcome"] != "done" || by(e) != "officer:officer/ann" {
		t.Errorf("%v by %s", e.Facts, by(e))
	}
}

// A legal hold forbids the erasure in other systems too. They are told when it is lifted.
func TestALegalHoldHoldsEverywhere(t *testing.T) {
	d := newDeskWithSystems(t)
	kept := &holds{kept: []request.KeptBack{{Hold: "H-3", Of: "person", Keeps: "erasure"}}}
	d.Holds = kept
	partly := decision.Answer{Outcome: decision.Partly, Explanation: "a case runs", Grounds: []decision.Given{{Ground: decision.LegalClaims}}}
	r := d.ok(d.Decide(background, d.opened(d.asks(germany, deadline.Erasure)).ID, "dpo", partly))
	if r.State != lifecycle.PartlyFulfilled || strings.Contains(d.ledgerOf(r.ID), "due") || d.entry(r.ID, "crm", ledger.Erasure).Ground != ledger.Held {
		t.Errorf("%s: %s", r.State, d.ledgerOf(r.ID))
	}
	kept.kept = nil
	if err := d.Release(background, r.ID); err != nil {
		t.Fatal(err)
	}
	r = d.file(r.ID).Request
	if class, _ := requestlog.Disposal(&r); d.ledgerOf(r.ID) != "erasure/crm=due erasure/newsletter=due erasure/contracts=due erasure/warehouse=due" || class != "" {
		t.Errorf("%s, %s", d.ledgerOf(r.ID), class)
	}
}

// A part that was done for the rest of what is kept is told: only people know which.
func TestWhatIsAskedOfWhom(t *testing.T) {
	for name, c := range map[string]struct {
		in     func(*desk) request.Intake
		answer decision.Answer
		want   string
		state  lifecycle.State
	}{
		"correction":  {func(d *desk) request.Intake { return d.asks(germany, deadline.Correction) }, decision.Answer{Outcome: decision.Grant, Explanation: "put right"}, "correction/crm=due correction/contracts=due", lifecycle.CarryingOut},
		"restriction": {func(d *desk) request.Intake { return d.asks(germany, deadline.Restriction) }, decision.Answer{Outcome: decision.Grant}, "restriction/crm=due restriction/contracts=due", lifecycle.CarryingOut},
		"objection": {func(d *desk) request.Intake {
			in := d.asks(germany, deadline.Objection)
			in.Details = "and profiling"
			return in
		}, decision.Answer{Outcome: decision.Grant}, "objection/crm=due", lifecycle.CarryingOut},
		"consent":     {func(d *desk) request.Intake { return d.asks(germany, deadline.WithdrawConsent) }, decision.Answer{Outcome: decision.Grant}, "objection/crm=due", lifecycle.CarryingOut},
		"information": {func(d *desk) request.Intake { return d.asks(germany, deadline.Information) }, decision.Answer{Outcome: decision.Grant, Explanation: "so"}, "", lifecycle.Fulfilled},
		"refused":     {func(d *desk) request.Intake { return d.asks(germany, deadline.Erasure) }, refusal(decision.NoDataFound), "", lifecycle.Refused},
		"marketing":   {func(d *desk) request.Intake { return d.asks(germany, deadline.Objection) }, decision.Answer{}, "", lifecycle.Fulfilled},
	} {
		d := newDeskWithSystems(t)
		in := c.in(d)
		if in.Details == "" && slices.Contains(in.Kinds, deadline.Correction) {
			in.Details = "my name is spelt with z"
		}
		r := d.open(in)
		if name != "marketing" {
			r = d.ok(d.Decide(background, d.confirm(r).ID, "dpo", c.answer))
		}
		if got := d.ledgerOf(r.ID); got != c.want || r.State != c.state {
			t.Errorf("%s: %s, %q", name, r.State, got)
		}
	}
}

// A mailbox that is a parent's or an agent's is no key to what is held of somebody else.
func TestAnotherMailboxFindsNobody(t *testing.T) {
	d := newDeskWithSystems(t)
	in := d.asks(germany, deadline.ChildErasure)
	in.OnBehalfOf, in.Name, in.Details = intake.Parent, "Trillian", "my daughter Random"
	r := d.opened(in)
	if d.ledgerOf(r.ID) != "" {
		t.Error(d.ledgerOf(r.ID))
	}
	d.ok(d.Answer(background, r.ID, "dpo", time.Time{}))
	d.ok(d.Decide(background, r.ID, "dpo", decision.Answer{Outcome: decision.Grant, Explanation: "erased"}))
	e := d.entry(r.ID, "newsletter", ledger.Erasure)
	p, err := d.Whom(background, e, ledger.System{Needs: []string{"email", "name", "details"}})
	if err != nil || !e.ByOwner || !p.Email.IsZero() || p.Details != "my daughter Random" || p.OnBehalfOf != "parent" {
		t.Errorf("%v: %+v, %+v", err, e, p)
	}
}

func TestASystemLearnsWhatItNeeds(t *testing.T) {
	d := newDeskWithSystems(t)
	in := d.asks(germany, deadline.Erasure)
	in.Name, in.Details = "Marvin", "all of it"
	r := d.grant(d.opened(in).ID)
	e := d.entry(r.ID, "crm", ledger.Erasure)
	if p, err := d.Whom(background, e, ledger.System{Needs: []string{"email"}}); err != nil || p.Email.Reveal() != marvin || p.Name+p.Details+p.Place+p.Language+p.OnBehalfOf != "" || p.Kinds != nil {
		t.Errorf("%v: %+v", err, p)
	}
	if p, err := d.Whom(background, e, ledger.System{Needs: []string{"name", "details", "kinds", "place", "language"}}); err != nil || !p.Email.IsZero() || p.Name != "Marvin" || p.Details != "all of it" || p.Place != "DE" || p.Language != "en" || len(p.Kinds) != 1 {
		t.Errorf("%v: %+v", err, p)
	}
	e.State = ledger.Done
	_, err := d.Whom(background, e, ledger.System{Needs: []string{"email"}})
	d.wantFault(err, fault.NotFound, "nobody")
}

// What is held is gathered from the moment the request is the person's, and no answer
// goes while a system has not said what it holds.
func TestAccessIsGathered(t *testing.T) {
	d := newDeskWithSystems(t)
	r := d.opened(d.asks(germany, deadline.Access))
	if d.ledgerOf(r.ID) != "access/crm=due access/contracts=due" || r.State != lifecycle.Open || r.Outstanding != 2 {
		t.Fatalf("%s: %s", r.State, d.ledgerOf(r.ID))
	}
	_, err := d.Decide(background, r.ID, "dpo", decision.Answer{Outcome: decision.Grant})
	d.wantFault(err, fault.Conflict, "crm, contracts")
	if why := fault.BecauseOf(err); why.Code != "gathered" || why.Facts["systems"] != "crm contracts" {
		t.Errorf("%+v", why)
	}
	d.sends(r.ID, "crm", attachment.Stored)
	d.answer(r.ID, "crm", ledger.Access, "done")
	d.answer(r.ID, "contracts", ledger.Access, "not_found")
	if r = d.grant(r.ID); r.State != lifecycle.Fulfilled || r.ExportUntil.IsZero() {
		t.Errorf("%s", r.State)
	}
}

// What is not granted, or let go, is not asked for any more.
func TestWhatNobodyNeedsIsCalledOff(t *testing.T) {
	for name, end := range map[string]func(*desk, string) (request.Request, error){
		"refused": func(d *desk, id string) (request.Request, error) {
			return d.Decide(background, id, "dpo", refusal(decision.NoDataFound))
		},
		"withdrawn": func(d *desk, id string) (request.Request, error) { return d.Withdraw(background, id, "person") },
		"amended": func(d *desk, id string) (request.Request, error) {
			return d.Amend(background, id, "dpo", request.Amendment{Kinds: []intake.Kind{deadline.Restriction}})
		},
	} {
		d := newDeskWithSystems(t)
		r := d.opened(d.asks(germany, deadline.Access))
		r = d.ok(end(d, r.ID))
		if got := d.ledgerOf(r.ID); got != "access/crm=exempt access/contracts=exempt" || r.Outstanding != 0 || d.event(r.ID, lifecycle.EventSystemsDropped).Facts["access"] != "crm contracts" {
			t.Errorf("%s: %s", name, got)
		}
		_, err := d.Ledger(background, r.ID, ledger.Deed{Act: ledger.Answered, System: "crm", Task: ledger.Access, State: ledger.Done})
		d.wantFault(err, fault.Conflict, "does not allow")
	}
}

func TestOpenedAgainAndDecidedAgain(t *testing.T) {
	d := newDeskWithSystems(t)
	id := d.grant(d.opened(d.asks(germany, deadline.Erasure)).ID).ID
	d.answer(id, "crm", ledger.Erasure, "done")
	r := d.ok(d.Reopen(background, id, "dpo", "a mistake"))
	if d.ledgerOf(id) != "erasure/crm=done erasure/newsletter=exempt erasure/contracts=exempt erasure/warehouse=exempt" || r.State != lifecycle.Open || !r.EraseFrom.IsZero() {
		t.Errorf("%s: %s", r.State, d.ledgerOf(id))
	}
	if r = d.grant(id); d.ledgerOf(id) != "erasure/crm=done erasure/newsletter=due erasure/contracts=due erasure/warehouse=due" || r.State != lifecycle.CarryingOut || d.entry(id, "newsletter", ledger.Erasure).Round != 1 {
		t.Errorf("%s: %s", r.State, d.ledgerOf(id))
	}
}

// What was denied can be objected to while the rest is carried out.
func TestObjectingWhileItIsCarriedOut(t *testing.T) {
	d := newDeskWithSystems(t)
	partly := decision.Answer{Outcome: decision.Partly, Explanation: "invoices stay", Grounds: []decision.Given{{Ground: decision.LegalObligation}}}
	r := d.ok(d.Decide(background, d.opened(d.asks(germany, deadline.Erasure)).ID, "dpo", partly))
	if r.State != lifecycle.CarryingOut || !r.Appealable() || !r.Disputable() {
		t.Fatalf("%s", r.State)
	}
	d.ok(d.Disagree(background, r.ID, "person", "no"))
	appeal := d.ok(d.Appeal(background, r.ID, "look again"))
	for _, system := range []string{"crm", "newsletter", "contracts"} {
		r = d.answer(r.ID, system, ledger.Erasure, "done")
	}
	if r.State != lifecycle.PartlyFulfilled || appeal.AppealOf != r.ID {
		t.Errorf("%s", r.State)
	}
	_, err := d.Withdraw(background, d.grant(d.opened(d.asks(germany, deadline.Restriction)).ID).ID, "person")
	d.wantFault(err, fault.Conflict, "withdrawn")
}
