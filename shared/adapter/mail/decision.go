package mail

import (
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// decision is the answer to a request or an appeal: what took effect by itself, then kind by kind.
func (m RequestLetter) decision(d Desk, t *catalog.Texts) letter {
	q, a := m.Request, decision.Decision{}
	if q.Decision != nil {
		a = *q.Decision
	}
	subject, lead := "mail.decision.subject", t.Text("mail.decision.lead")
	if q.AppealOf != "" {
		subject, lead = m.second("mail.decision.appeal.subject", "review.answer.subject"), t.Text(m.second("mail.decision.appeal", "review.answer"), "reference", q.AppealOf)
	}
	return letter{Subject: t.Text(subject, "reference", q.ID), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: lead},
			m.about(t, d.on(t, t.Text("fact.received"), q.ReceivedAt), d.on(t, t.Text("fact.decided"), a.At)),
		},
		m.effect(t), m.noEmail(t), m.answers(t, a), m.systems(d, t, m.parts(d, t)), m.export(d, t), m.erasure(d, t), m.objections(d, t, a), m.complaint(t), d.signature(t), m.status(t, closed(t, m.Kept)),
	)}
}

// second is the key of a text about an appeal, or about a review where the law of the place knows no appeal.
func (m RequestLetter) second(appeal, review string) string {
	if deadline.Appeals(m.Request.Place) {
		return appeal
	}
	return review
}

// effect is what took effect when the request came, of which no appeal tells again.
func (m RequestLetter) effect(t *catalog.Texts) []part {
	out := m.scopes()
	if m.unsubscribed() {
		out = []string{"email"}
	}
	if len(out) == 0 || m.Request.AppealOf != "" {
		return nil
	}
	return []part{{Heading: t.Text("answered.effect")}, {Text: t.Text("answered.stopped")}, {Items: scopes(t, out)}}
}

// answers are the decision, kind by kind.
func (m RequestLetter) answers(t *catalog.Texts, d decision.Decision) []part {
	var parts []part
	for _, a := range d.Answers {
		parts = append(parts, part{Heading: t.Text("answered.kind", "kind", word(t, "kind.", string(a.Kind)))}, part{Text: m.outcome(t, a)})
		parts = append(parts, grounds(t, a.Grounds)...)
		if words := said(a.Explanation); words != nil {
			parts = append(append(parts, part{Text: t.Text(wordsOf(a))}), words...)
		}
	}
	return parts
}

// wordsOf is the key of what introduces the officer's words: to a complaint that is justified, they say what is put right.
func wordsOf(a decision.Answer) string {
	if a.Kind == deadline.Complaint && a.Outcome != decision.Refuse {
		return "complaint.words"
	}
	return "answered.words"
}

// outcome is the answer in a sentence. What was done is said to nobody but whose data it is.
func (m RequestLetter) outcome(t *catalog.Texts, a decision.Answer) string {
	if a.Kind == deadline.Complaint { // it is justified or not: nothing is granted
		return word(t, "complaint.", string(a.Outcome))
	}
	a.Outcome = access.Outcome(a, m.Request.Tasks)
	text := word(t, "answered.", string(a.Outcome))
	if done := word(t, "granted.", string(a.Kind)); a.Outcome == decision.Grant && done != "" && m.Request.OwnData() && len(ledger.NotDone(m.Request.Tasks)) == 0 {
		text += " " + done
	}
	return text
}

func grounds(t *catalog.Texts, given []decision.Given) []part {
	var items []string
	for _, g := range given {
		text := word(t, "ground.", string(g.Ground))
		if g.Clause != "" {
			text += " " + t.Text("answer.clause", "clause", t.Citation(g.Clause))
		}
		items = append(items, text)
	}
	return listed(t.Text("answer.grounds")+":", items)
}

// erasure says when the person is erased, and what must stay so that they are not mailed again.
func (m RequestLetter) erasure(d Desk, t *catalog.Texts) []part {
	if m.Request.EraseFrom.IsZero() {
		return nil
	}
	return join([]part{{Heading: t.Text("mail.decision.erase")}}, m.erased(d, t), []part{{Heading: t.Text("mail.decision.erase.stays")}, {Items: m.stays(t)}})
}

// erased says when the person is erased.
func (m RequestLetter) erased(d Desk, t *catalog.Texts) []part {
	q, date := m.Request, t.Date(m.Request.EraseFrom.In(d.Zone))
	switch {
	case q.HeldBack:
		return []part{{Text: t.Text("held.text")}}
	case m.Held:
		return []part{{Text: t.Text("held.since")}}
	}
	var when []part
	if q.Outstanding > 0 && m.Template == requestmail.Erasing {
		when = append(when, part{Text: t.Text("erasing.systems")})
	}
	key := "mail.decision.erase.other" // another request of theirs keeps it waiting
	switch {
	case q.Outstanding > 0 && m.Erased:
		key = "erase.systems"
	case q.Outstanding > 0:
		key = "erase.systems.from"
	case m.Erased && q.Delayed:
		return []part{{Text: t.Text("erase.open")}}
	case m.Erased && m.Template == requestmail.Erasing:
		key = "erasing.now"
	case m.Erased:
		key = "mail.decision.erase.now"
	case q.EraseFrom.Equal(q.ExportUntil):
		key = "mail.decision.erase.from"
	case q.EraseFrom.Equal(q.ObjectUntil):
		key = "mail.decision.erase.object"
	}
	when = append(when, part{Text: t.Text(key, "date", date)})
	if q.Delayed {
		return append(when, part{Text: t.Text("erase.open.longer")})
	}
	return when
}

// stays is what an erasure leaves, why, and until when. A keyed reference is a pseudonym, and so still personal data
// (Art. 4(5) GDPR; EDPB report on the right to erasure, February 2026).
func (m RequestLetter) stays(t *catalog.Texts) []string {
	items := []string{t.Text("mail.decision.erase.kept"), t.Text("mail.decision.erase.list")}
	if m.Request.NoEmail { // nothing of a mailbox is kept
		items = nil
		if len(m.scopes()) > 0 {
			items = []string{t.Text("paper.erase.kept")}
		}
	}
	log, backups := t.Text("mail.decision.erase.log.held"), t.Text("mail.decision.erase.backups.held")
	if !m.Kept.Log.IsZero() {
		log = t.Text("mail.decision.erase.log", "date", t.Day(m.Kept.Log))
	}
	if !m.Backup.IsZero() && !m.Held && !m.Request.HeldBack {
		backups = t.Text("mail.decision.erase.backups", "date", t.Day(m.Backup))
	}
	return append(items, log, backups)
}

// carriedOut says what was done where, once the other systems have answered.
func (m RequestLetter) carriedOut(d Desk, t *catalog.Texts) letter {
	q, lead, a := m.Request, "carried.lead", decision.Decision{}
	if q.Decision != nil {
		a = *q.Decision
	}
	var object []part
	if len(ledger.NotDone(q.Tasks)) > 0 {
		lead = "carried.lead.partly"
		object = m.object(d, t, a)
	}
	return letter{Subject: t.Text("carried.subject", "reference", q.ID), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: t.Text(lead)},
			m.about(t, d.on(t, t.Text("fact.received"), q.ReceivedAt), d.on(t, t.Text("fact.decided"), a.At)),
		},
		m.systems(d, t, nil), m.erasure(d, t), object, d.signature(t), m.status(t, closed(t, m.Kept)),
	)}
}

// objections is what a person can do who does not agree: here, at the authority and in court.
func (m RequestLetter) objections(d Desk, t *catalog.Texts, a decision.Decision) []part {
	if len(a.Denied()) == 0 && m.Request.State != lifecycle.PartlyFulfilled {
		return nil
	}
	return m.object(d, t, a)
}

func (m RequestLetter) object(d Desk, t *catalog.Texts, a decision.Decision) []part {
	q := m.Request
	again := t.Text(m.second("review.may.appeal", "review.may.review"))
	if d.Requests.AppealByAnother {
		again += " " + t.Text("review.eyes")
	}
	parts := []part{{Heading: t.Text("mail.decision.object")}}
	for _, way := range []struct {
		open bool
		text string
	}{
		{q.Appealable(), again},
		{q.Statement != "", t.Text("mail.decision.disagreed")},
		{q.Disputable() && q.Statement == "", t.Text("mail.decision.may.disagree")},
		{q.Blockable(), t.Text("answer.restrict")},
	} {
		if way.open {
			parts = append(parts, part{Text: way.text})
		}
	}
	if q.Blockable() {
		parts = append(parts, part{Link: &link{t.Text("answer.restrict.link"), m.FormURL + "?kind=" + string(deadline.Restriction)}})
	}
	return append(parts, remedy(t, decision.RemedyOf(q.Place))...)
}

func remedy(t *catalog.Texts, r decision.Remedy) []part {
	parts := []part{{Text: t.Complain(r)}}
	if r.Court != "" {
		parts = append(parts, part{Text: t.Text("remedy.court", "clause", t.Citation(r.Court))})
	}
	return parts
}

// signature says who answers (Art. 13(1)(a), (b) GDPR).
func (d Desk) signature(t *catalog.Texts) []part {
	o := d.Organisation
	facts := []fact{{t.Text("signed.controller"), strings.Join(lines(o.Postal()), ", ")}}
	if o.DataProtectionOfficer != "" {
		facts = append(facts, fact{t.Text("signed.officer"), o.DataProtectionOfficer})
	}
	return []part{{Heading: t.Text("signed.title")}, {Facts: append(facts, fact{t.Text("signed.person"), o.Responsible})}}
}

// erasing says that an erasure which a legal hold kept back follows.
func (m RequestLetter) erasing(d Desk, t *catalog.Texts) letter {
	return letter{Subject: t.Text("erasing.subject", "reference", m.reference()), Parts: join(
		[]part{{Text: t.Text("mail.greeting")}, {Text: t.Text("erasing.lead")}, m.about(t)}, m.erasure(d, t), m.status(t, closed(t, m.Kept)),
	)}
}

// reopened says that a closed request is looked at again.
func (m RequestLetter) reopened(d Desk, t *catalog.Texts) letter {
	return letter{Subject: t.Text("reopened.subject", "reference", m.reference()), Parts: join(
		[]part{{Text: t.Text("mail.greeting")}, {Text: t.Text("reopened.lead")}, m.about(t)}, m.due(d, t), m.status(t, t.Text("mail.status")),
	)}
}

// complaint is the way to complain to us, where every answer must name it.
func (m RequestLetter) complaint(t *catalog.Texts) []part {
	if !decision.ComplaintRoute(m.Request.Place) {
		return nil
	}
	return []part{
		{Heading: t.Text("answer.complaint.title")}, {Text: t.Text("answer.complaint", "clause", t.Citation(decision.ComplaintClause))},
		{Link: &link{t.Text("answer.complaint.link"), m.FormURL + "?kind=" + string(deadline.Complaint)}},
	}
}
