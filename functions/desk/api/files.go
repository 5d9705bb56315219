package api

import (
	"context"
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// Attached takes and gives out what files hold.
type Attached interface {
	// Given is where a file may be fetched for a moment. NotFound: what was read is not there any more.
	Given(context.Context, attachment.File) (string, error)
	// FormFor is the form that puts a file there that is expected; back: "", nobody is led anywhere afterwards.
	FormFor(file, back string) (aws.Form, error)
}

// fileForm says how a file is sent, and where to: as multipart/form-data with the fields in this order, and last the file
// itself, as "file".
type fileForm struct {
	File   attachment.File `json:"file"`
	Action string          `json:"action"`
	Fields []formField     `json:"fields"`
}

type formField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// given is where a file is fetched.
type given struct {
	File attachment.File `json:"file"`
	URL  string          `json:"url"`
}

// fileActs are the operations of POST /api/requests/{id}/{action} on files. What they answer is nil where it is the
// request's file.
var fileActs = map[string]func(*Door, context.Context, request.File, act) (any, error){
	"file":    (*Door).expectFile,
	"arrived": (*Door).fileArrived,
	"fetch":   (*Door).fetchFile,
	"remove": func(h *Door, ctx context.Context, f request.File, a act) (any, error) {
		_, err := h.Files.Remove(ctx, f.Request.ID, a.File, a.Officer)
		return nil, err
	},
}

// fileAct carries out an act on a file of a request.
func (h *Door) fileAct(w http.ResponseWriter, r *http.Request, do func(*Door, context.Context, request.File, act) (any, error)) {
	a, err := h.read(r)
	var f request.File
	if err == nil {
		f, err = h.Rights.Store.File(r.Context(), r.PathValue("id"))
	}
	var out any
	if err == nil {
		out, err = do(h, r.Context(), f, a)
	}
	if err != nil {
		refuse(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "officer acted", "request", f.Request.ID, "act", r.PathValue("action"), "state", f.Request.State)
	if out == nil {
		h.showFile(w, r, f.Request.ID, http.StatusOK)
		return
	}
	web.WriteJSON(w, http.StatusOK, out)
}

func (h *Door) expectFile(ctx context.Context, f request.File, a act) (any, error) {
	wish, err := a.wish(f)
	if err == nil {
		err = wish.Check(h.Rights.Settings.Systems)
	}
	if err != nil {
		return nil, err
	}
	file, err := h.Files.ExpectFrom(ctx, f.Request.ID, wish)
	if err != nil {
		return nil, err
	}
	signed, err := h.Attached.FormFor(file.ID, "")
	out := fileForm{File: file, Action: signed.Action}
	for _, field := range signed.Fields {
		out.Fields = append(out.Fields, formField(field))
	}
	return out, err
}

// wish is the file that is to be added: a new one, or one in the place of another.
func (a act) wish(f request.File) (filing.Wish, error) {
	by := audit.AsOfficer(a.Officer)
	switch {
	case a.Replaces == "":
		return filing.Wish{For: a.For, System: a.System, By: by}, nil
	case a.For != "" || a.System != "":
		return filing.Wish{}, fault.Field("replaces", "both", "give replaces alone: the file is for whom the other was, and of the same system")
	}
	return filing.InPlaceOf(f, a.Replaces, by)
}

func (h *Door) fileArrived(ctx context.Context, f request.File, a act) (any, error) {
	file, err := filing.ExpectedOf(f, a.File, audit.AsOfficer(a.Officer))
	if err == nil {
		_, err = h.Files.Arrived(ctx, f.Request.ID, file.ID)
	}
	return nil, err
}

// fetchFile gives the address of a file. That it was taken out is an entry of the history.
func (h *Door) fetchFile(ctx context.Context, f request.File, a act) (any, error) {
	file, err := filing.ToGive(f, a.File)
	if err != nil {
		return nil, err
	}
	at, err := h.Attached.Given(ctx, file)
	if err == nil {
		err = h.Rights.Looked(ctx, &f, a.Officer, lifecycle.EventFileFetched)
	}
	return given{file, at}, err
}
