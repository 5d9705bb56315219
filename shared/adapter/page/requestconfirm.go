package page

import (
	"cmp"
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/request"
)

// ConfirmRequest is the page at GET /requests/confirm/{link}: all that was sent, a button that confirms it, one
// that confirms it without name and text, and a form to change it first. Each posts all of the words that it
// confirms to the same URL, with FieldAction=ValueConfirm. It is shown again (422) when Errors are given. It changes
// nothing itself.
type ConfirmRequest struct {
	Action  string          // the page's own path
	Request request.Request // as somebody sent it
	Typed   *RequestForm    // what was typed into the form, with Errors; nil: what the request says
	Errors  []fault.FieldError
}

type confirmBody struct {
	Errors  *errorSummary
	Mark    mark
	Lead    string
	Facts   []fact
	Words   *words
	Texts   []string
	Buttons []button
	Change  changeForm
	Leave   string
}

// words are somebody's own, in a box of bounded height.
type words struct {
	Label string
	Lines []string
}

// changeForm is the form by which a request is changed before it is confirmed.
type changeForm struct {
	Open            bool
	Summary         string
	Leads           []string
	Action, Submit  string
	Hidden          []hidden
	Kinds, Behalf   choice
	Name            input
	Country, Region selection
	Details         *area
}

func (p ConfirmRequest) view(d *Desk, t *catalog.Texts) view {
	body := confirmBody{
		Errors: fieldErrors(p.Errors).summary(t, t.Text("form.problem"), requestAnchors),
		Mark:   markAsk, Lead: t.Text("confirm.lead"), Facts: p.facts(d, t), Words: p.words(t),
		Change: p.change(t), Leave: p.leave(d, t),
	}
	if p.Request.KindsUnsure {
		body.Texts = []string{t.Text("confirm.unsure")}
	} else {
		body.Buttons = p.buttons(t)
	}
	return view{shape: confirmShape, title: t.Text("confirm.title"), languages: true, failed: len(p.Errors) > 0, body: body}
}

// leave says what happens without a confirmation.
func (p ConfirmRequest) leave(d *Desk, t *catalog.Texts) string {
	if intake.Unconfirmed(p.Request.Kinds) {
		return t.Text("confirm.note.counts")
	}
	return t.Text("confirm.note", "date", d.through(t, p.Request.VerifyBy))
}

func (p ConfirmRequest) facts(d *Desk, t *catalog.Texts) []fact {
	q, at := p.Request, p.Request.ReceivedAt.In(d.Zone)
	return slices.Concat(requestFacts(t, q),
		[]fact{{t.Text("fact.received"), []string{t.Moment(at, d.Organisation.Place())}}},
		[]fact{{t.Text("fact.behalf"), []string{t.Named("behalf.", behalf(q))}}},
		someFact(t.Text("fact.name"), q.Name), placeFact(t, q), stoppedFact(t, t.Text("fact.stopped"), q))
}

func behalf(q request.Request) string { return string(cmp.Or(q.OnBehalfOf, intake.Self)) }

func (p ConfirmRequest) words(t *catalog.Texts) *words {
	if p.Request.Details == "" {
		return nil
	}
	return &words{t.Text("fact.details"), lines(p.Request.Details)}
}

// buttons confirm what was sent, whole or without what is free text.
func (p ConfirmRequest) buttons(t *catalog.Texts) []button {
	all := []button{{Action: p.Action, Text: t.Text("confirm.button"), Hidden: asSent(t, p.Request)}}
	if p.Request.Name == "" && p.Request.Details == "" {
		return all
	}
	bare := p.Request
	bare.Name, bare.Details = "", ""
	return append(all, button{Action: p.Action, Text: t.Text("confirm.without"), Quiet: true, Hidden: asSent(t, bare)})
}

// asSent is what a request says, as a form sends it.
func asSent(t *catalog.Texts, q request.Request) []hidden {
	fields := []hidden{{FieldAction, ValueConfirm}, langField(t)}
	for _, kind := range q.Kinds {
		fields = append(fields, hidden{FieldKind, string(kind)})
	}
	return append(fields, hidden{FieldOnBehalfOf, behalf(q)}, hidden{FieldName, q.Name},
		hidden{FieldCountry, q.Place.Country}, hidden{FieldRegion, q.Place.Region}, hidden{FieldDetails, q.Details})
}

// form shows what was typed, or what the request says.
func (p ConfirmRequest) form() RequestForm {
	f := RequestForm{Kinds: intake.Codes(p.Request.Kinds), Name: p.Request.Name, Country: p.Request.Place.Country,
		Region: p.Request.Place.Region, Details: p.Request.Details, OnBehalfOf: string(p.Request.OnBehalfOf)}
	if p.Typed != nil {
		f = *p.Typed
	}
	f.Errors = p.Errors
	return f
}

func (p ConfirmRequest) change(t *catalog.Texts) changeForm {
	errs, f := fieldErrors(p.Errors), p.form()
	c := changeForm{
		Open: p.Request.KindsUnsure || len(p.Errors) > 0, Summary: t.Text("confirm.change"), Leads: []string{t.Text("confirm.change.lead")},
		Action: p.Action, Submit: t.Text("confirm.change.button"), Hidden: []hidden{{FieldAction, ValueConfirm}, langField(t)},
		Kinds: f.kinds(t), Behalf: f.behalf(t), Country: f.country(t), Region: f.region(t),
		Name:    errs.input(t, FieldName, t.Text("form.name.label"), t.Text("ask.name.hint"), f.Name),
		Details: errs.area(t, FieldDetails, t.Text("ask.details.label"), t.Text("ask.details.hint"), f.Details),
	}
	if len(intake.OptOutsOf(p.Request.Kinds)) > 0 {
		c.Leads = append(c.Leads, t.Text("confirm.change.out"))
	}
	if p.Request.KindsUnsure {
		c.Summary, c.Submit = t.Text("confirm.choose"), t.Text("confirm.choose.button")
	}
	return c
}

// RequestConfirmed is the answer to a confirmation (200), also when it was confirmed before, to whoever opens the
// link again too.
type RequestConfirmed struct {
	Request    request.Request
	Due        time.Time // by when we answer; zero: not told
	DueWhy     []string  // sentences: which rule gave that date
	Already    bool      // it was confirmed before
	Other      bool      // with Already: in other words than those that came now, which changed nothing: answer 409
	StatusURL  string
	ReceiptURL string // of the signed receipt, as a file; empty: none is offered
}

func (p RequestConfirmed) view(d *Desk, t *catalog.Texts) view {
	closed, title, m := p.Request.State.Decided(), "confirmed.title", message{
		Mark:        markDone,
		Facts:       append(requestFacts(t, p.Request), d.dateFact(t, "fact.due", p.Due)...),
		Lists:       d.evidenceList(t, p.Request),
		Links:       optionalLink(p.StatusURL, t.Text("confirmed.status")),
		Disclosures: append(why(t, p.DueWhy), receiptBox(t, p.ReceiptURL)...),
	}
	switch {
	case p.Already:
		title = "confirmed.already.title"
	case closed:
		title = "asked.instant.title"
	}
	if p.Other {
		m.Notice = &notice{t.Text("confirmed.other.title"), t.Text("confirmed.other.text", "email", d.Organisation.Contact)}
	}
	if !closed {
		m.Lists = append([]list{{t.Text("received.next"), points(p.next(t, len(m.Lists) > 0)...)}}, m.Lists...)
	}
	return view{shape: messageShape, title: t.Text(title), languages: true, body: m}
}

func (p RequestConfirmed) next(t *catalog.Texts, proofs bool) []string {
	next := []string{t.Text("confirmed.next.mail")}
	if p.Already {
		next = nil // that mail may have come long ago
	}
	if p.Request.LinkedTo != "" {
		next = append(next, t.Text("status.linked", "reference", p.Request.LinkedTo))
	}
	if proofs {
		return append(next, t.Text("confirmed.next.evidence"))
	}
	return append(next, t.Text("confirmed.next.answer"))
}
