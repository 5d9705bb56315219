package mail

import (
	"privacydesk/shared/catalog"
	"privacydesk/shared/civil"
)

// ConfirmOptIn asks the owner of an address whether what was stopped shall come back (double opt-in). Nothing
// changes unless the link is opened and its button pressed.
type ConfirmOptIn struct {
	Link    string    // absolute URL of the page with the button
	Expires civil.Day // the last day of the link
	Items   []Item    // what would come back
}

// Item names a channel or one topic.
type Item struct {
	Scope string // "email", "email/newsletter", "sms", "phone", "post"
	Title string // the topic's title from desk.yaml; empty for a whole channel
}

func (m ConfirmOptIn) letter(o Organisation, t *catalog.Texts) letter {
	var items []string
	for _, item := range m.Items {
		items = append(items, t.Scope(item.Scope, item.Title))
	}
	return letter{
		Subject: t.Text("mail.optin.subject", "name", o.Name),
		Parts: []part{
			{Text: t.Text("mail.greeting")},
			{Text: t.Text("mail.optin.asked")},
			{Items: items},
			{Text: t.Text("mail.optin.do")},
			{Button: &button{t.Text("mail.optin.button"), m.Link, t.Text("mail.button.fallback")}},
			{Text: t.Text("mail.optin.until", "date", t.Day(m.Expires))},
			{Text: t.Text("mail.optin.ignore")},
		},
	}
}
