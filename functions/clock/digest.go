package main

import (
	"context"
	"errors"
	"log/slog"
	netmail "net/mail"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/policy"
	"privacydesk/shared/domain/request"
)

type sender interface {
	// Send sends a mail; see ses.Sender.
	Send(context.Context, ses.Mail) (messageID string, err error)
}

// digests mails the privacy officer. It is a request.DigestMailer.
type digests struct {
	sender  sender
	to      person.Address
	desk    *policy.Desk
	place   *time.Location // the controller's
	baseURL string
	log     *slog.Logger
}

// Digest implements request.DigestMailer.
func (d *digests) Digest(ctx context.Context, digest request.Digest) error {
	texts := catalog.For(d.desk.Requests.OfficerLanguage)
	m, err := mail.Desk{Desk: d.desk, Zone: d.place}.Render(texts, d.letter(digest, texts))
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a digest")
	}
	out := ses.Mail{To: d.to, Subject: m.Subject, Text: m.Text, HTML: m.HTML}
	for _, h := range m.Headers {
		out.Headers = append(out.Headers, ses.Header(h))
	}
	id, err := d.sender.Send(ctx, out)
	if err != nil {
		d.log.WarnContext(ctx, "digest not sent", "digest", digest.ID, "error", err)
	} else {
		d.log.InfoContext(ctx, "digest sent", "digest", digest.ID, "lines", len(digest.Lines), "looks", len(digest.Looks), "ses_message", id)
	}
	if errors.Is(err, ses.ErrUnsure) {
		return request.ErrUnsure
	}
	return err
}

func (d *digests) letter(digest request.Digest, texts *catalog.Texts) mail.Digest {
	m := mail.Digest{Overdue: digest.Overdue, DueSoon: digest.DueSoon, More: digest.More, DeskURL: d.baseURL + "/desk/requests"}
	for _, l := range digest.Lines {
		line := mail.DigestLine{
			Reference: l.Reference, Kinds: request.Codes(l.Kinds), Place: l.Place.String(), Waiting: l.State == request.WaitingForPerson,
			Due: l.DueAt, Left: l.Left, Late: l.Late, Again: l.Again,
		}
		for _, part := range l.Due.Explain() {
			line.Why = append(line.Why, deadline.Words(texts, []deadline.Part{part}))
		}
		m.Lines = append(m.Lines, line)
	}
	for _, l := range digest.Looks {
		m.Looks = append(m.Looks, mail.DigestLook{Reference: l.Reference, Kinds: request.Codes(l.Kinds), Why: string(l.Why), Closed: l.State.Closed(), Since: l.Since, Again: l.Again})
	}
	return m
}

// fromLine is the From header: the organisation's name and the address that
// SES knows.
func fromLine(d *policy.Desk, address string) string {
	return (&netmail.Address{Name: d.Organisation.Name, Address: address}).String()
}
