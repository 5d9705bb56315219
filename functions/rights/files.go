package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/portal"
)

// filesBucket is where files are; see aws.Bucket.
type filesBucket interface {
	// FormFor signs the form by which a browser sends a file. Origin is where it goes.
	FormFor(file, back string) (aws.Form, error)
	Origin() string
	// Given signs an address from which a browser fetches a file. Ready says why it is not given out.
	Given(context.Context, attachment.File) (string, error)
	Ready(context.Context, attachment.File) error
	Open(ctx context.Context, id string) (io.ReadCloser, error)
	PutFile(ctx context.Context, id string, file io.Reader, size int64, sha256 string) (attachment.Content, error)
}

// expectFile leads to the form for a file.
func (h *handler) expectFile(w http.ResponseWriter, r *http.Request, id, lang string) error {
	a, err := h.files.Expect(r.Context(), id)
	if err == nil {
		h.results().Done(w, r, portal.Texts(r, lang), ofFile, link.Claims{Request: id, Details: map[string]string{detailFile: a.ID}})
	}
	return err
}

// showFile says whether a file is there, and gives the form for it while it is not. S3
// sends the browser back here. What it says in the address is believed by nobody: what
// the bucket has is recorded, and nothing else.
func (h *handler) showFile(w http.ResponseWriter, r *http.Request, t *catalog.Texts, c link.Claims) {
	u, status, err := h.upload(r, t, c.Request, c.Details[detailFile], h.results().At(c))
	if err != nil {
		h.FailIn(w, r, t, err)
		return
	}
	h.status(w, r, t.Lang(), c.Request, status, page.RequestStatus{Action: h.statusLink(c.Request), Upload: u})
}

// upload looks whether a file is there, and gives the form for it while it is not. nil: it is not expected any more.
func (h *handler) upload(r *http.Request, t *catalog.Texts, request, file, back string) (*page.Upload, int, error) {
	a, err := h.files.Arrived(r.Context(), request, file)
	u := &page.Upload{File: a, Sent: r.URL.Query().Has("etag")}
	status := http.StatusOK
	switch {
	case err == nil:
		slog.InfoContext(r.Context(), "file arrived", "request", request, "bytes", a.Size)
		return u, status, nil
	case errors.Is(err, filing.ErrNotThere):
	case fault.Is(err, fault.Invalid):
		if u.Refused, status = true, http.StatusUnprocessableEntity; a.State != attachment.Expected { // its form is used up
			return u, status, nil
		}
	case fault.Is(err, fault.NotFound), fault.Is(err, fault.Conflict):
		return nil, status, nil
	default:
		return nil, status, err
	}
	return u, status, h.signUpload(u, file, back, t)
}

// signUpload makes the form for a file, which S3 answers by sending the browser back.
func (h *handler) signUpload(u *page.Upload, file, back string, t *catalog.Texts) error {
	form, err := h.bucket.FormFor(file, h.BaseURL+back+"?"+page.FieldLang+"="+t.Lang())
	if err != nil {
		return err
	}
	u.SendTo(form.Action)
	for _, f := range form.Fields {
		u.With(f.Name, f.Value)
	}
	return nil
}
