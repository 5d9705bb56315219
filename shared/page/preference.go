package page

import (
	"strconv"
	"strings"

	"privacydesk/shared/catalog"
)

// pauses are the lengths a person can choose, in days.
var pauses = []struct {
	value string
	days  int
}{{ValuePause30, 30}, {ValuePause60, 60}, {ValuePause90, 90}}

func (p Preferences) row(t *catalog.Texts, r Preference) row {
	out := row{
		ID: strings.ReplaceAll(r.Subject.Scope, "/", "-"), Title: rowTitle(t, r.Subject),
		Description: r.Subject.Description, State: p.stateText(t, r),
	}
	if r.Covered {
		return out
	}
	out.Name = FieldWant + r.Subject.Scope
	out.Options = r.options(t)
	out.Was = hidden{FieldWas + r.Subject.Scope, out.Options[0].Value}
	return out
}

func rowTitle(t *catalog.Texts, s Subject) string {
	if s.Title != "" {
		return s.Title
	}
	if _, topic, ok := strings.Cut(s.Scope, "/"); ok {
		return topic
	}
	return t.Text("prefs.row." + s.Scope)
}

func (p Preferences) stateText(t *catalog.Texts, r Preference) string {
	if r.Covered {
		return p.coveredText(t, r)
	}
	switch r.State {
	case Stopped:
		return t.Text("state.stopped")
	case Paused:
		return t.Text("state.paused", "date", t.Day(r.Until))
	case Requested:
		return t.Text("state.requested")
	}
	return t.Text("state.receiving")
}

// coveredText takes the state from the row of the whole channel.
func (p Preferences) coveredText(t *catalog.Texts, covered Preference) string {
	for _, r := range p.Rows {
		if r.Subject.Scope == channel(covered.Subject.Scope) && r.State == Paused {
			return t.Text("state.covered.paused", "date", t.Day(r.Until))
		}
	}
	return t.Text("state.covered.stopped")
}

// options are what can be wanted next; the first one, selected, is to leave things as they are. What was
// stopped cannot be paused: a pause would bring it back without the confirmation that coming back takes.
func (r Preference) options(t *catalog.Texts) []option {
	switch r.State {
	case Stopped:
		return []option{{ValueStop, t.Text("option.stay"), true}, {ValueReceive, t.Text("option.again"), false}}
	case Requested:
		return []option{{ValueStop, t.Text("option.stay"), true}, {ValueReceive, t.Text("option.resend"), false}}
	case Paused:
		first := option{ValuePaused, t.Text("option.paused"), true}
		rest := append(pauseOptions(t, "option.repause", r.DaysLeft), option{ValueReceive, t.Text("option.again"), false})
		return append(append([]option{first}, rest...), option{ValueStop, t.Text("option.stop"), false})
	}
	first := option{ValueReceive, t.Text("option.keep"), true}
	return append(append([]option{first}, pauseOptions(t, "option.pause", 0)...),
		option{ValueStop, t.Text("option.stop"), false})
}

// pauseOptions are the pauses of more than so many days.
func pauseOptions(t *catalog.Texts, key string, than int) []option {
	var options []option
	for _, p := range pauses {
		if p.days <= than {
			continue
		}
		options = append(options, option{p.value, t.Text(key, "days", strconv.Itoa(p.days)), false})
	}
	return options
}

// channel is the part of a scope before the topic.
func channel(scope string) string {
	name, _, _ := strings.Cut(scope, "/")
	return name
}
