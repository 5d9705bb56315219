package main

import (
	"slices"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
)

// optIn writes the link by which a person confirms that they come back, or
// tells them that they are back.
func (m *mailer) optIn(c optout.OptInConfirmation, name string) (written, error) {
	write := m.confirmOptIn
	if c.Confirmed {
		write = m.optedIn
	}
	letter, err := write(c)
	return written{Mail: letter, name: name, lang: c.Language}, err
}

// confirmOptIn: the link's time begins with the mail.
func (m *mailer) confirmOptIn(c optout.OptInConfirmation) (mail.Mail, error) {
	expires := optin.ConfirmUntil(m.now(), m.zone)
	versions := make(map[string]int, len(c.Versions))
	for scope, n := range c.Versions {
		versions[string(scope)] = n
	}
	token, err := m.ring.Seal(link.OptIn, link.Claims{
		Address: c.Address, Versions: versions, IssuedAt: m.now(), ExpiresAt: expires,
	})
	return mail.ConfirmOptIn{Link: m.baseURL + "/preferences/confirm/" + token, Expires: civil.Through(expires, m.zone), Scopes: optin.Subjects(c.Versions), Stays: optin.Staying(c.Versions)}, err
}

// optedIn leads to the page that stops the one thing that is on again, else to
// all choices. A mail client's own button stops that one topic, else all e-mail.
func (m *mailer) optedIn(c optout.OptInConfirmation) (mail.Mail, error) {
	scopes := optin.Subjects(c.Versions)
	claims := link.Claims{Address: c.Address, IssuedAt: m.now()}
	all, err := m.ring.Seal(link.Preferences, claims)
	letter := mail.OptedIn{StopURL: m.baseURL + "/preferences/" + all, Scopes: scopes}
	email := emailOf(scopes)
	if err != nil || len(email) == 0 {
		return letter, err
	}
	if len(email) == 1 {
		claims.Topic = email[0].Topic()
	}
	one, err := m.ring.Seal(link.Unsubscribe, claims)
	letter.OneClick = m.baseURL + "/u/" + one
	if len(scopes) == 1 {
		letter.StopURL = letter.OneClick
	}
	return letter, err
}

func emailOf(scopes []optout.Scope) []optout.Scope {
	return slices.DeleteFunc(slices.Clone(scopes), func(s optout.Scope) bool { return s.Channel() != optout.Email })
}
