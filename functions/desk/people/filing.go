package people

import (
	"context"
	"crypto/rand"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/request"
)

// untold is the store of a trial: nothing in it comes due.
type untold struct{ request.Store }

func (untold) DueFiles(context.Context, time.Time) iter.Seq2[attachment.File, error] {
	return func(func(attachment.File, error) bool) {}
}

// filing does the acts about files; in a trial it has no bucket.
func (w doing) filing(s *request.Service) *filing.Service {
	if w.files != nil {
		return w.files
	}
	return &filing.Service{Store: untold{s.Store}, Now: s.Now, Random: s.Random, NewID: rand.Text}
}

// goesOn leads on to where a file is sent from.
func (w doing) goesOn(a attachment.File, err error) (request.Request, error) {
	if err == nil && w.then != nil {
		*w.then = deskpage.UploadPath(w.id, a.ID)
	}
	return request.Request{ID: w.id}, err
}

func addFile(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	wish := filing.Wish{For: attachment.For(w.typed.First("for")), System: w.typed.First("system"), By: w.actor()}
	if err := wish.Check(s.Settings.Systems); err != nil {
		return request.Request{}, err
	}
	return w.goesOn(w.filing(s).ExpectFrom(ctx, w.id, wish))
}

func replaceFile(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	file, err := w.chosenFile()
	if err != nil {
		return request.Request{}, err
	}
	f, err := s.Store.File(ctx, w.id)
	if err != nil {
		return request.Request{}, err
	}
	wish, err := filing.InPlaceOf(f, file, w.actor())
	if err != nil {
		return request.Request{}, err
	}
	return w.goesOn(w.filing(s).ExpectFrom(ctx, w.id, wish))
}

func removeFile(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	file, err := w.chosenFile()
	if err != nil {
		return request.Request{}, err
	}
	if w.then != nil {
		*w.then = deskpage.FilePath(w.id) + "#files"
	}
	_, err = w.filing(s).Remove(ctx, w.id, file, w.officer)
	return request.Request{ID: w.id}, err
}

func (w doing) chosenFile() (string, error) {
	file := w.typed.First("file")
	if file == "" {
		return "", fault.Field("file", "unchosen", "file must be the id of a file of the request")
	}
	return file, nil
}

// triedFile is what a request takes longest: why it does not take that either is why it takes none.
func triedFile(*request.File, string) deskpage.Typed {
	return deskpage.Typed{"for": {string(attachment.Internal)}}
}

// whom are those for whom the request takes a file now.
func whom(v *visit, f *request.File) []deskpage.Choice {
	var all []deskpage.Choice
	for _, what := range filing.ForOfficers {
		if _, err := v.try(f, acts["file"], deskpage.Typed{"for": {string(what)}}); err == nil {
			all = append(all, deskpage.Choice{Value: string(what)})
		}
	}
	return all
}

// filesFor are the files on which an act is possible.
func filesFor(act string) func(*visit, *request.File) []deskpage.Choice {
	return func(v *visit, f *request.File) []deskpage.Choice {
		var all []deskpage.Choice
		for _, a := range f.Files {
			if o, err := v.try(f, acts[act], deskpage.Typed{"file": {a.ID}}); err == nil && o.Did {
				all = append(all, deskpage.Choice{Value: a.ID, File: &a})
			}
		}
		return all
	}
}

// upload gives the form for a file that is expected of who asks, until it is there. Where the file goes sends the browser
// back here. What it says then is believed by nobody: what the bucket has is recorded, and nothing else.
func (d *Door) upload(v *visit) {
	f, ok := v.fileOf()
	if !ok {
		return
	}
	a, err := filing.ExpectedOf(f, v.r.PathValue("file"), audit.AsOfficer(v.officer()))
	if err == nil && v.r.Method == http.MethodGet {
		a, err = d.Files.Arrived(v.r.Context(), f.Request.ID, a.ID)
	}
	screen, status := deskpage.Upload{Reference: f.Request.ID, ID: a.ID, For: a.For, Sent: v.r.URL.Query().Has("etag")}, http.StatusOK
	switch {
	case err == nil && a.State == attachment.Stored:
		slog.InfoContext(v.r.Context(), "file arrived", "request", f.Request.ID, "for", a.For, "bytes", a.Size)
		v.done(deskpage.FilePath(f.Request.ID) + "#files")
		return
	case err == nil, errors.Is(err, filing.ErrNotThere):
	case fault.Is(err, fault.Invalid) && a.State == attachment.Expected:
		screen.Refused, screen.Threat, status = true, errors.Is(err, attachment.ErrThreat), http.StatusUnprocessableEntity
	default:
		v.fail(err)
		return
	}
	for _, old := range f.Files {
		if a.Replaces == old.ID {
			screen.Replaces = old.Name()
		}
	}
	if err := d.signUpload(a, &screen); err != nil {
		v.fail(err)
		return
	}
	v.show(status, screen)
}

func (d *Door) signUpload(a attachment.File, u *deskpage.Upload) error {
	signed, err := d.Attached.FormFor(a.ID, d.BaseURL+deskpage.UploadPath(u.Reference, u.ID))
	u.Action = signed.Action
	for _, f := range signed.Fields {
		u.Fields = append(u.Fields, deskpage.UploadField(f))
	}
	return err
}
