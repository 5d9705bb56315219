package main

import (
	"context"
	"log/slog"
	netmail "net/mail"
	"net/url"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/inbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/policy"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

type sender interface {
	// Send sends a mail; see ses.Sender.
	Send(context.Context, ses.Mail) (messageID string, err error)
}

// courier writes mails and hands them to SES.
type courier struct {
	mails    *quota.Mails
	ring     *link.KeyRing
	sender   sender
	rights   *request.Service
	desk     *policy.Desk
	schedule *schedule.Schedule // says until when a closed request can be read
	place    *time.Location     // the controller's, for dates in mails
	baseURL  string
	now      func() time.Time
	log      *slog.Logger
}

// deliver writes one mail to a person in their language and sends it. A mail
// about requests joins the threads of their letters, and has the first as a tag
// that comes back when SES tells what became of it.
func (c *courier) deliver(ctx context.Context, to person.Address, lang, name string, letter mail.Mail, about ...string) (messageID string, err error) {
	m, err := mail.Desk{Desk: c.desk, Zone: c.place}.Render(catalog.For(lang), letter)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "write a mail")
	}
	out := ses.Mail{To: to, Subject: m.Subject, Text: m.Text, HTML: m.HTML, Headers: headers(m)}
	if len(about) > 0 {
		threads := inbox.Threads(c.host(), about...)
		out.Headers = append(out.Headers, ses.Header{Name: "In-Reply-To", Value: threads}, ses.Header{Name: "References", Value: threads})
		out.Tags = map[string]string{feedback.RequestTag: about[0]}
	}
	id, err := c.sender.Send(ctx, out)
	if err != nil {
		c.log.WarnContext(ctx, "mail not sent", "mail", name, "error", err)
		return "", err
	}
	c.log.InfoContext(ctx, "mail sent", "mail", name, "ses_message", id)
	return id, nil
}

// url makes the absolute URL of a link to a request.
func (c *courier) url(path string, p link.Purpose, id string, until time.Time) (string, error) {
	token, err := c.ring.Seal(p, link.Claims{Request: id, IssuedAt: c.now(), ExpiresAt: until})
	return c.baseURL + path + token, err
}

func (c *courier) host() string {
	base, err := url.Parse(c.baseURL)
	if err != nil {
		return "localhost"
	}
	return base.Hostname()
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
