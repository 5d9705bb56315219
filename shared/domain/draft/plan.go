package draft

import (
	"slices"

	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/foureyes"
)

// Plan is what happens when an answer goes, and whether it may go: codes with
// facts, which pages put into words. Times in facts are civil.Stamp in UTC.
type Plan struct {
	Outcome decision.Outcome  `json:"outcome,omitempty"` // of the whole; empty while the answers are not complete
	Answers []decision.Answer `json:"answers,omitempty"` // as they will stand in the records, with their clauses
	Effects []Effect          `json:"effects"`
	Checks  []Check           `json:"checks"`
	Needs   []foureyes.Act    `json:"needs,omitempty"` // the signature of another, because of these
	Times   map[When]string   `json:"times"`           // when it goes that is sent now
}

// Effect is something that happens when the answer goes.
type Effect struct {
	Code  EffectCode        `json:"code"`
	Facts map[string]string `json:"facts,omitempty"`
}

// EffectCode names it.
type EffectCode string

// The effects, with their facts.
const (
	OptedOut      EffectCode = "opted_out"       // scopes, since: took effect by itself
	Closes        EffectCode = "closes"          // state
	Asks          EffectCode = "asks"            // systems: others that have to do it too
	NotIncluded   EffectCode = "not_included"    // systems: the answer goes without their parts
	Exports       EffectCode = "export"          // until
	Erases        EffectCode = "erasure"         // from; records, stays, waits where they are counted
	ErasureHeld   EffectCode = "erasure_held"    // hold, of, keeps, until: one a hold
	ErasureByHand EffectCode = "erasure_by_hand" // an officer orders it afterwards
	Appeals       EffectCode = "appeal"          // another: whether the letter promises another officer
)

// Reach is how many records an erasure reaches: what goes at once, what a legal
// hold keeps, and what waits, as an open request or a mail under way does.
type Reach struct{ Goes, Stays, Waits int }

// Check is something that is looked at before an answer goes.
type Check struct {
	Code   CheckCode         `json:"code"`
	OK     bool              `json:"ok"`
	Blocks bool              `json:"blocks"` // the answer cannot go while it is not OK
	Facts  map[string]string `json:"facts,omitempty"`
	Err    error             `json:"-"` // with which an act is refused
}

// CheckCode names it.
type CheckCode string

// The checks, in the order in which they stand in a Plan. The last five are
// warnings but for what did not go.
const (
	KindsKnown     CheckCode = "kinds_known"
	State          CheckCode = "state"           // state
	AnotherOfficer CheckCode = "another_officer" // request: the one that is appealed against
	Answered       CheckCode = "answered"        // kind, reason
	Grounds        CheckCode = "grounds"         // kind, reason
	Explained      CheckCode = "explained"       // kind, reason
	TimeGiven      CheckCode = "time_given"      // cause; until, or asked: no
	Hold           CheckCode = "hold"            // holds
	Gathered       CheckCode = "gathered"        // systems: have not said what they hold
	Withheld       CheckCode = "withheld"        // one a law: law, name, clause; what; files: seem to hold it; unread: nobody can tell; reason: found, unread, both. Without a law a warning: hint
	Changed        CheckCode = "changed"         // it would not be what was sent any more
	Recovered      CheckCode = "recovered"       // the request came back out of a copy of the tables
	Signature      CheckCode = "signature"       // needs; by
	Due            CheckCode = "due"             // due_at; late: the choices of When that miss it
	Mail           CheckCode = "mail"            // failed_at: our mails do not reach the person
	Enclosure      CheckCode = "enclosure"       // of an answer on paper: a copy of the data goes with it
	Reply          CheckCode = "reply"           // why: something came that nobody has looked at
)

// Clean reports whether the answer may go.
func (p Plan) Clean() bool { return p.Refusal() == nil }

// Refusal is the first check that keeps the answer back; nil: none.
func (p Plan) Refusal() *Check {
	if i := slices.IndexFunc(p.Checks, func(c Check) bool { return c.Blocks && !c.OK }); i >= 0 {
		return &p.Checks[i]
	}
	return nil
}

// Effect returns the facts of an effect, and whether it is one of the plan's.
func (p Plan) Effect(code EffectCode) (map[string]string, bool) {
	for _, e := range p.Effects {
		if e.Code == code {
			return e.Facts, true
		}
	}
	return nil, false
}
