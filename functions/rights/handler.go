package main

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/portal"
)

// choices are a person's opt-outs, for their export.
type choices interface {
	// OfPerson returns all of them.
	OfPerson(context.Context, person.Ref) ([]optout.Record, error)
	// ConfirmationsOf returns the opt-in confirmations that are kept.
	ConfirmationsOf(context.Context, person.Ref) ([]optout.OptInConfirmation, error)
}

type handler struct {
	*portal.Site
	rights  *request.Service
	files   *filing.Service
	bucket  filesBucket
	optOuts *optout.Service
	exports *export.Exporter
	signer  *audit.Signer
	rules   *schedule.Schedule // of retention
	limits  quota.Meter
	source  quota.Source
}

// patterns are the routes of template.yaml, which a test compares. GET and
// HEAD show, POST acts.
func (h *handler) patterns() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /requests":                           h.showForm,
		"POST /requests":                          h.takeForm,
		"OPTIONS /requests":                       web.Preflight,
		"GET /requests/confirm/{link}":            h.showConfirm,
		"POST /requests/confirm/{link}":           h.takeConfirm,
		"POST /requests/resend/{link}":            h.resend,
		"GET /requests/status/{link}":             h.showStatus,
		"POST /requests/status/{link}":            h.takeStatus,
		"GET /requests/done/{link}":               h.results().Serve,
		"GET /requests/export/{link}":             h.showExport,
		"POST /requests/export/{link}":            h.takeExport,
		"GET /receipts/check":                     h.showCheck,
		"POST /receipts/check":                    h.takeCheck,
		"GET /.well-known/privacy-desk-keys.json": h.keys,
		"GET /systems/{link}":                     h.showSystem,
		"POST /systems/{link}":                    h.takeSystem,
	}
}

func (h *handler) routes() http.Handler { return h.Routes(h.patterns()) }

// request opens the link of the request's path and reads the request that it
// is for, or answers that it cannot.
func (h *handler) request(w http.ResponseWriter, r *http.Request, p link.Purpose) (request.Request, bool) {
	claims, ok := h.Open(w, r, p)
	if !ok {
		return request.Request{}, false
	}
	request, err := h.rights.Store.Load(r.Context(), claims.Request)
	if err != nil {
		h.gone(w, r, err)
		return request, false
	}
	return request, true
}

// texts are in the language that the person has switched the page to, in the
// form or in the query, else in that of their request.
func texts(r *http.Request, switched string, q request.Request) *catalog.Texts {
	return textsIn(r, switched, q.Language)
}

func textsIn(r *http.Request, switched, language string) *catalog.Texts {
	return portal.Texts(r, cmp.Or(switched, r.URL.Query().Get(page.FieldLang), language))
}

// gone answers for a good link whose request cannot be read: when there is
// none any more, it was disposed of.
func (h *handler) gone(w http.ResponseWriter, r *http.Request, err error) {
	if fault.CodeOf(err) == fault.NotFound && web.Wanted(r) == web.HTML {
		h.Show(w, r, http.StatusGone, portal.Texts(r, ""), page.RequestDisposed{})
		return
	}
	if fault.CodeOf(err) == fault.NotFound {
		web.Refuse(w, fault.New(fault.Expired, "%s", page.RequestDisposed{}.Message(portal.Texts(r, ""))))
		return
	}
	h.Fail(w, r, err)
}

// cannot answers for an act that the request does not allow any more.
func (h *handler) cannot(w http.ResponseWriter, r *http.Request, err error) {
	p := page.LinkProblem{Meant: page.ToRequest, Expired: fault.CodeOf(err) == fault.Expired, Changed: fault.CodeOf(err) == fault.Conflict}
	if !p.Expired && !p.Changed {
		h.gone(w, r, err)
		return
	}
	h.LinkProblem(w, r, fault.New(fault.CodeOf(err), "%s", fault.Public(err)), p)
}

// toRequest makes the path of a link to a request.
func (h *handler) toRequest(prefix string, p link.Purpose, id string, until time.Time) string {
	return h.Sealed(prefix, p, link.Claims{Request: id, ExpiresAt: until})
}

func (h *handler) statusLink(id string) string {
	return h.toRequest("/requests/status/", link.Status, id, time.Time{})
}

// receipt signs what the person may keep as proof; "" when it cannot be
// signed, which must not fail what was done.
func (h *handler) receipt(r request.Request) string {
	receipt := audit.Receipt{
		Issuer: h.BaseURL, Kind: audit.Request, Reference: r.ID, ReceivedAt: r.ReceivedAt,
		Head: &r.Head, Person: r.Address.String(),
	}
	if r.Reduced() {
		receipt.Person = h.rights.Key.Receipt(r.Ref)
	}
	for _, k := range r.Kinds {
		receipt.What = append(receipt.What, string(k))
	}
	if r.State.Closed() {
		receipt.EffectiveAt = r.ClosedAt
	} else if d, err := h.rights.Due(r); err == nil {
		receipt.DueAt = d.Due
	}
	signed, err := h.signer.Sign(receipt)
	if err != nil {
		return ""
	}
	return string(signed)
}
