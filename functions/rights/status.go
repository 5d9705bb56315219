package main

import (
	"cmp"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
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
	return d.Due, why
}

// statusJSON is what a status link answers to a script.
type statusJSON struct {
	Reference  string           `json:"reference"`
	Kinds      []string         `json:"kinds"`
	State      string           `json:"state"`
	ReceivedAt time.Time        `json:"received_at"`
	DueAt      any              `json:"due_at"` // null when nothing is due any more
	DueBecause []string         `json:"due_because"`
	ReducedAt  time.Time        `json:"reduced_at,omitzero"` // all but the log was disposed of
	History    []page.Happening `json:"history"`
}

// showStatus shows where a request stands: one read.
func (h *handler) showStatus(w http.ResponseWriter, r *http.Request) {
	claims, ok := h.Open(w, r, link.Status)
	if !ok {
		return
	}
	if portal.GivesReceipt(r) {
		h.giveReceipt(w, r, claims.Request)
		return
	}
	h.status(w, r, "", claims.Request, http.StatusOK, page.RequestStatus{})
}

func (h *handler) giveReceipt(w http.ResponseWriter, r *http.Request, id string) {
	q, err := h.rights.Store.Load(r.Context(), id)
	if err != nil {
		h.gone(w, r, err)
		return
	}
	h.GiveReceipt(w, r, q.ID, h.receipt(q))
}

// status shows a request, with what the page says of an act that failed.
func (h *handler) status(w http.ResponseWriter, r *http.Request, lang, id string, code int, p page.RequestStatus) {
	file, err := h.rights.Store.File(r.Context(), id)
	if err != nil {
		h.gone(w, r, err)
		return
	}
	t, q := texts(r, lang, file.Request), file.Request
	if web.Wanted(r) == web.JSON {
		web.WriteJSON(w, http.StatusOK, h.statusJSON(file, t))
		return
	}
	if err := requestlog.Delay(r.Context(), h.rights.Store, &q); err != nil {
		h.Fail(w, r, err)
		return
	}
	p.Action, p.File, p.Wait = cmp.Or(p.Action, r.URL.Path), file, h.rights.Wait(&q)
	p.ReceiptURL = portal.ReceiptAt(p.Action)
	p.Due, p.DueWhy = h.due(q, t)
	p.Kept = requestlog.KeptOf(&q, h.rules, h.Pages.Zone, h.Now())
	if q.ExportOpen(h.Now()) {
		p.ExportURL = h.toRequest("/requests/export/", link.Export, q.ID, q.ExportUntil)
	}
	h.Show(w, r, code, t, p)
}

func (h *handler) statusJSON(f request.File, t *catalog.Texts) statusJSON {
	due, why := h.due(f.Request, t)
	s := statusJSON{
		Reference: f.Request.ID, Kinds: intake.Codes(f.Request.Kinds), State: string(f.Request.State),
		ReceivedAt: f.Request.ReceivedAt, DueBecause: why, ReducedAt: f.Request.ReducedAt, History: page.History(t, f.Request, f.Events),
	}
	if !due.IsZero() {
		s.DueAt = due.UTC()
	}
	return s
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
	moved := person.CleanText(fields.First(page.FieldNewAddress), form.MaxBytes)
	if fields.First(page.FieldAction) == page.ValueAddFile {
		if err := h.expectFile(w, r, claims.Request, fields.First(page.FieldLang)); err != nil {
			h.notChanged(w, r, fields.First(page.FieldLang), claims.Request, page.RequestStatus{Refused: err})
		}
		return
	}
	request, changed, err := h.change(r, claims.Request, fields, page.RequestStatus{Statement: statement, Reasons: reasons, Moved: moved})
	typed := page.RequestStatus{Statement: statement, Reasons: reasons, Moved: moved, Errors: fault.FieldsOf(err), Refused: err}
	if err != nil {
		h.notChanged(w, r, fields.First(page.FieldLang), claims.Request, typed)
		return
	}
	slog.InfoContext(r.Context(), "request changed by the person", "request", request.ID, "state", request.State)
	if web.Wanted(r) == web.JSON {
		web.WriteJSON(w, http.StatusOK, answer{Answer: web.Answer{Code: http.StatusOK, Status: string(request.State)}, Reference: request.ID})
		return
	}
	h.results().Done(w, r, texts(r, fields.First(page.FieldLang), request), ofChange, link.Claims{
		Request: request.ID, Details: map[string]string{detailChange: strconv.Itoa(int(changed))},
	})
}

// notChanged answers for what the person tried and did not get, which typed.Refused says.
func (h *handler) notChanged(w http.ResponseWriter, r *http.Request, lang, id string, typed page.RequestStatus) {
	err := typed.Refused
	switch html := web.Wanted(r) == web.HTML; {
	case len(typed.Errors) > 0 && html:
		typed.Refused = nil
		h.status(w, r, lang, id, http.StatusUnprocessableEntity, typed)
	case fault.Is(err, fault.Conflict) && html:
		h.status(w, r, lang, id, http.StatusConflict, typed)
	case fault.Is(err, fault.Conflict):
		web.Refuse(w, fault.New(fault.Conflict, "%s", h.Pages.Refusal(portal.Texts(r, lang), err, id)))
	default:
		h.gone(w, r, err)
	}
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

func (h *handler) change(r *http.Request, id string, fields form.Fields, typed page.RequestStatus) (request.Request, page.RequestChange, error) {
	action, err := act(fields, page.ValueWithdraw, page.ValueDisagree, page.ValueAppeal, page.ValueMoved)
	if err != nil {
		return request.Request{}, 0, err
	}
	switch action {
	case page.ValueDisagree:
		request, err := h.rights.Disagree(r.Context(), id, audit.ByPerson, typed.Statement)
		return request, page.RequestDisagreed, err
	case page.ValueAppeal:
		request, err := h.rights.Appeal(r.Context(), id, typed.Reasons)
		return request, page.RequestAppealed, err
	case page.ValueMoved:
		request, err := h.rights.TellNewAddress(r.Context(), id, typed.Moved)
		return request, page.RequestMoved, err
	}
	request, err := h.rights.Withdraw(r.Context(), id, audit.ByPerson)
	return request, page.RequestWithdrawn, err
}
