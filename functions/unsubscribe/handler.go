package main

import (
	"io"
	"net/http"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/portal"
)

type handler struct {
	*portal.Site
	optOuts    *optout.Service
	checker    *screening.Checker
	links      *mylinks.Service
	rights     func() (*request.Service, error) // made when first asked for
	lists      *backfill.Importer
	undoing    *backfill.Undoer
	listing    screening.Listing
	changes    *feed.Reader
	key        person.Key
	signer     *audit.Signer
	random     io.Reader
	source     quota.Source
	figures    *boot.Reporter
	mailDomain string // where unsubscribe@ is read; empty where no mail is received
}

// patterns are the routes of template.yaml, which a test compares. GET and
// HEAD show, POST acts.
func (h *handler) patterns() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /{$}":                         h.landing,
		"GET /style.css":                   page.Stylesheet,
		"GET /icon.svg":                    page.Icon,
		"GET /.well-known/gpc.json":        h.showGPC,
		"GET /unsubscribe":                 h.showForm,
		"POST /unsubscribe":                h.takeForm,
		"OPTIONS /unsubscribe":             web.Preflight,
		"GET /u/{link}":                    h.showLink,
		"POST /u/{link}":                   h.takeLink,
		"GET /done/{link}":                 h.results().Serve,
		"GET /my-links":                    h.showMyLinks,
		"POST /my-links":                   h.takeMyLinks,
		"POST /undo/{link}":                h.undo,
		"GET /preferences/{link}":          h.showPreferences,
		"POST /preferences/{link}":         h.takePreferences,
		"GET /preferences/confirm/{link}":  h.showConfirm,
		"POST /preferences/confirm/{link}": h.takeConfirm,
		"POST /links":                      h.Signed(web.Queries(h.makeLinks)),
		"POST /suppressions/check":         h.Signed(web.Queries(h.check)),
		"POST /suppressions/import":        h.Signed(web.Queries(h.takeList)),
		"POST /suppressions/import/undo":   h.Signed(web.Queries(h.undoImport)),
		"GET /suppressions":                h.Signed(web.Queries(h.giveList, "channel", "cursor")),
		"GET /api/suppressions":            h.Signed(web.Queries(h.giveChanges, "after")),
		"GET /choices/{link}":              h.giveChoices,
	}
}

func (h *handler) routes() http.Handler { return h.Routes(h.patterns()) }

func (h *handler) landing(w http.ResponseWriter, r *http.Request) {
	h.Show(w, r, http.StatusOK, portal.Texts(r, ""), page.Landing{})
}

func (h *handler) preferencesLink(a person.Address) string {
	return h.Sealed("/preferences/", link.Preferences, link.Claims{Address: a})
}

// subject names a scope as the pages do.
func (h *handler) subject(scope optout.Scope, lang string) page.Subject {
	topic, _ := h.Desk.Topic(scope.Topic())
	return page.Subject{Scope: string(scope), Title: topic.Title(lang)}
}
