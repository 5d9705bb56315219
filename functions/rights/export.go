package main

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/portal"
)

// holdings are what the export finds beside requests.
type holdings struct {
	choices choices
	mails   *quota.Mails
}

func (h holdings) OptOutsOf(ctx context.Context, ref person.Ref) ([]optout.Record, error) {
	return h.choices.OfPerson(ctx, ref)
}

func (h holdings) ConfirmationsOf(ctx context.Context, ref person.Ref) ([]optout.OptInConfirmation, error) {
	return h.choices.ConfirmationsOf(ctx, ref)
}

// CountersOf counts the mails that were sent to the mailbox and may have been
// caused by others.
func (h holdings) CountersOf(ctx context.Context, a person.Address) ([]export.Counter, error) {
	var counters []export.Counter
	for _, cause := range quota.Causes {
		own := h.mails.Limits(cause, a)[0]
		n, since, err := h.mails.Meter.Count(ctx, own)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			counters = append(counters, export.Counter{Name: own.Name, Count: n, Since: since.UTC()})
		}
	}
	return counters, nil
}

// showExport shows all that is held, or gives it to a script as JSON. Only
// fetching a file (POST) is written into the history: nothing changes on
// GET.
func (h *handler) showExport(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Export)
	if !ok {
		return
	}
	e, err := h.exports.Part(r.Context(), claims.Request, r.URL.Query().Get(page.FieldPart))
	if err != nil {
		h.noExport(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "export read", "request", claims.Request)
	t := textsIn(r, "", e.Language)
	if web.Wanted(r) == web.JSON {
		web.WriteJSON(w, http.StatusOK, h.about(t, e))
		return
	}
	h.Show(w, r, http.StatusOK, t, h.exportPage(r, claims, e))
}

func (h *handler) exportPage(r *http.Request, c link.Claims, e export.Export) page.ExportPage {
	p := page.ExportPage{
		Action: r.URL.Path, Part: r.URL.Query().Get(page.FieldPart), Next: e.Next, Reference: e.Reference, Address: e.Address, MadeAt: e.MadeAt, Until: h.Through(c.ExpiresAt),
		Told: e.Told, Answer: e.Answer, FilesAt: h.bucket.Origin(),
	}
	for _, t := range e.Tables() {
		p.Sections = append(p.Sections, page.ExportSection(t))
	}
	return p
}

// about says in words what the law wants told with an export.
func (h *handler) about(t *catalog.Texts, e export.Export) export.Export {
	e.About = t.Told(h.Desk.Access, h.Desk.Retention, e.Told)
	return e
}

// noExport answers for an export, or a part of one, that cannot be given.
func (h *handler) noExport(w http.ResponseWriter, r *http.Request, err error) {
	if len(fault.FieldsOf(err)) > 0 {
		h.Fail(w, r, err)
		return
	}
	h.cannot(w, r, err)
}

// formats are the files that an export can be fetched as.
var formats = map[string]struct {
	contentType string
	write       func(export.Export, io.Writer) error
}{
	page.ValueCSV: {"text/csv; charset=utf-8", export.Export.WriteCSV},
	page.ValueJSON: {"application/json; charset=utf-8", func(e export.Export, w io.Writer) error {
		return access.JSON("", e).Write(w)
	}},
}

// takeExport gives a file and writes into the history that it was fetched.
func (h *handler) takeExport(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Export)
	if !ok {
		return
	}
	fields, err := portal.Fields(r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	switch name := cmp.Or(fields.First(page.FieldFormat), page.ValueJSON); name {
	case page.ValueFile:
		h.takeFile(w, r, claims, fields)
	case page.ValueZIP:
		h.takeArchive(w, r, claims, fields)
	default:
		h.takePart(w, r, claims, name, fields)
	}
}

// takePart gives what the desk itself holds, or a part of it.
func (h *handler) takePart(w http.ResponseWriter, r *http.Request, claims link.Claims, name string, fields form.Fields) {
	format, known := formats[name]
	if !known {
		h.Fail(w, r, fault.Field(page.FieldFormat, "unknown", "format must be json, csv, zip or file"))
		return
	}
	part := fields.First(page.FieldPart)
	e, err := h.exports.Part(r.Context(), claims.Request, part)
	var file bytes.Buffer
	if err == nil {
		err = format.write(h.about(textsIn(r, fields.First(page.FieldLang), e.Language), e), &file)
	}
	if err == nil { // written down only when the file is there to be given
		err = h.rights.Exported(r.Context(), claims.Request, name)
	}
	if err != nil {
		h.noExport(w, r, err)
		return
	}
	if part != "" {
		name = "from-" + part + "." + name
	}
	head := w.Header()
	head.Set("Content-Type", format.contentType)
	head.Set("Content-Disposition", `attachment; filename="`+claims.Request+"."+name+`"`)
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("X-Robots-Tag", "noindex")
	w.WriteHeader(http.StatusOK)
	_, _ = file.WriteTo(w)
}
