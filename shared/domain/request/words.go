package request

import (
	"cmp"
	"slices"
	"strings"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
)

// Words are what a request says. Until it is confirmed they are whoever's
// typed them; place chooses the law and the date.
type Words struct {
	Kinds      []intake.Kind
	Name       string
	Details    string
	Place      deadline.Jurisdiction
	OnBehalfOf intake.Behalf
}

// Words are what the request says now.
func (r *Request) Words() Words {
	return Words{r.Kinds, r.Name, r.Details, r.Place, r.OnBehalfOf}
}

// ErrOtherWords says that the request was confirmed before, and not in the
// words that came now.
var ErrOtherWords = fault.New(fault.Conflict, "The request was confirmed before, in other words than these. Nothing was changed.")

// adopt makes the words of w those of the request, and returns what the
// history must say of it. Opt-outs that come with it take effect.
func (t *step) adopt(w Words) (facts, private map[string]string, err error) {
	w = t.Request.tidy(w)
	if len(w.Kinds) == 0 {
		return nil, nil, intake.NothingAsked("kind")
	}
	changed := t.Request.changes(w)
	if slices.Contains(changed, "details") { // an officer may have entered more
		if err := intake.CheckLength("details", w.Details, intake.MaxDetails); err != nil {
			return nil, nil, err
		}
	}
	in := t.Request.stopped()
	r := &t.Request
	r.Kinds, r.Name, r.Details, r.Place, r.OnBehalfOf, r.KindsUnsure = w.Kinds, w.Name, w.Details, w.Place, w.OnBehalfOf, false
	fresh := slices.DeleteFunc(r.stopped(), func(s optout.Scope) bool { return slices.Contains(in, s) })
	if err := t.optOut(fresh, optout.Evidence{}); err != nil {
		return nil, nil, err
	}
	facts, private = w.changeFacts(changed)
	return facts, private, nil
}

// tidy returns w as the request would say it: the kinds in order, with those
// whose opt-outs are in effect, which are not taken back here, and what was not
// touched as it stands. Forms change white space.
func (r *Request) tidy(w Words) Words {
	kept := slices.DeleteFunc(slices.Clone(r.Kinds), func(k intake.Kind) bool { return len(intake.OptOutsOf([]intake.Kind{k})) == 0 })
	w.Kinds = inOrder(append(kept, w.Kinds...))
	if alikeText(w.Name, r.Name) {
		w.Name = r.Name
	}
	if alikeText(w.Details, r.Details) {
		w.Details = r.Details
	}
	if cmp.Or(w.OnBehalfOf, intake.Self) == cmp.Or(r.OnBehalfOf, intake.Self) {
		w.OnBehalfOf = r.OnBehalfOf
	}
	return w
}

func alikeText(a, b string) bool { return slices.Equal(strings.Fields(a), strings.Fields(b)) }

// changes names what w says otherwise than the request.
func (r *Request) changes(w Words) []string {
	w = r.tidy(w)
	var changed []string
	for _, part := range []struct {
		name  string
		other bool
	}{
		{"kinds", r.KindsUnsure || !slices.Equal(w.Kinds, r.Kinds)}, {"name", w.Name != r.Name}, {"place", w.Place != r.Place},
		{"details", w.Details != r.Details}, {"on_behalf_of", w.OnBehalfOf != r.OnBehalfOf},
	} {
		if part.other {
			changed = append(changed, part.name)
		}
	}
	return changed
}

// changeFacts are what the history says of changed words: which they were, and what
// they are now. What is gone is told by its name alone.
func (w Words) changeFacts(changed []string) (facts, private map[string]string) {
	facts, private = map[string]string{}, map[string]string{}
	for _, name := range changed {
		switch name {
		case "kinds":
			facts["kinds"] = joined(w.Kinds)
		case "place":
			facts["place"] = w.Place.String()
		case "on_behalf_of":
			facts["on_behalf_of"] = string(w.OnBehalfOf)
		case "name":
			private["name"] = w.Name
		case "details":
			private["details"] = w.Details
		}
	}
	if len(changed) > 0 {
		facts["changed"] = strings.Join(changed, " ")
	}
	return facts, private
}

// Whose the words of a request are, beside intake.WordsUnconfirmed.
const (
	wordsAsSent   = "as_sent"  // the person saw all of them and confirmed them
	wordsChanged  = "changed"  // the person saw them, and confirmed others or left some out
	wordsVerified = "verified" // an officer verified or entered the request
)

// Whose says whose the words of the file's request are.
func (f *File) Whose() string {
	for _, e := range f.Events {
		switch {
		case e.Kind != string(lifecycle.EventVerified):
		case e.Actor != audit.ByPerson:
			return wordsVerified
		case e.Facts["changed"] != "":
			return wordsChanged
		default:
			return wordsAsSent
		}
	}
	if f.Request.Source == intake.FromOfficer {
		return wordsVerified
	}
	return intake.WordsUnconfirmed
}
