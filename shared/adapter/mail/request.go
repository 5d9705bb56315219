package mail

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
)

// VerifyRequest asks the owner of an address to confirm a request. It names kinds alone, never what was typed.
type VerifyRequest struct {
	Reference    string
	Kinds        []string  // codes: "access", ...
	Unsure       bool      // what was sent does not say what is asked for: the page lets the person choose
	OptedOut     []string  // scopes that are out already: "email", "sms", "phone", "post", "sale"
	Unsubscribed bool      // it came with an opt-out, which holds already
	Link         string    // absolute URL of the page with the button
	Expires      civil.Day // the last day of the link
}

// RequestAcknowledged confirms that a verified request is in hand (11 CCR 7021(a)): how we verify, and by when we
// answer.
type RequestAcknowledged struct {
	Reference  string
	Kinds      []string
	OnBehalfOf string // "self", "parent", "agent"
	ReceivedAt time.Time
	Due        time.Time // by when we answer
	DueWhy     []string  // sentences: which rule gave that date
	Known      bool      // an officer has established that the request is theirs; else our link has
	Evidence   []string  // codes of what must still be proved; may be empty
	AnswerBy   AnswerBy  // by when
	LinkedTo   string    // reference of an earlier request for the same; may be empty
	AppealOf   string    // it is an appeal against the answer to that request; may be empty
	StatusURL  string    // absolute
}

// OptedOutConfirmed says what is in effect already, for a request that asked for nothing else.
type OptedOutConfirmed struct {
	Reference   string
	Kinds       []string
	OptedOut    []string // scopes
	EffectiveAt time.Time
	GPC         bool // it came as a browser's Global Privacy Control signal
	Kept        Kept
	StatusURL   string // absolute; may be empty
}

func (m VerifyRequest) letter(o Organisation, t *catalog.Texts) letter {
	return letter{Subject: t.Text("mail.verify.subject", "name", o.Name), Parts: join(
		[]part{{Text: t.Text("mail.greeting")}},
		m.asked(o, t),
		[]part{
			{Button: &button{t.Text("mail.verify.button"), m.Link, t.Text("mail.button.fallback")}},
			{Text: t.Text("mail.verify.until", "date", t.Day(m.Expires), "reference", m.Reference)},
		},
		listed(t.Text("mail.verify.effect"), scopes(t, m.OptedOut)),
		m.unsubscribed(t),
		[]part{{Text: m.ignore(t)}},
	)}
}

// asked says what was asked for, and never a guess.
func (m VerifyRequest) asked(o Organisation, t *catalog.Texts) []part {
	if m.Unsure {
		return []part{{Text: t.Text("mail.verify.unsure", "name", o.Name)}, {Text: t.Text("mail.verify.choose")}}
	}
	return []part{
		{Text: t.Text("mail.verify.asked", "name", o.Name)}, {Items: codes(t, "kind.", m.Kinds)}, {Text: t.Text("mail.verify.do")},
	}
}

// ignore says what happens without a confirmation, which is not nothing where an opt-out holds already.
func (m VerifyRequest) ignore(t *catalog.Texts) string {
	if m.Unsubscribed || len(m.OptedOut) > 0 {
		return t.Text("mail.verify.ignore.out")
	}
	return t.Text("mail.verify.ignore")
}

func (m VerifyRequest) unsubscribed(t *catalog.Texts) []part {
	if !m.Unsubscribed {
		return nil
	}
	return []part{{Text: t.Text("mail.verify.unsubscribed")}}
}

func (m RequestAcknowledged) letter(o Organisation, t *catalog.Texts) letter {
	subject, lead := "mail.ack.subject", t.Text("mail.ack.lead")
	if m.AppealOf != "" {
		subject, lead = "mail.ack.appeal.subject", t.Text("status.appeal.of", "reference", m.AppealOf)
	}
	return letter{Subject: t.Text(subject, "reference", m.Reference), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: lead},
			about(t, m.Reference, m.Kinds, on(t, t.Text("fact.received"), m.ReceivedAt), on(t, t.Text("fact.due"), m.Due)),
		},
		m.linked(t),
		m.verified(t),
		evidence(o, t, m.Evidence, m.Reference), m.AnswerBy.parts(t),
		due(t, m.Due, m.DueWhy),
		[]part{{Text: t.Text("mail.ack.free")}},
		status(t, t.Text("mail.status"), m.StatusURL),
	)}
}

func (m RequestAcknowledged) verified(t *catalog.Texts) []part {
	text := t.Text("mail.ack.verify.text")
	if m.Known {
		text = t.Text("mail.ack.verify.known")
	}
	return []part{{Heading: t.Text("mail.ack.verify")}, {Text: text}}
}

func (m RequestAcknowledged) linked(t *catalog.Texts) []part {
	if m.LinkedTo == "" {
		return nil
	}
	return []part{{Text: t.Text("status.linked", "reference", m.LinkedTo)}}
}

func (m OptedOutConfirmed) letter(_ Organisation, t *catalog.Texts) letter {
	lead := "mail.out.lead"
	if m.GPC {
		lead = "mail.out.gpc"
	}
	return letter{Subject: t.Text("mail.out.subject", "reference", m.Reference), Parts: join(
		[]part{
			{Text: t.Text("mail.greeting")}, {Text: t.Text(lead)}, {Items: scopes(t, m.OptedOut)},
			about(t, m.Reference, m.Kinds, on(t, t.Text("fact.effective"), m.EffectiveAt)),
			{Text: t.Text("mail.out.holds")},
		},
		status(t, m.Kept.intro(t), m.StatusURL),
	)}
}
