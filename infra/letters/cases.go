package main

import (
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/waiting"
)

// act is what happens before a letter is written.
type act func(*play, []intake.Kind) (request.Request, error)

// then goes on with the request that an act left.
func (before act) then(next func(*play, request.Request) (request.Request, error)) act {
	return func(p *play, kinds []intake.Kind) (request.Request, error) {
		r, err := before(p, kinds)
		if err != nil {
			return r, err
		}
		return p.post(next(p, r))
	}
}

// a scene is a case of a letter, for each list of kinds.
type scene struct {
	letter outbox.Template
	name   string
	kinds  [][]intake.Kind
	play   act
}

// listed is the mail in which several letters are joined.
const listed outbox.Template = "listed"

// titles are the book's parts.
var titles = []struct {
	letter outbox.Template
	title  string
}{
	{requestmail.Verify, "Please confirm your request"}, {listed, "Several requests to confirm"}, {requestmail.OptedOut, "Stopped at once"},
	{requestmail.Acknowledge, "We are working on it"}, {requestmail.Waiting, "We need something from you"}, {requestmail.Extended, "It takes longer"},
	{requestmail.Decision, "Our answer"}, {requestmail.Erasing, "The rest is erased now"}, {requestmail.Reopened, "Looked at again"},
	{requestmail.CarriedOut, "Carried out in our other systems"}, {requestmail.Joined, "Answered together"}, {requestmail.Amended, "Corrected"}, {requestmail.Withdrawn, "Withdrawn"}, {requestmail.Expired, "Closed without an answer"},
}

// each is every kind by itself.
func each() [][]intake.Kind {
	var all [][]intake.Kind
	for _, k := range intake.Kinds() {
		all = append(all, []intake.Kind{k})
	}
	return all
}

func some(kinds ...intake.Kind) [][]intake.Kind { return [][]intake.Kind{kinds} }

func scenes() []scene {
	return slices.Concat(beginnings(), courses(), answers(), endings())
}

func open(change func(*request.Intake)) act {
	return func(p *play, kinds []intake.Kind) (request.Request, error) {
		in := p.intake(kinds...)
		change(&in)
		return p.open(in)
	}
}

func confirmed(change func(*request.Intake)) act {
	return func(p *play, kinds []intake.Kind) (request.Request, error) {
		in := p.intake(kinds...)
		change(&in)
		return p.opened(in)
	}
}

func as(*request.Intake)         {}
func wordless(i *request.Intake) { i.Details = "" }
func gpc(i *request.Intake)      { i.Details, i.GPC = "", true }
func unsure(i *request.Intake)   { i.KindsUnsure, i.Source = true, intake.FromMail }
func unsub(i *request.Intake)    { i.Source = intake.FromUnsubscribe }
func agent(i *request.Intake)    { i.OnBehalfOf = intake.Agent }
func parent(i *request.Intake)   { i.OnBehalfOf = intake.Parent }

// elsewhere names another place, or none.
func elsewhere(i *request.Intake) {
	germany := deadline.Jurisdiction{Country: "DE"}
	if i.Place.Country == "" || i.Place == germany {
		germany = deadline.Jurisdiction{}
	}
	i.Place = germany
}

func beginnings() []scene {
	twice := func(p *play, kinds []intake.Kind) (request.Request, error) {
		if r, err := p.opened(p.intake(kinds...)); err != nil {
			return r, err
		}
		return p.opened(p.intake(kinds...))
	}
	checked := open(as).then(func(p *play, r request.Request) (request.Request, error) {
		return p.Verify(ctx, r.ID, officer, intake.Verification{Checked: intake.Checks})
	})
	several := func(p *play, kinds []intake.Kind) (request.Request, error) {
		for _, k := range kinds {
			if r, err := p.Open(ctx, p.intake(k)); err != nil {
				return r, err
			}
		}
		return p.post(request.Request{}, nil)
	}
	return []scene{
		{requestmail.Verify, "sent by the form", each(), open(as)},
		{requestmail.Verify, "with an unsubscription", some(deadline.Erasure), open(unsub)},
		{requestmail.Verify, "it is not sure what is asked", some(), open(unsure)},
		{requestmail.Verify, "beside what stops at once", some(deadline.Erasure, deadline.Objection, deadline.OptOutOfSale), open(as)},
		{listed, "two that wait for one mailbox", some(deadline.Access, deadline.Erasure), several},
		{requestmail.OptedOut, "asked for", [][]intake.Kind{{deadline.Objection}, {deadline.OptOutOfSale}, {deadline.Objection, deadline.OptOutOfSale}}, open(wordless)},
		{requestmail.OptedOut, "by the signal of a browser", some(deadline.OptOutOfSale), open(gpc)},
		{requestmail.Acknowledge, "confirmed by our link", each(), confirmed(as)},
		{requestmail.Acknowledge, "checked by an officer", some(deadline.Access), checked},
		{requestmail.Acknowledge, "through an agent", some(deadline.Access), confirmed(agent)},
		{requestmail.Acknowledge, "for a child", some(deadline.Access), confirmed(parent)},
		{requestmail.Acknowledge, "asked for before", some(deadline.Access), twice},
		{requestmail.Acknowledge, "appeal or review", each(), appealed},
	}
}

// wait asks for something. The law of the place says whether that may be, and whether our clock stops.
func wait(w waiting.Waiting, worded bool) act {
	return act(third).then(func(p *play, r request.Request) (request.Request, error) {
		w := w
		if worded {
			w.Question = p.words()
		}
		return p.Ask(ctx, r.ID, officer, w)
	})
}

func fee(because decision.Ground) waiting.Waiting {
	return waiting.Waiting{Cause: deadline.Fee, Fee: &waiting.Fee{Amount: "12.50", Currency: "EUR", Because: because}}
}

// asked are kinds whose clocks differ.
var asked = [][]intake.Kind{{deadline.Access}, {deadline.Erasure}}

func courses() []scene {
	all := []scene{
		{requestmail.Waiting, "for a proof", asked, wait(waiting.Waiting{Cause: deadline.Identity, Proofs: intake.Proofs}, false)},
		{requestmail.Waiting, "for a proof, in the officer's words", asked, wait(waiting.Waiting{Cause: deadline.Identity}, true)},
		{requestmail.Waiting, "for what is meant", asked, wait(waiting.Waiting{Cause: deadline.Clarification}, true)},
		{requestmail.Waiting, "for a fee: repeated", asked, wait(fee(decision.RepeatedRequest), true)},
		{requestmail.Waiting, "for a fee: excessive", asked, wait(fee(decision.Excessive), true)},
	}
	for _, reason := range []deadline.Reason{deadline.Complexity, deadline.Number, deadline.Necessary, deadline.Interference, deadline.Consultation} {
		extended := confirmed(as).then(func(p *play, r request.Request) (request.Request, error) {
			return p.Extend(ctx, r.ID, officer, reason, p.words())
		})
		all = append(all, scene{requestmail.Extended, string(reason), slices.Concat(asked, [][]intake.Kind{{deadline.AutomatedOptOut}, {deadline.Complaint}}), extended})
	}
	return all
}

// otherSystems is one that holds people's data too, as desk.yaml could name it.
var otherSystems = []ledger.System{{
	ID: "crm", Owner: "crm@example.com", Told: []string{string(ledger.Erasure)}, Way: "event", AnswerDays: 10, Required: true,
	Name: settings.Words{"en": "our customer database", "es": "nuestra base de datos de clientes", "de": "unsere Kundendatenbank"},
}}

func endings() []scene {
	withdrawn := confirmed(as).then(func(p *play, r request.Request) (request.Request, error) {
		return p.Withdraw(ctx, r.ID, audit.ByPerson)
	})
	expired := func(before act) act {
		return before.then(func(p *play, r request.Request) (request.Request, error) {
			p.clock = p.clock.AddDate(0, 6, 0)
			return p.Expire(ctx, r.ID, officer)
		})
	}
	reopened := func(later time.Duration) act {
		return answer(decision.Refuse).then(func(p *play, r request.Request) (request.Request, error) {
			p.clock = p.clock.Add(later)
			return p.Reopen(ctx, r.ID, officer, "x")
		})
	}
	amended := confirmed(elsewhere).then(func(p *play, r request.Request) (request.Request, error) {
		a := request.Amendment{Kinds: append(slices.Clone(r.Kinds), deadline.Portability)}
		if p.place.Country != "" { // to no place nothing is corrected
			a.Place = &p.place
		}
		return p.Amend(ctx, r.ID, officer, a)
	})
	joined := confirmed(as).then(func(p *play, earlier request.Request) (request.Request, error) {
		r, err := p.opened(p.intake(earlier.Kinds...))
		if err != nil {
			return r, err
		}
		return p.Join(ctx, r.ID, officer, earlier.ID, "")
	})
	carriedOut := func(state ledger.State, ground string) act {
		return confirmed(as).then(func(p *play, r request.Request) (request.Request, error) {
			p.Settings.Systems = otherSystems
			r, err := p.decide(r, officer, decision.Grant)
			if err != nil {
				return r, err
			}
			return p.Ledger(ctx, r.ID, ledger.Deed{Act: ledger.Answered, System: otherSystems[0].ID, Task: ledger.Erasure, State: state, Outcome: ledger.Outcome{Ground: ground}})
		})
	}
	const year = 365 * 24 * time.Hour
	both := [][]intake.Kind{{deadline.Access}, {deadline.Access, deadline.Objection, deadline.OptOutOfSale}}
	return []scene{
		{requestmail.CarriedOut, "done", some(deadline.Erasure), carriedOut(ledger.Done, "")},
		{requestmail.CarriedOut, "nothing found", some(deadline.Erasure), carriedOut(ledger.NotFound, "")},
		{requestmail.Joined, "the same, asked twice", asked, joined},
		{requestmail.Amended, "another place and more kinds", asked, amended},
		{requestmail.Reopened, "in time", asked, reopened(time.Hour)},
		{requestmail.Reopened, "late", some(deadline.Access), reopened(year)},
		{requestmail.Withdrawn, "by the person", both, withdrawn},
		{requestmail.Expired, "not confirmed", [][]intake.Kind{{deadline.Access}, {deadline.Erasure, deadline.OptOutOfSale}}, expired(open(as))},
		{requestmail.Expired, "not confirmed, with an unsubscription", some(deadline.Erasure), expired(open(unsub))},
		{requestmail.Expired, "not answered", asked, expired(wait(waiting.Waiting{Cause: deadline.Identity, Proofs: intake.Proofs}, false))},
	}
}
