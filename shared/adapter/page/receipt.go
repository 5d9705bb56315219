package page

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/fault"
)

// ReceiptCheck is the page at PathReceiptCheck: a form for the text of a signed receipt (GET), and above it what
// the check found (POST).
type ReceiptCheck struct {
	Receipt string             // as typed
	Found   *ReceiptFind       // nil: nothing was checked yet
	Errors  []fault.FieldError // with 422; of FieldReceipt
}

// ReceiptFind is what a check found. When it is not Valid, only Fault counts.
type ReceiptFind struct {
	Valid       bool
	Fault       ReceiptFault
	Issuer      string // base URL
	Kind        string // "opt-out", "request" or "disposal"
	Reference   string
	What        []string // scopes, or kinds of requests
	ReceivedAt  time.Time
	EffectiveAt time.Time // may be zero
	DueAt       time.Time // may be zero
	Seq         int       // entries of the history that the receipt vouches for; 0: none
	Hash        string    // of the last of them
	Person      string    // masked address or keyed reference; may be empty
}

// ReceiptFault is why a receipt is not valid.
type ReceiptFault int

// The faults.
const (
	ReceiptUnreadable ReceiptFault = iota // it is no receipt, or part of it is missing
	ReceiptForged                         // its signature does not fit its text
	ReceiptUnknownKey                     // signed with a key that is not ours
)

var receiptFaults = [...]string{
	ReceiptUnreadable: "receipt.unreadable", ReceiptForged: "receipt.forged", ReceiptUnknownKey: "receipt.unknown",
}

func (p ReceiptCheck) view(d *Desk, t *catalog.Texts) view {
	errs := fieldErrors(p.Errors)
	body := sections{
		Errors: errs.summary(t, t.Text("form.problem"), map[string]string{FieldReceipt: "#" + FieldReceipt}),
		Lead:   t.Text("receipt.lead", "name", d.Organisation.Name),
	}
	if p.Found != nil {
		body.Cards = append(body.Cards, p.Found.card(d, t))
	}
	field := errs.area(t, FieldReceipt, t.Text("receipt.label"), t.Text("receipt.hint"), p.Receipt)
	body.Cards = append(body.Cards, section{Title: t.Text("receipt.form"), Form: &areaForm{
		Action: pathReceiptCheck, Hidden: []hidden{langField(t)}, Area: field, Button: t.Text("receipt.button"),
	}})
	blank := p.Found == nil && p.Receipt == "" && len(p.Errors) == 0
	return view{shape: sectionsShape, title: t.Text("receipt.title"), languages: true, revisit: blank,
		failed: len(p.Errors) > 0, body: body}
}

func (f ReceiptFind) card(d *Desk, t *catalog.Texts) section {
	if !f.Valid {
		return section{Mark: &markProblem, Title: t.Text("receipt.bad"), Texts: []string{t.Text(receiptFaults[f.Fault])}}
	}
	s := section{Mark: &markDone, Title: t.Text("receipt.good"), Texts: []string{t.Text("receipt.proves")}, Facts: f.facts(d, t)}
	if f.Kind != "disposal" { // whose is it? The receipt does not say, so the page of the person does (11 CCR 7026(g))
		s.Texts = append(s.Texts, t.Text("receipt.now"))
		s.Links = []link{inLanguage(t, pathMyLinks, "mylinks.title")}
	}
	return s
}

func (f ReceiptFind) facts(d *Desk, t *catalog.Texts) []fact {
	what, effective := fact{t.Text("fact.what"), codes(t, "kind.", f.What)}, "fact.closed"
	if f.Kind == "opt-out" {
		what, effective = fact{t.Text("fact.stopped"), scopes(t, f.What)}, "fact.effective"
	}
	facts := []fact{{t.Text("fact.about"), []string{t.Named("receipt.kind.", f.Kind)}}, what}
	facts = append(facts, someFact(t.Text("fact.reference"), f.Reference)...)
	facts = append(facts, someFact(t.Text("fact.person"), f.Person)...)
	facts = append(facts, d.dateFact(t, "fact.received", f.ReceivedAt)...)
	facts = append(facts, d.dateFact(t, effective, f.EffectiveAt)...)
	facts = append(facts, d.dateFact(t, "fact.due", f.DueAt)...)
	facts = append(facts, someFact(t.Text("fact.issuer"), f.Issuer)...)
	if f.Seq > 0 {
		facts = append(facts, fact{t.Text("fact.history"), []string{t.Plural("receipt.entries", f.Seq), f.Hash}})
	}
	return facts
}
