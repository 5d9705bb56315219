package page

import (
	"time"

	"privacydesk/shared/adapter/catalog"
)

// RequestChange is what a person has just done to their request.
type RequestChange int

// The changes.
const (
	RequestWithdrawn RequestChange = iota
	RequestDisagreed               // their statement is on record
	RequestAppealed                // an appeal was opened
)

// RequestChanged is the answer (200) to the forms of the status page.
type RequestChanged struct {
	Change    RequestChange
	Reference string    // of the request; with RequestAppealed, of the appeal
	OptedOut  []string  // scopes that stay out in spite of a withdrawal
	Due       time.Time // with RequestAppealed: by when we answer
	DueWhy    []string
	StatusURL string // with RequestAppealed, of the appeal; may be empty
}

var changeTexts = [...]struct{ title, lead string }{
	RequestWithdrawn: {"changed.withdrawn.title", "changed.withdrawn.lead"},
	RequestDisagreed: {"changed.disagreed.title", "changed.disagreed.lead"},
	RequestAppealed:  {"changed.appealed.title", "changed.appealed.lead"},
}

func (p RequestChanged) view(_ *Desk, t *catalog.Texts) view {
	texts := changeTexts[p.Change]
	facts := requestFacts(t, p.Reference, "", nil)
	facts = append(facts, dateFact(t, t.Text("fact.due"), p.Due)...)
	return view{shape: messageShape, title: t.Text(texts.title), body: message{
		Mark: markDone, Lead: t.Text(texts.lead),
		Facts:       append(facts, someFact(t.Text("fact.stays"), scopes(t, p.OptedOut)...)...),
		Links:       optionalLink(p.StatusURL, t.Text("changed.back")),
		Disclosures: why(t, p.DueWhy),
	}}
}
