package ledger

import (
	"cmp"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
)

// State is how far a system has come with a task.
type State string

// The states.
const (
	Due      State = "due"       // not told yet
	Told     State = "told"      // it has taken the task, and has not answered
	Done     State = "done"      // it did it
	NotFound State = "not_found" // it has nothing of the person, or had it already gone
	Exempt   State = "exempt"    // it need not or must not do it
	Failed   State = "failed"    // it cannot, and says so
)

// States lists them all.
var States = []State{Due, Told, Done, NotFound, Exempt, Failed}

// Outcomes are the states that a system, its owner or an officer can answer with.
var Outcomes = []State{Done, NotFound, Exempt, Failed}

func (s State) succeeded() bool { return s == Done || s == NotFound || s == Exempt }

// move is something that happens to an entry.
type move string

const (
	tell   move = "told"       // the system took it
	answer move = "answered"   // the system, or its owner, answered
	set    move = "set"        // an officer answered in its place
	again  move = "told again" // an officer has it told again
	off    move = "called off" // nobody needs it any more
)

// moves are all that is allowed: which states each may begin from.
var moves = map[move][]State{
	tell:   {Due, Told},
	answer: {Due, Told, Failed},
	set:    States,
	again:  {Due, Told, Failed, Exempt},
	off:    {Due, Told, Failed},
}

func (e *Entry) may(m move) error {
	if slices.Contains(moves[m], e.State) {
		return nil
	}
	return fault.New(fault.Conflict, "a task that is %q cannot be %s", e.State, m).Because("system_state", "state", string(e.State), "act", string(m))
}

// check refuses an outcome that is none, or that says too little or too much.
func check(state State, o Outcome) error {
	const longest = 500
	switch {
	case !slices.Contains(Outcomes, state):
		return fault.Unknown("outcome", "outcome", Outcomes...)
	case o.Records < 0 || o.Records > 0 && state != Done:
		return fault.Field("records", "invalid", "records is how many were done, and only of the outcome done")
	case o.Ground == "" && (state == Exempt || state == Failed):
		return fault.Field("ground", "missing", "ground must say why")
	case len([]rune(o.Ground)) > longest:
		return fault.Field("ground", "too_long", "ground must be at most 500 characters")
	case len([]rune(o.Why)) > longest:
		return fault.Field("why", "too_long", "why must be at most 500 characters")
	}
	return nil
}

// Take notes that a system has taken the task. ask: when it is asked how far it has
// come; zero: it answers by itself.
func (e *Entry) Take(now, ask time.Time) error {
	if err := e.may(tell); err != nil {
		return err
	}
	if e.ToldAt.IsZero() {
		e.ToldAt = now
	}
	e.State, e.TellAt, e.Trouble = Told, ask, ""
	return nil
}

// Answered notes what a system, or its owner, has done. The same answer twice is one:
// then it changes nothing and reports false. Conflict: it has ended otherwise.
func (e *Entry) Answered(now time.Time, state State, o Outcome) (bool, error) {
	o.Why = ""
	if err := check(state, o); err != nil {
		return false, err
	}
	if e.State == state && e.Outcome == o {
		return false, nil
	}
	if err := e.may(answer); err != nil {
		return false, err
	}
	if e.Ended() {
		return false, fault.New(fault.Conflict, "an officer has settled this task").Because("system_set")
	}
	e.end(now, state, o, "")
	return true, nil
}

// Set notes what an officer says in a system's place. They must say why.
func (e *Entry) Set(now time.Time, state State, o Outcome, officer string) error {
	if o.Why == "" {
		return fault.Field("why", "missing", "why must say how you know")
	}
	o.Ground = cmp.Or(o.Ground, o.Why)
	if state.succeeded() && state != Exempt {
		o.Ground = ""
	}
	if err := cmp.Or(check(state, o), e.may(set)); err != nil {
		return err
	}
	e.end(now, state, o, officer)
	return nil
}

// CallOff ends an entry that nobody needs any more, or that must not be done.
func (e *Entry) CallOff(now time.Time, ground string) error {
	if err := e.may(off); err != nil {
		return err
	}
	e.end(now, Exempt, Outcome{Ground: ground}, "")
	return nil
}

func (e *Entry) end(now time.Time, state State, o Outcome, by string) {
	e.State, e.Outcome, e.By, e.EndedAt, e.TellAt, e.Trouble = state, o, by, now, time.Time{}, ""
}

// TellAgain has a system told anew, with days to answer as the first time.
func (e *Entry) TellAgain(now time.Time, s System) error {
	if err := e.may(again); err != nil {
		return err
	}
	e.State, e.Outcome, e.By, e.EndedAt, e.Trouble = Due, Outcome{}, "", time.Time{}, ""
	e.TellAt, e.DueAt, e.Attempts, e.ByOwner = now, now.AddDate(0, 0, s.AnswerDays), 0, false
	e.Round++
	return nil
}
