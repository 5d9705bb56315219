package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path"
	"time"

	"privacydesk/shared/catalog"
	"privacydesk/shared/fault"
	"privacydesk/shared/link"
	"privacydesk/shared/optout"
	"privacydesk/shared/page"
	"privacydesk/shared/person"
	"privacydesk/shared/policy"
	"privacydesk/shared/quota"
	"privacydesk/shared/web"
)

// limiter counts events against rate limits.
type limiter interface {
	// Take counts one event. TooMany: a limit is used up; any other error: it
	// is not known.
	Take(context.Context, ...quota.Limit) error
}

type handler struct {
	optOuts    *optout.Service
	limits     limiter
	ring       *link.KeyRing
	key        person.Key
	desk       *policy.Desk
	baseURL    string
	now        func() time.Time
	place      *time.Location // the controller's, for dates on pages
	perSource  int            // form posts a minute
	perAddress int            // form posts an hour

	pages *page.Desk
}

// patterns are the routes of template.yaml, which a test compares. GET and
// HEAD show, POST acts.
func (h *handler) patterns() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /{$}":                         h.landing,
		"GET /style.css":                   page.Stylesheet,
		"GET /unsubscribe":                 h.showForm,
		"POST /unsubscribe":                h.takeForm,
		"OPTIONS /unsubscribe":             web.Preflight,
		"GET /u/{link}":                    h.showLink,
		"POST /u/{link}":                   h.takeLink,
		"POST /undo/{link}":                h.undo,
		"GET /preferences/{link}":          h.showPreferences,
		"POST /preferences/{link}":         h.takePreferences,
		"GET /preferences/confirm/{link}":  h.showConfirm,
		"POST /preferences/confirm/{link}": h.takeConfirm,
		"POST /links":                      h.makeLinks,
		"POST /suppressions/check":         h.check,
	}
}

func (h *handler) routes() http.Handler {
	h.pages = deskPages(h.desk)
	mux := http.NewServeMux()
	for pattern, serve := range h.patterns() {
		mux.HandleFunc(pattern, serve)
	}
	mux.HandleFunc("/", h.notFound)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The mux would send a path such as /u//x elsewhere, link and all; a
		// one-click must not be redirected (RFC 8058 section 3.2).
		if path.Clean("/"+r.URL.Path) != r.URL.Path {
			h.notFound(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func (h *handler) landing(w http.ResponseWriter, r *http.Request) {
	h.show(w, r, http.StatusOK, texts(r, ""), page.Landing{})
}

func (h *handler) notFound(w http.ResponseWriter, r *http.Request) {
	if web.Wanted(r) == web.JSON {
		web.Refuse(w, fault.New(fault.NotFound, "There is nothing here."))
		return
	}
	h.show(w, r, http.StatusNotFound, texts(r, ""), page.NotFound{})
}

// show answers with a page.
func (h *handler) show(w http.ResponseWriter, r *http.Request, status int, t *catalog.Texts, p page.Page) {
	if err := h.pages.Write(w, r, status, t, p); err != nil {
		slog.ErrorContext(r.Context(), "page not shown", "error", err)
	}
}

// texts are the catalogue in the language that the person chose, in a form's
// field or in the query, else of Accept-Language.
func texts(r *http.Request, chosen string) *catalog.Texts {
	chosen = cmp.Or(chosen, r.URL.Query().Get(page.FieldLang))
	return catalog.For(catalog.Negotiate(chosen, r.Header.Get("Accept-Language")))
}

// retryAfter is the least time after which a limit may have room again.
const retryAfter = time.Minute

// fail answers with what the public may know of err, as a page or as JSON,
// and logs the rest.
func (h *handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := fault.Status(err)
	if status >= 500 {
		slog.ErrorContext(r.Context(), "request failed", "code", fault.CodeOf(err), "error", err)
	}
	if status == http.StatusTooManyRequests {
		web.RetryAfter(w, int(retryAfter.Seconds()))
	}
	switch {
	case web.Wanted(r) == web.JSON:
		web.Refuse(w, err)
	case status == http.StatusTooManyRequests:
		h.show(w, r, status, texts(r, ""), page.TooMany{RetryAfter: retryAfter})
	case status == http.StatusUnprocessableEntity:
		// No field of a page of ours is to blame: the whole was not readable.
		h.show(w, r, status, texts(r, ""), page.Problem{Status: http.StatusBadRequest})
	default:
		h.show(w, r, status, texts(r, ""), page.Problem{Status: status})
	}
}

// open reads the link of the request's path, or answers that it cannot.
func (h *handler) open(w http.ResponseWriter, r *http.Request, p link.Purpose) (link.Claims, bool) {
	claims, err := h.ring.Open(p, r.PathValue("link"), h.now())
	switch {
	case err == nil:
		return claims, true
	case errors.Is(err, link.ErrExpired):
		h.linkProblem(w, r, fault.New(fault.Expired, "This link has expired."), page.LinkProblem{Expired: true})
	default:
		h.linkProblem(w, r, fault.New(fault.Damaged, "This link is damaged or not complete."), page.LinkProblem{})
	}
	return claims, false
}

// linkProblem answers in the caller's own form: a page for people, JSON for
// scripts, a short text for mail clients.
func (h *handler) linkProblem(w http.ResponseWriter, r *http.Request, err *fault.Error, p page.LinkProblem) {
	switch {
	case web.Wanted(r) == web.JSON:
		web.Refuse(w, err)
	case web.IsBrowser(r):
		h.show(w, r, fault.Status(err), texts(r, ""), p)
	default:
		web.WriteText(w, fault.Status(err), err.Message)
	}
}

// sealed returns the path of a link.
func (h *handler) sealed(prefix string, p link.Purpose, c link.Claims) string {
	c.IssuedAt = h.now()
	token, err := h.ring.Seal(p, c)
	if err != nil {
		return "" // every page offers less rather than failing
	}
	return prefix + token
}

func (h *handler) preferencesLink(a person.Address) string {
	return h.sealed("/preferences/", link.Preferences, link.Claims{Address: a})
}

// subject names a scope as the pages do.
func (h *handler) subject(scope optout.Scope, lang string) page.Subject {
	topic, _ := h.desk.Topic(scope.Topic())
	return page.Subject{Scope: string(scope), Title: topic.Title(lang)}
}

func deskPages(d *policy.Desk) *page.Desk {
	o := d.Organisation
	p := &page.Desk{
		Organisation: page.Organisation{
			Name: o.Name, Email: o.Contact, Phone: o.Phone, Postal: o.Address,
			PolicyURL: o.PrivacyPolicy, HomeURL: o.Website,
		},
		Wording:         map[string]page.Wording{},
		RedirectOrigins: d.Forms.RedirectOrigins(),
	}
	for lang, w := range d.Wording {
		p.Wording[lang] = page.Wording(w)
	}
	return p
}
