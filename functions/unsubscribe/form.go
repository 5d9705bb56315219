package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/catalog"
	"privacydesk/shared/fault"
	"privacydesk/shared/optout"
	"privacydesk/shared/page"
	"privacydesk/shared/person"
	"privacydesk/shared/policy"
	"privacydesk/shared/quota"
	"privacydesk/shared/web"
)

// showForm fills the e-mail field from the query, whatever the linking site
// calls it, and does nothing more: a form with method="get" ends here too.
func (h *handler) showForm(w http.ResponseWriter, r *http.Request) {
	// The page's own words are "all electronic communications and marketing
	// database": it asks for everything unless the person unticks it.
	form := page.UnsubscribeForm{Trap: first(h.desk.Forms.Honeypot), Everything: true}
	for _, f := range web.ReadQuery(r) {
		if h.desk.Forms.MeaningOf(f.Name) == policy.Email && form.Email == "" {
			form.Email = web.CleanText(f.Value, maxEmail)
		}
	}
	h.showTopics(w, r, http.StatusOK, texts(r, ""), form, nil)
}

// takeForm records the opt-out that a form asks for: at most one call for the
// limits and one for the record.
func (h *handler) takeForm(w http.ResponseWriter, r *http.Request) {
	web.AllowAnyOrigin(w)
	fields, err := web.ReadForm(r)
	if errors.Is(err, &fault.Error{Code: fault.Invalid}) {
		h.refuseForm(w, r, intake{errors: []fault.FieldError{{Field: "form", Reason: unreadable, Message: fault.Public(err)}}})
		return
	}
	if err != nil {
		h.fail(w, r, err)
		return
	}
	in := h.intake(fields)
	if in.trapped {
		slog.InfoContext(r.Context(), "form swallowed", "reason", "honeypot")
		h.received(w, r, in)
		return
	}
	if len(in.errors) > 0 {
		h.refuseForm(w, r, in)
		return
	}
	if err := h.allow(r, in.address); err != nil {
		h.fail(w, r, err)
		return
	}
	if _, err := h.optOuts.Record(r.Context(), in.request(formHost(r))); err != nil {
		h.fail(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "opt-out recorded", "source", optout.FromForm, "scopes", len(in.scopes()), "erase", in.erase)
	h.received(w, r, in)
}

// allow counts the post against the limits. Where the count is not known, the
// opt-out goes before the limit.
func (h *handler) allow(r *http.Request, a person.Address) error {
	limits := []quota.Limit{{Name: "form-address", Ref: string(h.key.Ref(a)), Max: h.perAddress, Per: time.Hour}}
	if source := web.Source(r); source != "" {
		limits = append(limits, quota.Limit{Name: "form-source", Ref: h.key.Digest("source", source), Max: h.perSource, Per: time.Minute})
	}
	err := h.limits.Take(r.Context(), limits...)
	if err == nil || errors.Is(err, &fault.Error{Code: fault.TooMany}) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.Wrap(fault.Unavailable, err, "count against the limits")
	}
	slog.WarnContext(r.Context(), "limits not counted", "error", err)
	return nil
}

func (h *handler) received(w http.ResponseWriter, r *http.Request, in intake) {
	if web.Wanted(r) == web.JSON {
		web.WriteJSON(w, http.StatusOK, web.Answer{Code: http.StatusOK, Status: "received", Message: says(h.desk.Wording[catalog.Default].Received, "received.title")})
		return
	}
	if h.desk.Forms.AllowsRedirect(in.redirect) {
		w.Header().Set("Location", in.redirect)
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	t := texts(r, in.language)
	p := page.Received{Everything: in.everything, Erase: in.erase}
	if !in.address.IsZero() {
		p.Address = in.address.String()
	}
	for _, id := range in.topics {
		topic, _ := h.desk.Topic(id)
		p.Topics = append(p.Topics, topic.Title(t.Lang()))
	}
	h.show(w, r, http.StatusOK, t, p)
}

// refuseForm says what to mend, field by field, and keeps what was typed.
func (h *handler) refuseForm(w http.ResponseWriter, r *http.Request, in intake) {
	if web.Wanted(r) == web.JSON {
		web.Refuse(w, &fault.Error{Code: fault.Invalid, Message: says(h.desk.Wording[catalog.Default].Failed, "form.failed"), Fields: in.errors})
		return
	}
	form := page.UnsubscribeForm{
		Email: in.typed, Name: in.name, Everything: in.everything, Erase: in.erase,
		Redirect: in.redirect, Trap: first(h.desk.Forms.Honeypot),
	}
	for _, e := range in.errors {
		form.Errors = append(form.Errors, pageError(e))
	}
	h.showTopics(w, r, http.StatusUnprocessableEntity, texts(r, in.language), form, in.topics)
}

// says gives scripts the organisation's own words, or else the catalogue's,
// which is read only then.
func says(own, key string) string {
	if own != "" {
		return own
	}
	return catalog.For(catalog.Default).Text(key)
}

// unreadable is the reason when a form as a whole could not be read.
const unreadable = "unreadable"

// pageError says an error in the terms of our own page. Who comes with a form
// that could not be read finds an empty one there, to be filled in.
func pageError(e fault.FieldError) page.FieldError {
	if e.Reason == unreadable {
		return page.FieldError{Field: page.FieldEmail, Fault: page.FaultMissing}
	}
	return page.FieldError{Field: e.Field, Fault: pageFaults[e.Reason]}
}

var pageFaults = map[string]page.Fault{
	person.Missing: page.FaultMissing,
	person.TooLong: page.FaultTooLong,
	conflicting:    page.FaultConflict,
	// every other reason is an address that is none
	person.NoAt: page.FaultInvalid, person.BadLocalPart: page.FaultInvalid, person.BadDomain: page.FaultInvalid,
}

func (h *handler) showTopics(w http.ResponseWriter, r *http.Request, status int, t *catalog.Texts, form page.UnsubscribeForm, chosen []string) {
	for _, topic := range h.desk.Topics {
		form.Topics = append(form.Topics, page.Topic{ID: topic.ID, Title: topic.Title(t.Lang()), Chosen: slices.Contains(chosen, topic.ID)})
	}
	h.show(w, r, status, t, form)
}

// formHost is the host of the page that held the form, as evidence.
func formHost(r *http.Request) string {
	for _, header := range []string{"Origin", "Referer"} {
		if u, err := url.Parse(r.Header.Get(header)); err == nil && u.Host != "" {
			return web.CleanText(strings.ToLower(u.Hostname()), maxHost)
		}
	}
	return ""
}
