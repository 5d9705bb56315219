package people

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
)

func (d *Door) answerRoutes() []route {
	return []route{
		{"GET /desk/requests/{id}/decide", staff.Handle, d.decideForm},
		{"POST /desk/requests/{id}/decide", staff.Handle, d.decide},
		{"GET /desk/requests/{id}/letter", staff.Handle, d.letter},
		{"POST /desk/requests/{id}/looked", staff.Handle, d.looked},
		{"POST /desk/requests/{id}/send", staff.Decide, d.send},
		{"POST /desk/requests/{id}/callback", staff.Handle, d.callBack},
		{"GET /desk/requests/{id}/sign", staff.Decide, d.signForm},
		{"POST /desk/requests/{id}/sign", staff.Decide, d.sign},
	}
}

// Letter writes the letter of an answer before it goes: of the request as it is then, in a language.
type Letter func(ctx context.Context, after request.Request, language string) (deskpage.Mail, error)

// fileOf reads the file that a path names; whoever has a page of it shown has looked at it. It has answered where ok is
// not set.
func (v *visit) fileOf() (f request.File, ok bool) {
	f, err := v.Rights.Store.File(v.r.Context(), v.r.PathValue("id"))
	if err == nil && v.r.Method == http.MethodGet {
		err = v.Rights.Looked(v.r.Context(), &f, v.officer(), lifecycle.EventLooked)
	}
	if err != nil {
		v.fail(err)
	}
	return f, err == nil
}

// decideForm shows the draft. What is on its way is shown as the letter instead.
func (d *Door) decideForm(v *visit) {
	f, ok := v.fileOf()
	switch {
	case !ok:
	case f.Request.Draft.OnItsWay():
		v.done(deskpage.LetterPath(f.Request.ID))
	default:
		v.showDraft(&f)
	}
}

func (v *visit) showDraft(f *request.File) {
	screen, plan, err := v.decideScreen(f)
	if err != nil {
		v.fail(err)
		return
	}
	if dr := f.Request.Draft; dr != nil {
		screen.Typed, screen.SavedAt, screen.SavedBy = answersTyped(dr.Answers), dr.At, nameOf(dr.By)
	}
	for _, c := range plan.Checks {
		if beforehand := slices.Contains([]draft.CheckCode{draft.KindsKnown, draft.State, draft.AnotherOfficer}, c.Code); beforehand && !c.OK {
			screen.Refused, screen.Closed = &deskpage.Refusal{Check: &draft.Check{Code: c.Code, Facts: c.Facts}, Message: fault.Public(c.Err)}, true
			break
		}
	}
	v.show(http.StatusOK, screen)
}

// decideScreen is the form without what was typed, and what the domain says of the draft.
func (v *visit) decideScreen(f *request.File) (deskpage.Decide, draft.Plan, error) {
	q := &f.Request
	screen := deskpage.Decide{Reference: q.ID, Seq: q.Head.Seq, Language: q.Language, Since: q.ReceivedAt, DueAt: q.DueAt, Others: !q.OwnData(), Parts: deskpage.AnswerParts(f)}
	if f.Whose() != intake.WordsUnconfirmed {
		screen.Said = q.Details
	}
	facts := request.DecisionFacts(q)
	for _, k := range facts.Kinds {
		screen.Kinds = append(screen.Kinds, deskpage.KindToAnswer{Kind: k, Offers: facts.Offers(k)})
	}
	plan, _, err := v.Rights.Preview(v.r.Context(), q.ID, v.officer())
	if facts, some := plan.Effect(draft.OptedOut); some {
		for _, scope := range strings.Fields(facts["scopes"]) {
			screen.OptOuts = append(screen.OptOuts, optout.Scope(scope))
		}
	}
	for _, b := range v.Blocks {
		if text := b.In(q.Language); text != "" {
			screen.Blocks = append(screen.Blocks, deskpage.Choice{Value: b.ID, Text: beginning(b.In(v.texts.Lang()), text)})
		}
	}
	return screen, plan, err
}

// beginning is the first words of a text block, in the officer's language where it has one.
func beginning(own, theirs string) string {
	const most = 70
	text := own
	if text == "" {
		text = theirs
	}
	if runes := []rune(text); len(runes) > most {
		return strings.TrimSpace(string(runes[:most])) + "…"
	}
	return text
}

// decide keeps the draft, and leads on to its letter where that was asked for.
func (d *Door) decide(v *visit) {
	f, ok := v.fileOf()
	if !ok {
		return
	}
	p, ok := v.posted(&f)
	if !ok {
		return
	}
	v.insertBlocks(p.typed, &f.Request)
	screen, _, err := v.decideScreen(&f)
	if err != nil {
		v.fail(err)
		return
	}
	screen.Typed, screen.Happened = p.typed, p.since
	switch {
	case p.err != nil:
		v.refuseDraft(screen, p.err)
	case len(p.since) > 0:
		v.show(http.StatusConflict, screen)
	default:
		v.keepDraft(screen, &f, p.service)
	}
}

func (v *visit) keepDraft(screen deskpage.Decide, f *request.File, s *request.Service) {
	show := screen.Typed.First("do") == "show"
	answers, err := answersOf(screen.Typed, request.DecisionFacts(&f.Request).Kinds)
	if err == nil && show {
		screen.Faults, err = v.unfinished(f, answers)
	}
	switch {
	case err != nil:
		v.refuseDraft(screen, err)
		return
	case len(screen.Faults) > 0:
		v.show(http.StatusUnprocessableEntity, screen)
		return
	}
	q, err := s.SaveDraft(v.r.Context(), f.Request.ID, v.officer(), answers...)
	switch {
	case err != nil:
		v.refuseDraft(screen, err)
	case show:
		v.done(deskpage.LetterPath(q.ID))
	default:
		v.done(deskpage.FilePath(q.ID) + "#history")
	}
}

// unfinished is what is wrong with each kind's answer, at its field.
func (v *visit) unfinished(f *request.File, answers []decision.Answer) ([]deskpage.Fault, error) {
	plan, _, err := v.Rights.Preview(v.r.Context(), f.Request.ID, v.officer(), answers...)
	if err != nil {
		return nil, err
	}
	var all []deskpage.Fault
	for _, c := range plan.Checks {
		field, words := map[draft.CheckCode]string{draft.Answered: "outcome", draft.Grounds: "ground", draft.Explained: "explanation"}[c.Code], c.Facts["kind"]
		if !c.OK && field != "" && words != "" {
			all = append(all, deskpage.Fault{Field: field + "." + words, Reason: c.Facts["reason"], Message: fault.Public(c.Err)})
		}
	}
	return all, nil
}

func (v *visit) refuseDraft(screen deskpage.Decide, err error) {
	var ok bool
	if screen.Faults, screen.Refused, ok = v.wrong(err); ok {
		v.show(fault.Status(err), screen)
	}
}

// insertBlocks puts each text block that was chosen below the words that were typed.
func (v *visit) insertBlocks(t deskpage.Typed, q *request.Request) {
	for _, k := range request.DecisionFacts(q).Kinds {
		name := "explanation." + string(k)
		for _, b := range v.Blocks {
			if b.ID == t.First("block."+string(k)) && b.In(q.Language) != "" {
				t[name] = []string{strings.TrimSpace(t.First(name) + "\n\n" + b.In(q.Language))}
			}
		}
		delete(t, "block."+string(k))
	}
}

// answersOf are the answers that were typed; a kind of which nothing was typed has none.
func answersOf(t deskpage.Typed, kinds []intake.Kind) ([]decision.Answer, error) {
	answers := []decision.Answer{}
	for _, k := range kinds {
		a := decision.Answer{Kind: k, Outcome: decision.Outcome(t.First("outcome." + string(k)))}
		if a.Outcome == "open" {
			a.Outcome = ""
		}
		for _, g := range t["ground."+string(k)] {
			given := decision.Given{Ground: decision.Ground(g)}
			if given.Ground == decision.Exemption {
				given.Clause = t.First("clause." + string(k))
			}
			a.Grounds = append(a.Grounds, given)
		}
		var err error
		if a.Explanation, err = text(t, "explanation."+string(k)); err != nil {
			return nil, err
		}
		if a.Outcome != "" || len(a.Grounds) > 0 || a.Explanation != "" {
			answers = append(answers, a)
		}
	}
	return answers, nil
}

// answersTyped is how answers stand in the form.
func answersTyped(answers []decision.Answer) deskpage.Typed {
	t := deskpage.Typed{}
	for _, a := range answers {
		k := string(a.Kind)
		t["outcome."+k], t["explanation."+k] = some(string(a.Outcome)), some(a.Explanation)
		for _, g := range a.Grounds {
			t["ground."+k] = append(t["ground."+k], string(g.Ground))
			if g.Ground == decision.Exemption {
				t["clause."+k] = some(g.Clause)
			}
		}
	}
	return t
}
