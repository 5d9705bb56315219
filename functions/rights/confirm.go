package main

import (
	"errors"
	"log/slog"
	"net/http"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/form"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/portal"
)

// showConfirm shows all that would be confirmed, or that it is confirmed.
func (h *handler) showConfirm(w http.ResponseWriter, r *http.Request) {
	q, already, ok := h.confirmable(w, r)
	switch {
	case !ok:
	case already:
		h.confirmed(w, r, "", http.StatusOK, q, true)
	default:
		h.askConfirm(w, r, "", http.StatusOK, q, nil, nil)
	}
}

// confirmable reads the request of the link and whether it was confirmed, or
// answers that it cannot be.
func (h *handler) confirmable(w http.ResponseWriter, r *http.Request) (q request.Request, already, ok bool) {
	if q, ok = h.request(w, r, link.Confirm); !ok {
		return q, false, false
	}
	already, err := q.Confirmed(h.Now())
	switch {
	case err == nil:
	case q.State.Closed() && !q.Reduced() && web.Wanted(r) == web.HTML && web.IsBrowser(r):
		h.Show(w, r, fault.Status(err), texts(r, "", q), page.RequestOver{Request: q, StatusURL: h.statusLink(q.ID)})
	default:
		h.cannot(w, r, err)
	}
	return q, already, err == nil
}

func (h *handler) askConfirm(w http.ResponseWriter, r *http.Request, lang string, status int, q request.Request, typed *page.RequestForm, wrong []fault.FieldError) {
	h.Show(w, r, status, texts(r, lang, q), page.ConfirmRequest{Action: r.URL.Path, Request: q, Typed: typed, Errors: wrong})
}

// takeConfirm records that the person holds the mailbox and what of the
// request is theirs: the post holds all of it.
func (h *handler) takeConfirm(w http.ResponseWriter, r *http.Request) {
	q, already, ok := h.confirmable(w, r)
	if !ok {
		return
	}
	fields, err := portal.Fields(r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	words, err := confirmedWords(fields)
	if err != nil {
		h.refuseConfirm(w, r, q, already, fields, err)
		return
	}
	now, already, err := h.rights.Confirm(r.Context(), q.ID, words)
	switch {
	case err == nil:
		slog.InfoContext(r.Context(), "request confirmed", "request", now.ID, "state", now.State, "already", already)
		h.confirmed(w, r, fields.First(page.FieldLang), http.StatusOK, now, already)
	case errors.Is(err, request.ErrOtherWords):
		h.confirmed(w, r, fields.First(page.FieldLang), http.StatusConflict, now, true)
	case len(fault.FieldsOf(err)) > 0:
		h.refuseConfirm(w, r, q, already, fields, err)
	default:
		h.cannot(w, r, err)
	}
}

// refuseConfirm says what is wrong and shows the page once more, with what was
// typed.
func (h *handler) refuseConfirm(w http.ResponseWriter, r *http.Request, q request.Request, already bool, fields form.Fields, err error) {
	if web.Wanted(r) == web.JSON {
		h.Refused(w, texts(r, fields.First(page.FieldLang), q), fault.FieldsOf(err))
		return
	}
	named := fields.First(page.FieldAction) == page.ValueConfirm
	if already {
		status := http.StatusUnprocessableEntity
		if named {
			status = http.StatusConflict
		}
		h.confirmed(w, r, fields.First(page.FieldLang), status, q, true)
		return
	}
	var sent form.Form
	refuse(&sent, err)
	var typed *page.RequestForm
	if named {
		typed = &page.RequestForm{
			Kinds: fields.All(page.FieldKind), Name: fields.First(page.FieldName), Country: fields.First(page.FieldCountry),
			Region: fields.First(page.FieldRegion), Details: fields.First(page.FieldDetails), OnBehalfOf: fields.First(page.FieldOnBehalfOf),
		}
	}
	h.askConfirm(w, r, fields.First(page.FieldLang), http.StatusUnprocessableEntity, q, typed, sent.Errors)
}

// confirmedWords reads the words that a post confirms. All that is wrong is told
// together.
func confirmedWords(fields form.Fields) (w request.Words, err error) {
	if _, err := act(fields, page.ValueConfirm); err != nil {
		return w, err
	}
	wrong := make([]error, 3)
	w.Name = person.CleanText(fields.First(page.FieldName), intake.MaxName)
	w.Details = person.CleanText(fields.First(page.FieldDetails), form.MaxBytes)
	w.Kinds, wrong[0] = parseKinds(fields.All(page.FieldKind))
	w.OnBehalfOf, wrong[1] = intake.ParseBehalf(fields.First(page.FieldOnBehalfOf))
	w.Place, wrong[2] = intake.Place(fields.First(page.FieldCountry), fields.First(page.FieldRegion))
	return w, together(wrong)
}

func together(errs []error) error {
	var fields []fault.FieldError
	for _, err := range errs {
		fields = append(fields, fault.FieldsOf(err)...)
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Code: fault.Invalid, Message: "The request cannot be confirmed so.", Fields: fields}
}

func (h *handler) confirmed(w http.ResponseWriter, r *http.Request, lang string, status int, q request.Request, already bool) {
	t := texts(r, lang, q)
	switch {
	case web.Wanted(r) != web.JSON:
	case status == http.StatusConflict:
		web.Refuse(w, fault.New(fault.Conflict, "%s", h.Pages.OtherWords(t)))
		return
	default:
		web.WriteJSON(w, status, answer{Answer: web.Answer{Code: status, Status: "confirmed", Message: t.Text("confirmed.title")}, Reference: q.ID, Receipt: []byte(h.receipt(q))})
		return
	}
	if r.Method == http.MethodPost && status == http.StatusOK {
		first := yes(!already)
		h.results().Done(w, r, t, ofConfirm, link.Claims{Request: q.ID, Details: map[string]string{detailFirst: first}})
		return
	}
	h.Show(w, r, status, t, h.confirmedPage(q, t, already, status == http.StatusConflict))
}

func (h *handler) confirmedPage(q request.Request, t *catalog.Texts, already, other bool) page.RequestConfirmed {
	p := page.RequestConfirmed{Request: q, Already: already, Other: other, StatusURL: h.statusLink(q.ID)}
	p.ReceiptURL = portal.ReceiptAt(p.StatusURL)
	p.Due, p.DueWhy = h.due(q, t)
	return p
}
