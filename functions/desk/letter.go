package main

import (
	"context"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

// letter writes the letter of an answer before it goes, by the mailer's own writer.
// No link in it opens anything.
type letter func(ctx context.Context, after request.Request, language string) (mail.Message, error)

func (p *parts) letter(rights *request.Service) (letter, error) {
	periods, err := schedule.New(p.desk)
	zone := p.desk.Organisation.Zone()
	w := &mail.Writer{
		Rights: rights, Holds: rights.Holds, Schedule: periods, Zone: zone, Links: mail.Placeholders{BaseURL: p.baseURL}, FormURL: p.baseURL + "/requests", Now: p.now,
	}
	return func(ctx context.Context, after request.Request, language string) (mail.Message, error) {
		return w.Preview(ctx, mail.Desk{Desk: p.desk, Zone: zone}, after, language)
	}, err
}

// text is the letter for machines.
func (l letter) text(ctx context.Context, after request.Request, language string) (subject, text string, err error) {
	m, err := l(ctx, after, language)
	return m.Subject, m.Text, err
}

// shown is the letter for people.
func (l letter) shown(ctx context.Context, after request.Request, language string) (deskpage.Mail, error) {
	m, err := l(ctx, after, language)
	shown := deskpage.Mail{Lang: m.Lang, Subject: m.Subject}
	for _, b := range m.Blocks {
		shown.Blocks = append(shown.Blocks, deskpage.Block(b))
	}
	return shown, err
}
