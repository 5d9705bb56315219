package page

import (
	"strconv"
	"strings"

	"privacydesk/shared/adapter/catalog"
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
	was := hidden{FieldWas + r.Subject.Scope, ValueReceive}
	switch want, label := p.box(t, r); {
	case want != "":
		if want == ValueReceive {
			was.Value = ValueStop
		}
		out.Was, out.Check = was, &check{ID: out.ID, Name: FieldWant + r.Subject.Scope, Value: want, Label: label, Hint: out.State}
		return out
	case r.Covered:
		return out
	}
	out.Name = FieldWant + r.Subject.Scope
	out.Options = r.options(t)
	out.Was = hidden{FieldWas + r.Subject.Scope, out.Options[0].Value}
	return out
}

// box is what one box asks for, of all but the whole of e-mail and what pauses: to stop it, or to get it again.
func (p Preferences) box(t *catalog.Texts, r Preference) (want, label string) {
	scope, title := r.Subject.Scope, rowTitle(t, r.Subject)
	key := "prefs.stop." + scope
	again := "prefs.again." + scope
	if r.Subject.topical() {
		key, again = "prefs.stop.topic", "prefs.again.topic"
	}
	stopped := r.Covered && p.whole(r).State == Stopped
	if stopped {
		again = "prefs.only"
	}
	switch {
	case scope == "email" || !r.Covered && r.State == Paused || r.Covered && !stopped && r.State == Stopped:
		return "", ""
	case stopped || r.State == Stopped || r.State == Requested:
		return ValueReceive, t.Text(again, "topic", title)
	}
	return ValueStop, t.Text(key, "topic", title)
}

// whole is the row of a topic's channel.
func (p Preferences) whole(r Preference) Preference {
	for _, whole := range p.Rows {
		if whole.Subject.Scope == channel(r.Subject.Scope) {
			return whole
		}
	}
	return Preference{}
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

// stateText takes the state of a covered row from that of the whole channel.
func (p Preferences) stateText(t *catalog.Texts, r Preference) string {
	switch whole := p.whole(r); {
	case r.Covered && whole.State != Paused:
		r.State = Stopped
	case r.Covered && r.State == Stopped: // the end of the pause does not end it
		r.Covered = false
	case r.Covered:
		r.State, r.Until = Paused, whole.Until
	}
	return r.text(t)
}

func (r Preference) text(t *catalog.Texts) string {
	switch {
	case r.Covered && r.State == Paused:
		return t.Text("state.covered.paused", "date", t.Day(r.Until))
	case r.Covered:
		return t.Text("state.covered.stopped")
	case r.State == Stopped:
		return t.Text("state.stopped")
	case r.State == Paused:
		return t.Text("state.paused", "date", t.Day(r.Until))
	case r.State == Requested:
		return t.Text("state.requested")
	}
	return t.Text("state.receiving")
}

func receiving(r Preference) bool { return r.State == Receiving && !r.Covered }

// standing says which subjects come again, and of each other one why not.
func standing(t *catalog.Texts, list ...Preference) []fact {
	var back []Subject
	var rest []fact
	for _, r := range list {
		if receiving(r) {
			back = append(back, r.Subject)
			continue
		}
		rest = append(rest, fact{t.Scope(r.Subject.Scope, r.Subject.Title), []string{r.text(t)}})
	}
	if len(back) == 0 {
		return rest
	}
	return append([]fact{subjectsFact(t, t.Text("fact.back"), back...)}, rest...)
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
		first := option{valuePaused, t.Text("option.paused"), true}
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
