package main

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

// aboutRequests writes one mail of all letters that go to a mailbox. What SES
// reports later about it counts for the first.
func (m *mailer) aboutRequests(ctx context.Context, items []outbox.Item) (written, error) {
	w := written{name: string(items[0].Template), lang: requestOf(items[0]).Language, requests: references(items), paper: items[0].Paper}
	if len(items) > 1 {
		w.name = "listed"
	}
	all, err := m.writer().Letters(ctx, items)
	if len(all) == 1 {
		w.Mail = all[0]
	} else {
		w.Mail = all
	}
	return w, err
}

func requestOf(i outbox.Item) request.Request { return i.Subject.About.(request.Request) }

// references are those of the requests that letters are about, each once.
func references(items []outbox.Item) []string {
	var all []string
	for _, i := range items {
		if !slices.Contains(all, i.SubjectID) {
			all = append(all, i.SubjectID)
		}
	}
	return all
}

func (m *mailer) writer() *mail.Writer {
	return &mail.Writer{
		Rights: m.rights, Holds: m.holds, Schedule: m.schedule, Zone: m.zone, Links: requestLinks{m}, FormURL: m.baseURL + "/requests", Now: m.now,
	}
}

// requestLinks implements mail.Links.
type requestLinks struct{ *mailer }

func (l requestLinks) Status(id string) (string, error) {
	return l.url(mail.PathStatus, link.Status, id, time.Time{})
}

func (l requestLinks) Confirm(id string, until time.Time) (string, error) {
	return l.url(mail.PathConfirm, link.Confirm, id, until)
}

func (l requestLinks) Export(id string, until time.Time) (string, error) {
	return l.url(mail.PathExport, link.Export, id, until)
}
