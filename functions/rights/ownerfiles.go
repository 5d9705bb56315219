package main

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/ledger"
)

// filesOf are the files of the answer that are a system's, those too that have not arrived.
func (h *handler) filesOf(r *http.Request, c link.Claims) ([]attachment.File, error) {
	f, err := h.rights.Store.File(r.Context(), c.Request)
	return slices.DeleteFunc(f.Files, func(a attachment.File) bool { return !a.Answers(c.System) }), err
}

// sent are those that are there.
func sent(files []attachment.File) []attachment.File {
	return slices.DeleteFunc(files, func(a attachment.File) bool { return a.State != attachment.Stored })
}

// expectFrom is the file for which a system, or its owner, gets a form.
func (h *handler) expectFrom(r *http.Request, e ledger.Entry, c link.Claims) (attachment.File, error) {
	if err := e.TakesFile(c.Notice); err != nil {
		return attachment.File{}, err
	}
	return h.files.ExpectFrom(r.Context(), c.Request, filing.Wish{For: attachment.Answer, System: c.System, By: audit.BySystem})
}

// showOwner shows a task's page with the files that have arrived.
func (h *handler) showOwner(w http.ResponseWriter, r *http.Request, t *catalog.Texts, c link.Claims, status int, p page.OwnerTask) {
	if p.Entry.TakesFile("") == nil {
		files, err := h.filesOf(r, c)
		if err != nil {
			h.FailIn(w, r, t, err)
			return
		}
		p.Files = sent(files)
	}
	h.Show(w, r, status, t, p)
}

// ownerAddsFile gives the owner of a system the form for a file.
func (h *handler) ownerAddsFile(w http.ResponseWriter, r *http.Request, c link.Claims, fields form.Fields) {
	e, open := h.ownersEntry(w, r, c)
	if !open {
		return
	}
	t, p, status := h.ownerTexts(r, fields.First(page.FieldLang)), h.ownerPage(r, e), http.StatusOK
	a, err := h.expectFrom(r, e, c)
	switch {
	case errors.Is(err, filing.ErrTooMany):
		p.Full, status, err = true, fault.Status(err), nil
	case err == nil:
		p.Upload = &page.Upload{File: a}
		err = h.signUpload(p.Upload, a.ID, r.URL.Path, t)
	}
	if err == nil {
		h.showOwner(w, r, t, c, status, p)
	} else if _, open := h.ownersEntry(w, r, c); open {
		h.FailIn(w, r, t, err)
	}
}

// answer does what a system, or its owner, says of a task. A file counts that has come although nobody said so.
func (h *handler) answer(r *http.Request, c link.Claims, d ledger.Deed) error {
	if d.Task == ledger.Access {
		if err := h.files.Collect(r.Context(), c.Request, c.System); err != nil {
			return err
		}
	}
	_, err := h.rights.Ledger(r.Context(), c.Request, d)
	return err
}

// ownerFile says what became of the file that S3 names when it sends the browser back; nil: there is nothing to say.
// What the bucket has is recorded, and nothing else.
func (h *handler) ownerFile(r *http.Request, t *catalog.Texts, c link.Claims) (*page.Upload, int, error) {
	key := r.URL.Query().Get("key")
	if key == "" {
		return nil, http.StatusOK, nil
	}
	files, err := h.filesOf(r, c)
	if err != nil || !slices.ContainsFunc(files, func(a attachment.File) bool { return a.ID == key }) {
		return nil, http.StatusOK, err
	}
	return h.upload(r, t, c.Request, key, r.URL.Path)
}

// systemForm is how a program posts a file: url and fields first, the file as the last field, "file".
type systemForm struct {
	URL       string            `json:"url"`
	Fields    map[string]string `json:"fields"`
	MaxBytes  int64             `json:"max_bytes"`
	ExpiresAt string            `json:"expires_at"`
}

// systemFile is one that a system has sent.
type systemFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// systemAddsFile gives a system the form for a file.
func (h *handler) systemAddsFile(w http.ResponseWriter, r *http.Request, c link.Claims) {
	e, err := h.entry(r, c)
	var a attachment.File
	if err == nil {
		a, err = h.expectFrom(r, e, c)
	}
	if err != nil {
		refuseSystem(w, r, err)
		return
	}
	signed, err := h.bucket.FormFor(a.ID, "")
	if err != nil {
		refuseSystem(w, r, err)
		return
	}
	f := systemForm{signed.Action, map[string]string{}, attachment.MaxSize, h.Now().Add(attachment.FormTime).UTC().Format(time.RFC3339)}
	for _, field := range signed.Fields {
		f.Fields[field.Name] = field.Value
	}
	slog.InfoContext(r.Context(), "system adds a file", "request", e.Request, "system", e.System, "task", e.Task)
	web.WriteJSON(w, http.StatusOK, map[string]systemForm{"form": f})
}

// shownFiles are what a system has sent for its task.
func (h *handler) shownFiles(r *http.Request, e ledger.Entry, c link.Claims) ([]systemFile, error) {
	if e.TakesFile("") != nil {
		return nil, nil
	}
	files, err := h.filesOf(r, c)
	var shown []systemFile
	for _, a := range sent(files) {
		shown = append(shown, systemFile{a.Name(), a.Size, a.SHA256})
	}
	return shown, err
}
