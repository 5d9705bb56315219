package main

import (
	"context"
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/portal"
)

// showLink shows what holds and the button. Scanners open every link of a
// mail, so nothing is spent or changed here. Where the record cannot be read,
// the page's words are true whatever it says.
func (h *handler) showLink(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Unsubscribe)
	if !ok {
		return
	}
	h.showStanding(w, r, portal.Texts(r, ""), claims, r.URL.Path)
}

func (h *handler) showStanding(w http.ResponseWriter, r *http.Request, t *catalog.Texts, claims link.Claims, action string) {
	scope := optout.Email.About(claims.Topic)
	p := page.UnsubscribeLink{
		Action: action, Address: claims.Address.String(), Subject: h.subject(scope, t.Lang()),
		PreferencesURL: h.preferencesLink(claims.Address), View: optout.NewNonce(h.random),
	}
	found, err := h.checker.CheckOne(r.Context(), claims.Address, scope)
	switch {
	case err != nil:
		slog.WarnContext(r.Context(), "opt-out not shown", "code", fault.CodeOf(err), "error", err)
	case found.Chosen():
		now := h.stands(found, scope, t.Lang())
		p.Now = &now
	}
	h.Show(w, r, http.StatusOK, t, p)
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
	if fields.First(page.FieldEverything) == page.ValueStop {
		claims.Topic = ""
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
		t := portal.Texts(r, fields.First(page.FieldLang))
		web.WriteText(w, http.StatusOK, page.Unsubscribed{Subject: h.subject(optout.Email.About(claims.Topic), t.Lang())}.Message(t))
		return
	}
	h.results().Done(w, r, portal.Texts(r, fields.First(page.FieldLang)), ofLink, link.Claims{Address: claims.Address, Topic: claims.Topic, Details: map[string]string{detailView: view}})
}

// undoLink is bound to the opt-out that a page view made: a second click on
// that page leaves it as it is, and any other choice makes it void.
func (h *handler) undoLink(records ...optout.Record) string {
	if len(records) == 0 {
		return ""
	}
	c := link.Claims{Address: records[0].Address, MadeBy: records[0].MadeBy, Versions: map[string]int{}, ExpiresAt: h.Now().Add(optout.UndoFor)}
	for _, r := range records {
		c.Versions[string(r.Scope)] = r.Version
	}
	return h.Sealed("/undo/", link.Undo, c)
}

func (h *handler) undo(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Undo)
	if !ok {
		return
	}
	fields, _ := portal.Fields(r)
	t := portal.Texts(r, fields.First(page.FieldLang))
	err := h.optOuts.Undo(r.Context(), claims.Address, t.Lang(), claims.MadeBy, optin.Subjects(claims.Versions)...)
	if fault.Is(err, fault.Conflict) {
		h.LinkProblem(w, r, fault.New(fault.Conflict, "Your choice has changed since."), page.LinkProblem{Changed: true})
		return
	}
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "opt-out undone")
	h.results().Done(w, r, portal.Texts(r, fields.First(page.FieldLang)), ofUndo, link.Claims{Address: claims.Address, Versions: claims.Versions})
}

// standing is what holds now for scopes that were switched on again: another
// choice, a bounce or a complaint may stop them still.
func (h *handler) standing(ctx context.Context, a person.Address, lang string, scopes ...optout.Scope) ([]page.Preference, error) {
	now := make([]page.Preference, len(scopes))
	for i, scope := range scopes {
		found, err := h.checker.CheckOne(ctx, a, scope)
		if err != nil {
			return nil, err
		}
		now[i] = h.stands(found, scope, lang)
	}
	return now, nil
}

func (h *handler) stands(v screening.Result, scope optout.Scope, lang string) page.Preference {
	now := page.Preference{Subject: h.subject(scope, lang), Covered: v.Covers(scope)}
	switch {
	case !v.Until.IsZero():
		now.State, now.Until = page.Paused, h.Through(v.Until)
	case v.Suppressed:
		now.State, now.Since = page.Stopped, civil.Of(v.Since, h.Pages.Zone)
	}
	return now
}
