package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
)

var (
	errNotOurs  = fault.New(fault.NotFound, "The answer has no such file.")
	errTooLarge = fault.New(fault.Conflict, "The files are too large to go into one. Fetch them one by one.")
	errMissing  = fault.New(fault.Conflict, "A file of the answer cannot be read. Fetch the others one by one.")
)

// takeFile leads to one file of an answer.
func (h *handler) takeFile(w http.ResponseWriter, r *http.Request, c link.Claims, fields form.Fields) {
	e, err := h.exports.Part(r.Context(), c.Request, "")
	if err != nil {
		h.noExport(w, r, err)
		return
	}
	f, ours := access.Find(e.Answer, fields.First(page.FieldFile))
	to, err := "", error(errNotOurs)
	if ours {
		to, err = h.bucket.Given(r.Context(), f)
	}
	if err == nil {
		err = h.rights.Exported(r.Context(), c.Request, string(f.Type))
	}
	h.lead(w, r, c, e, fields, to, err)
}

// takeArchive leads to all of an answer in one file, which is written for it.
func (h *handler) takeArchive(w http.ResponseWriter, r *http.Request, c link.Claims, fields form.Fields) {
	e, err := h.exports.Part(r.Context(), c.Request, "")
	if err != nil {
		h.noExport(w, r, err)
		return
	}
	if access.TooLarge(e.Answer) {
		h.lead(w, r, c, e, fields, "", errTooLarge)
		return
	}
	to, err := "", error(nil)
	a, err := h.archive(r.Context(), c.Request, e, textsIn(r, fields.First(page.FieldLang), e.Language))
	if err == nil {
		to, err = h.bucket.Given(r.Context(), a)
	}
	h.lead(w, r, c, e, fields, to, err)
}

// lead sends whoever fetches a file to where it is, or says why it is not given.
func (h *handler) lead(w http.ResponseWriter, r *http.Request, c link.Claims, e export.Export, fields form.Fields, to string, err error) {
	why := refusalOf(err)
	switch {
	case err == nil:
		slog.InfoContext(r.Context(), "answer fetched", "request", c.Request)
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("X-Robots-Tag", "noindex")
		web.SeeOther(w, to)
	case why == "":
		h.noExport(w, r, err)
	case web.Wanted(r) == web.JSON:
		web.Refuse(w, err)
	default:
		p := h.exportPage(r, c, e)
		p.Refused = why
		h.Show(w, r, fault.Status(err), textsIn(r, fields.First(page.FieldLang), e.Language), p)
	}
}

// refusalOf is how the page says a fault; empty: as it says others.
func refusalOf(err error) page.ExportRefusal {
	for _, known := range []struct {
		err error
		why page.ExportRefusal
	}{
		{errNotOurs, page.RefusedGone}, {errTooLarge, page.RefusedTooLarge}, {errMissing, page.RefusedMissing}, {attachment.ErrChecking, page.RefusedChecking},
		{attachment.ErrUnchecked, page.RefusedUnsafe}, {attachment.ErrThreat, page.RefusedUnsafe}, {filing.ErrTooMany, page.RefusedTooOften},
	} {
		if errors.Is(err, known.err) {
			return known.why
		}
	}
	if fault.Is(err, fault.NotFound) {
		return page.RefusedGone
	}
	return ""
}

// archive gives an archive of an answer that is there, or writes one.
func (h *handler) archive(ctx context.Context, id string, e export.Export, t *catalog.Texts) (attachment.File, error) {
	f, err := h.rights.Store.File(ctx, id)
	if err != nil {
		return attachment.File{}, err
	}
	if a, there := filing.FreshArchive(f, h.Now()); there {
		return a, nil
	}
	a, err := h.files.ExpectFrom(ctx, id, filing.Wish{For: attachment.Archive, By: audit.BySystem})
	if err != nil {
		return a, err
	}
	content, err := h.writeArchive(ctx, a.ID, e, t)
	if err != nil {
		return a, err
	}
	return h.files.Archived(ctx, id, a.ID, content)
}

// writeArchive writes an archive to the disk, since S3 wants to know its size and its hash first, and stores it.
func (h *handler) writeArchive(ctx context.Context, file string, e export.Export, t *catalog.Texts) (attachment.Content, error) {
	disk, err := os.CreateTemp("", "archive-")
	if err != nil {
		return attachment.Content{}, fault.Wrap(fault.Internal, err, "write an archive")
	}
	defer disk.Close()
	if err := os.Remove(disk.Name()); err != nil { // it is there while it is open: what dies leaves nothing
		return attachment.Content{}, fault.Wrap(fault.Internal, err, "write an archive")
	}
	content, err := access.Archive{
		Reference: e.Reference, MadeAt: e.MadeAt, Parts: e.Answer, Documents: h.documents(ctx, e, t),
		Open: func(f attachment.File) (io.ReadCloser, error) { return h.content(ctx, f) },
	}.Write(disk)
	if err == nil {
		_, err = disk.Seek(0, io.SeekStart)
	}
	if err != nil {
		return content, err
	}
	return h.bucket.PutFile(ctx, file, disk, content.Size, content.SHA256)
}

func (h *handler) content(ctx context.Context, f attachment.File) (io.ReadCloser, error) {
	if err := h.bucket.Ready(ctx, f); err != nil {
		return nil, missing(err)
	}
	content, err := h.bucket.Open(ctx, f.ID)
	return content, missing(err)
}

func missing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return errMissing
	}
	return err
}

// documents are what the desk itself holds, in as many parts as an export has, and what the law wants told with it.
func (h *handler) documents(ctx context.Context, e export.Export, t *catalog.Texts) iter.Seq2[access.Document, error] {
	return func(yield func(access.Document, error) bool) {
		e = h.about(t, e)
		inWords := e.About
		for _, s := range t.Parts(h.Desk.Systems, h.Desk.Organisation.Contact, e.Answer, true) {
			inWords = append(slices.Clip(inWords), access.Section{Title: s.Lead, Lines: s.Items})
		}
		if len(e.About) > 0 && !yield(access.InWords("answer.txt", t.Text("access.title")+"\n"+t.ToldBecause(e.Told), inWords), nil) {
			return
		}
		for n, err := 1, error(nil); ; n++ {
			name := "export"
			if n > 1 {
				name += "-" + strconv.Itoa(n)
			}
			csv := access.Document{Name: name + ".csv", Write: e.WriteCSV}
			if !yield(access.JSON(name+".json", e), err) || !yield(csv, nil) || e.Next == "" {
				return
			}
			e, err = h.exports.Part(ctx, e.Reference, e.Next)
		}
	}
}
