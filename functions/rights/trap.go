package main

import (
	"errors"
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
)

// errTrapped says that the honeypot was filled in.
var errTrapped = fault.New(fault.Invalid, "the honeypot was filled in")

// hold takes a form whose honeypot was filled in, whose source has asked for
// too much, or whose request could not be stored. Opt-outs are recorded all the
// same, as one write; a request, with its mail, is not taken in: the person is
// told until when, or finds the form again without that field, where a robot
// does not look.
func (h *handler) hold(w http.ResponseWriter, r *http.Request, t *catalog.Texts, sent form.Form, in request.Intake, why error) {
	out := intake.OptOutsOf(in.Kinds)
	if len(out) > 0 {
		_, err := h.optOuts.Record(r.Context(), optout.Request{
			Address: in.Address, Scopes: out, Name: in.Name, Source: optout.FromRequest, Form: in.Evidence.Form,
		})
		if err != nil {
			h.Fail(w, r, err)
			return
		}
	}
	slog.InfoContext(r.Context(), "request held", "why", fault.CodeOf(why), "source", optout.FromRequest, "optOuts", len(out))
	switch {
	case in.Instant():
		h.received(w, r, t, sent, request.Request{Address: in.Address, Kinds: in.Kinds, State: lifecycle.Fulfilled})
	case fault.CodeOf(why) == fault.TooMany:
		h.TooMany(w, r, t, why, intake.Codes(out))
	case !errors.Is(why, errTrapped):
		h.Failed(w, r, t, why, intake.Codes(out))
	default:
		h.trapped(w, r, t, sent, out)
	}
}

func (h *handler) trapped(w http.ResponseWriter, r *http.Request, t *catalog.Texts, sent form.Form, out []optout.Scope) {
	if web.Wanted(r) == web.JSON {
		web.Refuse(w, heldBack(t, out))
		return
	}
	p := h.again(r, sent)
	p.Held, p.OptedOut, p.Trap = true, intake.Codes(out), ""
	h.Show(w, r, http.StatusUnprocessableEntity, t, p)
}

// heldBack is that answer for scripts.
func heldBack(t *catalog.Texts, out []optout.Scope) *fault.Error {
	message := t.Text("ask.held.correct")
	for _, scope := range out {
		message += " " + t.Text("ask.held.done", "what", t.Scope(string(scope), ""))
	}
	return &fault.Error{Code: fault.Invalid, Message: message, Fields: []fault.FieldError{
		{Field: page.FieldKind, Message: t.Text("ask.held.title")},
	}}
}
