package page

import (
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/request"
)

// RequestChange is what a person has just done to their request.
type RequestChange int

// The changes.
const (
	RequestWithdrawn RequestChange = iota
	RequestDisagreed               // their statement is on record
	RequestAppealed                // an appeal was opened
	RequestMoved                   // they told a new address
)

// RequestChanged is the answer (200) to the forms of the status page.
type RequestChanged struct {
	Change    RequestChange
	Request   request.Request // with RequestAppealed, the appeal
	Due       time.Time       // with RequestAppealed: by when we answer
	DueWhy    []string
	StatusURL string // with RequestAppealed, of the appeal; may be empty
}

var changeTexts = [...]struct{ title, lead string }{
	RequestWithdrawn: {"changed.withdrawn.title", "changed.withdrawn.lead"},
	RequestDisagreed: {"disagree.recorded", "changed.disagreed.lead"},
	RequestAppealed:  {"changed.appealed.title", "review.received.appeal"},
	RequestMoved:     {"changed.moved.title", "changed.moved.lead"},
}

func (p RequestChanged) view(d *Desk, t *catalog.Texts) view {
	texts := changeTexts[p.Change]
	say := func(key string) string {
		return t.Text(key, "email", d.Organisation.Contact, "reference", p.Request.ID)
	}
	lead := say(texts.lead)
	if p.Change == RequestAppealed {
		texts.title = second(p.Request, texts.title, "review.received.title")
		lead = strings.Join(append(d.eyes(t), say(second(p.Request, texts.lead, "review.received.lead"))), " ")
	}
	return view{shape: messageShape, title: t.Text(texts.title), languages: true, body: message{
		Mark: markDone, Lead: lead,
		Facts:       slices.Concat(referenceFact(t, p.Request), d.dateFact(t, "fact.due", p.Due), stoppedFact(t, t.Text("fact.stays"), p.Request)),
		Links:       optionalLink(p.StatusURL, t.Text("changed.back")),
		Disclosures: why(t, p.DueWhy),
	}}
}
