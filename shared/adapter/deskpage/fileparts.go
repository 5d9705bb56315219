package deskpage

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/staff"
)

// words are what the person asks for, and whose words they are.
func (p File) words(d *Desk, v Visit) part {
	t, q := v.Texts, p.File.Request
	s := part{ID: "words", Title: t.Text("desk.words"), Facts: p.facts(d, v), Quote: q.Details}
	if q.Reduced() {
		return s
	}
	s.Texts = []string{t.Text("desk.words." + p.File.Whose())}
	if q.Source == intake.FromAppeal {
		s.Texts = []string{t.Text("desk.words.appeal")}
	}
	if q.Details == "" {
		s.Texts = append(s.Texts, t.Text("desk.words.none"))
	}
	if v.Account.Role.May(staff.RevealAddr) && !(q.Address.IsZero() && q.Contact.IsZero()) && p.Until.IsZero() {
		s.Forms = []form{{Action: FilePath(q.ID) + "/reveal", Intro: []string{t.Text("desk.reveal.text")}, Button: t.Text("desk.reveal"), Quiet: true}}
	}
	return s
}

func (p File) facts(d *Desk, v Visit) []fact {
	t, q := v.Texts, p.File.Request
	person := fact{Label: t.Text("desk.fact.person")}
	switch {
	case q.Address.IsZero() && !q.Reduced():
		person.Value = t.Text("desk.fact.no_email")
	case q.Address.IsZero():
		person.Value = t.Text("desk.row.reduced")
	case p.Until.IsZero():
		person.Value = q.Address.String()
	default:
		person.Value, person.Note = q.Address.Reveal(), t.Text("desk.fact.address.until", "time", d.clock(p.Until))
	}
	stopped := scopes(t, intake.Stopped(q.Kinds, !q.NoEmail))
	gpc := ""
	if q.GPC {
		gpc = t.Text("desk.fact.gpc.yes")
	}
	return some(
		person, p.post(t), p.telephone(t), fact{Label: t.Text("desk.fact.name"), Value: q.Name}, fact{Label: t.Text("desk.fact.kinds"), Value: askedFor(t, q.Kinds, q.KindsUnsure)},
		fact{Label: t.Text("desk.fact.behalf"), Value: behalf(t, q.OnBehalfOf)}, fact{Label: t.Text("desk.fact.place"), Value: placeName(t, q.Place)},
		fact{Label: t.Text("desk.fact.language"), Value: catalog.Name(q.Language)}, fact{Label: t.Text("desk.fact.source"), Value: t.Named("desk.source.", string(q.Source))},
		fact{Label: t.Text("desk.fact.received"), Value: d.moment(t, q.ReceivedAt, v.Now)}, fact{Label: t.Text("desk.fact.confirmed"), Value: p.confirmed(d, v)},
		fact{Label: t.Text("desk.fact.stopped"), Value: stopped}, fact{Label: t.Text("desk.fact.gpc"), Value: gpc},
	)
}

// post is the postal address, masked where the address is.
func (p File) post(t *catalog.Texts) fact {
	c, f := p.File.Request.Contact, fact{Label: t.Text("desk.fact.post")}
	switch {
	case c.Post() == "":
	case p.Until.IsZero():
		f.Value = c.String()
	default:
		f.Value = strings.ReplaceAll(c.Post(), "\n", ", ")
	}
	return f
}

func (p File) telephone(t *catalog.Texts) fact {
	c, f := p.File.Request.Contact, fact{Label: t.Text("desk.fact.telephone")}
	if f.Value = c.Telephone(); f.Value != "" && p.Until.IsZero() {
		f.Value = c.String()
	}
	return f
}

func (p File) confirmed(d *Desk, v Visit) string {
	if p.File.Request.VerifiedAt.IsZero() {
		return ""
	}
	return d.moment(v.Texts, p.File.Request.VerifiedAt, v.Now)
}

// some leaves out facts without a value.
func some(all ...fact) []fact {
	return slices.DeleteFunc(all, func(f fact) bool { return f.Value == "" })
}

// waits is what we wait for from the person.
func (p File) waits(d *Desk, t *catalog.Texts) part {
	w := p.File.Request.Waiting
	if w == nil || p.File.Request.State != lifecycle.WaitingForPerson {
		return part{}
	}
	s := part{ID: "waits", Title: t.Text("desk.waits"), Texts: []string{t.Text("desk.waits.for." + string(w.Cause))}, Quote: w.Question}
	for _, proof := range w.Proofs {
		s.Texts = append(s.Texts, t.Text("desk.proof."+string(proof)))
	}
	if w.Fee != nil {
		s.Texts = append(s.Texts, t.Text("desk.waits.fee", "fee", t.Amount(w.Fee.Amount, w.Fee.Currency)))
	}
	if !w.Until.IsZero() {
		s.Texts = append(s.Texts, t.Text("desk.waits.until", "date", d.lastDay(t, w.Until)))
	}
	key := "desk.waits.runs"
	if w.ClockStands {
		key = "desk.waits.stands"
	}
	s.Texts = append(s.Texts, t.Text(key))
	return s
}

// checks are how it is known who asks.
func (p File) checks(t *catalog.Texts) part {
	q := p.File.Request
	s := part{ID: "checks", Title: t.Text("desk.checks")}
	switch {
	case len(q.Checked) > 0:
		for _, c := range q.Checked {
			s.Texts = append(s.Texts, t.Text("desk.checked."+string(c)))
		}
	case q.VerifiedAt.IsZero():
		s.Texts = []string{t.Text("desk.checks.none")}
	case q.AppealOf != "":
		s.Texts = []string{t.Text("desk.checks.appeal")}
	default:
		s.Texts = []string{t.Text("desk.checks.link")}
	}
	return s
}

// answer is the decision, kind by kind, with what the person said to it.
func (p File) answer(d *Desk, v Visit) part {
	t, q := v.Texts, p.File.Request
	if q.Decision == nil {
		return part{}
	}
	s := part{ID: "answer", Title: t.Text("desk.answer")}
	if len(q.Decision.Answers) == 0 {
		s.Texts = []string{t.Text("desk.answer.itself", "date", d.day(t, q.Decision.At))}
		return s
	}
	s.Table = &table{Caption: t.Text("desk.answer.caption"), Heads: []string{t.Text("desk.answer.kind"), t.Text("desk.answer.outcome"), t.Text("desk.answer.grounds"), t.Text("desk.answer.words")}}
	for _, a := range q.Decision.Answers {
		s.Table.Rows = append(s.Table.Rows, []cell{
			{Text: t.Named("desk.kind.", string(a.Kind)), Head: true}, {Text: outcome(t, a)}, {Text: grounds(t, a.Grounds)}, {Text: a.Explanation},
		})
	}
	if q.Decision.By != "" {
		s.Texts = append(s.Texts, t.Text("desk.answer.by", "who", who(t, v, q.Decision.By), "date", d.moment(t, q.Decision.At, v.Now)))
	}
	if !q.ExportUntil.IsZero() && !q.Paper { // no link leads there from paper
		s.Texts = append(s.Texts, t.Text("desk.answer.export", "date", d.lastDay(t, q.ExportUntil), "n", strconv.Itoa(q.Fetched)))
	}
	if q.Statement != "" {
		s.Folds = []fold{{Summary: t.Text("desk.answer.statement"), Quote: q.Statement}}
	}
	return s
}

// outcome names how a kind was answered. A complaint is found to be justified or not.
func outcome(t *catalog.Texts, a decision.Answer) string {
	if a.Kind == deadline.Complaint {
		return t.Named("complaint.", string(a.Outcome))
	}
	return t.Named("desk.outcome.", string(a.Outcome))
}

func grounds(t *catalog.Texts, all []decision.Given) string {
	var names []string
	for _, g := range all {
		name := t.Named("ground.", string(g.Ground))
		if g.Clause != "" {
			name += " (" + t.Citation(g.Clause) + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// letters stand there as they were sent, the latest first.
func (p File) letters(d *Desk, v Visit) part {
	t := v.Texts
	s := part{ID: "letters", Title: t.Text("desk.letters")}
	for _, l := range slices.Backward(byDate(p.File.Letters)) {
		f := fold{Summary: t.Named("desk.lettername.", string(l.Template)) + ": " + d.mailed(t, v, l), Quote: l.Text}
		if Printed(l) && v.Account.Role.May(staff.RevealAddr) {
			f.Links = []link{{PaperPath(p.File.Request.ID, l), t.Text("desk.paper.print")}}
		}
		if l.Subject != "" {
			f.Texts = []string{l.Subject}
		}
		s.Folds = append(s.Folds, f)
	}
	if len(s.Folds) == 0 && !p.File.Request.Reduced() {
		s.Texts = []string{t.Text("desk.letters.none")}
	}
	return s
}

// mailed is how far a letter has come.
func (d *Desk) mailed(t *catalog.Texts, v Visit, l outbox.Letter) string {
	at, state := l.SentAt, string(l.State)
	switch {
	case l.UnderWay():
		at = l.DueAt
	case l.State == outbox.ToPost:
		at = l.WrittenAt
	case l.Paper && l.State == outbox.Sent:
		return t.Text("desk.mailed.posted", "time", d.day(t, at))
	}
	return t.Text("desk.mailed."+state, "time", d.moment(t, at, v.Now))
}

func byDate(letters []outbox.Letter) []outbox.Letter {
	sorted := slices.Clone(letters)
	slices.SortStableFunc(sorted, func(a, b outbox.Letter) int {
		return cmp.Or(a.QueuedAt.Compare(b.QueuedAt), cmp.Compare(a.Seq, b.Seq))
	})
	return sorted
}

// dates are all that run, the strictest first.
func (p File) dates(d *Desk, t *catalog.Texts) part {
	s := part{ID: "dates", Title: t.Text("desk.dates")}
	if len(p.Dates) == 0 {
		s.Texts = []string{t.Text("desk.dates.none")}
		return s
	}
	s.Table = &table{Caption: t.Text("desk.dates.caption"), Heads: []string{t.Text("desk.dates.what"), t.Text("desk.dates.when"), t.Text("desk.dates.why")}}
	for _, date := range p.Dates {
		when := cell{Text: d.day(t, date.Due)}
		if date.Paused {
			when.Note = t.Text("desk.dates.stands")
		}
		row := []cell{{Text: t.Text("desk.purpose." + string(date.Purpose)), Note: kindNames(t, date.Kinds), Head: true}, when, {Text: deadline.Words(t, date.Explain())}}
		s.Table.Rows = joined(s.Table.Rows, row)
	}
	return s
}

// others are the person's other requests.
func (p File) others(d *Desk, v Visit) part {
	t := v.Texts
	s := part{ID: "others", Title: t.Text("desk.others")}
	if p.File.Request.Reduced() {
		return part{}
	}
	s.Table = &table{Caption: t.Text("desk.others.caption"), Empty: t.Text("desk.others.none"), Heads: []string{t.Text("desk.fact.reference"), t.Text("desk.fact.received"), t.Text("desk.column.kinds"), t.Text("desk.column.state")}}
	for _, r := range p.Others {
		s.Table.Rows = append(s.Table.Rows, []cell{
			{Text: r.Reference, Href: FilePath(r.Reference), Head: true}, {Text: shortDay(t, civil.Of(r.ReceivedAt, d.Zone), p.Today)}, {Text: askedFor(t, r.Kinds, r.Unsure)}, {Text: stateName(t, r.Kinds, r.State)},
		})
	}
	if p.File.Request.Ref != "" {
		s.Links = []link{{"/desk/people/" + string(p.File.Request.Ref), t.Text("desk.others.person")}}
	}
	return s
}

// joined adds a date. One that is like another but for its kinds is told with it.
func joined(rows [][]cell, row []cell) [][]cell {
	for _, r := range rows {
		if r[0].Text == row[0].Text && r[1].Text == row[1].Text && r[1].Note == row[1].Note && r[2].Text == row[2].Text {
			r[0].Note += " · " + row[0].Note
			return rows
		}
	}
	return append(rows, row)
}
