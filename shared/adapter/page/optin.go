package page

import (
	"slices"

	"privacydesk/shared/adapter/catalog"
)

// ConfirmOptIn is the page at GET /preferences/confirm/{link}: what would be switched on again, and the button.
type ConfirmOptIn struct {
	Action   string // the page's own path
	Address  string // masked
	Subjects []Subject
	Stays    []Subject // topics that stay stopped, when single ones come back
}

// OptedIn is the answer to that button.
type OptedIn struct {
	Address        string       // masked
	Now            []Preference // what holds now of what was confirmed: a choice beside it may keep it stopped
	PreferencesURL string       // may be empty
}

func (p ConfirmOptIn) view(_ *Desk, t *catalog.Texts) view {
	facts, notes := append(addressFact(t, p.Address), subjectsFact(t, t.Text("fact.resume"), p.Subjects...)), []string{t.Text("optin.note")}
	if len(p.Stays) > 0 {
		facts, notes = append(facts, subjectsFact(t, t.Text("fact.stays"), p.Stays...)), append([]string{t.Text("optin.alone")}, notes...)
	}
	return view{shape: messageShape, title: t.Text("optin.title"), languages: true, body: message{
		Mark:  markAsk,
		Lead:  t.Text("optin.lead"),
		Facts: facts,
		Button: &button{Action: p.Action, Text: t.Text("optin.button"),
			Hidden: []hidden{{FieldFrom, ValuePage}, langField(t)}},
		Notes: notes,
	}}
}

func (p OptedIn) view(_ *Desk, t *catalog.Texts) view {
	title, lead := "optedin.stopped.title", "optedin.stopped.lead"
	if slices.ContainsFunc(p.Now, receiving) {
		title, lead = "optedin.title", "optin.note"
	}
	return nowHolds(t, title, lead, p.Address, p.PreferencesURL, p.Now)
}

// nowHolds says what holds of each subject after a step back.
func nowHolds(t *catalog.Texts, title, lead, address, preferencesURL string, now []Preference) view {
	return view{shape: messageShape, title: t.Text(title), languages: true, body: message{
		Mark:  markDone,
		Lead:  t.Text(lead),
		Facts: append(addressFact(t, address), standing(t, now...)...),
		Links: optionalLink(preferencesURL, t.Text("unsubscribed.choose")),
	}}
}
