package page

import (
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
)

func (p RequestStatus) view(d *Desk, t *catalog.Texts) view {
	anchors := map[string]string{FieldStatement: "#" + FieldStatement, FieldReasons: "#" + FieldReasons, FieldNewAddress: "#" + FieldNewAddress}
	body := sections{
		Errors: fieldErrors(p.Errors).summary(t, t.Text("form.problem"), anchors),
		Notice: p.notice(d, t), Cards: []section{p.standing(d, t)},
	}
	for _, card := range slices.Concat(
		[]*section{p.waiting(d, t), p.Upload.card(t, p.File.Request, p.Action)}, p.answers(d, t),
		[]*section{p.systems(d, t)},
		[]*section{p.export(d, t), p.disagreement(t), p.appeal(d, t), p.request(d, t), p.history(d, t), p.moved(t), p.withdrawal(t)},
	) {
		if card != nil {
			body.Cards = append(body.Cards, *card)
		}
	}
	body.Disclosures = receiptBox(t, p.ReceiptURL)
	return view{shape: sectionsShape, title: t.Text("status.title"), languages: true, failed: len(p.Errors) > 0, postsTo: p.Upload.origin(), body: body}
}

// notice says what must not be overlooked: of what the person has just tried
// before anything else.
func (p RequestStatus) notice(d *Desk, t *catalog.Texts) *notice {
	if p.Refused != nil {
		return &notice{t.Text("status.conflict.title"), t.Text(refusalKey(p.Refused), "email", d.Organisation.Contact, "reference", p.reference())}
	}
	if n := p.Upload.notice(t); n != nil {
		return n
	}
	if q := p.File.Request; q.MailFailedAt.IsZero() || q.Reduced() {
		return nil
	}
	return &notice{t.Text("status.undelivered.title"), t.Text("status.undelivered.text", "email", d.Organisation.Contact)}
}

// stateMarks are the states that are not simply under way.
var stateMarks = map[lifecycle.State]mark{
	lifecycle.Unverified: markAsk, lifecycle.WaitingForPerson: markAsk, lifecycle.Fulfilled: markDone, lifecycle.PartlyFulfilled: markDone,
	lifecycle.Withdrawn: markDone, lifecycle.Joined: markDone, lifecycle.Refused: markProblem, lifecycle.Expired: markProblem,
}

// standing says where the request stands, and by when something happens.
func (p RequestStatus) standing(d *Desk, t *catalog.Texts) section {
	q, state := p.File.Request, decision.InWords(p.File.Request.Kinds, string(p.File.Request.State))
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
	by := "fact.due"
	if q.State == lifecycle.CarryingOut {
		by = "fact.carry"
	}
	s.Facts = append(s.Facts, d.dateFact(t, by, p.Due)...)
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
	if q.LinkedTo != "" && !q.State.Decided() {
		remarks = append(remarks, t.Text("status.linked", "reference", q.LinkedTo))
	}
	if q.LinkedTo != "" && q.State == lifecycle.Joined {
		remarks = append(remarks, t.Text("status.joined", "reference", q.LinkedTo))
	}
	if q.AppealOf != "" {
		remarks = append(remarks, t.Text(second(q, "status.appeal.of", "review.of"), "reference", q.AppealOf))
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
		Facts: feeFact(t, w.Fee), Texts: feeWords(t, w.Fee), Lists: d.evidenceList(t, p.File.Request),
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

// answers are the decision, kind by kind, and what the person can do about it.
func (p RequestStatus) answers(d *Desk, t *catalog.Texts) []*section {
	q, a := p.File.Request, p.File.Request.Decision
	if a == nil {
		return nil
	}
	var cards []*section
	for _, one := range a.Answers {
		s := &section{
			Title: t.Text("answered.kind", "kind", t.Named("kind.", string(one.Kind))), Lead: outcome(t, p.File, one), Quote: lines(one.Explanation),
			Facts: d.dateFact(t, "fact.decided", a.At),
		}
		if len(one.Grounds) > 0 {
			s.Lists = []list{{Title: t.Text("answer.grounds"), Items: groundItems(t, one.Grounds)}}
		}
		cards = append(cards, s)
	}
	if len(a.Answers) == 0 {
		return []*section{{Title: t.Text("answer.title"), Lead: t.Text("answered.fulfilled"), Facts: d.dateFact(t, "fact.decided", a.At)}}
	}
	if q.HeldBack {
		cards = append(cards, &section{Title: t.Text("mail.decision.erase"), Texts: []string{t.Text("held.text")}})
	}
	if len(a.Denied()) > 0 {
		cards = append(cards, remedyCard(t, q))
	}
	if decision.ComplaintRoute(q.Place) {
		cards = append(cards, &section{Title: t.Text("answer.complaint.title"), Texts: []string{t.Text("answer.complaint", "clause", t.Citation(decision.ComplaintClause))}, Links: []link{requestLink(t, deadline.Complaint, "answer.complaint.link")}})
	}
	return cards
}

// systems are the other systems that have to do it too, and how far each has come.
func (p RequestStatus) systems(d *Desk, t *catalog.Texts) *section {
	q := p.File.Request
	if q.Decision == nil {
		return nil
	}
	all := t.Systems(d.Systems, p.File.Systems)
	if intake.Exports(q.Decision.Granted(true)) {
		all = append(t.Parts(d.Systems, d.Organisation.Contact, access.Parts(p.File.Systems, p.File.Files), q.OwnData()), all...)
	}
	if len(all) == 0 {
		return nil
	}
	s := &section{Title: t.Text("systems.title")}
	for _, task := range all {
		l := list{Title: task.Lead}
		for _, text := range task.Items {
			l.Items = append(l.Items, item{Text: text})
		}
		s.Lists = append(s.Lists, l)
	}
	if q.State == lifecycle.CarryingOut {
		s.Texts = []string{t.Text("systems.wait")}
	}
	return s
}

// requestLink leads to the form for a kind.
func requestLink(t *catalog.Texts, kind deadline.Kind, text string) link {
	return link{pathRequests + "?" + FieldKind + "=" + string(kind) + "&" + FieldLang + "=" + t.Lang(), t.Text(text)}
}

// outcome is the answer in a sentence. What was done is said to nobody but whose data it is.
func outcome(t *catalog.Texts, f request.File, a decision.Answer) string {
	if a.Kind == deadline.Complaint { // it is justified or not: nothing is granted
		return t.Named("complaint.", string(a.Outcome))
	}
	a.Outcome = access.Outcome(a, f.Systems)
	text := t.Named("answered.", string(a.Outcome))
	if key := "granted." + string(a.Kind); a.Outcome == decision.Grant && t.Has(key) && f.Request.OwnData() && len(ledger.NotDone(f.Systems)) == 0 {
		text += " " + t.Named("granted.", string(a.Kind))
	}
	return text
}

// remedyCard is what can be done outside about an answer, and what we offer instead.
func remedyCard(t *catalog.Texts, q request.Request) *section {
	r := decision.RemedyOf(q.Place)
	s := &section{Title: t.Text("mail.decision.object"), Texts: []string{t.Complain(r)}}
	if r.Court != "" {
		s.Texts = append(s.Texts, t.Text("remedy.court", "clause", t.Citation(r.Court)))
	}
	if q.Blockable() {
		s.Texts = append(s.Texts, t.Text("answer.restrict"))
		s.Links = append(s.Links, requestLink(t, deadline.Restriction, "answer.restrict.link"))
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

// second is the key of a text about an appeal, or about a review where the law of the place knows no appeal.
func second(q request.Request, appeal, review string) string {
	if deadline.Appeals(q.Place) {
		return appeal
	}
	return review
}

// feeWords says why the law allows a fee.
func feeWords(t *catalog.Texts, f *waiting.Fee) []string {
	if f == nil {
		return nil
	}
	return []string{t.Named("feeword.", string(f.Because))}
}
