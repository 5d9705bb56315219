package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
)

// aboutRequests writes one mail of all letters that go to a mailbox. What SES
// reports later about it counts for the first.
func (m *mailer) aboutRequests(ctx context.Context, items []outbox.Item) (written, error) {
	w := written{name: string(items[0].Template), lang: requestOf(items[0]).Language, requests: references(items)}
	if len(items) > 1 {
		w.name = "listed"
	}
	all, err := m.write(ctx, items)
	for _, l := range all {
		w.sealed = append(w.sealed, l.Confirm.URL, l.Export.URL, l.StatusURL)
	}
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

// write writes the letters of one mail.
func (m *mailer) write(ctx context.Context, items []outbox.Item) (mail.RequestsListed, error) {
	var all mail.RequestsListed
	for _, i := range items {
		l, err := m.letter(requestOf(i), i.Template)
		if err == nil && l.Template == request.MailAcknowledge && len(items) == 1 {
			err = m.readFile(ctx, &l)
		}
		if err == nil && !l.Request.EraseFrom.IsZero() {
			err = m.readHolds(ctx, &l)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// letter is written of the request as it is now: it never tells of an older
// state.
func (m *mailer) letter(r request.Request, t outbox.Template) (mail.RequestLetter, error) {
	l := mail.RequestLetter{
		Template: t, Request: r, Wait: m.rights.Wait(&r), Kept: requestlog.KeptOf(&r, m.schedule, m.zone, m.now()), Erased: !r.EraseFrom.After(m.now()), Late: m.now().After(r.DueAt), Backup: requestlog.BackupUntil(&r, m.schedule, m.zone, m.now()), FormURL: m.baseURL + "/requests",
	}
	var err, confirmErr, exportErr error
	l.StatusURL, err = m.url("/requests/status/", link.Status, r.ID, time.Time{})
	if t == request.MailVerify { // the link's time begins with the mail
		l.Confirm, confirmErr = m.link("/requests/confirm/", link.Confirm, r.ID, m.rights.VerifyUntil(m.now()))
	}
	if m.now().Before(r.ExportUntil) {
		l.Export, exportErr = m.link("/requests/export/", link.Export, r.ID, r.ExportUntil)
	}
	if err := errors.Join(err, confirmErr, exportErr); err != nil || r.State.Closed() || r.State == lifecycle.Unverified {
		return l, err
	}
	l.Due, err = m.due(r)
	return l, err
}

func (m *mailer) link(path string, p link.Purpose, id string, until time.Time) (mail.Link, error) {
	url, err := m.url(path, p, id, until)
	return mail.Link{URL: url, Until: civil.Through(until, m.zone)}, err
}

func (m *mailer) due(r request.Request) (mail.Due, error) {
	d, err := m.rights.Due(r)
	if err != nil {
		return mail.Due{}, err
	}
	due := mail.Due{At: d.Due}
	for _, part := range d.ExplainToPerson() {
		due.Why = append(due.Why, deadline.Words(catalog.For(r.Language), []deadline.Part{part}))
	}
	return due, nil
}

// readHolds finds out whether a legal hold keeps the erasure back: one that was
// placed since the decision would make an untruth of the letter.
func (m *mailer) readHolds(ctx context.Context, l *mail.RequestLetter) error {
	held, err := m.holds.KeptBack(ctx, &l.Request)
	l.Held = len(held) > 0
	return err
}

// readFile finds in the history how the person was verified, and whether they
// were asked for something since.
func (m *mailer) readFile(ctx context.Context, l *mail.RequestLetter) error {
	f, err := m.rights.Store.File(ctx, l.Request.ID)
	if err != nil {
		return err
	}
	l.Known = slices.ContainsFunc(f.Events, func(e audit.Entry) bool {
		return e.Kind == string(lifecycle.EventVerified) && e.Actor == request.ByOfficer
	})
	l.Asked = slices.ContainsFunc(f.Letters, func(l outbox.Letter) bool { return l.Template == request.MailWaiting })
	return nil
}
