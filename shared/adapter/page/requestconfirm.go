package page

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
)

// ConfirmRequest is the page at GET /requests/confirm/{link}: all that was sent, a button that confirms it, one
// that confirms it without name and text, and a form to change it first. Each posts all of the words that it
// confirms to the same URL, with FieldAction=ValueConfirm. It is shown again (422) when Errors are given. It changes
// nothing itself.
type ConfirmRequest struct {
	Action     string // the page's own path
	Reference  string
	Address    string       // masked
	Sent       RequestWords // as somebody sent it
	Typed      RequestWords // in the form: as Sent, or what was typed when there are Errors
	Unsure     bool         // what was sent does not say what is asked for: it must be chosen
	OptedOut   []string     // scopes that are out already
	ReceivedAt time.Time
	ConfirmBy  civil.Day // the last day of the link
	Errors     []fault.FieldError
}

// RequestWords are what a request says.
type RequestWords struct {
	Kinds      []string // codes
	Name       string
	Country    string // code; may be empty
	Region     string // code; may be empty
	Details    string
	OnBehalfOf string // ValueSelf, ValueParent, ValueAgent; empty: ValueSelf
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
		Errors: fieldErrors(p.Errors).summary(t, d.wording(t).Failed, requestAnchors),
		Mark:   markAsk, Lead: t.Text("confirm.lead"), Facts: p.facts(t), Words: p.words(t),
		Change: p.change(t), Leave: t.Text("confirm.note", "date", t.Day(p.ConfirmBy)),
	}
	if p.Unsure {
		body.Texts = []string{t.Text("confirm.unsure")}
	} else {
		body.Buttons = p.buttons(t)
	}
	return view{shape: confirmShape, title: t.Text("confirm.title"), languages: true, failed: len(p.Errors) > 0, body: body}
}

func (p ConfirmRequest) facts(t *catalog.Texts) []fact {
	facts := requestFacts(t, p.Reference, p.Address, p.Sent.Kinds)
	facts = append(facts, fact{t.Text("fact.received"), []string{t.Text("fact.moment", "date", t.Date(p.ReceivedAt), "time", p.ReceivedAt.Format("15:04 MST"))}})
	facts = append(facts, fact{t.Text("fact.behalf"), []string{t.Named("behalf.", p.Sent.behalf())}})
	facts = append(facts, someFact(t.Text("fact.name"), p.Sent.Name)...)
	if p.Sent.Country != "" {
		facts = append(facts, fact{t.Text("fact.place"), []string{t.Place(p.Sent.Country, p.Sent.Region)}})
	}
	return append(facts, someFact(t.Text("fact.effect"), scopes(t, p.OptedOut)...)...)
}

func (w RequestWords) behalf() string {
	if w.OnBehalfOf == "" {
		return ValueSelf
	}
	return w.OnBehalfOf
}

func (p ConfirmRequest) words(t *catalog.Texts) *words {
	if p.Sent.Details == "" {
		return nil
	}
	return &words{t.Text("fact.details"), lines(p.Sent.Details)}
}

// buttons confirm what was sent, whole or without what is free text.
func (p ConfirmRequest) buttons(t *catalog.Texts) []button {
	all := []button{{Action: p.Action, Text: t.Text("confirm.button"), Hidden: p.Sent.hidden(t)}}
	if p.Sent.Name == "" && p.Sent.Details == "" {
		return all
	}
	bare := p.Sent
	bare.Name, bare.Details = "", ""
	return append(all, button{Action: p.Action, Text: t.Text("confirm.without"), Quiet: true, Hidden: bare.hidden(t)})
}

// hidden are the words as a form sends them.
func (w RequestWords) hidden(t *catalog.Texts) []hidden {
	fields := []hidden{{FieldAction, ValueConfirm}, langField(t)}
	for _, kind := range w.Kinds {
		fields = append(fields, hidden{FieldKind, kind})
	}
	return append(fields, hidden{FieldOnBehalfOf, w.behalf()}, hidden{FieldName, w.Name},
		hidden{FieldCountry, w.Country}, hidden{FieldRegion, w.Region}, hidden{FieldDetails, w.Details})
}

func (p ConfirmRequest) change(t *catalog.Texts) changeForm {
	errs := fieldErrors(p.Errors)
	f := RequestForm{
		Kinds: p.Typed.Kinds, Name: p.Typed.Name, Country: p.Typed.Country, Region: p.Typed.Region,
		Details: p.Typed.Details, OnBehalfOf: p.Typed.OnBehalfOf, Errors: p.Errors,
	}
	c := changeForm{
		Open: p.Unsure || len(p.Errors) > 0, Summary: t.Text("confirm.change"), Leads: []string{t.Text("confirm.change.lead")},
		Action: p.Action, Submit: t.Text("confirm.change.button"), Hidden: []hidden{{FieldAction, ValueConfirm}, langField(t)},
		Kinds: f.kinds(t), Behalf: f.behalf(t), Country: f.country(t), Region: f.region(t),
		Name:    errs.input(t, FieldName, t.Text("form.name.label"), t.Text("ask.name.hint"), f.Name),
		Details: errs.area(t, FieldDetails, t.Text("ask.details.label"), t.Text("ask.details.hint"), f.Details),
	}
	if len(p.OptedOut) > 0 {
		c.Leads = append(c.Leads, t.Text("confirm.change.out"))
	}
	if p.Unsure {
		c.Summary, c.Submit = t.Text("confirm.choose"), t.Text("confirm.choose.button")
	}
	return c
}

// RequestConfirmed is the answer to a confirmation (200), also when it was confirmed before, to whoever opens the
// link again too.
type RequestConfirmed struct {
	Reference string
	Address   string // masked
	Kinds     []string
	Due       time.Time // by when we answer; zero: not told
	DueWhy    []string  // sentences: which rule gave that date
	Evidence  []string  // codes of what must still be proved ("written_authority"); may be empty
	LinkedTo  string    // reference of an earlier request for the same; may be empty
	Already   bool      // it was confirmed before
	Other     bool      // with Already: in other words than those that came now, which changed nothing: answer 409
	Closed    bool      // nothing more is to be done about it
	StatusURL string
	Receipt   string // may be empty
}

func (p RequestConfirmed) view(d *Desk, t *catalog.Texts) view {
	title, m := "confirmed.title", message{
		Mark:        markDone,
		Facts:       append(requestFacts(t, p.Reference, p.Address, p.Kinds), dateFact(t, t.Text("fact.due"), p.Due)...),
		Lists:       d.evidenceList(t, p.Evidence, p.Reference),
		Links:       optionalLink(p.StatusURL, t.Text("confirmed.status")),
		Disclosures: append(why(t, p.DueWhy), receiptBox(t, p.Receipt)...),
	}
	switch {
	case p.Already:
		title = "confirmed.already.title"
	case p.Closed:
		title = "asked.instant.title"
	}
	if p.Other {
		m.Notice = &notice{t.Text("confirmed.other.title"), t.Text("confirmed.other.text", "email", d.Organisation.Contact)}
	}
	if !p.Closed {
		m.Steps = &steps{t.Text("received.next"), p.next(t)}
	}
	return view{shape: messageShape, title: t.Text(title), languages: p.Already, body: m}
}

func (p RequestConfirmed) next(t *catalog.Texts) []string {
	next := []string{t.Text("confirmed.next.mail")}
	if p.Already {
		next = nil // that mail may have come long ago
	}
	if p.LinkedTo != "" {
		next = append(next, t.Text("status.linked", "reference", p.LinkedTo))
	}
	if len(p.Evidence) > 0 {
		return append(next, t.Text("confirmed.next.evidence"))
	}
	return append(next, t.Text("confirmed.next.answer"))
}
