// Package decision says how a request may be answered, kind by kind: the
// outcomes, the grounds of a refusal with the clauses that they rest on, and what
// a person can do about it. It knows no request: package request asks it, and
// mails and pages put its codes into words. It must not import AWS, net/http or
// HTML.
package decision

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
)

// Outcome is how a request is decided.
type Outcome string

// The outcomes.
const (
	Grant  Outcome = "fulfilled"
	Partly Outcome = "partly_fulfilled"
	Refuse Outcome = "refused"
)

var outcomes = []Outcome{Grant, Partly, Refuse}

// InWords is the code of a state or an event by which people are told of it. A complaint is found to be justified or
// not: whoever decides on it refuses nothing, and does nothing that was asked for.
func InWords(kinds []deadline.Kind, code string) string {
	if slices.Equal(kinds, complaints) && slices.Contains(outcomes, Outcome(code)) {
		return "decided"
	}
	return code
}

// Decision is the answer to a request.
type Decision struct {
	Outcome Outcome   `json:"outcome"`           // of the whole
	Answers []Answer  `json:"answers,omitempty"` // one a kind; none where everything took effect by itself
	At      time.Time `json:"at"`
	By      string    `json:"-"` // which officer decided, as the history names them
	Signed  string    `json:"-"` // which officer signed it; empty: nobody had to
	Seq     int       `json:"-"` // of the entry whose letter tells of it; those of earlier entries told of something else
}

// Answer is the answer to one kind of request.
type Answer struct {
	Kind        deadline.Kind `json:"kind" dynamodbav:"kind"` // of an answer that is given: empty for all kinds that no other names
	Outcome     Outcome       `json:"outcome" dynamodbav:"outcome"`
	Grounds     []Given       `json:"grounds,omitempty" dynamodbav:"grounds,omitempty"`
	Explanation string        `json:"explanation,omitempty" dynamodbav:"explanation,omitempty"` // the officer's own words to the person
}

// Given is a ground with the clause that the letter cites.
type Given struct {
	Ground Ground `json:"ground" dynamodbav:"ground"`
	Clause string `json:"clause,omitempty" dynamodbav:"clause"` // empty: the letter cites none
}

// Facts are what a decision depends on.
type Facts struct {
	Kinds    []deadline.Kind       // those that must be answered
	Place    deadline.Jurisdiction // whose law the clauses cite
	Repeated bool                  // the request is marked as repeated
	Others   bool                  // it is about the data of somebody else than whose mailbox asked
}

// copies are granted with a link to what is held about the person whose mailbox
// asked. For anybody else, the words of the answer say how they get their data.
var copies = []deadline.Kind{deadline.Access, deadline.Portability}

// whole is the outcome of all answers together.
func (d *Decision) whole() Outcome {
	for _, a := range d.Answers {
		if a.Outcome != d.Answers[0].Outcome {
			return Partly
		}
	}
	return d.Answers[0].Outcome
}

// told are granted by words, which only the officer has: a letter without them would
// grant and tell nothing. What is erased of a child, and when, no letter knows.
var told = []deadline.Kind{deadline.Information, deadline.AutomatedAccess, deadline.ChildErasure}

func (f Facts) check(a Answer) (Answer, error) {
	a.Explanation = strings.TrimSpace(a.Explanation)
	switch {
	case !slices.Contains(outcomes, a.Outcome):
		return a, fault.Unknown("outcome", "outcome", outcomes...)
	case a.Outcome == Grant && len(a.Grounds) > 0:
		return a, fault.Field("grounds", "granted", "a grant must have no grounds")
	case a.Outcome != Grant && len(a.Grounds) == 0:
		return a, fault.Field("grounds", "missing", fmt.Sprintf("a refusal, or a grant in part, of %s needs a ground: %s", a.Kind, f.allowed(a)))
	case a.Outcome != Grant && a.Explanation == "":
		return a, fault.Field("explanation", "missing", fmt.Sprintf("a refusal, or a grant in part, of %s needs an explanation in your own words", a.Kind))
	case a.Kind == deadline.Complaint && a.Explanation == "":
		return a, fault.Field("explanation", "missing", "a complaint that is justified needs an explanation in your own words: what you found, and what is put right")
	case slices.Contains(told, a.Kind) && a.Explanation == "":
		return a, fault.Field("explanation", "missing", fmt.Sprintf("a grant of %s needs an explanation in your own words: what was asked for, or what is done", a.Kind))
	case f.Others && slices.Contains(copies, a.Kind) && a.Explanation == "":
		return a, fault.Field("explanation", "missing", fmt.Sprintf("a grant of %s to somebody who asks for another needs an explanation in your own words: how the data is given, for the desk gives out none", a.Kind))
	}
	given := a.Grounds
	a.Grounds = nil
	for _, g := range given {
		if slices.ContainsFunc(a.Grounds, g.again) {
			return a, errTwice
		}
		clause, err := f.clause(a, g)
		if err != nil {
			return a, err
		}
		a.Grounds = append(a.Grounds, Given{g.Ground, clause})
	}
	return a, nil
}

const maxClause = 200 // bytes

// clause checks a ground against its rule and returns the clause to cite: that
// of the officer, who knows better, or that of the place's law.
func (f Facts) clause(a Answer, given Given) (clause string, err error) {
	clause = strings.TrimSpace(given.Clause)
	rule, fits := find(given.Ground, a.Kind, f.Place)
	switch {
	case !fits || rule.refusal && a.Outcome != Refuse:
		return "", fault.Field("grounds", "unfit", fmt.Sprintf("%q does not fit; a ground for %s must be one of %s", given.Ground, f.about(a), f.allowed(a)))
	case len(clause) > maxClause:
		return "", errLongClause
	case given.Ground == Exemption && clause == "":
		return "", fault.Field("grounds", "clause", "an exemption needs its clause")
	case given.Ground == RepeatedRequest && !f.Repeated:
		return "", fault.Field("grounds", "not_repeated", "the request is not marked as repeated")
	case clause == "":
		clause = rule.cite(f.Place)
	}
	return clause, nil
}

// about names the kind, the outcome and the place of an answer.
func (f Facts) about(a Answer) string {
	text := fmt.Sprintf("%s, %s", a.Kind, a.Outcome)
	if place := f.Place.String(); place != "" {
		text += ", in " + place
	}
	return text
}

func (f Facts) allowed(a Answer) string {
	var all []string
	for _, g := range Grounds(a.Kind, f.Place, a.Outcome) {
		all = append(all, string(g))
	}
	return strings.Join(all, ", ")
}

// Answer returns the answer to a kind; the zero Answer where there is none.
func (d *Decision) Answer(k deadline.Kind) Answer {
	if d == nil {
		return Answer{}
	}
	for _, a := range d.Answers {
		if a.Kind == k {
			return a
		}
	}
	return Answer{}
}

// Granted are the kinds that were granted, or granted in part where partly is
// set too.
func (d *Decision) Granted(partly bool) []deadline.Kind {
	return d.kinds(func(a Answer) bool { return a.Outcome == Grant || partly && a.Outcome == Partly })
}

// Denied are the kinds that were refused, or granted in part alone.
func (d *Decision) Denied() []deadline.Kind {
	return d.kinds(func(a Answer) bool { return a.Outcome != Grant })
}

func (d *Decision) kinds(of func(Answer) bool) []deadline.Kind {
	var all []deadline.Kind
	if d == nil {
		return nil
	}
	for _, a := range d.Answers {
		if of(a) {
			all = append(all, a.Kind)
		}
	}
	return all
}

// Gives reports whether an answer is given for a ground.
func (d *Decision) Gives(g Ground) bool {
	return len(d.kinds(func(a Answer) bool {
		return slices.ContainsFunc(a.Grounds, func(given Given) bool { return given.Ground == g })
	})) > 0
}

// Citations are the grounds of an answer with their clauses, as one text.
func (a Answer) Citations() string {
	var all []string
	for _, g := range a.Grounds {
		all = append(all, strings.TrimSpace(string(g.Ground)+" "+g.Clause))
	}
	return strings.Join(all, "; ")
}
