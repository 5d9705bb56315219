package mail

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// MyLinks brings a person their own links. It names nothing that an unverified person gave.
type MyLinks struct {
	ChoicesURL string // absolute URL of the page with their choices
	Requests   []MyRequest
	More       int // older requests that are not listed
}

// MyRequest is a request that the person has confirmed.
type MyRequest struct {
	Reference  string
	Kinds      []intake.Kind
	State      lifecycle.State
	ReceivedAt time.Time
	StatusURL  string // absolute
}

func (m MyLinks) letter(d Desk, t *catalog.Texts) letter {
	parts := []part{
		{Text: t.Text("mail.greeting")},
		{Text: t.Text("mail.links.asked", "name", d.Organisation.Name)},
		{Heading: t.Text("mail.links.choices")},
		{Text: t.Text("mail.links.choices.text")},
		{Button: &button{t.Text("mail.links.choices.button"), m.ChoicesURL, t.Text("mail.button.fallback")}},
		{Heading: t.Text("mail.links.requests")},
	}
	for _, r := range m.Requests {
		more := append(d.on(t, t.Text("fact.received"), r.ReceivedAt), fact{t.Text("fact.state"), word(t, "request.state.", decision.InWords(r.Kinds, string(r.State)))})
		parts = append(parts, about(t, r.Reference, r.Kinds, more), part{Link: &link{t.Text("mail.links.open"), r.StatusURL}})
	}
	if len(m.Requests) == 0 {
		parts = append(parts, part{Text: t.Text("mail.links.none")})
	}
	if m.More > 0 {
		parts = append(parts, part{Text: t.Plural("mail.links.more", m.More)})
	}
	return letter{Subject: t.Text("mail.links.subject", "name", d.Organisation.Name), Parts: append(parts,
		part{Text: t.Text("mail.links.unconfirmed")}, part{Text: t.Text("mail.links.yours")}, part{Text: t.Text("mail.links.ignore")})}
}
