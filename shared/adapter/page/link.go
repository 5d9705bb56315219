package page

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/optout"
)

// UnsubscribeLink is the page at GET /u/{link}: one button, which posts to the same URL with
// FieldFrom=ValuePage and FieldView=View. It changes nothing itself.
type UnsubscribeLink struct {
	Action         string // the page's own path
	Address        string // masked
	Subject        Subject
	PreferencesURL string // may be empty
	View           string // names this view of the page, so that undo is offered to whoever pressed its button
}

// Unsubscribed is the answer to that button.
type Unsubscribed struct {
	Address        string // masked
	Subject        Subject
	UndoURL        string // posts there; valid for optout.UndoFor; empty: no undo is offered
	PreferencesURL string // may be empty
	Already        bool   // it was so before
	Receipt        string // the signed receipt as a person keeps it; empty: none is shown
}

// Undone says that an opt-out was taken back in time.
type Undone struct {
	Address        string     // masked
	Now            Preference // what holds now: a pause may run on, or the whole channel be stopped
	PreferencesURL string     // may be empty
}

// LinkProblem says that a link does not work, and what does. With neither Expired nor Changed, the link was cut,
// altered or made for something else: answer 400.
type LinkProblem struct {
	Expired bool // it was a good link once: answer 410
	Changed bool // the record was changed since, so that an undo no longer fits it, or the request closed: answer 409
	Meant   LinkMeant
}

// LinkMeant is what a person wanted of a link, and so the way on when it does not work.
type LinkMeant int

// What a link is for.
const (
	ToLeave    LinkMeant = iota // to unsubscribe, or to see one's choices
	ToComeBack                  // to undo, or to confirm that mail is wanted again
	ToRequest                   // to confirm, follow or read a rights request
)

var linkWays = map[LinkMeant]struct{ way, path, form string }{
	ToLeave:    {"badlink.way", pathUnsubscribe, "badlink.form"},
	ToComeBack: {"badlink.back.way", pathUnsubscribe, "badlink.form"},
	ToRequest:  {"badlink.request.way", pathRequests, "badlink.request.form"},
}

func (p UnsubscribeLink) view(_ *Desk, t *catalog.Texts) view {
	return view{shape: messageShape, title: t.Text("link.title"), languages: true, body: message{
		Mark:  markAsk,
		Lead:  t.Text("link.lead"),
		Facts: append(addressFact(t, p.Address), subjectsFact(t, t.Text("fact.stop"), p.Subject)),
		Button: &button{Action: p.Action, Text: t.Text("link.button"),
			Hidden: []hidden{{FieldFrom, ValuePage}, {FieldView, p.View}, langField(t)}},
		Links: optionalLink(p.PreferencesURL, t.Text("link.choose")),
	}}
}

func (p Unsubscribed) view(_ *Desk, t *catalog.Texts) view {
	title, lead := "unsubscribed.title", "unsubscribed.lead"
	if p.Already {
		title, lead = "unsubscribed.already.title", "unsubscribed.already.lead"
	}
	return view{shape: messageShape, title: t.Text(title), body: message{
		Mark:   markDone,
		Lead:   t.Text(lead),
		Facts:  append(addressFact(t, p.Address), subjectsFact(t, t.Text("fact.stopped"), p.Subject)),
		Button: p.undo(t),
		Links:  optionalLink(p.PreferencesURL, t.Text("unsubscribed.choose")),

		Disclosures: receiptBox(t, p.Receipt),
	}}
}

func (p Unsubscribed) undo(t *catalog.Texts) *button {
	if p.UndoURL == "" {
		return nil
	}
	return &button{
		Action: p.UndoURL, Quiet: true, Hidden: []hidden{langField(t)},
		Intro: t.Plural("unsubscribed.undo", int(optout.UndoFor/time.Hour)), Text: t.Text("unsubscribed.undo.button"),
	}
}

func (p Undone) view(_ *Desk, t *catalog.Texts) view {
	return view{shape: messageShape, title: t.Text("undone.title"), body: message{
		Mark:  markDone,
		Lead:  t.Text("undone.lead"),
		Facts: append(addressFact(t, p.Address), standing(t, p.Now)...),
		Links: optionalLink(p.PreferencesURL, t.Text("unsubscribed.choose")),
	}}
}

func (p LinkProblem) view(_ *Desk, t *catalog.Texts) view {
	title, lead := "badlink.title", "badlink.lead"
	switch {
	case p.Changed && p.Meant == ToRequest:
		title, lead = "badlink.closed.title", "badlink.closed.lead"
	case p.Changed:
		title, lead = "badlink.changed.title", "badlink.changed.lead"
	case p.Expired:
		title, lead = "badlink.expired.title", "badlink.expired.lead"
	}
	on := linkWays[p.Meant]
	return view{shape: messageShape, title: t.Text(title), body: message{
		Mark:  markProblem,
		Lead:  t.Text(lead),
		Notes: []string{t.Text(on.way)},
		Links: []link{{on.path, t.Text(on.form)}},
	}}
}
