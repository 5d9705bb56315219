package main

import (
	"context"
	"errors"
	"slices"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/quota"
)

// Invite implements optout.Inviter: it mails the link by which a person
// confirms that they come back, or tells them that they are back.
func (c *courier) Invite(ctx context.Context, ask optout.Ask) error {
	write, name := c.confirmOptIn, "opt-in"
	if ask.Back {
		write, name = c.optedIn, "opted-in"
	}
	if err := c.mails.Room(ctx, quota.ByHolder, ask.Address); err != nil {
		return err
	}
	letter, err := write(ask)
	if err != nil {
		return err
	}
	_, err = c.deliver(ctx, ask.Address, ask.Language, name, letter)
	if err == nil || errors.Is(err, ses.ErrUnsure) {
		if uncounted := c.mails.Spend(ctx, quota.ByHolder, ask.Address); uncounted != nil {
			c.log.WarnContext(ctx, "mail not counted", "mail", name, "error", uncounted)
		}
	}
	if errors.Is(err, ses.ErrUnsure) {
		err = optout.ErrUnsure
	}
	return err
}

// confirmOptIn: the link's time begins with the mail.
func (c *courier) confirmOptIn(ask optout.Ask) (mail.Mail, error) {
	expires := optout.ConfirmUntil(c.now(), c.place)
	versions := make(map[string]int, len(ask.Versions))
	for scope, n := range ask.Versions {
		versions[string(scope)] = n
	}
	token, err := c.ring.Seal(link.OptIn, link.Claims{
		Address: ask.Address, Versions: versions, IssuedAt: c.now(), ExpiresAt: expires,
	})
	return mail.ConfirmOptIn{Link: c.baseURL + "/preferences/confirm/" + token, Expires: civil.Through(expires, c.place), Scopes: optout.Subjects(ask.Versions)}, err
}

// optedIn leads to the page that stops the one thing that is on again, else to
// all choices. A mail client's own button stops that one topic, else all e-mail.
func (c *courier) optedIn(ask optout.Ask) (mail.Mail, error) {
	scopes := optout.Subjects(ask.Versions)
	claims := link.Claims{Address: ask.Address, IssuedAt: c.now()}
	all, err := c.ring.Seal(link.Preferences, claims)
	letter := mail.OptedIn{StopURL: c.baseURL + "/preferences/" + all, Scopes: scopes}
	email := emailOf(scopes)
	if err != nil || len(email) == 0 {
		return letter, err
	}
	if len(email) == 1 {
		claims.Topic = email[0].Topic()
	}
	one, err := c.ring.Seal(link.Unsubscribe, claims)
	letter.OneClick = c.baseURL + "/u/" + one
	if len(scopes) == 1 {
		letter.StopURL = letter.OneClick
	}
	return letter, err
}

func emailOf(scopes []optout.Scope) []optout.Scope {
	return slices.DeleteFunc(slices.Clone(scopes), func(s optout.Scope) bool { return s.Channel() != optout.Email })
}
