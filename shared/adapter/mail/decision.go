package mail

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
)

// decision is the answer to a request or an appeal.
func (m RequestLetter) decision(d Desk, t *catalog.Texts) letter {
	q, a := m.Request, decision.Decision{}
	if q.Decision != nil {
		a = *q.Decision
	}
	subject, lead := "mail.decision.subject", t.Text("mail.decision.lead")
	if q.AppealOf != "" {
		subject, lead = "mail.decision.appeal.subject", t.Text("mail.decision.appeal", "reference", q.AppealOf)
	}
	return letter{Subject: t.Text(subject, "reference", q.ID), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: lead},
			m.about(t, d.on(t, t.Text("fact.received"), q.ReceivedAt), d.on(t, t.Text("fact.decided"), a.At)),
			{Heading: t.Text("answer.title")}, {Text: word(t, "outcome.", string(a.Outcome))},
		},
		grounds(t, a.Grounds), said(a.Explanation), m.export(t), m.erasure(d, t), m.objections(t, a), m.status(t, closed(t, m.Kept)),
	)}
}

func grounds(t *catalog.Texts, given []decision.Given) []part {
	if len(given) == 0 {
		return nil
	}
	parts := []part{{Heading: t.Text("answer.grounds")}}
	for _, g := range given {
		text := word(t, "ground.", string(g.Ground))
		if g.Clause != "" {
			text += " " + t.Text("answer.clause", "clause", t.Citation(g.Clause))
		}
		parts = append(parts, part{Text: text})
	}
	return parts
}

func (m RequestLetter) export(t *catalog.Texts) []part {
	if m.Export.URL == "" {
		return nil
	}
	return []part{
		{Heading: t.Text("status.export.title")}, {Text: t.Text("status.export.lead", "date", t.Day(m.Export.Until))},
		{Link: &link{t.Text("status.export.link"), m.Export.URL}},
	}
}

// erasure says when the person is erased, and what must stay so that they are not mailed again.
func (m RequestLetter) erasure(d Desk, t *catalog.Texts) []part {
	if m.Request.EraseFrom.IsZero() {
		return nil
	}
	when := t.Text("mail.decision.erase.from", "date", t.Date(m.Request.EraseFrom.In(d.Zone)))
	if m.Erased {
		when = t.Text("mail.decision.erase.now")
	}
	return []part{{Heading: t.Text("mail.decision.erase")}, {Text: when}, {Text: t.Text("mail.decision.erase.kept")}}
}

// objections is what a person can do who does not agree.
func (m RequestLetter) objections(t *catalog.Texts, a decision.Decision) []part {
	q := m.Request
	if len(a.Grounds) == 0 {
		return nil
	}
	parts, disputable := []part{{Heading: t.Text("mail.decision.object")}}, q.Refusal() && q.Disputable()
	for _, way := range []struct {
		open bool
		text string
	}{
		{q.Appealable(), t.Text("mail.decision.may.appeal")},
		{q.Statement != "", t.Text("mail.decision.disagreed")},
		{disputable && q.Statement == "", t.Text("mail.decision.may.disagree")},
		{true, t.Text("answer.complain", "authority", word(t, "authority.", string(decision.AuthorityOf(q.Place))))},
		{disputable, t.Text("answer.restrict")},
	} {
		if way.open {
			parts = append(parts, part{Text: way.text})
		}
	}
	if disputable {
		parts = append(parts, part{Link: &link{t.Text("answer.restrict.link"), m.FormURL + "?kind=" + string(deadline.Restriction)}})
	}
	return parts
}
