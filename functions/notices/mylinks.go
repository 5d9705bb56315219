package main

import (
	"errors"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/mylinks"
)

// myLinks writes the links of a person: to their choices, and to the page of each
// request that they have confirmed.
func (m *mailer) myLinks(f mylinks.Found) (written, error) {
	choices, failed := m.ring.Seal(link.Preferences, link.Claims{Address: f.Address, IssuedAt: m.now()})
	letter := mail.MyLinks{ChoicesURL: m.baseURL + "/preferences/" + choices, More: f.More}
	for _, q := range f.Requests {
		url, err := m.url("/requests/status/", link.Status, q.ID, time.Time{})
		failed = errors.Join(failed, err)
		letter.Requests = append(letter.Requests, mail.MyRequest{Reference: q.ID, Kinds: q.Kinds, State: q.State, ReceivedAt: q.ReceivedAt, StatusURL: url})
	}
	return written{Mail: letter, name: string(mylinks.MailLinks), lang: f.Language}, failed
}
