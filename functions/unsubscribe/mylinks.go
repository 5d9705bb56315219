package main

import (
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/portal"
)

func (h *handler) showMyLinks(w http.ResponseWriter, r *http.Request) {
	h.Show(w, r, http.StatusOK, portal.Texts(r, ""), page.MyLinks{Email: h.Forms.Prefilled(form.ParseQuery(r.URL.RawQuery)), Trap: h.Desk.Forms.Trap()})
}

// takeMyLinks queues the mail with a person's links. It reads nothing, so that
// the answer is the same for every address.
func (h *handler) takeMyLinks(w http.ResponseWriter, r *http.Request) {
	sent, err := h.ReadForm(r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	t := portal.Texts(r, sent.Language)
	if len(sent.Errors) > 0 || sent.Trapped {
		h.refuseMyLinks(w, r, t, sent)
		return
	}
	if err := h.links.Ask(r.Context(), sent.Address, t.Lang(), h.source.Limits(web.Source(r))); err != nil {
		h.FailIn(w, r, t, err)
		return
	}
	slog.InfoContext(r.Context(), "links asked for")
	if web.Wanted(r) == web.JSON {
		web.WriteJSON(w, http.StatusOK, web.Answer{Code: http.StatusOK, Status: "accepted", Message: t.Text("mylinks.sent.lead")})
		return
	}
	h.results().Done(w, r, portal.Texts(r, sent.Language), ofMyLinks, link.Claims{Address: sent.Address})
}

// refuseMyLinks shows the form again: with what is wrong, or without the hidden
// field that was filled in.
func (h *handler) refuseMyLinks(w http.ResponseWriter, r *http.Request, t *catalog.Texts, sent form.Form) {
	held := len(sent.Errors) == 0
	p := page.MyLinks{Email: sent.Typed, Trap: h.Desk.Forms.Trap(), Errors: sent.Errors, Held: held}
	switch {
	case web.Wanted(r) == web.JSON && held:
		web.Refuse(w, fault.New(fault.Invalid, "%s", t.Text("mylinks.held.text")))
		return
	case web.Wanted(r) == web.JSON:
		h.Refused(w, t, sent.Errors)
		return
	case held:
		p.Trap = ""
	}
	h.Show(w, r, http.StatusUnprocessableEntity, t, p)
}
