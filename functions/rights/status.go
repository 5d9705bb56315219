package main

import (
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
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/portal"
)

// due is the date by which a request must be answered, and why.
func (h *handler) due(request request.Request, t *catalog.Texts) (time.Time, []string) {
	why := []string{}
	if request.State.Closed() {
		return time.Time{}, why
	}
	d, err := h.rights.Due(request)
	if err != nil {
		return time.Time{}, why
	}
	for _, part := range d.ExplainToPerson() {
		why = append(why, deadline.Words(t, []deadline.Part{part}))
	}
	return d.Due.In(h.Place), why
}

// statusJSON is what a status link answers to a script.
type statusJSON struct {
	Reference  string    `json:"reference"`
	Kinds      []string  `json:"kinds"`
	State      string    `json:"state"`
	ReceivedAt time.Time `json:"received_at"`
	DueAt      any       `json:"due_at"` // null when nothing is due any more
	DueBecause []string  `json:"due_because"`
	ReducedAt  time.Time `json:"reduced_at,omitzero"` // all but the log was disposed of
	History    []happens `json:"history"`
}

type happens struct {
	At    time.Time `json:"at"`
	Event string    `json:"event"`
	Text  string    `json:"text"`
}

// showStatus shows where a request stands: one read.
func (h *handler) showStatus(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Status)
	if !ok {
		return
	}
	h.status(w, r, "", claims.Request, http.StatusOK, form.Form{}, "", "", page.RefusedNothing)
}

// refusals are the page's words for what the domain refuses.
var refusals = map[error]page.Refusal{
	request.ErrStatement: page.RefusedStatement, request.ErrAppealed: page.RefusedAppeal, request.ErrFinal: page.RefusedFinal,
}

func refusal(err error) page.Refusal {
	for known, why := range refusals {
		if errors.Is(err, known) {
			return why
		}
	}
	return page.RefusedState
}

func (h *handler) status(w http.ResponseWriter, r *http.Request, lang, id string, code int, sent form.Form, statement, reasons string, refused page.Refusal) {
	file, err := h.rights.Store.File(r.Context(), id)
	if err != nil {
		h.gone(w, r, err)
		return
	}
	t := texts(r, lang, file.Request)
	if web.Wanted(r) == web.JSON {
		web.WriteJSON(w, http.StatusOK, h.statusJSON(file, t))
		return
	}
	p := h.statusPage(file, t)
	p.Action, p.Typed, p.Reasons, p.Errors, p.Refused = r.URL.Path, statement, reasons, sent.Errors, refused
	h.Show(w, r, code, t, p)
}

func (h *handler) statusJSON(f request.File, t *catalog.Texts) statusJSON {
	due, why := h.due(f.Request, t)
	s := statusJSON{
		Reference: f.Request.ID, Kinds: request.Codes(f.Request.Kinds), State: string(f.Request.State),
		ReceivedAt: f.Request.ReceivedAt, DueBecause: why, ReducedAt: f.Request.ReducedAt, History: []happens{},
	}
	if !due.IsZero() {
		s.DueAt = due.UTC()
	}
	for _, e := range history(f) {
		s.History = append(s.History, happens{e.At.UTC(), e.Event, e.Text(t)})
	}
	return s
}

// history is what the person may see of the events.
func history(f request.File) []page.Happening {
	var shown []page.Happening
	for _, e := range f.Events {
		h := page.Happening{At: e.At, Event: e.Kind, Mail: e.Facts["template"]}
		if h.Shown() {
			shown = append(shown, h)
		}
	}
	return shown
}

// appealed reports whether the answer was appealed against, as far as this one
// read tells: an appeal that was let go counts too.
func appealed(f request.File) bool {
	return slices.ContainsFunc(f.Events, func(e audit.Entry) bool { return e.Kind == string(request.EventAppealed) })
}

func (h *handler) statusPage(f request.File, t *catalog.Texts) page.RequestStatus {
	q := f.Request
	p := page.RequestStatus{
		Reference: q.ID, Address: q.Address.String(), Kinds: request.Codes(q.Kinds), OnBehalfOf: string(q.OnBehalfOf),
		Country: q.Place.Country, Region: q.Place.Region, Name: q.Name, Details: q.Details,
		ReceivedAt: q.ReceivedAt.In(h.Place), State: string(q.State), Extended: q.Extension != nil,
		OptedOut: optedOut(q.Kinds), LinkedTo: q.LinkedTo, AppealOf: q.AppealOf, MailFailed: !q.MailFailedAt.IsZero(),
		Statement: q.Statement, MayWithdraw: !q.State.Closed(), Receipt: h.receipt(q),
		MayAppeal:   q.Appealable() && !appealed(f),
		MayDisagree: q.Refusal() && q.Disputable() && q.Statement == "",
		MayRestrict: q.Refusal() && q.Disputable(),
	}
	p.Due, p.DueWhy = h.due(q, t)
	if q.State == request.Unverified {
		p.ConfirmBy = h.Through(q.VerifyBy)
	}
	if wait := q.Waiting; wait != nil {
		p.Waiting = &page.Waiting{
			Cause: string(wait.Cause), Evidence: request.Codes(wait.Evidence), Question: wait.Question, Fee: wait.Fee.String(), ClockStopped: wait.Stands,
		}
		told := h.rights.Wait(&q)
		p.Waiting.AnswerBy, p.Waiting.Then, p.Waiting.End = civil.Of(told.By, h.Place), told.Then, civil.Of(told.End, h.Place)
	}
	if d := q.Decision; d != nil {
		p.Decision = &page.Decision{At: d.At.In(h.Place), Outcome: string(d.Outcome), Explanation: d.Explanation, Authority: string(decision.AuthorityOf(q.Place))}
		for _, g := range d.Grounds {
			p.Decision.Grounds = append(p.Decision.Grounds, page.Ground{Code: string(g.Ground), Clause: g.Clause})
		}
	}
	if q.Reduced() {
		return reduced(p, q.ReducedAt.In(h.Place), h.history(f))
	}
	if h.Now().Before(q.ExportUntil) {
		p.Export = &page.Export{URL: h.toRequest("/requests/export/", link.Export, q.ID, q.ExportUntil), Until: h.Through(q.ExportUntil)}
	}
	p.History = h.history(f)
	return p
}

// reduced leaves of the page what is left of the request: no address, nothing
// that could still be done about it.
func reduced(p page.RequestStatus, at time.Time, history []page.Happening) page.RequestStatus {
	p.DisposedAt, p.History, p.Address, p.MailFailed = at, history, "", false
	p.MayAppeal, p.MayDisagree, p.MayRestrict = false, false, false
	return p
}

// history is that of the request in the controller's zone.
func (h *handler) history(f request.File) []page.Happening {
	shown := history(f)
	for i := range shown {
		shown[i].At = shown[i].At.In(h.Place)
	}
	return shown
}

// takeStatus does what the forms of the status page ask for.
func (h *handler) takeStatus(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Status)
	if !ok {
		return
	}
	fields, err := portal.Fields(r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	statement := person.CleanText(fields.First(page.FieldStatement), form.MaxBytes)
	reasons := person.CleanText(fields.First(page.FieldReasons), form.MaxBytes)
	request, changed, err := h.change(r, claims.Request, fields, statement, reasons)
	if len(fault.FieldsOf(err)) > 0 && web.Wanted(r) == web.HTML {
		var sent form.Form
		refuse(&sent, err)
		h.status(w, r, fields.First(page.FieldLang), claims.Request, http.StatusUnprocessableEntity, sent, statement, reasons, page.RefusedNothing)
		return
	}
	if fault.Is(err, fault.Conflict) && web.Wanted(r) == web.HTML {
		h.status(w, r, fields.First(page.FieldLang), claims.Request, http.StatusConflict, form.Form{}, statement, reasons, refusal(err))
		return
	}
	if err != nil {
		h.gone(w, r, err)
		return
	}
	slog.InfoContext(r.Context(), "request changed by the person", "request", request.ID, "state", request.State)
	if web.Wanted(r) == web.JSON {
		web.WriteJSON(w, http.StatusOK, answer{web.Answer{Code: http.StatusOK, Status: string(request.State)}, request.ID, nil})
		return
	}
	t := texts(r, fields.First(page.FieldLang), request)
	p := page.RequestChanged{Change: changed, Reference: request.ID, OptedOut: optedOut(request.Kinds)}
	if changed == page.RequestAppealed {
		p.Due, p.DueWhy = h.due(request, t)
		p.StatusURL = h.statusLink(request.ID)
	}
	h.Show(w, r, http.StatusOK, t, p)
}

// act is what a post says that it wants. A post that names nothing changes
// nothing.
func act(fields form.Fields, known ...string) (string, error) {
	action := fields.First(page.FieldAction)
	if slices.Contains(known, action) {
		return action, nil
	}
	reason := "unknown"
	if action == "" {
		reason = person.Missing
	}
	return "", fault.Field(page.FieldAction, reason, page.FieldAction+" must be "+strings.Join(known, " or "))
}

func (h *handler) change(r *http.Request, id string, fields form.Fields, statement, reasons string) (request.Request, page.RequestChange, error) {
	action, err := act(fields, page.ValueWithdraw, page.ValueDisagree, page.ValueAppeal)
	if err != nil {
		return request.Request{}, 0, err
	}
	if err := errors.Join(tooLong(page.FieldStatement, statement), tooLong(page.FieldReasons, reasons)); err != nil {
		return request.Request{}, 0, err
	}
	switch action {
	case page.ValueDisagree:
		request, err := h.rights.Disagree(r.Context(), id, request.ByPerson, statement)
		return request, page.RequestDisagreed, err
	case page.ValueAppeal:
		request, err := h.rights.Appeal(r.Context(), id, reasons)
		return request, page.RequestAppealed, err
	}
	request, err := h.rights.Withdraw(r.Context(), id, request.ByPerson)
	return request, page.RequestWithdrawn, err
}
