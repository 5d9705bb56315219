package mail

import (
	"context"
	"errors"
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/schedule"
)

// Writer makes letters of requests. The mailer and the lawyer's book share it, so that the book shows what is sent.
type Writer struct {
	Rights   *request.Service
	Holds    request.Holds
	Schedule *schedule.Schedule // says until when a closed request can be read
	Zone     *time.Location     // the controller's
	Links    Links
	FormURL  string // absolute; of the form for requests
	Now      func() time.Time
}

// Links makes the absolute URLs of a request.
type Links interface {
	Status(id string) (string, error)
	Confirm(id string, until time.Time) (string, error)
	Export(id string, until time.Time) (string, error)
}

// Letters writes those of one mail.
func (w *Writer) Letters(ctx context.Context, items []outbox.Item) (RequestsListed, error) {
	var all RequestsListed
	for _, i := range items {
		q := i.Subject.About.(request.Request)
		if err := requestlog.Delay(ctx, w.Rights.Store, &q); err != nil {
			return nil, err
		}
		l, err := w.letter(q, i.Template)
		l.Paper = i.Paper
		if err == nil && (l.Template == requestmail.Acknowledge && len(items) == 1 || l.Template == requestmail.Amended) {
			err = w.readFile(ctx, &l, i.Seq)
		}
		if err == nil && !l.Request.EraseFrom.IsZero() {
			err = w.readHolds(ctx, &l)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// letter is written of the request as it is now: it never tells of an older state.
func (w *Writer) letter(r request.Request, t outbox.Template) (RequestLetter, error) {
	now := w.Now()
	l := RequestLetter{
		Template: t, Request: r, Wait: w.Rights.Wait(&r), Kept: requestlog.KeptOf(&r, w.Schedule, w.Zone, now), Erased: !r.EraseFrom.After(now),
		Late: now.After(r.DueAt), Backup: requestlog.BackupUntil(&r, w.Schedule, w.Zone, now), FormURL: w.FormURL,
	}
	var err, confirmErr, exportErr error
	l.StatusURL, err = w.Links.Status(r.ID)
	if t == requestmail.Verify { // the link's time begins with the mail
		l.Confirm, confirmErr = w.link(w.Links.Confirm, r.ID, w.Rights.VerifyUntil(now))
	}
	if r.ExportOpen(now) {
		l.Export, exportErr = w.link(w.Links.Export, r.ID, r.ExportUntil)
	}
	if err := errors.Join(err, confirmErr, exportErr); err != nil || r.State.Decided() || r.State == lifecycle.Unverified {
		return l, err
	}
	l.Due, err = w.due(r)
	return l, err
}

func (w *Writer) link(url func(string, time.Time) (string, error), id string, until time.Time) (Link, error) {
	to, err := url(id, until)
	return Link{URL: to, Until: civil.Through(until, w.Zone)}, err
}

func (w *Writer) due(r request.Request) (Due, error) {
	d, err := w.Rights.Due(r)
	if err != nil {
		return Due{}, err
	}
	due := Due{At: d.Due, Paused: d.Paused && r.Waiting != nil && r.Waiting.ClockStands}
	for _, part := range d.ExplainToPerson() {
		due.Why = append(due.Why, deadline.Words(catalog.For(r.Language), []deadline.Part{part}))
	}
	return due, nil
}

// readHolds finds out whether a legal hold keeps the erasure back: one that was placed since the decision would make an
// untruth of the letter.
func (w *Writer) readHolds(ctx context.Context, l *RequestLetter) error {
	held, err := w.Holds.KeptBack(ctx, &l.Request)
	l.Held = len(held) > 0
	return err
}

// readFile finds in the history how the person was verified, whether they were asked for something since, and what the
// amendment changed of which a letter tells.
func (w *Writer) readFile(ctx context.Context, l *RequestLetter, seq int) error {
	f, err := w.Rights.Store.File(ctx, l.Request.ID)
	if err != nil {
		return err
	}
	l.Known = slices.ContainsFunc(f.Events, func(e audit.Entry) bool {
		return e.Kind == string(lifecycle.EventVerified) && e.Actor == audit.ByOfficer
	})
	l.Asked = slices.ContainsFunc(f.Letters, func(l outbox.Letter) bool { return l.Template == requestmail.Waiting })
	l.Before = f.BeforeAmendment(seq)
	return nil
}
