package page

import (
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/optout"
)

// UnsubscribeLink is the page at GET /u/{link}: what stands, and a button that posts to the same URL with
// FieldFrom=ValuePage and FieldView=View; a topic's page has a second one with FieldEverything=ValueStop, for all
// marketing emails. It changes nothing itself.
type UnsubscribeLink struct {
	Action         string // the link's path
	Address        string // masked
	Subject        Subject
	Now            *Preference // what holds for the subject; nil: not known, and the words are true whatever it is
	PreferencesURL string      // may be empty
	View           string      // names this view of the page, so that undo is offered to whoever pressed its button
}

// Unsubscribed is the answer to those buttons.
type Unsubscribed struct {
	Address        string // masked
	Subject        Subject
	UndoURL        string    // posts there; valid for optout.UndoFor; empty: no undo is offered
	PreferencesURL string    // may be empty
	Already        bool      // it was so before
	ReceiptURL     string    // of the signed receipt, as a file; empty: none is offered
	NotStopped     []Subject // with a topic: the other topics that nothing stops
	AllURL         string    // with a topic: posts there to stop all emails; empty: not offered
	View           string    // names this view for that button
}

// Undone says that an opt-out was taken back in time.
type Undone struct {
	Address        string       // masked
	Now            []Preference // what holds now of each: a pause may run on, or the whole channel be stopped
	PreferencesURL string       // may be empty
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
	title, lead := p.words()
	m := message{
		Mark: markAsk, Facts: addressFact(t, p.Address), Button: p.button(t), Links: optionalLink(p.PreferencesURL, t.Text(p.way())),
	}
	label, pairs := "fact.stop", []string{"topic", rowTitle(t, p.Subject)}
	switch {
	case p.stopped():
		m.Mark, label, pairs = markDone, "fact.stopped", append(pairs, "date", t.Day(p.Now.Since))
	case p.Now != nil && p.Now.State == Paused:
		pairs = append(pairs, "date", t.Day(p.Now.Until))
	}
	m.Lead, m.Facts = t.Text(lead, pairs...), append(m.Facts, subjectsFact(t, t.Text(label), p.Subject))
	if p.Subject.topical() && !(p.stopped() && p.Now.Covered) {
		m.Also = stopAllEmails(t, p.Action, p.View)
	}
	return view{shape: messageShape, title: t.Text(title, pairs...), languages: true, body: m}
}

// words are the keys of the title and the lead.
func (p UnsubscribeLink) words() (title, lead string) {
	switch topic := p.Subject.topical(); {
	case p.Now != nil && p.Now.State == Paused:
		return "link.paused.title", "link.paused.lead"
	case p.stopped() && p.Now.Covered:
		return "unsubscribed.title", "link.covered.lead"
	case p.stopped() && topic:
		return "link.topic.stopped.title", "link.topic.stopped.lead"
	case p.stopped():
		return "unsubscribed.title", "link.stopped.lead"
	case topic:
		title = "link.topic.title"
	default:
		title = "link.title"
	}
	if p.Now == nil {
		return title, "link.unknown.lead"
	}
	return title, "link.lead"
}

// way is the key of the words that lead to all choices: instead of the button, where there is one.
func (p UnsubscribeLink) way() string {
	if p.stopped() {
		return "unsubscribed.choose"
	}
	return "link.choose"
}

func (p UnsubscribeLink) stopped() bool { return p.Now != nil && p.Now.State == Stopped }

// button stops the subject; there is none where that would change nothing.
func (p UnsubscribeLink) button(t *catalog.Texts) *button {
	if p.stopped() {
		return nil
	}
	text := t.Text("form.submit")
	if p.Subject.topical() {
		text = t.Text("prefs.stop.topic", "topic", rowTitle(t, p.Subject))
	}
	return &button{Action: p.Action, Text: text, Hidden: fromPage(t, p.View)}
}

func fromPage(t *catalog.Texts, view string) []hidden {
	return []hidden{{FieldFrom, ValuePage}, {FieldView, view}, langField(t)}
}

// stopAllEmails is the second button of a topic's pages.
func stopAllEmails(t *catalog.Texts, action, view string) *button {
	if action == "" {
		return nil
	}
	return &button{Action: action, Quiet: true, Text: t.Text("link.all.button"), Hidden: append(fromPage(t, view), hidden{FieldEverything, ValueStop})}
}

func (p Unsubscribed) view(_ *Desk, t *catalog.Texts) view {
	title, lead := p.words()
	m := message{
		Mark:   markDone,
		Lead:   t.Text(lead),
		Facts:  append(addressFact(t, p.Address), subjectsFact(t, t.Text("fact.stopped"), p.Subject)),
		Button: undoButton(t, p.UndoURL),
		Links:  append(optionalLink(p.PreferencesURL, t.Text("unsubscribed.choose")), inLanguage(t, pathUnsubscribe, "unsubscribed.others")),

		Disclosures: receiptBox(t, p.ReceiptURL),
	}
	if p.Subject.topical() {
		m.Also = stopAllEmails(t, p.AllURL, p.View)
		m.Facts = append(m.Facts, notStopped(t, p.NotStopped)...)
	}
	return view{shape: messageShape, title: t.Text(title, "topic", rowTitle(t, p.Subject)), languages: true, body: m}
}

func (p Unsubscribed) words() (title, lead string) {
	switch topic := p.Subject.topical(); {
	case p.Already && topic:
		return "unsubscribed.topic.already.title", "unsubscribed.already.lead"
	case p.Already:
		return "unsubscribed.already.title", "unsubscribed.already.lead"
	case topic:
		return "unsubscribed.topic.title", "unsubscribed.lead"
	}
	return "unsubscribed.title", "unsubscribed.lead"
}

// notStopped names the other topics that go on as they were.
func notStopped(t *catalog.Texts, others []Subject) []fact {
	if len(others) == 0 {
		return nil
	}
	names := make([]string, len(others))
	for i, s := range others {
		names[i] = rowTitle(t, s)
	}
	return []fact{{t.Text("fact.others"), names}}
}

func undoButton(t *catalog.Texts, url string) *button {
	if url == "" {
		return nil
	}
	return &button{
		Action: url, Quiet: true, Hidden: []hidden{langField(t)},
		Intro: t.Plural("unsubscribed.undo", int(optout.UndoFor/time.Hour)), Text: t.Text("unsubscribed.undo.button"),
	}
}

func (p Undone) view(_ *Desk, t *catalog.Texts) view {
	title, lead := "undone.stopped.title", "optedin.stopped.lead"
	switch back := slices.ContainsFunc(p.Now, receiving); {
	case back && len(p.Now) == 1 && channel(p.Now[0].Subject.Scope) == "email":
		title, lead = "undone.title", "undone.lead"
	case back:
		title, lead = "undone.several.title", "undone.several.lead"
	}
	return nowHolds(t, title, lead, p.Address, p.PreferencesURL, p.Now)
}

func (p LinkProblem) texts() (title, lead string) {
	switch {
	case p.Changed && p.Meant == ToRequest:
		return "badlink.closed.title", "badlink.closed.lead"
	case p.Changed:
		return "badlink.changed.title", "badlink.changed.lead"
	case p.Expired:
		return "badlink.expired.title", "badlink.expired.lead"
	}
	return "badlink.title", "badlink.lead"
}

func (p LinkProblem) view(_ *Desk, t *catalog.Texts) view {
	title, lead := p.texts()
	on := linkWays[p.Meant]
	return view{shape: messageShape, title: t.Text(title), body: message{
		Mark:  markProblem,
		Lead:  t.Text(lead),
		Notes: []string{t.Text(on.way)},
		Links: []link{inLanguage(t, pathMyLinks, "mylinks.title"), inLanguage(t, on.path, on.form)},
	}}
}
