package main

import (
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/portal"
)

// showPreferences shows what the person gets, by channel and topic.
func (h *handler) showPreferences(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Preferences)
	if !ok {
		return
	}
	known, err := h.optOuts.Preferences(r.Context(), claims.Address)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	t := portal.Texts(r, "")
	p := page.Preferences{Action: r.URL.Path, Address: claims.Address.String(), View: optout.NewNonce(h.random)}
	complained := known[optout.Complaint.Scope()]
	if sale := known[optout.Sale.Scope()]; sale.Suppresses(h.Now()) {
		p.NoSale = civil.Of(sale.OutSince, h.Pages.Zone)
	}
	for _, scope := range h.scopes() {
		row := h.preference(known[scope], scope)
		if scope == optout.Email.Scope() && row.State == page.Receiving {
			row = h.preference(complained, scope)
		}
		row.Subject = h.subject(scope, t.Lang())
		whole := known[scope.Channel().Scope()]
		row.Covered = scope.Topic() != "" && (whole.Suppresses(h.Now()) || scope.Channel() == optout.Email && complained.Suppresses(h.Now()))
		p.Rows = append(p.Rows, row)
	}
	h.Show(w, r, http.StatusOK, t, p)
}

// topics are the scopes of a desk's topics.
func topics(d *settings.Desk) []optout.Scope {
	var scopes []optout.Scope
	for _, t := range d.Topics {
		scopes = append(scopes, optout.Email.About(t.ID))
	}
	return scopes
}

// scopes are all that people can choose, in the order in which it is shown.
func (h *handler) scopes() []optout.Scope {
	var scopes []optout.Scope
	for _, c := range optout.Channels {
		scopes = append(scopes, c.Scope())
		if c == optout.Email {
			scopes = append(scopes, topics(h.Desk)...)
		}
	}
	return scopes
}

func (h *handler) preference(r optout.Record, scope optout.Scope) page.Preference {
	switch {
	case !r.Suppresses(h.Now()):
		return page.Preference{State: page.Receiving}
	case r.State == optout.Paused:
		until := h.Through(r.Until)
		return page.Preference{State: page.Paused, Until: until, DaysLeft: int(until - civil.Of(h.Now(), h.Pages.Zone))}
	}
	return page.Preference{State: page.Stopped}
}

// left counts the records that are opt-outs, and no pauses.
func left(changed []optout.Record) (n int) {
	for _, r := range changed {
		if r.State == optout.Out {
			n++
		}
	}
	return n
}

// wants are the answers of the preferences form. Any other value, such as the
// one that keeps a pause, changes nothing.
var wants = map[string]optout.Choice{
	page.ValueReceive: {To: optout.In},
	page.ValueStop:    {To: optout.Out},
	page.ValuePause30: {To: optout.Paused, PauseDays: 30},
	page.ValuePause60: {To: optout.Paused, PauseDays: 60},
	page.ValuePause90: {To: optout.Paused, PauseDays: 90},
}

// takePreferences records what the person changed on the page; what they left
// as it was shown stays as it is now.
func (h *handler) takePreferences(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Preferences)
	if !ok {
		return
	}
	fields, err := portal.Fields(r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	t := portal.Texts(r, fields.First(page.FieldLang))
	outcome, err := h.optOuts.Choose(r.Context(), claims.Address, t.Lang(), h.choices(fields))
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "preferences saved", "changed", len(outcome.Changed), "asked", len(outcome.Asked),
		"source", optout.FromPreferences, "optOuts", left(outcome.Changed))
	h.results().Done(w, r, portal.Texts(r, fields.First(page.FieldLang)), ofPreferences, link.Claims{
		Address: claims.Address, Versions: saved(outcome), Details: map[string]string{detailView: fields.First(page.FieldView)},
	})
}

// What a result says of each scope of the preferences that were saved.
const (
	savedPause = iota + 1
	savedStop
	savedKept  // a pause that lasts longer than the one chosen
	savedAsked // to come back, by the confirmation mail
)

func saved(o optout.Outcome) map[string]int {
	scopes := map[string]int{}
	for _, r := range o.Changed {
		scopes[string(r.Scope)] = savedPause
		if r.State == optout.Out {
			scopes[string(r.Scope)] = savedStop
		}
	}
	for _, r := range o.Kept {
		scopes[string(r.Scope)] = savedKept
	}
	for _, scope := range o.Asked {
		scopes[string(scope)] = savedAsked
	}
	return scopes
}

func (h *handler) choices(fields form.Fields) []optout.Choice {
	var choices []optout.Choice
	view := fields.First(page.FieldView)
	if fields.First(page.FieldEverything) == page.ValueStop {
		for _, c := range optout.Channels {
			choices = append(choices, optout.Choice{Scope: c.Scope(), To: optout.Out, Nonce: view})
		}
		return choices
	}
	for _, scope := range h.scopes() {
		want := fields.First(page.FieldWant + string(scope))
		choice, known := wants[want]
		if !known || want == fields.First(page.FieldWas+string(scope)) {
			continue
		}
		choice.Scope, choice.Nonce = scope, view
		choices = append(choices, choice)
	}
	return choices
}

// showConfirm shows what would be switched on again.
func (h *handler) showConfirm(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.OptIn)
	if !ok {
		return
	}
	t := portal.Texts(r, "")
	h.Show(w, r, http.StatusOK, t, page.ConfirmOptIn{
		Action: r.URL.Path, Address: claims.Address.String(), Subjects: h.subjects(optin.Subjects(claims.Versions), t.Lang()), Stays: h.subjects(optin.Staying(claims.Versions), t.Lang()),
	})
}

// takeConfirm is the second half of the double opt-in.
func (h *handler) takeConfirm(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.OptIn)
	if !ok {
		return
	}
	fields, _ := portal.Fields(r)
	versions := make(map[optout.Scope]int, len(claims.Versions))
	for scope, v := range claims.Versions {
		versions[optout.Scope(scope)] = v
	}
	t := portal.Texts(r, fields.First(page.FieldLang))
	err := h.optOuts.ConfirmOptIn(r.Context(), claims.Address, t.Lang(), versions)
	if fault.Is(err, fault.Conflict) {
		h.LinkProblem(w, r, fault.New(fault.Conflict, "Your choice has changed since."), page.LinkProblem{Changed: true})
		return
	}
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "opt-in confirmed", "scopes", len(versions))
	h.results().Done(w, r, portal.Texts(r, fields.First(page.FieldLang)), ofOptIn, link.Claims{Address: claims.Address, Versions: claims.Versions})
}

func (h *handler) subjects(scopes []optout.Scope, lang string) []page.Subject {
	var subjects []page.Subject
	for _, scope := range scopes {
		subjects = append(subjects, h.subject(scope, lang))
	}
	return subjects
}
