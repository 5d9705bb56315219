package mail

import (
	"time"

	"privacydesk/shared/adapter/catalog"
)

// RequestWaiting says what we need before we can go on.
type RequestWaiting struct {
	Reference    string
	Kinds        []string
	Cause        string   // "identity", "clarification" or "fee"
	Evidence     []string // codes
	Question     string   // the officer's own words; may be empty
	Fee          string   // "12.50 USD"; empty: none
	ClockStopped bool     // our period stands still meanwhile
	AnswerBy     AnswerBy
	StatusURL    string
}

// RequestExtended says that the answer takes longer, and why.
type RequestExtended struct {
	Reference   string
	Kinds       []string
	Reason      string // code of package law: "complexity", ...
	Explanation string // the officer's own words; may be empty
	Due         time.Time
	DueWhy      []string
	StatusURL   string
}

func (m RequestWaiting) letter(o Organisation, t *catalog.Texts) letter {
	var fee []fact
	if m.Fee != "" {
		fee = []fact{{t.Text("fact.fee"), m.Fee}}
	}
	return letter{Subject: t.Text("mail.waiting.subject", "reference", m.Reference), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: word(t, "waiting.cause.", m.Cause)}, about(t, m.Reference, m.Kinds, fee),
		},
		said(m.Question), evidence(o, t, m.Evidence, m.Reference), m.reply(o, t), m.AnswerBy.parts(t), m.clock(t), status(t, t.Text("mail.status"), m.StatusURL),
	)}
}

// reply says how to answer, where the list of evidence does not say it.
func (m RequestWaiting) reply(o Organisation, t *catalog.Texts) []part {
	if len(m.Evidence) > 0 || m.Cause == "" {
		return nil
	}
	return []part{{Text: t.Text("waiting.reply", "email", o.Email, "reference", m.Reference)}}
}

// clock says what happens to the date meanwhile.
func (m RequestWaiting) clock(t *catalog.Texts) []part {
	if !m.ClockStopped {
		return nil
	}
	return []part{{Text: t.Text("waiting.clock")}}
}

func (m RequestExtended) letter(_ Organisation, t *catalog.Texts) letter {
	return letter{Subject: t.Text("mail.extended.subject", "reference", m.Reference), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: t.Text("mail.extended.lead")},
			about(t, m.Reference, m.Kinds, on(t, t.Text("fact.due"), m.Due)),
			{Heading: t.Text("mail.extended.why")}, {Text: word(t, "extended.reason.", m.Reason)},
		},
		said(m.Explanation), due(t, m.Due, m.DueWhy), status(t, t.Text("mail.status"), m.StatusURL),
	)}
}
