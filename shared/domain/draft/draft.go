// Package draft is what an officer has prepared for a request and what has not
// taken effect yet: the draft of an answer, what is on its way, and what is shown
// before it goes. The acts on it, and their rules, are in package request. It must
// not import AWS, net/http or HTML.
package draft

import (
	"slices"
	"time"

	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/waiting"
)

// Draft is an answer that has not gone, and what is on its way.
type Draft struct {
	Answers []decision.Answer `json:"answers,omitempty"` // as they were typed, perhaps unfinished
	By      string            `json:"by,omitempty"`      // who wrote them last
	At      time.Time         `json:"at,omitzero"`
	Way     *Way              `json:"way,omitempty"`     // nil: nothing is on its way
	Stopped *Stopped          `json:"stopped,omitempty"` // why it did not go when it was due
}

// Way is what is on its way: it waits for a signature, or for its time.
type Way struct {
	Act  Act       `json:"act"`
	When When      `json:"when"`
	Seq  int       `json:"seq"` // of the entry that put it on its way; its letter is named after it
	By   string    `json:"by"`  // who did
	At   time.Time `json:"at"`

	Needs    []foureyes.Act `json:"needs,omitempty"` // a signature, because of these; none: it needs none
	SignedBy string         `json:"signed_by,omitempty"`
	SignedAt time.Time      `json:"signed_at,omitzero"`
	SendAt   time.Time      `json:"send_at,omitzero"` // zero: it waits for a signature

	Answers  []decision.Answer `json:"answers,omitempty"`  // of Decide: as they will stand in the records
	Held     bool              `json:"held,omitempty"`     // of Decide: legal holds keep something of the person back
	State    lifecycle.State   `json:"state,omitempty"`    // of Decide: that of the request then
	Replied  bool              `json:"replied,omitempty"`  // of Decide: the person had written to what we wait for
	Question *waiting.Waiting  `json:"question,omitempty"` // of Ask
}

// Act is what takes effect in the end.
type Act string

// The acts.
const (
	Decide Act = "decide"
	Ask    Act = "ask"   // for a fee
	Erase  Act = "erase" // the order of an erasure
)

// When says when it takes effect, once all signatures are there.
type When string

// The times: after the minutes in which it can be called back, at the hour of
// the organisation's next working day, and at once.
const (
	Now     When = "now"
	Morning When = "morning"
	AtOnce  When = "at_once"
)

// Whens are those that an officer may choose for a letter.
var Whens = []When{Now, Morning}

// Stopped is why it did not go.
type Stopped struct {
	At    time.Time         `json:"at"`
	Why   CheckCode         `json:"why"`
	Facts map[string]string `json:"facts,omitempty"`
}

// OnItsWay reports whether something is on its way, and can be called back.
func (d *Draft) OnItsWay() bool { return d != nil && d.Way != nil }

// ToSign reports whether it waits for the signature of another.
func (d *Draft) ToSign() bool { return d.OnItsWay() && d.Way.SendAt.IsZero() }

// Due reports whether it goes by itself, when its time has come.
func (d *Draft) Due() bool { return d.OnItsWay() && !d.ToSign() }

// Carries reports whether the letter of an entry carries the answer out.
func (d *Draft) Carries(seq int) bool {
	return d.Due() && d.Way.Act == Decide && d.Way.Seq == seq
}

// Asked is the entry that put it on its way; 0: nothing is.
func (d *Draft) Asked() int {
	if d.OnItsWay() {
		return d.Way.Seq
	}
	return 0
}

// With is the draft with something on its way, or with nothing.
func (d *Draft) With(w *Way) *Draft {
	next := Draft{}
	if d != nil {
		next = *d
	}
	next.Way, next.Stopped = w, nil
	if w == nil && len(next.Answers) == 0 {
		return nil
	}
	return &next
}

// Same reports whether answers say the same.
func Same(a, b []decision.Answer) bool {
	return slices.EqualFunc(a, b, func(a, b decision.Answer) bool {
		return a.Kind == b.Kind && a.Outcome == b.Outcome && a.Explanation == b.Explanation && slices.Equal(a.Grounds, b.Grounds)
	})
}
