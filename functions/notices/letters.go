package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// Mail implements request.Mailer. What SES reports later about a mail that holds
// several letters counts for the first.
func (c *courier) Mail(ctx context.Context, letters []request.Letter) (string, error) {
	r, name := letters[0].Request, string(letters[0].Notice.Template)
	m, err := c.write(ctx, letters)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "write a mail")
	}
	if len(letters) > 1 {
		name = "listed"
	}
	id, err := c.deliver(ctx, r.Address, r.Language, name, m, references(letters)...)
	if errors.Is(err, ses.ErrUnsure) {
		err = request.ErrUnsure
	}
	return id, err
}

// references are those of the requests that letters are about, each once.
func references(letters []request.Letter) []string {
	var all []string
	for _, l := range letters {
		if !slices.Contains(all, l.Request.ID) {
			all = append(all, l.Request.ID)
		}
	}
	return all
}

// write makes one mail of the letters.
func (c *courier) write(ctx context.Context, letters []request.Letter) (mail.Mail, error) {
	var all mail.RequestsListed
	for _, one := range letters {
		l, err := c.letter(one.Request, one.Notice.Template)
		if err == nil && l.Template == request.MailAcknowledge && len(letters) == 1 {
			err = c.readFile(ctx, &l)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

// letter is written of the request as it is now: it never tells of an older
// state.
func (c *courier) letter(r request.Request, t request.Template) (mail.RequestLetter, error) {
	l := mail.RequestLetter{
		Template: t, Request: r, Wait: c.rights.Wait(&r), Kept: c.kept(r), Erased: !r.EraseFrom.After(c.now()), FormURL: c.baseURL + "/requests",
	}
	var err, confirmErr, exportErr error
	l.StatusURL, err = c.url("/requests/status/", link.Status, r.ID, time.Time{})
	if t == request.MailVerify { // the link's time begins with the mail
		l.Confirm, confirmErr = c.link("/requests/confirm/", link.Confirm, r.ID, c.rights.VerifyUntil(c.now()))
	}
	if c.now().Before(r.ExportUntil) {
		l.Export, exportErr = c.link("/requests/export/", link.Export, r.ID, r.ExportUntil)
	}
	if err := errors.Join(err, confirmErr, exportErr); err != nil || r.State.Closed() || r.State == request.Unverified {
		return l, err
	}
	l.Due, err = c.due(r)
	return l, err
}

func (c *courier) link(path string, p link.Purpose, id string, until time.Time) (mail.Link, error) {
	url, err := c.url(path, p, id, until)
	return mail.Link{URL: url, Until: civil.Through(until, c.place)}, err
}

func (c *courier) due(r request.Request) (mail.Due, error) {
	d, err := c.rights.Due(r)
	if err != nil {
		return mail.Due{}, err
	}
	due := mail.Due{At: d.Due}
	for _, part := range d.ExplainToPerson() {
		due.Why = append(due.Why, deadline.Words(catalog.For(r.Language), []deadline.Part{part}))
	}
	return due, nil
}

// readFile finds in the history how the person was verified, and whether they
// were asked for something since.
func (c *courier) readFile(ctx context.Context, l *mail.RequestLetter) error {
	f, err := c.rights.Store.File(ctx, l.Request.ID)
	if err != nil {
		return err
	}
	l.Known = slices.ContainsFunc(f.Events, func(e audit.Entry) bool {
		return e.Kind == string(request.EventVerified) && e.Actor == request.ByOfficer
	})
	l.Asked = slices.ContainsFunc(f.Notices, func(n request.Notice) bool { return n.Template == request.MailWaiting })
	return nil
}
