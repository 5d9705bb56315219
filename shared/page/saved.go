package page

import (
	"privacydesk/shared/catalog"
	"privacydesk/shared/civil"
)

// PreferencesSaved says what a saved form changed. Answer 200.
type PreferencesSaved struct {
	Address        string   // masked
	Changes        []Change // empty: nothing was changed
	PreferencesURL string
}

// Change is one thing that became different.
type Change struct {
	Subject Subject
	To      State
	Until   civil.Day // the last day of a pause; only with Paused
}

func (p PreferencesSaved) view(_ *Desk, t *catalog.Texts) view {
	links := optionalLink(p.PreferencesURL, t.Text("saved.back"))
	if len(p.Changes) == 0 {
		return view{shape: messageShape, title: t.Text("saved.none.title"), body: message{
			Mark: markDone, Lead: t.Text("saved.none.lead"), Facts: addressFact(t, p.Address), Links: links,
		}}
	}
	facts := addressFact(t, p.Address)
	for _, c := range p.Changes {
		facts = append(facts, fact{t.Scope(c.Subject.Scope, c.Subject.Title), []string{c.text(t)}})
	}
	return view{shape: messageShape, title: t.Text("saved.title"), body: message{
		Mark: markDone, Facts: facts, Notice: p.notice(t), Links: links,
	}}
}

func (c Change) text(t *catalog.Texts) string {
	switch c.To {
	case Stopped:
		return t.Text("saved.stopped")
	case Paused:
		return t.Text("saved.paused", "date", t.Day(c.Until))
	case Requested:
		return t.Text("saved.requested")
	}
	return t.Text("saved.receiving")
}

// notice: coming back takes a click in a mail, and that must not be overlooked.
func (p PreferencesSaved) notice(t *catalog.Texts) *notice {
	for _, c := range p.Changes {
		if c.To == Requested {
			return &notice{t.Text("saved.confirm.title"), t.Text("saved.confirm.text")}
		}
	}
	return nil
}
