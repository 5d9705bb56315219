package main

import (
	"context"
	"errors"

	"privacydesk/shared/civil"
	"privacydesk/shared/link"
	"privacydesk/shared/mail"
	"privacydesk/shared/optout"
	"privacydesk/shared/quota"
	"privacydesk/shared/ses"
)

// Invite implements optout.Inviter: it mails the link by which a person
// confirms that they come back. The link's time begins with the mail.
func (c *courier) Invite(ctx context.Context, ask optout.Ask) error {
	if err := c.mails.Room(ctx, quota.ByHolder, ask.Address); err != nil {
		return err
	}
	expires := optout.ConfirmUntil(c.now(), c.place)
	versions := make(map[string]int, len(ask.Versions))
	for scope, n := range ask.Versions {
		versions[string(scope)] = n
	}
	token, err := c.ring.Seal(link.OptIn, link.Claims{
		Address: ask.Address, Versions: versions, IssuedAt: c.now(), ExpiresAt: expires,
	})
	if err != nil {
		return err
	}
	letter := mail.ConfirmOptIn{Link: c.baseURL + "/preferences/confirm/" + token, Expires: civil.Through(expires, c.place)}
	for _, scope := range optout.Subjects(ask.Versions) {
		topic, _ := c.desk.Topic(scope.Topic())
		letter.Items = append(letter.Items, mail.Item{Scope: string(scope), Title: topic.Title(ask.Language)})
	}
	_, err = c.deliver(ctx, ask.Address, ask.Language, "opt-in", letter, nil)
	if err == nil || errors.Is(err, ses.ErrUnsure) {
		if uncounted := c.mails.Spend(ctx, quota.ByHolder, ask.Address); uncounted != nil {
			c.log.WarnContext(ctx, "mail not counted", "mail", "opt-in", "error", uncounted)
		}
	}
	return err
}
