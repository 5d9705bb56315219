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
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/vendor"
	"privacydesk/shared/portal"
)

// asOwner serves the sealed address of a task that was mailed to the owner of a system: a page, which names nobody before
// somebody asks. false: the address is a system's.
func (h *handler) asOwner(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter, *http.Request, link.Claims)) bool {
	claims, err := h.Ring.Open(link.Task, r.PathValue("link"), h.Now())
	_, other := h.Ring.Open(link.System, r.PathValue("link"), h.Now())
	switch {
	case err == nil:
		serve(w, r, claims)
	case errors.Is(err, link.ErrExpired):
		h.over(w, r, page.OwnerTaskOver{Why: page.OverExpired})
	case errors.Is(other, link.ErrDamaged) && web.Wanted(r) == web.HTML && web.IsBrowser(r):
		h.over(w, r, page.OwnerTaskOver{Why: page.OverDamaged})
	default:
		return false
	}
	return true
}

var overStatus = map[page.OverWhy]fault.Code{page.OverAgain: fault.Conflict, page.OverDamaged: fault.Damaged}

// over says why a task can be neither seen nor answered.
func (h *handler) over(w http.ResponseWriter, r *http.Request, p page.OwnerTaskOver) {
	code := overStatus[p.Why]
	if code == "" {
		code = fault.Expired
	}
	err := fault.New(code, "This task is over, or its link is: %s.", p.Why)
	if web.Wanted(r) == web.JSON {
		web.Refuse(w, err)
		return
	}
	h.Show(w, r, fault.Status(err), h.ownerTexts(r, ""), p)
}

// ownerTexts are in the language of the page, or in that of the officers.
func (h *handler) ownerTexts(r *http.Request, switched string) *catalog.Texts {
	return textsIn(r, switched, h.Desk.Requests.OfficerLanguage)
}

// ownersEntry reads the task of a link, or answers why it is over.
func (h *handler) ownersEntry(w http.ResponseWriter, r *http.Request, c link.Claims) (ledger.Entry, bool) {
	e, err := h.entry(r, c)
	over := page.OwnerTaskOver{Entry: e}
	over.System, _ = h.Desk.System(c.System)
	switch {
	case fault.Is(err, fault.NotFound):
		over.Why = page.OverGone
	case err != nil:
		h.Fail(w, r, err)
		return e, false
	case e.ID() != c.Notice:
		over.Why = page.OverAgain
	case e.Ground == ledger.CalledOff || e.Ground == ledger.Held:
		over.Why = page.OverDropped
	case e.Ground == ledger.NoAnswer:
		over.Why = page.OverLate
	case e.Ended():
		over.Why = page.OverAnswered
	default:
		return e, true
	}
	h.over(w, r, over)
	return e, false
}

// showTask shows the owner of a system what is to be done. It names nobody and changes nothing.
func (h *handler) showTask(w http.ResponseWriter, r *http.Request, c link.Claims) {
	e, open := h.ownersEntry(w, r, c)
	switch {
	case !open:
	case web.Wanted(r) == web.JSON:
		web.WriteJSON(w, http.StatusOK, shownTask(e, nil))
	default:
		t, p := h.ownerTexts(r, ""), h.ownerPage(r, e)
		var status int
		var err error
		if p.Upload, status, err = h.ownerFile(r, t, c); err != nil {
			h.FailIn(w, r, t, err)
			return
		}
		h.showOwner(w, r, t, c, status, p)
	}
}

func (h *handler) ownerPage(r *http.Request, e ledger.Entry) page.OwnerTask {
	p := page.OwnerTask{Action: r.URL.Path, Entry: e}
	p.System, _ = h.Desk.System(e.System)
	if v, known := vendor.Named(p.System.Vendor); known {
		p.Vendor = &v
	}
	return p
}

// takeTask does what the forms of the page ask for.
func (h *handler) takeTask(w http.ResponseWriter, r *http.Request, c link.Claims) {
	fields, err := portal.Fields(r)
	if err != nil {
		h.Fail(w, r, err)
		return
	}
	action, err := act(fields, page.ValueReveal, page.ValueAddFile, page.ValueAnswer)
	switch {
	case err != nil:
		h.Fail(w, r, err)
	case action == page.ValueAnswer:
		h.ownerAnswers(w, r, c, fields)
	case action == page.ValueAddFile:
		h.ownerAddsFile(w, r, c, fields)
	default:
		h.ownerAsks(w, r, c, fields)
	}
}

// ownerAsks writes into the history that the owner asks whom the task is about, then shows it.
func (h *handler) ownerAsks(w http.ResponseWriter, r *http.Request, c link.Claims, fields form.Fields) {
	e, open := h.ownersEntry(w, r, c)
	if !open {
		return
	}
	p := h.ownerPage(r, e)
	_, err := h.rights.Ledger(r.Context(), c.Request, deed(c, ledger.Fetched))
	var who ledger.Person
	if err == nil {
		who, err = h.rights.Whom(r.Context(), e, p.System)
	}
	if err != nil {
		h.ownerRefused(w, r, c, err)
		return
	}
	slog.InfoContext(r.Context(), "owner asked whom a task is about", "request", e.Request, "system", e.System, "task", e.Task)
	p.Person = &who
	h.showOwner(w, r, h.ownerTexts(r, fields.First(page.FieldLang)), c, http.StatusOK, p)
}

// ownerRefused answers for an act that came too late, or that the store did not take.
func (h *handler) ownerRefused(w http.ResponseWriter, r *http.Request, c link.Claims, err error) {
	if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
		h.Fail(w, r, err)
		return
	}
	if _, open := h.ownersEntry(w, r, c); open {
		h.over(w, r, page.OwnerTaskOver{Why: page.OverGone})
	}
}

// ownerAnswers takes what became of the task. The same answer twice is one.
func (h *handler) ownerAnswers(w http.ResponseWriter, r *http.Request, c link.Claims, fields form.Fields) {
	t := h.ownerTexts(r, fields.First(page.FieldLang))
	typed := page.OwnerTask{Outcome: fields.First(page.FieldOutcome), Records: fields.First(page.FieldRecords), Ground: fields.First(page.FieldGround),
		Why: person.CleanText(fields.First(page.FieldWhy), form.MaxBytes)}
	d := deed(c, ledger.Answered)
	typed.Entry.Task = d.Task
	var err error
	if d.State, d.Outcome, err = typed.Answer(); err == nil {
		err = h.answer(r, c, d)
	}
	if wrong := fault.FieldsOf(err); fault.Is(err, fault.Invalid) {
		e, open := h.ownersEntry(w, r, c)
		if !open {
			return
		}
		p := h.ownerPage(r, e)
		p.Outcome, p.Records, p.Ground, p.Why, p.Errors = typed.Outcome, typed.Records, typed.Ground, typed.Why, wrong
		p.Upload = &page.Upload{Refused: len(wrong) == 0} // what came for a file
		h.showOwner(w, r, t, c, http.StatusUnprocessableEntity, p)
		return
	}
	var e ledger.Entry
	if err == nil {
		e, err = h.entry(r, c)
	}
	if err != nil {
		h.ownerRefused(w, r, c, err)
		return
	}
	slog.InfoContext(r.Context(), "owner answered", "request", e.Request, "system", e.System, "task", e.Task, "outcome", e.State)
	system, _ := h.Desk.System(e.System)
	h.Show(w, r, http.StatusOK, t, page.OwnerAnswered{Entry: e, System: system})
}
