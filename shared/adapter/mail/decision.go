package mail

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
)

// RequestDecision is the answer to a request or an appeal.
type RequestDecision struct {
	Reference   string
	Kinds       []string
	ReceivedAt  time.Time
	DecidedAt   time.Time
	AppealOf    string // it answers an appeal against the answer to that request; may be empty
	Outcome     string // "fulfilled", "partly_fulfilled" or "refused"
	Grounds     []Ground
	Explanation string    // the officer's own words; may be empty
	Authority   string    // code of the authority to complain to: "eu", "us-ca", ...
	ExportURL   string    // absolute; empty: there is no export
	ExportUntil civil.Day // with ExportURL: the last day of the link
	Erases      bool      // the person's data is erased
	EraseFrom   time.Time // with Erases: when; zero: at once
	RestrictURL string    // absolute URL of a form that asks to block the data instead; empty: not offered
	Disputable  bool      // a statement of disagreement can be put on record at StatusURL
	Disagreed   bool      // such a statement is on record
	Appealable  bool      // an appeal can be made at StatusURL
	Kept        Kept
	StatusURL   string // absolute
}

// Ground is a coded reason for not doing all that was asked, with its clause.
type Ground struct {
	Code   string // "no_data_found"
	Clause string // "Art. 15(1) GDPR"; may be empty
}

func (m RequestDecision) letter(_ Organisation, t *catalog.Texts) letter {
	subject, lead := "mail.decision.subject", t.Text("mail.decision.lead")
	if m.AppealOf != "" {
		subject, lead = "mail.decision.appeal.subject", t.Text("mail.decision.appeal", "reference", m.AppealOf)
	}
	return letter{Subject: t.Text(subject, "reference", m.Reference), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: lead},
			about(t, m.Reference, m.Kinds, on(t, t.Text("fact.received"), m.ReceivedAt), on(t, t.Text("fact.decided"), m.DecidedAt)),
			{Heading: t.Text("answer.title")}, {Text: word(t, "outcome.", m.Outcome)},
		},
		m.grounds(t), said(m.Explanation), m.export(t), m.erasure(t), m.objections(t), status(t, m.Kept.intro(t), m.StatusURL),
	)}
}

func (m RequestDecision) grounds(t *catalog.Texts) []part {
	if len(m.Grounds) == 0 {
		return nil
	}
	parts := []part{{Heading: t.Text("answer.grounds")}}
	for _, g := range m.Grounds {
		text := word(t, "ground.", g.Code)
		if g.Clause != "" {
			text += " " + t.Text("answer.clause", "clause", g.Clause)
		}
		parts = append(parts, part{Text: text})
	}
	return parts
}

func (m RequestDecision) export(t *catalog.Texts) []part {
	if m.ExportURL == "" {
		return nil
	}
	return []part{
		{Heading: t.Text("status.export.title")}, {Text: t.Text("status.export.lead", "date", t.Day(m.ExportUntil))},
		{Link: &link{t.Text("status.export.link"), m.ExportURL}},
	}
}

// erasure says when the person is erased, and what must stay so that they are not mailed again.
func (m RequestDecision) erasure(t *catalog.Texts) []part {
	if !m.Erases {
		return nil
	}
	when := t.Text("mail.decision.erase.now")
	if !m.EraseFrom.IsZero() {
		when = t.Text("mail.decision.erase.from", "date", t.Date(m.EraseFrom))
	}
	return []part{{Heading: t.Text("mail.decision.erase")}, {Text: when}, {Text: t.Text("mail.decision.erase.kept")}}
}

// objections is what a person can do who does not agree.
func (m RequestDecision) objections(t *catalog.Texts) []part {
	if len(m.Grounds) == 0 {
		return nil
	}
	parts := []part{{Heading: t.Text("mail.decision.object")}}
	for _, way := range []struct {
		open bool
		text string
	}{
		{m.Appealable, t.Text("mail.decision.may.appeal")},
		{m.Disagreed, t.Text("mail.decision.disagreed")},
		{m.Disputable && !m.Disagreed, t.Text("mail.decision.may.disagree")},
		{m.Authority != "", t.Text("answer.complain", "authority", word(t, "authority.", m.Authority))},
		{m.RestrictURL != "", t.Text("answer.restrict")},
	} {
		if way.open {
			parts = append(parts, part{Text: way.text})
		}
	}
	if m.RestrictURL != "" {
		parts = append(parts, part{Link: &link{t.Text("answer.restrict.link"), m.RestrictURL}})
	}
	return parts
}
