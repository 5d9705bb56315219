package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/portal"
)

// showForm asks one question a page; whoever comes with an address, or asks for
// it, finds all of them on one.
func (h *handler) showForm(w http.ResponseWriter, r *http.Request) {
	query := form.ParseQuery(r.URL.RawQuery)
	t, email, whole := portal.Texts(r, ""), h.Forms.Prefilled(query), r.URL.Query()
	kinds := []string{}
	for _, f := range query {
		if h.Forms.Meaning(f.Name) == form.Kind {
			kinds = append(kinds, f.Value)
		}
	}
	if email != "" || whole.Has(page.FieldWhole) {
		h.Show(w, r, http.StatusOK, t, page.RequestForm{Kinds: kinds, Email: email, GPC: web.PrivacySignal(r), Trap: h.Desk.Forms.Trap()})
		return
	}
	whole[page.FieldKind] = kinds
	guide, last, done := page.Guide(whole)
	if !done {
		guide.GPC = web.PrivacySignal(r)
		h.Show(w, r, http.StatusOK, t, guide)
		return
	}
	last.GPC, last.Trap = web.PrivacySignal(r), h.Desk.Forms.Trap()
	h.Show(w, r, http.StatusOK, t, last)
}

// takeForm takes a request in: one read for what the person has asked before,
// one transaction.
func (h *handler) takeForm(w http.ResponseWriter, r *http.Request) {
	web.AllowAnyOrigin(w)
	sent, err := h.ReadForm(r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	t := portal.Texts(r, sent.Language)
	in := h.intake(r, &sent, t)
	h.Misdirected(r, sent.Redirect)
	switch {
	case len(sent.Errors) > 0:
		h.refuseForm(w, r, t, sent)
		return
	case sent.Trapped:
		h.hold(w, r, t, sent, in, errTrapped)
		return
	}
	q, err := h.open(r.Context(), in)
	if err != nil {
		h.hold(w, r, t, sent, in, err)
		return
	}
	slog.InfoContext(r.Context(), "request received", "request", q.ID, "kinds", q.Kinds, "state", q.State, "gpc", q.GPC,
		"source", optout.FromRequest, "optOuts", len(intake.OptOutsOf(q.Kinds)))
	h.received(w, r, t, sent, q)
}

// openFor is the share of a request's time for opening one that holds an
// opt-out: the rest is for storing the opt-out alone.
const openFor = 10 * time.Second

// open takes the request in.
func (h *handler) open(ctx context.Context, in request.Intake) (request.Request, error) {
	if len(intake.OptOutsOf(in.Kinds)) > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, openFor)
		defer cancel()
	}
	return h.rights.Open(ctx, in)
}

// answer is the JSON of a request that was taken in.
type answer struct {
	web.Answer
	Reference string             `json:"reference,omitempty"`
	Stopped   []optout.Scope     `json:"stopped,omitempty"` // at once, without a confirmation
	Warnings  []fault.FieldError `json:"warnings,omitempty"`
	Receipt   json.RawMessage    `json:"receipt,omitempty"`
}

// received answers the same for every address, known or not.
func (h *handler) received(w http.ResponseWriter, r *http.Request, t *catalog.Texts, sent form.Form, q request.Request) {
	if web.Wanted(r) == web.JSON {
		receipt := ""
		if q.ID != "" {
			receipt = h.receipt(q)
		}
		web.WriteJSON(w, http.StatusOK, answer{
			Answer:    web.Answer{Code: http.StatusOK, Status: "received", Message: page.RequestReceived{Request: q}.Message(h.Pages, t)},
			Reference: q.ID, Stopped: intake.OptOutsOf(q.Kinds), Warnings: append(h.RedirectWarning(t, sent.Redirect), page.SlipWarning(t, sent.Address, "asked.slip")...), Receipt: json.RawMessage(receipt),
		})
		return
	}
	if h.Desk.Forms.AllowsRedirect(sent.Redirect) {
		web.SeeOther(w, sent.Redirect)
		return
	}
	h.results().Done(w, r, t, ofForm, link.Claims{Request: q.ID, Address: sent.Address, Details: map[string]string{
		detailKinds: strings.Join(intake.Codes(q.Kinds), ","), detailGPC: yes(web.PrivacySignal(r)), detailDone: yes(q.State == lifecycle.Fulfilled),
	}})
}

// refuseForm says what to correct, field by field, and keeps what was typed.
func (h *handler) refuseForm(w http.ResponseWriter, r *http.Request, t *catalog.Texts, sent form.Form) {
	if web.Wanted(r) == web.JSON {
		h.Refused(w, t, sent.Errors)
		return
	}
	h.Show(w, r, http.StatusUnprocessableEntity, t, h.again(r, sent))
}

// again is the form with what was typed; all of it, where an answer of the
// guide is to be corrected.
func (h *handler) again(r *http.Request, sent form.Form) page.RequestForm {
	guided := r.URL.Query().Has(page.FieldGuided) && !slices.ContainsFunc(sent.Errors, func(e fault.FieldError) bool {
		return !slices.Contains([]string{page.FieldEmail, page.FieldName, page.FieldDetails}, e.Field)
	})
	return page.RequestForm{
		Guided: guided,
		Kinds:  sent.Values(form.Kind), Email: sent.Typed, Name: sent.Name, Country: sent.First(form.Country, maxPlace),
		Region: sent.First(form.Region, maxPlace), Details: details(sent),
		OnBehalfOf: sent.First(form.OnBehalfOf, maxPlace), GPC: web.PrivacySignal(r), Trap: h.Desk.Forms.Trap(), Errors: sent.Errors,
	}
}

// resend sends the confirmation mail once more, a few times at most.
func (h *handler) resend(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Resend)
	if !ok {
		return
	}
	fields, _ := portal.Fields(r) // only its language counts
	t := portal.Texts(r, fields.First(page.FieldLang))
	err := h.limits.Take(r.Context(), h.source.Limits(web.Source(r))...)
	if fault.Is(err, fault.TooMany) { // where the count is not known, the mailbox's own limit holds
		h.FailIn(w, r, t, err)
		return
	}
	q, err := h.rights.Resend(r.Context(), claims.Request, audit.ByPerson)
	switch {
	case errors.Is(err, request.ErrResent):
		h.notResent(w, r, t, q)
		return
	case err != nil:
		h.cannot(w, r, err)
		return
	case web.Wanted(r) == web.JSON:
		web.WriteJSON(w, http.StatusOK, answer{Answer: web.Answer{Code: http.StatusOK, Status: "accepted", Message: t.Text("asked.resent.title")}, Reference: q.ID})
		return
	}
	h.results().Done(w, r, t, ofForm, link.Claims{Request: q.ID, Details: map[string]string{
		detailKinds: strings.Join(intake.Codes(q.Kinds), ","), detailResent: yes(true),
	}})
}

// notResent answers that the mail is not sent any more often.
func (h *handler) notResent(w http.ResponseWriter, r *http.Request, t *catalog.Texts, q request.Request) {
	p := page.RequestNotResent{Request: q}
	if web.Wanted(r) == web.JSON {
		web.Refuse(w, fault.New(fault.Conflict, "%s", p.Message(t)))
		return
	}
	h.Show(w, r, http.StatusConflict, t, p)
}
