package mail

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
)

// ConfirmOptIn asks the owner of an address whether what was stopped shall come back (double opt-in). Nothing
// changes unless the link is opened and its button pressed.
type ConfirmOptIn struct {
	Link    string    // absolute URL of the page with the button
	Expires civil.Day // the last day of the link
	Items   []Item    // what would come back
}

// OptedIn tells the owner of an address that what was stopped is on again, by an undo or a confirmation, and how
// to stop it.
type OptedIn struct {
	StopURL  string // absolute URL of the page where it can be stopped again
	OneClick string // absolute URL for List-Unsubscribe (RFC 8058); empty: none of it is e-mail
	Items    []Item // what is on again
}

// Item names a channel or one topic.
type Item struct {
	Scope string // "email", "email/newsletter", "sms", "phone", "post"
	Title string // the topic's title from desk.yaml; empty for a whole channel
}

func named(items []Item, t *catalog.Texts) []string {
	var names []string
	for _, item := range items {
		names = append(names, t.Scope(item.Scope, item.Title))
	}
	return names
}

func (m OptedIn) letter(o Organisation, t *catalog.Texts) letter {
	l := letter{
		Subject: t.Text("mail.back.subject", "name", o.Name),
		Parts: []part{
			{Text: t.Text("mail.greeting")},
			{Text: t.Text("mail.back.now")},
			{Items: named(m.Items, t)},
			{Text: t.Text("mail.back.stop")},
			{Button: &button{t.Text("mail.back.button"), m.StopURL, t.Text("mail.button.fallback")}},
			{Text: t.Text("mail.back.ignore")},
		},
	}
	if m.OneClick != "" {
		l.Headers = []Header{{"List-Unsubscribe", "<" + m.OneClick + ">"}, {"List-Unsubscribe-Post", "List-Unsubscribe=One-Click"}}
	}
	return l
}

func (m ConfirmOptIn) letter(o Organisation, t *catalog.Texts) letter {
	return letter{
		Subject: t.Text("mail.optin.subject", "name", o.Name),
		Parts: []part{
			{Text: t.Text("mail.greeting")},
			{Text: t.Text("mail.optin.asked")},
			{Items: named(m.Items, t)},
			{Text: t.Text("mail.optin.do")},
			{Button: &button{t.Text("mail.optin.button"), m.Link, t.Text("mail.button.fallback")}},
			{Text: t.Text("mail.optin.until", "date", t.Day(m.Expires))},
			{Text: t.Text("mail.optin.ignore")},
		},
	}
}
