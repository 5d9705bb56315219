package main

import (
	"context"
	"iter"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/law"
	"privacydesk/shared/person"
	"privacydesk/shared/register"
	"privacydesk/shared/rights"
	"privacydesk/shared/web"
)

// agenda finds what is due.
type agenda interface {
	// Due yields requests that are not closed and due by the time by, soonest
	// first.
	Due(ctx context.Context, by time.Time) iter.Seq2[rights.Summary, error]
}

type handler struct {
	rights *rights.Service
	agenda agenda
	drifts drifts
	now    func() time.Time
}

// routes are the patterns of template.yaml, which a test compares.
func (h *handler) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range map[string]http.HandlerFunc{
		"GET /desk/requests":                h.list,
		"GET /desk/drift":                   h.drift,
		"POST /desk/requests":               h.enter,
		"GET /desk/requests/{id}":           h.show,
		"POST /desk/requests/{id}/{action}": h.act,
		"/": func(w http.ResponseWriter, _ *http.Request) {
			web.Refuse(w, fault.New(fault.NotFound, "There is nothing here."))
		},
	} {
		mux.HandleFunc(pattern, serve)
	}
	return mux
}

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	if fault.Status(err) >= 500 {
		slog.ErrorContext(r.Context(), "request failed", "code", fault.CodeOf(err), "error", err)
	}
	web.Refuse(w, err)
}

type summary struct {
	Reference  string        `json:"reference"`
	Kinds      []rights.Kind `json:"kinds"`
	State      rights.State  `json:"state"`
	ReceivedAt time.Time     `json:"received_at"`
	DueAt      time.Time     `json:"due_at"`
}

const (
	defaultHorizon = 45 * 24 * time.Hour
	maxListed      = 500
)

// list tells what is due by ?by= (RFC 3339), or within 45 days: at most 500,
// soonest first.
func (h *handler) list(w http.ResponseWriter, r *http.Request) {
	by := h.now().Add(defaultHorizon)
	if text := r.URL.Query().Get("by"); text != "" {
		var err error
		if by, err = time.Parse(time.RFC3339, text); err != nil {
			refuse(w, r, fault.Field("by", "invalid", "by must be a time such as 2026-12-24T00:00:00Z"))
			return
		}
	}
	list := []summary{}
	for s, err := range h.agenda.Due(r.Context(), by) {
		if err != nil {
			refuse(w, r, err)
			return
		}
		if list = append(list, summary{s.ID, s.Kinds, s.State, s.ReceivedAt.UTC(), s.DueAt.UTC()}); len(list) == maxListed {
			break
		}
	}
	slices.SortFunc(list, func(a, b summary) int { return a.DueAt.Compare(b.DueAt) })
	web.WriteJSON(w, http.StatusOK, map[string]any{"requests": list})
}

// file is a request as the officer sees it.
type file struct {
	Reference  string           `json:"reference"`
	Kinds      []rights.Kind    `json:"kinds"`
	State      rights.State     `json:"state"`
	Address    string           `json:"address"`
	Name       string           `json:"name,omitempty"`
	Details    string           `json:"details,omitempty"`
	Place      string           `json:"place,omitempty"`
	OnBehalfOf rights.Behalf    `json:"on_behalf_of"`
	Language   string           `json:"language"`
	Source     rights.Source    `json:"source"`
	ReceivedAt time.Time        `json:"received_at"`
	VerifiedAt *time.Time       `json:"verified_at,omitempty"`
	ClosedAt   *time.Time       `json:"closed_at,omitempty"`
	DueAt      *time.Time       `json:"due_at,omitempty"`
	Deadlines  []deadline       `json:"deadlines"`
	LinkedTo   string           `json:"linked_to,omitempty"`
	AppealOf   string           `json:"appeal_of,omitempty"`
	Repeated   bool             `json:"repeated"`
	Waiting    *rights.Waiting  `json:"waiting,omitempty"`
	Decision   *rights.Decision `json:"decision,omitempty"`
	Statement  string           `json:"statement,omitempty"`
	MailFailed bool             `json:"mail_failed"`
	Mails      []rights.Notice  `json:"mails"`
	History    register.History `json:"history"` // private values blanked
	Broken     string           `json:"history_broken,omitempty"`
}

type deadline struct {
	Rule    string      `json:"rule"`
	Purpose law.Purpose `json:"purpose"`
	DueAt   time.Time   `json:"due_at"`
	Paused  bool        `json:"paused"`
	Because string      `json:"because"`
}

func (h *handler) show(w http.ResponseWriter, r *http.Request) {
	h.showFile(w, r, r.PathValue("id"))
}

func (h *handler) showFile(w http.ResponseWriter, r *http.Request, id string) {
	f, err := h.rights.Store.File(r.Context(), id)
	if err != nil {
		refuse(w, r, err)
		return
	}
	q := f.Request
	out := file{
		Reference: q.ID, Kinds: q.Kinds, State: q.State, Address: q.Address.Reveal(), Name: q.Name, Details: q.Details,
		Place: q.Place.String(), OnBehalfOf: q.OnBehalfOf, Language: q.Language, Source: q.Source, ReceivedAt: q.ReceivedAt.UTC(),
		VerifiedAt: when(q.VerifiedAt), ClosedAt: when(q.ClosedAt), LinkedTo: q.LinkedTo, AppealOf: q.AppealOf, Repeated: q.Repeated,
		Waiting: q.Waiting, Decision: q.Decision, Statement: q.Statement, MailFailed: !q.MailFailedAt.IsZero(), Mails: f.Notices,
		History: register.History{Head: q.Head, Entries: f.Events}, Deadlines: []deadline{},
	}
	if err := register.Verify(f.Events, q.Head); err != nil {
		out.Broken = err.Error()
		slog.ErrorContext(r.Context(), "history is broken", "request", q.ID, "error", err)
	}
	if !q.State.Closed() {
		out.DueAt = when(q.DueAt)
		out.Deadlines = h.deadlines(q)
	}
	web.WriteJSON(w, http.StatusOK, out)
}

func (h *handler) deadlines(q rights.Request) []deadline {
	list := []deadline{}
	all, err := h.rights.Deadlines(q)
	if err != nil {
		return list
	}
	for _, d := range all {
		list = append(list, deadline{d.Rule, d.Purpose, d.Due.UTC(), d.Paused, law.Words(law.English, d.Explain())})
	}
	return list
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// enter takes a request in that came on paper, by telephone or in person
// (11 CCR 7020(e): any channel counts).
func (h *handler) enter(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Address    string        `json:"address"`
		Kinds      []rights.Kind `json:"kinds"`
		Name       string        `json:"name"`
		Details    string        `json:"details"`
		Country    string        `json:"country"`
		Region     string        `json:"region"`
		OnBehalfOf string        `json:"on_behalf_of"`
		Language   string        `json:"language"`
	}
	if err := web.ReadJSON(r, &body); err != nil {
		refuse(w, r, err)
		return
	}
	in := rights.Intake{Kinds: body.Kinds, Name: body.Name, Details: body.Details, Language: body.Language, Source: rights.FromOfficer}
	var err error
	if in.Address, err = person.Parse(body.Address); err != nil {
		refuse(w, r, fault.Field("address", "invalid", "address must be one e-mail address"))
		return
	}
	for _, k := range body.Kinds {
		if _, err := rights.ParseKind(string(k)); err != nil {
			refuse(w, r, err)
			return
		}
	}
	if in.Place, err = law.ParsePlace(body.Country, body.Region); err != nil {
		refuse(w, r, fault.Field("country", "unknown", "country is an ISO 3166 code such as US, region one such as CA"))
		return
	}
	if in.OnBehalfOf, err = rights.ParseBehalf(body.OnBehalfOf); err != nil {
		refuse(w, r, err)
		return
	}
	q, err := h.rights.Open(r.Context(), in)
	if err != nil {
		refuse(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "request entered", "request", q.ID, "state", q.State)
	web.WriteJSON(w, http.StatusOK, map[string]any{"code": http.StatusOK, "status": "received", "reference": q.ID})
}
