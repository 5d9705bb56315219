package page

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
)

// State is how things stand between us and a person for one subject.
type State int

// The states.
const (
	Receiving State = iota
	Stopped
	Paused
	// Requested: stopped, and a mail is on its way in which the person can confirm to come back.
	Requested
)

// Preferences is the page at GET /preferences/{link}. It posts to Action either FieldEverything=ValueStop, or
// for every row FieldWant+scope with what is wanted and FieldWas+scope with what was shown.
type Preferences struct {
	Action  string // the page's own path
	Address string // masked
	Rows    []Preference
	NoSale  civil.Day // since when the sale and sharing of their data is stopped (11 CCR 7026(g)); zero: it is not
	View    string    // names this view of the page, so that undo is offered to whoever pressed its button
}

// Preference is one row: a channel, or a topic below its channel. Rows come in the order they are shown in.
type Preference struct {
	Subject Subject
	State   State
	Since   civil.Day // with Stopped; 0: not told
	Until   civil.Day // the last day of a pause; only with Paused
	// DaysLeft is from today to that day. Pauses that are not longer are not
	// offered, for they would change nothing.
	DaysLeft int
	// Covered: a stop or pause of the whole channel holds for this topic too, whatever its own state.
	Covered bool
}

type preferencesBody struct {
	Facts   []fact
	AllDone string // everything is stopped already: said instead of offering it
	All     *stopAll
	Title   string
	Action  string
	Hidden  []hidden
	Groups  []group
	Notes   []string
	Save    string
}

type stopAll struct {
	Title, Text string
	Button      button
}

type group struct {
	Title string
	Rows  []row
}

// row is one thing with its state and what can be chosen for it: by a list or by one box.
type row struct {
	ID, Title, Description, State string
	Name                          string // of the list; empty: there is none
	Was                           hidden
	Options                       []option
	Check                         *check
}

type option struct {
	Value, Text string
	Selected    bool
}

func (p Preferences) view(_ *Desk, t *catalog.Texts) view {
	body := preferencesBody{
		Facts: append(addressFact(t, p.Address), p.sale(t)...), Title: t.Text("prefs.each.title"), Action: p.Action,
		Hidden: []hidden{langField(t), {FieldView, p.View}}, Groups: p.groups(t), Save: t.Text("prefs.save"),
		Notes: []string{t.Text("prefs.pause"), t.Text("prefs.return")},
	}
	if p.allStopped() {
		body.AllDone, body.Title = t.Text("prefs.all.done"), t.Text("prefs.each.alone")
	} else {
		body.All = p.stopAll(t)
	}
	return view{shape: preferencesShape, title: t.Text("prefs.title"), languages: true, body: body}
}

// sale says whether the opt-out of sale and sharing is on.
func (p Preferences) sale(t *catalog.Texts) []fact {
	if p.NoSale.IsZero() {
		return []fact{{t.Text("scope.sale"), []string{t.Text("prefs.sale.none")}}}
	}
	return []fact{{t.Text("scope.sale"), []string{t.Text("prefs.sale.out", "date", t.Day(p.NoSale))}}}
}

func (p Preferences) allStopped() bool {
	for _, r := range p.Rows {
		if r.State != Stopped && !r.Covered {
			return false
		}
	}
	return true
}

func (p Preferences) stopAll(t *catalog.Texts) *stopAll {
	return &stopAll{t.Text("prefs.all.title"), t.Text("prefs.all.text"), button{
		Action: p.Action, Text: t.Text("prefs.all.button"),
		Hidden: []hidden{{FieldEverything, ValueStop}, {FieldView, p.View}, langField(t)},
	}}
}

// groups puts e-mail and its topics under one heading, all other channels under another.
func (p Preferences) groups(t *catalog.Texts) []group {
	email := group{Title: t.Text("prefs.group.email")}
	other := group{Title: t.Text("prefs.group.other")}
	for _, r := range p.Rows {
		into := &other
		if channel(r.Subject.Scope) == "email" {
			into = &email
		}
		into.Rows = append(into.Rows, p.row(t, r))
	}
	var filled []group
	for _, g := range []group{email, other} {
		if len(g.Rows) > 0 {
			filled = append(filled, g)
		}
	}
	return filled
}
