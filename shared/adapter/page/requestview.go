package page

import (
	"privacydesk/shared/adapter/catalog"
)

func (p RequestStatus) view(d *Desk, t *catalog.Texts) view {
	anchors := map[string]string{FieldStatement: "#" + FieldStatement, FieldReasons: "#" + FieldReasons}
	body := sections{
		Errors: fieldErrors(p.Errors).summary(t, d.wording(t).Failed, anchors),
		Notice: p.notice(d, t), Cards: []section{p.standing(t)},
	}
	for _, card := range []*section{
		p.waiting(d, t), p.answer(t), p.export(t), p.disagreement(t), p.appeal(t), p.request(t), p.history(t), p.withdrawal(t),
	} {
		if card != nil {
			body.Cards = append(body.Cards, *card)
		}
	}
	body.Disclosures = receiptBox(t, p.Receipt)
	return view{shape: sectionsShape, title: t.Text("status.title"), languages: true, failed: len(p.Errors) > 0, body: body}
}

var refusalTexts = [...]string{
	RefusedState: "status.conflict.text", RefusedStatement: "status.conflict.statement", RefusedAppeal: "status.conflict.appeal", RefusedFinal: "status.conflict.final",
}

// notice says what must not be overlooked: of what the person has just tried
// before anything else.
func (p RequestStatus) notice(d *Desk, t *catalog.Texts) *notice {
	if p.Refused != RefusedNothing {
		return &notice{t.Text("status.conflict.title"), t.Text(refusalTexts[p.Refused], "email", d.Organisation.Contact, "reference", p.Reference)}
	}
	if !p.MailFailed {
		return nil
	}
	return &notice{t.Text("status.undelivered.title"), t.Text("status.undelivered.text", "email", d.Organisation.Contact)}
}

// stateMarks are the states that are not simply under way.
var stateMarks = map[string]mark{
	"awaiting_verification": markAsk, "waiting_for_person": markAsk, "fulfilled": markDone, "partly_fulfilled": markDone,
	"withdrawn": markDone, "refused": markProblem, "expired": markProblem,
}

// standing says where the request stands, and by when something happens.
func (p RequestStatus) standing(t *catalog.Texts) section {
	m, special := stateMarks[p.State]
	if !special {
		m = markWork
	}
	s := section{
		Mark: &m, Title: t.Named("request.state.", p.State), Texts: p.remarks(t),
		Facts: requestFacts(t, p.Reference, "", nil), Disclosures: why(t, p.DueWhy),
	}
	if t.Has("request.state.text." + p.State) {
		s.Lead = t.Named("request.state.text.", p.State)
	}
	s.Facts = append(s.Facts, dateFact(t, t.Text("fact.due"), p.Due)...)
	if p.State == "awaiting_verification" {
		s.Facts = append(s.Facts, dayFact(t, t.Text("fact.confirm"), p.ConfirmBy)...)
	}
	s.Facts = append(s.Facts, someFact(t.Text("fact.effect"), scopes(t, p.OptedOut)...)...)
	return s
}

func (p RequestStatus) remarks(t *catalog.Texts) []string {
	var remarks []string
	if !p.DisposedAt.IsZero() {
		remarks = append(remarks, t.Text("status.disposed", "date", t.Date(p.DisposedAt)))
	}
	if p.Extended && !p.Due.IsZero() {
		remarks = append(remarks, t.Text("status.extended"))
	}
	if p.LinkedTo != "" {
		remarks = append(remarks, t.Text("status.linked", "reference", p.LinkedTo))
	}
	if p.AppealOf != "" {
		remarks = append(remarks, t.Text("status.appeal.of", "reference", p.AppealOf))
	}
	return remarks
}

func (p RequestStatus) waiting(d *Desk, t *catalog.Texts) *section {
	w := p.Waiting
	if w == nil {
		return nil
	}
	s := &section{
		Title: t.Text("waiting.title"), Lead: t.Named("waiting.cause.", w.Cause), Quote: lines(w.Question),
		Facts: someFact(t.Text("fact.fee"), w.Fee), Lists: d.evidenceList(t, w.Evidence, p.Reference),
	}
	if len(w.Evidence) == 0 {
		s.Texts = append(s.Texts, t.Text("waiting.reply", "email", d.Organisation.Contact, "reference", p.Reference))
	}
	if w.Then != "" {
		s.Texts = append(s.Texts, t.Text("waiting.until."+w.Then, "date", t.Day(w.AnswerBy), "end", t.Day(w.End)))
	}
	if w.ClockStopped {
		s.Texts = append(s.Texts, t.Text("waiting.clock"))
	}
	return s
}

func (p RequestStatus) answer(t *catalog.Texts) *section {
	a := p.Decision
	if a == nil {
		return nil
	}
	s := &section{
		Title: t.Text("answer.title"), Lead: t.Named("outcome.", a.Outcome), Quote: lines(a.Explanation),
		Facts: dateFact(t, t.Text("fact.decided"), a.At),
	}
	if len(a.Grounds) > 0 {
		s.Lists = []list{{Title: t.Text("answer.grounds"), Items: groundItems(t, a.Grounds)}}
		s.Texts = append(s.Texts, t.Text("answer.complain", "authority", t.Named("authority.", a.Authority)))
	}
	if p.MayRestrict {
		s.Texts = append(s.Texts, t.Text("answer.restrict"))
		s.Links = []link{{PathRequests + "?" + FieldKind + "=restriction&" + FieldLang + "=" + t.Lang(), t.Text("answer.restrict.link")}}
	}
	return s
}

func groundItems(t *catalog.Texts, grounds []Ground) []item {
	items := make([]item, len(grounds))
	for i, g := range grounds {
		items[i].Text = t.Named("ground.", g.Code)
		if g.Clause != "" {
			items[i].Note = t.Text("answer.clause", "clause", g.Clause)
		}
	}
	return items
}
