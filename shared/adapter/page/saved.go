package page

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
)

// PreferencesSaved says what a saved form changed. Answer 200.
type PreferencesSaved struct {
	Address        string   // masked
	Changes        []Change // none, or all of them kept: nothing was changed
	PreferencesURL string
	UndoURL        string // posts there, to take back what was just stopped; valid for optout.UndoFor; empty: not offered
	ReceiptURL     string // of the signed receipt for what was stopped, as a file; empty: none is offered
}

// Change is one thing that became different.
type Change struct {
	Subject Subject
	To      State
	Until   civil.Day // the last day of a pause; only with Paused
	Kept    bool      // only with Paused: nothing changed, the pause lasts longer than the one chosen
}

func (p PreferencesSaved) view(_ *Desk, t *catalog.Texts) view {
	links := optionalLink(p.PreferencesURL, t.Text("saved.back"))
	facts, kept := addressFact(t, p.Address), 0
	for _, c := range p.Changes {
		facts = append(facts, fact{t.Scope(c.Subject.Scope, c.Subject.Title), []string{c.text(t)}})
		if c.Kept {
			kept++
		}
	}
	if kept == len(p.Changes) {
		return view{shape: messageShape, title: t.Text("status.conflict.title"), languages: true, body: message{
			Mark: markDone, Lead: t.Text("saved.none.lead"), Facts: facts, Links: links,
		}}
	}
	return view{shape: messageShape, title: t.Text("saved.title"), languages: true, body: message{
		Mark: markDone, Facts: facts, Notice: p.notice(t), Links: links, Button: undoButton(t, p.UndoURL),
		Disclosures: receiptBox(t, p.ReceiptURL),
	}}
}

func (c Change) text(t *catalog.Texts) string {
	if c.Kept {
		return t.Text("saved.kept", "date", t.Day(c.Until), "again", t.Text("option.again"))
	}
	switch c.To {
	case Stopped:
		return t.Text("saved.stopped")
	case Paused:
		return t.Text("state.paused", "date", t.Day(c.Until))
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
