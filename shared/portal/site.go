// Package portal is what all functions that show pages to people have in common:
// pages in the person's language, links sealed and opened, forms read, faults
// answered as the caller can use them. It puts the adapters page, link, form,
// catalog and web together. It must not know what a page is about.
package portal

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/settings"
)

// Site is one deployment's pages.
type Site struct {
	Desk    *settings.Desk
	Ring    *link.KeyRing
	BaseURL string // public, without a slash at the end
	Now     func() time.Time

	Forms *form.Reader
	Pages *page.Desk
}

// New prepares the pages of a desk.
func New(d *settings.Desk, ring *link.KeyRing, baseURL string, now func() time.Time) *Site {
	return &Site{
		Desk: d, Ring: ring, BaseURL: baseURL, Now: now, Forms: form.NewReader(&d.Forms),
		Pages: &page.Desk{Organisation: d.Organisation, Wording: d.Wording, Zone: d.Organisation.Zone(), AppealByAnother: d.Requests.AppealByAnother, Systems: d.Systems, Access: d.Access, Retention: d.Retention, RedirectOrigins: d.Forms.RedirectOrigins()},
	}
}

// Through is the last day of what holds until end, as pages name it.
func (s *Site) Through(end time.Time) civil.Day { return civil.Through(end, s.Pages.Zone) }

// Show answers with a page.
func (s *Site) Show(w http.ResponseWriter, r *http.Request, status int, t *catalog.Texts, p page.Page) {
	if err := s.Pages.Write(w, r, status, t, p); err != nil {
		slog.ErrorContext(r.Context(), "page rendering failed", "error", err)
	}
}

// Texts are the catalogue in the language that the person chose, in a form's
// field or in the query, else of Accept-Language.
func Texts(r *http.Request, chosen string) *catalog.Texts {
	chosen = cmp.Or(chosen, r.URL.Query().Get(page.FieldLang))
	return catalog.For(catalog.Negotiate(chosen, r.Header.Get("Accept-Language")))
}

// sentTexts are the catalogue in the language of a form of ours that was sent,
// else in that of the request.
func sentTexts(r *http.Request) *catalog.Texts {
	if r.Method != http.MethodPost {
		return Texts(r, "")
	}
	fields, _ := Fields(r) // what cannot be read says no language
	return Texts(r, fields.First(page.FieldLang))
}

// Fail answers with what the public may know of err, as a page or as JSON in
// the caller's language, and logs the rest.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, err error) {
	s.FailIn(w, r, sentTexts(r), err)
}

// FailIn is Fail for a form that said which language it speaks.
func (s *Site) FailIn(w http.ResponseWriter, r *http.Request, t *catalog.Texts, err error) {
	status := fault.Status(err)
	if status >= 500 {
		slog.ErrorContext(r.Context(), "request failed", "code", fault.CodeOf(err), "error", err)
	}
	if status == http.StatusTooManyRequests {
		s.TooMany(w, r, t, err, nil)
		return
	}
	sent := r.Method == http.MethodPost
	if web.Wanted(r) == web.JSON {
		s.refuse(w, t, err, page.Problem{Status: status, Sent: sent})
		return
	}
	s.Show(w, r, status, t, problem(status, sent))
}

// TooMany answers that limits are used up, until when, and which scopes are out
// all the same.
func (s *Site) TooMany(w http.ResponseWriter, r *http.Request, t *catalog.Texts, err error, out []string) {
	p := page.TooMany{RetryAfter: s.Wait(err), OptedOut: out}
	web.RetryAfter(w, int(p.RetryAfter.Seconds()))
	if web.Wanted(r) == web.JSON {
		web.Refuse(w, fault.New(fault.TooMany, "%s", p.Message(t)))
		return
	}
	s.Show(w, r, http.StatusTooManyRequests, t, p)
}

// Failed answers that a request failed, and which scopes are out all the same.
func (s *Site) Failed(w http.ResponseWriter, r *http.Request, t *catalog.Texts, err error, out []string) {
	if len(out) == 0 || fault.Status(err) < 500 {
		s.FailIn(w, r, t, err)
		return
	}
	slog.ErrorContext(r.Context(), "request failed", "code", fault.CodeOf(err), "error", err)
	p := page.Problem{Status: fault.Status(err), Sent: true, OptedOut: out}
	if web.Wanted(r) == web.JSON {
		web.WriteJSON(w, p.Status, web.Answer{Code: p.Status, Status: string(fault.CodeOf(err)), Message: p.Message(s.Pages, t)})
		return
	}
	s.Show(w, r, p.Status, t, p)
}

// Wait is how long it takes until limits that are used up have room again, in
// whole seconds; a minute where that is not known.
func (s *Site) Wait(err error) time.Duration {
	at := fault.RetryAt(err)
	if at.IsZero() {
		return time.Minute
	}
	return max(time.Second, (at.Sub(s.Now()) + time.Second - 1).Truncate(time.Second))
}

// problem is the page of a status.
func problem(status int, sent bool) page.Page {
	switch status {
	case http.StatusNotFound:
		return page.NotFound{}
	case http.StatusUnprocessableEntity:
		// No field of a page of ours is to blame: the whole was not readable.
		return page.Problem{Status: http.StatusBadRequest}
	}
	return page.Problem{Status: status, Sent: sent}
}

// Routes serves patterns of http.ServeMux and answers every other path here.
func (s *Site) Routes(patterns map[string]http.HandlerFunc) http.Handler {
	return web.Routes(patterns, s.NotFound)
}

// Signed keeps a route for systems that IAM has let through; to everybody else
// there is nothing at its path.
func (s *Site) Signed(serve http.HandlerFunc) http.HandlerFunc { return web.Signed(serve, s.NotFound) }

// NotFound answers that there is nothing at the request's path.
func (s *Site) NotFound(w http.ResponseWriter, r *http.Request) {
	s.Fail(w, r, fault.New(fault.NotFound, "%s", Texts(r, "").Text("notfound.title")))
}

// meant says what a link of a purpose leads to; all others are for leaving.
var meant = map[link.Purpose]page.LinkMeant{
	link.Undo: page.ToComeBack, link.OptIn: page.ToComeBack,
	link.Confirm: page.ToRequest, link.Resend: page.ToRequest, link.Status: page.ToRequest, link.Export: page.ToRequest,
}

// Open reads the link of the request's path, or answers that it cannot.
func (s *Site) Open(w http.ResponseWriter, r *http.Request, p link.Purpose) (link.Claims, bool) {
	claims, err := s.Ring.Open(p, r.PathValue("link"), s.Now())
	switch {
	case err == nil:
		return claims, true
	case errors.Is(err, link.ErrExpired):
		s.LinkProblem(w, r, fault.New(fault.Expired, "This link has expired."), page.LinkProblem{Expired: true, Meant: meant[p]})
	default:
		s.LinkProblem(w, r, fault.New(fault.Damaged, "This link is damaged or not complete."), page.LinkProblem{Meant: meant[p]})
	}
	return claims, false
}

// LinkProblem answers in the caller's own form: a page for people, JSON for
// scripts, a short text for mail clients.
func (s *Site) LinkProblem(w http.ResponseWriter, r *http.Request, err *fault.Error, p page.LinkProblem) {
	switch {
	case web.Wanted(r) == web.JSON:
		web.Refuse(w, fault.New(fault.CodeOf(err), "%s", p.Message(sentTexts(r))))
	case web.IsBrowser(r):
		s.Show(w, r, fault.Status(err), sentTexts(r), p)
	default:
		web.WriteText(w, fault.Status(err), err.Message)
	}
}

// Sealed returns the path of a link, "" if it cannot be made: every page
// offers less rather than failing.
func (s *Site) Sealed(prefix string, p link.Purpose, c link.Claims) string {
	if c.IssuedAt.IsZero() {
		c.IssuedAt = s.Now()
	}
	token, err := s.Ring.Seal(p, c)
	if err != nil {
		return ""
	}
	return prefix + token
}

// ReadForm reads the form of a request by the meaning of its fields. A broken
// body is a form with an error; the error returned is for what is no form at all.
func (s *Site) ReadForm(r *http.Request) (form.Form, error) {
	fields, err := Fields(r)
	if fault.Is(err, fault.Invalid) {
		return form.Broken(err), nil
	}
	if err != nil {
		return form.Form{}, err
	}
	return s.Forms.Read(fields), nil
}

// Fields reads the fields of one of our own pages' forms. The errors are those
// of web.Body and form.Parse.
func Fields(r *http.Request) (form.Fields, error) {
	body, err := web.Body(r, form.MaxBytes)
	if err != nil {
		return nil, err
	}
	media, params := web.Media(r)
	return form.Parse(body, media, params)
}
