package main

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	netmail "net/mail"
	"slices"
	"time"

	"privacydesk/shared/catalog"
	"privacydesk/shared/fault"
	"privacydesk/shared/link"
	"privacydesk/shared/mail"
	"privacydesk/shared/optout"
	"privacydesk/shared/policy"
	"privacydesk/shared/quota"
	"privacydesk/shared/ses"
)

type limiter interface {
	// Take counts one event. TooMany: a limit is used up; any other error: it
	// is not known.
	Take(context.Context, ...quota.Limit) error
}

type sender interface {
	Send(context.Context, ses.Mail) (messageID string, err error)
}

// inviter mails the link by which a person confirms that they come back.
type inviter struct {
	limits  limiter
	ring    *link.KeyRing
	sender  sender
	desk    *policy.Desk
	place   *time.Location
	baseURL string
	perDay  int
	log     *slog.Logger
}

// Invite implements optout.Inviter.
func (v *inviter) Invite(ctx context.Context, ask optout.Ask) error {
	err := v.limits.Take(ctx, quota.Limit{Name: "mail", Ref: string(ask.Ref), Max: v.perDay, Per: 24 * time.Hour})
	if errors.Is(err, &fault.Error{Code: fault.TooMany}) {
		return err
	}
	message, err := v.write(ask)
	if err != nil {
		v.log.ErrorContext(ctx, "mail not written", "mail", "opt-in", "error", err)
		return err
	}
	id, err := v.sender.Send(ctx, ses.Mail{
		To: ask.Address, Subject: message.Subject, Text: message.Text, HTML: message.HTML, Headers: headers(message),
	})
	if err != nil {
		v.log.WarnContext(ctx, "mail not sent", "mail", "opt-in", "error", err)
		return err
	}
	v.log.InfoContext(ctx, "mail sent", "mail", "opt-in", "ses_message", id)
	return nil
}

func (v *inviter) write(ask optout.Ask) (mail.Message, error) {
	expires := ask.AskedAt.Add(optout.ConfirmWithin)
	versions := make(map[string]int, len(ask.Versions))
	for scope, n := range ask.Versions {
		versions[string(scope)] = n
	}
	token, err := v.ring.Seal(link.OptIn, link.Claims{
		Address: ask.Address, Versions: versions, IssuedAt: ask.AskedAt, ExpiresAt: expires,
	})
	if err != nil {
		return mail.Message{}, err
	}
	letter := mail.ConfirmOptIn{Link: v.baseURL + "/preferences/confirm/" + token, Expires: expires.In(v.place)}
	for _, scope := range slices.Sorted(maps.Keys(ask.Versions)) {
		topic, _ := v.desk.Topic(scope.Topic())
		letter.Items = append(letter.Items, mail.Item{Scope: string(scope), Title: topic.Title(ask.Language)})
	}
	o := v.desk.Organisation
	return mail.Render(mail.Organisation{
		Name: o.Name, Email: o.Contact, Phone: o.Phone, Postal: o.Address, PolicyURL: o.PrivacyPolicy, HomeURL: o.Website,
	}, catalog.For(ask.Language), letter)
}

// fromLine is the From header: the organisation's name and the address that
// SES knows.
func fromLine(d *policy.Desk, address string) string {
	return (&netmail.Address{Name: d.Organisation.Name, Address: address}).String()
}

func headers(m mail.Message) []ses.Header {
	var hs []ses.Header
	for _, h := range m.Headers {
		hs = append(hs, ses.Header(h))
	}
	return hs
}
