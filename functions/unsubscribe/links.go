package main

import (
	"context"
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/portal"
)

// showLink shows one button. Scanners open every link of a mail, so nothing
// is read, spent or changed here.
func (h *handler) showLink(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Unsubscribe)
	if !ok {
		return
	}
	t := portal.Texts(r, "")
	h.Show(w, r, http.StatusOK, t, page.UnsubscribeLink{
		Action: r.URL.Path, Address: claims.Address.String(),
		Subject:        h.subject(optout.Email.About(claims.Topic), t.Lang()),
		PreferencesURL: h.preferencesLink(claims.Address), View: optout.NewNonce(h.random),
	})
}

// takeLink opts out: one write, no read. Whatever a mail client sends as the
// body counts (RFC 8058 section 3.2 and the clients that fall short of it):
// the link itself says whose it is.
func (h *handler) takeLink(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Unsubscribe)
	if !ok {
		return
	}
	fields, _ := portal.Fields(r)
	ownPage, view := fields.First(page.FieldFrom) == page.ValuePage, fields.First(page.FieldView)
	source := optout.FromOneClick
	if ownPage {
		source = optout.FromLink
	}
	record, err := h.optOuts.Record(r.Context(), optout.Request{
		Address: claims.Address, Scopes: []optout.Scope{optout.Email.About(claims.Topic)},
		Source: source, Campaign: claims.Campaign, Nonce: view,
	})
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "opt-out recorded", "source", source, "optOuts", 1, "version", record.Version)
	if oneClick := fields.First("List-Unsubscribe") != ""; oneClick || !ownPage && !web.IsBrowser(r) {
		web.WriteText(w, http.StatusOK, "You are unsubscribed.")
		return
	}
	t := portal.Texts(r, fields.First(page.FieldLang))
	p := page.Unsubscribed{
		Address: claims.Address.String(), Subject: h.subject(record.Scope, t.Lang()),
		PreferencesURL: h.preferencesLink(claims.Address), Already: record.Repeated(),
		Receipt: h.receipt(claims.Address, []optout.Scope{record.Scope}),
	}
	if h.optOuts.Undoable(record, view) {
		p.Already, p.UndoURL = false, h.undoLink(record)
	}
	h.Show(w, r, http.StatusOK, t, p)
}

// undoLink is bound to the opt-out that a page view made: a second click on
// that page leaves it as it is, and any other choice makes it void.
func (h *handler) undoLink(r optout.Record) string {
	return h.Sealed("/undo/", link.Undo, link.Claims{
		Address: r.Address, Topic: r.Scope.Topic(), MadeBy: r.MadeBy, ExpiresAt: h.Now().Add(optout.UndoFor),
	})
}

func (h *handler) undo(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Undo)
	if !ok {
		return
	}
	fields, _ := portal.Fields(r)
	t := portal.Texts(r, fields.First(page.FieldLang))
	scope := optout.Email.About(claims.Topic)
	_, err := h.optOuts.Undo(r.Context(), claims.Address, t.Lang(), scope, claims.MadeBy)
	if fault.Is(err, fault.Conflict) {
		h.LinkProblem(w, r, fault.New(fault.Conflict, "Your choice has changed since."), page.LinkProblem{Changed: true})
		return
	}
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "opt-out undone")
	now, err := h.standing(r.Context(), claims.Address, t.Lang(), scope)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	h.Show(w, r, http.StatusOK, t, page.Undone{
		Address: claims.Address.String(), Now: now[0], PreferencesURL: h.preferencesLink(claims.Address),
	})
}

// standing is what holds now for scopes that were switched on again: another
// choice, a bounce or a complaint may stop them still.
func (h *handler) standing(ctx context.Context, a person.Address, lang string, scopes ...optout.Scope) ([]page.Preference, error) {
	now := make([]page.Preference, len(scopes))
	for i, scope := range scopes {
		verdicts, err := h.checker.Check(ctx, []person.Address{a}, scope.Channel(), scope.Topic())
		if err != nil {
			return nil, err
		}
		now[i].Subject = h.subject(scope, lang)
		v := verdicts[0]
		switch {
		case !v.Until.IsZero():
			now[i].State, now[i].Until = page.Paused, h.Through(v.Until)
		case v.Suppressed:
			now[i].State = page.Stopped
		}
		now[i].Covered = v.Suppressed && scope.Topic() != "" && v.Scope == scope.Channel().Scope()
	}
	return now, nil
}
