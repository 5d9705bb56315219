package page

import (
	"time"

	"privacydesk/shared/catalog"
)

// ConfirmRequest is the page at GET /requests/confirm/{link}: what was asked, and one button, which posts to the
// same URL with FieldFrom=ValuePage. It changes nothing itself.
type ConfirmRequest struct {
	Action     string // the page's own path
	Reference  string
	Address    string // masked
	Kinds      []string
	OnBehalfOf string // ValueSelf, ValueParent, ValueAgent
	ReceivedAt time.Time
	ConfirmBy  time.Time
}

// RequestConfirmed is the answer to that button (200), also when it was pressed before.
type RequestConfirmed struct {
	Reference string
	Address   string // masked
	Kinds     []string
	Due       time.Time // by when we answer; zero: not told
	DueWhy    []string  // sentences: which rule gave that date
	Evidence  []string  // codes of what must still be proved ("written_authority"); may be empty
	LinkedTo  string    // reference of an earlier request for the same; may be empty
	Already   bool      // it was confirmed before
	StatusURL string
	Receipt   string // may be empty
}

func (p ConfirmRequest) view(_ *Desk, t *catalog.Texts) view {
	facts := requestFacts(t, p.Reference, p.Address, p.Kinds)
	if p.OnBehalfOf != "" && p.OnBehalfOf != ValueSelf {
		facts = append(facts, fact{t.Text("fact.behalf"), []string{t.Named("behalf.", p.OnBehalfOf)}})
	}
	facts = append(facts, dateFact(t, t.Text("fact.received"), p.ReceivedAt)...)
	return view{shape: messageShape, title: t.Text("confirm.title"), languages: true, body: message{
		Mark: markAsk, Lead: t.Text("confirm.lead"), Facts: facts,
		Button: &button{Action: p.Action, Text: t.Text("confirm.button"),
			Hidden: []hidden{{FieldFrom, ValuePage}, langField(t)}},
		Notes: []string{t.Text("confirm.note", "date", t.Date(p.ConfirmBy))},
	}}
}

func (p RequestConfirmed) view(d *Desk, t *catalog.Texts) view {
	title := "confirmed.title"
	if p.Already {
		title = "confirmed.already.title"
	}
	facts := requestFacts(t, p.Reference, p.Address, p.Kinds)
	return view{shape: messageShape, title: t.Text(title), body: message{
		Mark:        markDone,
		Facts:       append(facts, dateFact(t, t.Text("fact.due"), p.Due)...),
		Steps:       &steps{t.Text("received.next"), p.next(t)},
		Lists:       d.evidenceList(t, p.Evidence, p.Reference),
		Links:       optionalLink(p.StatusURL, t.Text("confirmed.status")),
		Disclosures: append(why(t, p.DueWhy), receiptBox(t, p.Receipt)...),
	}}
}

func (p RequestConfirmed) next(t *catalog.Texts) []string {
	next := []string{t.Text("confirmed.next.mail")}
	if p.LinkedTo != "" {
		next = append(next, t.Text("status.linked", "reference", p.LinkedTo))
	}
	if len(p.Evidence) > 0 {
		return append(next, t.Text("confirmed.next.evidence"))
	}
	return append(next, t.Text("confirmed.next.answer"))
}
