package main

import (
	"log/slog"
	"net/http"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
)

// systemTask is what a system is told at its sealed address. Person is left out once it has answered.
type systemTask struct {
	Request string        `json:"request"`
	Task    ledger.Task   `json:"task"`
	System  string        `json:"system"`
	State   ledger.State  `json:"state"`
	DueAt   string        `json:"due_at"`
	Person  *systemPerson `json:"person,omitempty"`
	Files   []systemFile  `json:"files,omitempty"` // that it has sent, while it may send more
}

// systemPerson has the members that the system's needs name, and no others.
type systemPerson struct {
	Email      string   `json:"email,omitempty"`
	Name       string   `json:"name,omitempty"`
	Kinds      []string `json:"kinds,omitempty"`
	Place      string   `json:"place,omitempty"`
	Language   string   `json:"language,omitempty"`
	Details    string   `json:"details,omitempty"`
	OnBehalfOf string   `json:"on_behalf_of,omitempty"`
}

// showSystem tells a system whom its task is about. The history has that, once an hour.
func (h *handler) showSystem(w http.ResponseWriter, r *http.Request) {
	if h.asOwner(w, r, h.showTask) {
		return
	}
	claims, ok := h.systemLink(w, r)
	if !ok {
		return
	}
	e, person, err := h.task(r, claims)
	task := shownTask(e, person)
	if err == nil {
		task.Files, err = h.shownFiles(r, e, claims)
	}
	if err != nil {
		refuseSystem(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "system fetched", "request", e.Request, "system", e.System, "task", e.Task)
	web.WriteJSON(w, http.StatusOK, task)
}

// task writes into the history that the system asks, then reads whom it asks about. HEAD asks for nobody.
func (h *handler) task(r *http.Request, c link.Claims) (ledger.Entry, *systemPerson, error) {
	if r.Method == http.MethodHead {
		return ledger.Entry{}, nil, nil
	}
	if _, err := h.rights.Ledger(r.Context(), c.Request, deed(c, ledger.Fetched)); err != nil {
		return ledger.Entry{}, nil, err
	}
	e, err := h.entry(r, c)
	if err != nil {
		return e, nil, err
	}
	system, _ := h.Desk.System(e.System) // one that is gone from desk.yaml needs nothing
	p, err := h.rights.Whom(r.Context(), e, system)
	return e, &systemPerson{p.Email.Reveal(), p.Name, p.Kinds, p.Place, p.Language, p.Details, p.OnBehalfOf}, err
}

func (h *handler) entry(r *http.Request, c link.Claims) (ledger.Entry, error) {
	entries, err := h.rights.Store.Systems(r.Context(), c.Request)
	if err != nil {
		return ledger.Entry{}, err
	}
	return ledger.Find(entries, c.System, ledger.Task(c.Task))
}

func deed(c link.Claims, act ledger.Act) ledger.Deed {
	return ledger.Deed{Act: act, System: c.System, Task: ledger.Task(c.Task), Notice: c.Notice}
}

func shownTask(e ledger.Entry, p *systemPerson) systemTask {
	return systemTask{Request: e.Request, Task: e.Task, System: e.System, State: e.State, DueAt: e.DueAt.UTC().Format(time.RFC3339), Person: p}
}

// takeSystem takes what a system says has become of its task.
func (h *handler) takeSystem(w http.ResponseWriter, r *http.Request) {
	if h.asOwner(w, r, h.takeTask) {
		return
	}
	claims, ok := h.systemLink(w, r)
	if !ok {
		return
	}
	var said struct {
		Action  string       `json:"action"`
		Outcome ledger.State `json:"outcome"`
		Records int          `json:"records"`
		Ground  string       `json:"ground"`
	}
	if err := web.ReadJSON(r, &said); err != nil {
		web.Refuse(w, err)
		return
	}
	switch {
	case said.Action == "":
	case said.Action != page.ValueAddFile || said.Outcome != "":
		web.Refuse(w, fault.Field(page.FieldAction, "invalid", "action must be add_file, and stand alone"))
		return
	default:
		h.systemAddsFile(w, r, claims)
		return
	}
	d := deed(claims, ledger.Answered)
	d.State, d.Outcome = said.Outcome, ledger.Outcome{Records: said.Records, Ground: said.Ground}
	err := h.answer(r, claims, d)
	var e ledger.Entry
	if err == nil {
		e, err = h.entry(r, claims)
	}
	if err != nil {
		refuseSystem(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "system answered", "request", e.Request, "system", e.System, "task", e.Task, "outcome", e.State)
	web.WriteJSON(w, http.StatusOK, shownTask(e, nil))
}

// systemLink opens a system's sealed address; systems read JSON, whatever they accept.
func (h *handler) systemLink(w http.ResponseWriter, r *http.Request) (link.Claims, bool) {
	claims, err := h.Ring.Open(link.System, r.PathValue("link"), h.Now())
	if err == nil {
		return claims, true
	}
	code, text := fault.Damaged, "This address is damaged or not complete."
	if err == link.ErrExpired {
		code, text = fault.Expired, "This address has expired. The desk tells you a new one."
	}
	web.Refuse(w, fault.New(code, "%s", text))
	return claims, false
}

// refuseSystem answers for a task that cannot be shown or answered. One that is gone, or ended before it was fetched, is 410.
func refuseSystem(w http.ResponseWriter, r *http.Request, err error) {
	code := fault.CodeOf(err)
	if code == fault.NotFound || code == fault.Conflict && r.Method == http.MethodGet {
		err = fault.New(fault.Expired, "This task has ended, or was told anew. Nothing is to be done at this address.")
	}
	if fault.Status(err) >= http.StatusInternalServerError {
		slog.ErrorContext(r.Context(), "request failed", "code", code, "error", err)
	}
	web.Refuse(w, err)
}
