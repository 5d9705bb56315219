package main

import (
	"slices"
	"strconv"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/waiting"
)

// third is a third request for the same, so that it is one that may be called repeated.
func third(p *play, kinds []intake.Kind) (request.Request, error) {
	for range 2 {
		r, err := p.opened(p.intake(kinds...))
		if err == nil && !r.State.Closed() {
			r, err = p.post(p.Decide(ctx, r.ID, officer, decision.Answer{Outcome: decision.Refuse, Grounds: given(decision.Exemption), Explanation: "x"}))
		}
		if err != nil {
			return r, err
		}
	}
	return p.opened(p.intake(kinds...))
}

// says is an answer to a kind, on all grounds that can be given for it, or on those named.
func (p *play) says(k intake.Kind, o decision.Outcome, on ...decision.Ground) decision.Answer {
	a := decision.Answer{Kind: k, Outcome: o}
	if o == decision.Grant {
		if _, err := (decision.Facts{Kinds: []intake.Kind{k}, Place: p.place}).Check([]decision.Answer{a}, p.clock); err != nil { // what is told needs words
			a.Explanation = p.words()
		}
		return a
	}
	if len(on) == 0 {
		on = grounds(k, p.place, o)
	}
	a.Grounds, a.Explanation = given(on...), p.words()
	return a
}

// answer decides every kind alike.
func answer(o decision.Outcome, on ...decision.Ground) act {
	return act(third).then(func(p *play, r request.Request) (request.Request, error) {
		if r.State.Closed() {
			return r, nil
		}
		return p.decide(r, officer, o, on...)
	})
}

func (p *play) decide(r request.Request, by string, o decision.Outcome, on ...decision.Ground) (request.Request, error) {
	var all []decision.Answer
	for _, k := range r.Kinds {
		if intake.Instant(k) && len(r.Kinds) > 1 {
			continue
		}
		a := p.says(k, o, on...)
		a.Grounds = slices.DeleteFunc(a.Grounds, func(g decision.Given) bool { return g.Ground == decision.RepeatedRequest && !r.Repeated }) // no appeal is
		all = append(all, a)
	}
	return p.Decide(ctx, r.ID, by, all...)
}

// appealed is an appeal against a refusal, or a review of it.
var appealed = answer(decision.Refuse).then(func(p *play, r request.Request) (request.Request, error) {
	return p.Appeal(ctx, r.ID, "x")
})

func appealAnswered(o decision.Outcome) act {
	return appealed.then(func(p *play, r request.Request) (request.Request, error) { return p.decide(r, another, o) })
}

// unanswered refuses because what was asked for did not come.
func unanswered(w waiting.Waiting, worded bool, on decision.Ground) act {
	return wait(w, worded).then(func(p *play, r request.Request) (request.Request, error) {
		p.clock = p.clock.AddDate(0, 4, 0)
		return p.decide(r, officer, decision.Refuse, on)
	})
}

// copySystems are those that send their part of a copy; the last need not.
var copySystems = []ledger.System{
	copySystem("crm", otherSystems[0].Name),
	copySystem("newsletter", settings.Words{"en": "our newsletter service", "es": "nuestro servicio de boletines", "de": "unser Newsletter-Dienst"}),
	copySystem("contracts", settings.Words{"en": "our contract files", "es": "nuestros contratos", "de": "unsere Vertragsakten"}),
	copySystem("archive", settings.Words{"en": "our archive", "es": "nuestro archivo", "de": "unser Archiv"}),
}

func copySystem(id string, name settings.Words) ledger.System {
	return ledger.System{ID: id, Name: name, Owner: "it@example.com", Told: []string{string(ledger.Access)}, Way: "event", AnswerDays: 10, Required: id != "archive"}
}

// byParts grants a copy: a system gives a file, one has nothing, one is as is said, and one that need not has not answered.
func byParts(last ledger.State, ground string) act {
	return act(func(p *play, kinds []intake.Kind) (request.Request, error) {
		p.Settings.Systems = copySystems
		return p.opened(p.intake(kinds...))
	}).then(func(p *play, r request.Request) (request.Request, error) {
		r, err := p.Store.Load(ctx, r.ID) // a letter has gone since
		if err != nil {
			return r, err
		}
		r.Version++
		step := request.Step{Request: r}
		for _, i := range map[bool][]int{true: {0, 2}, false: {0}}[last == ledger.Done] {
			step.Files = append(step.Files, attachment.File{Request: r.ID, ID: strconv.Itoa(i), For: attachment.Answer, System: copySystems[i].ID, State: attachment.Stored, Type: attachment.CSV})
		}
		if err := p.Store.Save(ctx, step); err != nil {
			return r, err
		}
		for i, o := range []ledger.Deed{{State: ledger.Done}, {State: ledger.NotFound}, {State: last, Outcome: ledger.Outcome{Ground: ground}}} {
			o.Act, o.System, o.Task = ledger.Answered, copySystems[i].ID, ledger.Access
			if _, err := p.Ledger(ctx, r.ID, o); err != nil {
				return r, err
			}
		}
		return p.decide(r, officer, decision.Grant)
	})
}

var hold = []request.KeptBack{{Hold: "sample", Of: "person", Reason: "x", Keeps: "erasure"}}

func answers() []scene {
	heldBack := act(func(p *play, kinds []intake.Kind) (request.Request, error) {
		p.held = hold
		return answer(decision.Partly, decision.LegalObligation)(p, kinds)
	})
	heldSince := confirmed(as).then(func(p *play, r request.Request) (request.Request, error) {
		r, err := p.Decide(ctx, r.ID, officer, p.says("", decision.Grant))
		p.held = hold
		return r, err
	})
	released := heldBack.then(func(p *play, r request.Request) (request.Request, error) {
		p.held, p.clock = nil, p.clock.AddDate(0, 1, 0)
		return r, p.Release(ctx, r.ID)
	})
	inPart := confirmed(as).then(func(p *play, r request.Request) (request.Request, error) {
		return p.Decide(ctx, r.ID, officer, p.says(r.Kinds[0], decision.Grant), p.says(r.Kinds[1], decision.Refuse, decision.LegalObligation))
	})
	disagreed := confirmed(as).then(func(p *play, r request.Request) (request.Request, error) {
		if r, err := p.Decide(ctx, r.ID, officer, p.says(r.Kinds[0], decision.Refuse, decision.DisputedAccuracy)); err != nil {
			return r, err
		}
		return p.Disagree(ctx, r.ID, audit.ByPerson, "x")
	})
	granted := func(change func(*request.Intake)) act {
		return confirmed(change).then(func(p *play, r request.Request) (request.Request, error) {
			return p.decide(r, officer, decision.Grant)
		})
	}
	beside := [][]intake.Kind{{deadline.Erasure, deadline.OptOutOfSale}, {deadline.Access, deadline.Erasure}}
	proof := waiting.Waiting{Cause: deadline.Identity, Proofs: intake.Proofs}
	d := requestmail.Decision
	copies := [][]intake.Kind{{deadline.Access}, {deadline.Portability}}
	return []scene{
		{d, "granted", each(), answer(decision.Grant)},
		{d, "granted in part, with every ground that can be given", each(), answer(decision.Partly)},
		{d, "refused, with every ground that can be given", each(), answer(decision.Refuse)},
		{d, "refused: the proof did not come", each(), unanswered(proof, false, decision.EvidenceMissing)},
		{d, "refused: the fee was not paid", each(), unanswered(fee(decision.Excessive), true, decision.FeeUnpaid)},
		{d, "granted: a part of each system, and one that is not included", copies, byParts(ledger.Done, "")},
		{d, "granted, but for a part that is kept back", copies, byParts(ledger.Exempt, "technical")},
		{d, "one granted, one refused", some(deadline.Access, deadline.Erasure), inPart},
		{d, "granted, beside what stopped at once, or with an export first", beside, granted(as)},
		{d, "granted, with an unsubscription", some(deadline.Erasure), granted(unsub)},
		{d, "in part, under a legal hold", some(deadline.Erasure), heldBack},
		{d, "granted, and a legal hold since", some(deadline.Erasure), heldSince},
		{d, "refused, and the person has disagreed before the letter went", some(deadline.Correction), disagreed},
		{d, "appeal or review: granted", asked, appealAnswered(decision.Grant)},
		{d, "appeal or review: granted in part", asked, appealAnswered(decision.Partly)},
		{d, "appeal or review: refused", each(), appealAnswered(decision.Refuse)},
		{requestmail.Erasing, "a legal hold has ended", some(deadline.Erasure), released},
	}
}
