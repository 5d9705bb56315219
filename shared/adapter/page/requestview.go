package page

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/lifecycle"
)

func (p RequestStatus) view(d *Desk, t *catalog.Texts) view {
	anchors := map[string]string{FieldStatement: "#" + FieldStatement, FieldReasons: "#" + FieldReasons}
	body := sections{
		Errors: fieldErrors(p.Errors).summary(t, t.Text("form.problem"), anchors),
		Notice: p.notice(d, t), Cards: []section{p.standing(d, t)},
	}
	for _, card := range []*section{
		p.waiting(d, t), p.answer(d, t), p.export(d, t), p.disagreement(t), p.appeal(t), p.request(d, t), p.history(d, t), p.withdrawal(t),
	} {
		if card != nil {
			body.Cards = append(body.Cards, *card)
		}
	}
	body.Disclosures = receiptBox(t, p.ReceiptURL)
	return view{shape: sectionsShape, title: t.Text("status.title"), languages: true, failed: len(p.Errors) > 0, body: body}
}

// notice says what must not be overlooked: of what the person has just tried
// before anything else.
func (p RequestStatus) notice(d *Desk, t *catalog.Texts) *notice {
	if p.Refused != nil {
		return &notice{t.Text("status.conflict.title"), t.Text(refusalKey(p.Refused), "email", d.Organisation.Contact, "reference", p.reference())}
	}
	if q := p.File.Request; q.MailFailedAt.IsZero() || q.Reduced() {
		return nil
	}
	return &notice{t.Text("status.undelivered.title"), t.Text("status.undelivered.text", "email", d.Organisation.Contact)}
}

// stateMarks are the states that are not simply under way.
var stateMarks = map[lifecycle.State]mark{
	lifecycle.Unverified: markAsk, lifecycle.WaitingForPerson: markAsk, lifecycle.Fulfilled: markDone, lifecycle.PartlyFulfilled: markDone,
	lifecycle.Withdrawn: markDone, lifecycle.Refused: markProblem, lifecycle.Expired: markProblem,
}

// standing says where the request stands, and by when something happens.
func (p RequestStatus) standing(d *Desk, t *catalog.Texts) section {
	q, state := p.File.Request, string(p.File.Request.State)
	m, special := stateMarks[q.State]
	if !special {
		m = markWork
	}
	s := section{
		Mark: &m, Title: t.Named("request.state.", state), Texts: p.remarks(d, t),
		Facts: referenceFact(t, q), Disclosures: why(t, p.DueWhy),
	}
	if t.Has("request.state.text." + state) {
		s.Lead = t.Named("request.state.text.", state)
	}
	s.Facts = append(s.Facts, d.dateFact(t, "fact.due", p.Due)...)
	if q.State == lifecycle.Unverified {
		s.Facts = append(s.Facts, someFact(t.Text("fact.confirm"), d.through(t, q.VerifyBy))...)
	}
	s.Facts = append(s.Facts, stoppedFact(t, t.Text("fact.stopped.on", "date", d.date(t, q.ReceivedAt)), q)...)
	return s
}

func (p RequestStatus) remarks(d *Desk, t *catalog.Texts) []string {
	var remarks []string
	q := p.File.Request
	if q.Reduced() {
		remarks = append(remarks, t.Text("status.disposed", "date", d.date(t, q.ReducedAt)))
	}
	if q.Extension != nil && !p.Due.IsZero() {
		remarks = append(remarks, t.Text("status.extended"))
	}
	if q.LinkedTo != "" {
		remarks = append(remarks, t.Text("status.linked", "reference", q.LinkedTo))
	}
	if q.AppealOf != "" {
		remarks = append(remarks, t.Text("status.appeal.of", "reference", q.AppealOf))
	}
	return remarks
}

func (p RequestStatus) waiting(d *Desk, t *catalog.Texts) *section {
	w := p.File.Request.Waiting
	if w == nil {
		return nil
	}
	s := &section{
		Title: t.Text("waiting.title"), Lead: t.Named("waiting.cause.", string(w.Cause)), Quote: lines(w.Question),
		Facts: feeFact(t, w.Fee), Lists: d.evidenceList(t, p.File.Request),
	}
	if len(w.Proofs) == 0 {
		s.Texts = append(s.Texts, t.Text("waiting.reply", "email", d.Organisation.Contact, "reference", p.reference()))
	}
	if p.Wait.Then != "" {
		by, end := civil.Of(p.Wait.By, d.Zone), civil.Of(p.Wait.End, d.Zone)
		s.Texts = append(s.Texts, t.Text("waiting.until."+p.Wait.Then, "date", t.Day(by), "end", t.Day(end)))
	}
	if w.ClockStands {
		s.Texts = append(s.Texts, t.Text("waiting.clock"))
	}
	return s
}

func (p RequestStatus) answer(d *Desk, t *catalog.Texts) *section {
	q, a := p.File.Request, p.File.Request.Decision
	if a == nil {
		return nil
	}
	s := &section{
		Title: t.Text("answer.title"), Lead: t.Named("outcome.", string(a.Outcome)), Quote: lines(a.Explanation),
		Facts: d.dateFact(t, "fact.decided", a.At),
	}
	if len(a.Grounds) > 0 {
		s.Lists = []list{{Title: t.Text("answer.grounds"), Items: groundItems(t, a.Grounds)}}
		s.Texts = append(s.Texts, t.Text("answer.complain", "authority", t.Named("authority.", string(decision.AuthorityOf(q.Place)))))
	}
	if p.disputable() {
		s.Texts = append(s.Texts, t.Text("answer.restrict"))
		s.Links = []link{{pathRequests + "?" + FieldKind + "=" + string(deadline.Restriction) + "&" + FieldLang + "=" + t.Lang(), t.Text("answer.restrict.link")}}
	}
	return s
}

func groundItems(t *catalog.Texts, grounds []decision.Given) []item {
	items := make([]item, len(grounds))
	for i, g := range grounds {
		items[i].Text = t.Named("ground.", string(g.Ground))
		if g.Clause != "" {
			items[i].Note = t.Text("answer.clause", "clause", t.Citation(g.Clause))
		}
	}
	return items
}
