package page

import "time"

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
}

// Preference is one row: a channel, or a topic below its channel. Rows come in the order they are shown in.
type Preference struct {
	Subject Subject
	State   State
	Until   time.Time // the day a pause ends, in the organisation's location; only with Paused
	// Covered: a wider opt-out (all e-mail) holds for this row too, whatever its own state.
	Covered bool
}

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
	Until   time.Time // only with Paused
}

// ConfirmOptIn is the page at GET /preferences/confirm/{link}: what would be switched on again, and the button.
type ConfirmOptIn struct {
	Action   string // the page's own path
	Address  string // masked
	Subjects []Subject
}

// OptedIn is the answer to that button.
type OptedIn struct {
	Address        string // masked
	Subjects       []Subject
	PreferencesURL string // may be empty
}
