package mail

import (
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/optout"
)

// ConfirmOptIn asks the owner of an address whether what was stopped shall come back (double opt-in). Nothing
// changes unless the link is opened and its button pressed.
type ConfirmOptIn struct {
	Link    string         // absolute URL of the page with the button
	Expires civil.Day      // the last day of the link
	Scopes  []optout.Scope // what would come back
	Stays   []optout.Scope // topics that would stay stopped, when single ones come back
}

// OptedIn tells the owner of an address that what was stopped is on again, by an undo or a confirmation, and how
// to stop it.
type OptedIn struct {
	StopURL  string         // absolute URL of the page where it can be stopped again
	OneClick string         // absolute URL for List-Unsubscribe (RFC 8058); empty: none of it is e-mail
	Scopes   []optout.Scope // what is on again
}

// named are scopes in words, topics by their titles in desk.yaml.
func (d Desk) named(t *catalog.Texts, scopes []optout.Scope) []string {
	var names []string
	for _, scope := range scopes {
		topic, _ := d.Topic(scope.Topic())
		names = append(names, t.Scope(string(scope), topic.Title(t.Lang())))
	}
	return names
}

func (m OptedIn) letter(d Desk, t *catalog.Texts) letter {
	l := letter{
		Subject: t.Text("mail.back.subject", "name", d.Organisation.Name),
		Parts: []part{
			{Text: t.Text("mail.greeting")},
			{Text: t.Text("mail.back.now")},
			{Items: d.named(t, m.Scopes)},
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

func (m ConfirmOptIn) letter(d Desk, t *catalog.Texts) letter {
	stays := listed(t.Text("mail.optin.stays"), d.named(t, m.Stays))
	if len(stays) > 0 {
		stays = append(stays, part{Text: t.Text("optin.alone")})
	}
	return letter{
		Subject: t.Text("mail.optin.subject", "name", d.Organisation.Name),
		Parts: slices.Concat([]part{
			{Text: t.Text("mail.greeting")},
			{Text: t.Text("mail.optin.asked")},
			{Items: d.named(t, m.Scopes)},
		}, stays, []part{
			{Text: t.Text("mail.optin.do")},
			{Button: &button{t.Text("mail.optin.button"), m.Link, t.Text("mail.button.fallback")}},
			{Text: t.Text("mail.optin.until", "date", t.Day(m.Expires))},
			{Text: t.Text("mail.optin.ignore")},
		}),
	}
}
