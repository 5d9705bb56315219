package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/portal"
)

// showForm fills the e-mail field from the query, whatever the linking site
// calls it, and does nothing more: a form with method="get" ends here too.
func (h *handler) showForm(w http.ResponseWriter, r *http.Request) {
	// The page's own words are "all electronic communications and marketing
	// database": it asks for everything unless the person unticks it.
	sent := page.UnsubscribeForm{Email: h.Forms.Prefilled(form.ParseQuery(r.URL.RawQuery)), Trap: h.Desk.Forms.Trap(), Everything: true}
	h.showTopics(w, r, http.StatusOK, portal.Texts(r, ""), sent, nil)
}

// takeForm records the opt-out that a form asks for, in one call: nothing
// limits it.
func (h *handler) takeForm(w http.ResponseWriter, r *http.Request) {
	web.AllowAnyOrigin(w)
	sent, err := h.ReadForm(r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	in := h.submission(sent)
	in.signal = web.PrivacySignal(r)
	if len(in.Errors) > 0 {
		h.refuseForm(w, r, in)
		return
	}
	h.warn(r, in)
	if err := h.record(r, &in); err != nil {
		h.FailIn(w, r, portal.Texts(r, in.Language), err)
		return
	}
	slog.InfoContext(r.Context(), "opt-out recorded", "source", optout.FromForm, "optOuts", len(in.scopes()), "erase", in.erase, "held", in.held, "gpc", in.signal)
	h.received(w, r, in, h.receipt(in.Address, in.scopes(), h.Now()))
}

// erasureFor is the share of a request's time for opening an erasure: the rest
// is for storing the opt-out alone.
const erasureFor = 3 * time.Second

// record stores the opt-out; "… and delete my data" opens an erasure request
// in the same transaction. Where that fails, or takes too long, the opt-out is
// stored alone with the wish, and the notices function opens the request later;
// where its source has asked for too much, without it.
func (h *handler) record(r *http.Request, in *submission) error {
	if in.erases() {
		err := h.openErasure(r, *in)
		switch fault.CodeOf(err) {
		case "":
			return nil
		case fault.TooMany:
			in.wait = h.Wait(err)
		}
		slog.WarnContext(r.Context(), "erasure not opened yet", "code", fault.CodeOf(err), "error", err)
	}
	_, err := h.optOuts.Record(r.Context(), optout.Request{
		Address: in.Address, Scopes: in.scopes(), Name: in.Name, Source: optout.FromForm,
		Campaign: in.campaign, Form: web.FormHost(r), ErasureRequested: in.erases(),
		Language: portal.Texts(r, in.Language).Lang(),
	})
	return err
}

func (h *handler) openErasure(r *http.Request, in submission) error {
	service, err := h.rights()
	if err != nil {
		return fault.Wrap(fault.Internal, err, "make the service of requests")
	}
	ctx, cancel := context.WithTimeout(r.Context(), erasureFor)
	defer cancel()
	request, err := service.Open(ctx, request.Intake{
		Address: in.Address, Name: in.Name, Kinds: []intake.Kind{deadline.Erasure}, OnBehalfOf: intake.Self,
		Language: portal.Texts(r, in.Language).Lang(), Source: intake.FromUnsubscribe, OptOuts: in.scopes(),
		Evidence: optout.Evidence{Source: optout.FromForm, Campaign: in.campaign, Form: web.FormHost(r)},
		Limits:   h.source.Limits(web.Source(r)),
	})
	if err == nil {
		slog.InfoContext(r.Context(), "request received", "request", request.ID, "kinds", request.Kinds, "state", request.State)
	}
	return err
}

// taken is the JSON of an opt-out that was taken.
type taken struct {
	web.Answer
	Stopped  []optout.Scope     `json:"stopped"`
	Warnings []fault.FieldError `json:"warnings,omitempty"`
	Receipt  json.RawMessage    `json:"receipt,omitempty"`
}

func (h *handler) received(w http.ResponseWriter, r *http.Request, in submission, receipt string) {
	t, whole := portal.Texts(r, in.Language), !in.erase || in.erases()
	if web.Wanted(r) == web.JSON {
		said := page.Received{Erase: in.erases(), Held: in.held, Wait: in.wait}
		a := web.Answer{Code: http.StatusOK, Status: "received", Message: said.Message(h.Pages, t), RetryAfter: int(in.wait.Seconds())}
		if !whole {
			a.Errors = []fault.FieldError{{Field: page.FieldErase, Message: said.NotTaken(t)}}
		}
		if in.wait > 0 {
			web.RetryAfter(w, int(in.wait.Seconds()))
		}
		web.WriteJSON(w, http.StatusOK, taken{a, in.scopes(), h.warnings(t, in), json.RawMessage(receipt)})
		return
	}
	if h.Desk.Forms.AllowsRedirect(in.Redirect) && whole {
		web.SeeOther(w, in.Redirect)
		return
	}
	in.now = h.Now()
	h.results().Done(w, r, portal.Texts(r, in.Language), ofForm, in.result())
}

// refuseForm says what to correct, field by field, and keeps what was typed.
func (h *handler) refuseForm(w http.ResponseWriter, r *http.Request, in submission) {
	if web.Wanted(r) == web.JSON {
		h.Refused(w, portal.Texts(r, in.Language), in.Errors)
		return
	}
	h.showTopics(w, r, http.StatusUnprocessableEntity, portal.Texts(r, in.Language), page.UnsubscribeForm{
		Email: in.Typed, Everything: in.everything, Erase: in.erase,
		Redirect: in.Redirect, Campaign: in.campaign, Trap: h.Desk.Forms.Trap(), Errors: in.Errors,
	}, in.topics)
}

func (h *handler) showTopics(w http.ResponseWriter, r *http.Request, status int, t *catalog.Texts, sent page.UnsubscribeForm, chosen []string) {
	for _, topic := range h.Desk.Topics {
		sent.Topics = append(sent.Topics, page.Topic{ID: topic.ID, Title: topic.Title(t.Lang()), Chosen: slices.Contains(chosen, topic.ID)})
	}
	h.Show(w, r, status, t, sent)
}
