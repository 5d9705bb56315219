package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"privacydesk/shared/catalog"
	"privacydesk/shared/fault"
	"privacydesk/shared/link"
	"privacydesk/shared/optout"
	"privacydesk/shared/page"
	"privacydesk/shared/policy"
	"privacydesk/shared/rights"
	"privacydesk/shared/site"
	"privacydesk/shared/web"
)

func (h *handler) showForm(w http.ResponseWriter, r *http.Request) {
	form := page.RequestForm{Email: h.Prefilled(r), GPC: gpc(r), Trap: h.Desk.Forms.Trap()}
	for _, f := range web.ReadQuery(r) {
		if h.Desk.Forms.MeaningOf(f.Name) == policy.Kind {
			form.Kinds = append(form.Kinds, f.Value)
		}
	}
	h.Show(w, r, http.StatusOK, site.Texts(r, ""), form)
}

// takeForm takes a request in: one read for what the person has asked before,
// one transaction.
func (h *handler) takeForm(w http.ResponseWriter, r *http.Request) {
	web.AllowAnyOrigin(w)
	form, err := h.ReadForm(r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	t := site.Texts(r, form.Language)
	in := h.intake(r, &form, t)
	switch {
	case len(form.Errors) > 0:
		h.refuseForm(w, r, t, form)
		return
	case form.Trapped:
		h.hold(w, r, t, form, in, errTrapped)
		return
	}
	request, err := h.open(r.Context(), in)
	if err != nil {
		h.hold(w, r, t, form, in, err)
		return
	}
	slog.InfoContext(r.Context(), "request received", "request", request.ID, "kinds", request.Kinds, "state", request.State,
		"source", optout.FromRequest, "optOuts", len(rights.OptOutsOf(request.Kinds)))
	h.received(w, r, t, form, request)
}

// answer is the JSON of a request that was taken in.
type answer struct {
	web.Answer
	Reference string          `json:"reference,omitempty"`
	Receipt   json.RawMessage `json:"receipt,omitempty"`
}

// received answers the same for every address, known or not.
func (h *handler) received(w http.ResponseWriter, r *http.Request, t *catalog.Texts, form site.Form, request rights.Request) {
	receipt := ""
	if request.ID != "" {
		receipt = h.receipt(request)
	}
	if web.Wanted(r) == web.JSON {
		web.WriteJSON(w, http.StatusOK, answer{
			web.Answer{Code: http.StatusOK, Status: "received", Message: h.Words().Received}, request.ID, json.RawMessage(receipt),
		})
		return
	}
	if h.Desk.Forms.AllowsRedirect(form.Redirect) {
		web.SeeOther(w, form.Redirect)
		return
	}
	p := page.RequestReceived{
		Reference: request.ID, Address: form.Address.String(), Kinds: rights.Codes(request.Kinds), OptedOut: optedOut(request.Kinds),
		Instant: request.State == rights.Fulfilled, GPC: gpc(r), Receipt: receipt,
	}
	if request.State == rights.Unverified && request.ID != "" {
		p.ResendURL = h.toRequest("/requests/resend/", link.Resend, request.ID, request.VerifyBy)
	}
	h.Show(w, r, http.StatusOK, t, p)
}

// refuseForm says what to mend, field by field, and keeps what was typed.
func (h *handler) refuseForm(w http.ResponseWriter, r *http.Request, t *catalog.Texts, form site.Form) {
	if web.Wanted(r) == web.JSON {
		web.Refuse(w, &fault.Error{Code: fault.Invalid, Message: h.Words().Failed, Fields: form.Errors})
		return
	}
	h.Show(w, r, http.StatusUnprocessableEntity, t, h.again(r, form))
}

// again is the form with what was typed.
func (h *handler) again(r *http.Request, form site.Form) page.RequestForm {
	return page.RequestForm{
		Kinds: form.Values(policy.Kind), Email: form.Typed, Name: form.Name, Country: form.First(policy.Country, maxPlace),
		Region: form.First(policy.Region, maxPlace), Details: details(form),
		OnBehalfOf: form.First(policy.OnBehalfOf, maxPlace), GPC: gpc(r), Trap: h.Desk.Forms.Trap(), Errors: form.PageErrors(),
	}
}

// resend sends the confirmation mail once more, a few times at most.
func (h *handler) resend(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Resend)
	if !ok {
		return
	}
	err := h.limits.Take(r.Context(), h.source.Limits(web.Source(r))...)
	if errors.Is(err, &fault.Error{Code: fault.TooMany}) { // where the count is not known, the mailbox's own limit holds
		h.Fail(w, r, err)
		return
	}
	request, err := h.rights.Resend(r.Context(), claims.Request, rights.ByPerson)
	t := site.Texts(r, "")
	switch {
	case errors.Is(err, rights.ErrResent):
		h.notResent(w, r, t, request)
		return
	case err != nil:
		h.cannot(w, r, err)
		return
	case web.Wanted(r) == web.JSON:
		web.WriteJSON(w, http.StatusOK, answer{web.Answer{Code: http.StatusOK, Status: "accepted", Message: t.Text("asked.resent.title")}, request.ID, nil})
		return
	}
	h.Show(w, r, http.StatusOK, t, page.RequestReceived{
		Reference: request.ID, Address: request.Address.String(), Kinds: rights.Codes(request.Kinds), OptedOut: optedOut(request.Kinds),
		ResendURL: r.URL.Path, Resent: true,
	})
}

// notResent answers that the mail is not sent any more often.
func (h *handler) notResent(w http.ResponseWriter, r *http.Request, t *catalog.Texts, request rights.Request) {
	p := page.RequestNotResent{Reference: request.ID, Tries: 1 + request.Resent}
	if web.Wanted(r) == web.JSON {
		web.Refuse(w, fault.New(fault.Conflict, "%s", p.Message(t)))
		return
	}
	h.Show(w, r, http.StatusConflict, t, p)
}

// optedOut are the scopes that kinds put out at once.
func optedOut(kinds []rights.Kind) []string { return rights.Codes(rights.OptOutsOf(kinds)) }
