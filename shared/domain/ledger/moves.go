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

// Act is something that happens to an entry.
type Act string

// The acts.
const (
	Taken      Act = "taken"       // the system took the task
	Fetched    Act = "fetched"     // it asked whom the task is about
	Answered   Act = "answered"    // it, or its owner, answered
	Reminded   Act = "reminded"    // its owner was reminded
	HandedOver Act = "handed_over" // its way cannot tell it: its owner gets a task
	Set        Act = "set"         // an officer answered in its place
	Again      Act = "again"       // it is told anew
	Dropped    Act = "dropped"     // nobody needs it any more, or it must not be done
)

// moves are all that is allowed: which states each may begin from.
var moves = map[Act][]State{
	Taken:      {Due, Told},
	Fetched:    {Due, Told, Failed},
	Answered:   {Due, Told, Failed},
	Reminded:   {Told},
	HandedOver: {Due, Told},
	Set:        States,
	Again:      {Due, Told, Failed, Exempt},
	Dropped:    {Due, Told, Failed},
}

// Deed is an act on one entry.
type Deed struct {
	Act    Act
	System string
	Task   Task
	Notice string    // by which the system was told (Entry.ID); empty: whichever was the last
	State  State     // of Answered and Set
	Ask    time.Time // of Taken and Reminded: when to ask how far it has come; zero: it answers by itself
	Mark   string    // of Taken: Answer.Mark
	Outcome
	By    string // of Set and Again, the officer
	Files int    // of Answered: how many files the system has sent for the answer to an access request
}

// fetchAgain is for how long whoever fetches again is one entry of the history.
const fetchAgain = time.Hour

// Do makes of an entry what a deed does to it, and reports whether that is anything: the
// same twice is once. Conflict: its state does not allow it, or the system was told anew
// since. Invalid: the outcome is none.
func (e *Entry) Do(now time.Time, d Deed, s System) (changed bool, err error) {
	if d.Notice != "" && d.Notice != e.ID() {
		return false, errAgain
	}
	if err := d.check(); err != nil {
		return false, err
	}
	if d.Act == Answered && e.State == d.State && e.Outcome == d.answered() && e.By == "" {
		return false, nil
	}
	if err := e.may(d.Act); err != nil {
		return false, err
	}
	before := *e
	switch d.Act {
	case Taken:
		e.take(now, d, s)
	case Fetched:
		if now.Sub(e.FetchedAt) >= fetchAgain {
			e.FetchedAt = now
		}
	case Reminded:
		e.RemindedAt, e.TellAt = now, d.Ask
	case HandedOver:
		e.handOver(now, s)
	case Answered:
		if err := e.fits(d); err != nil {
			return false, err
		}
		e.end(now, d.State, d.answered(), "")
	case Set:
		e.end(now, d.State, d.Outcome, d.By)
	case Dropped:
		e.end(now, Exempt, Outcome{Ground: d.Ground}, "")
	case Again:
		e.again(now, s)
	}
	return *e != before, nil
}

func (e *Entry) may(a Act) error {
	switch {
	case !slices.Contains(moves[a], e.State):
		return fault.New(fault.Conflict, "a task that is %q does not allow that (%s)", e.State, a).Because("system_state", "task_state", string(e.State), "act", string(a))
	case a == Answered && e.By != "":
		return fault.New(fault.Conflict, "an officer has settled this task").Because("system_set")
	}
	return nil
}

// longest is how many characters a ground or a reason may have.
const longest = 500

// check refuses an outcome that is none, or that says too little or too much.
func (d Deed) check() error {
	if d.Act != Answered && d.Act != Set {
		return nil
	}
	o := d.Outcome
	switch {
	case !slices.Contains(Outcomes, d.State):
		return fault.Unknown("outcome", "outcome", Outcomes...)
	case d.Act == Set && o.Why == "":
		return fault.Field("why", "missing", "why must say how you know")
	case o.Records < 0 || o.Records > 0 && d.State != Done:
		return fault.Field("records", "invalid", "records is how many were done, and only of the outcome done")
	case o.Ground == "" && (d.State == Exempt || d.State == Failed):
		return fault.Field("ground", "missing", "ground must say why")
	case len([]rune(o.Ground)) > longest:
		return fault.Field("ground", "too_long", "ground must be at most 500 characters")
	case len([]rune(o.Why)) > longest:
		return fault.Field("why", "too_long", "why must be at most 500 characters")
	}
	return nil
}

// Why an outcome does not fit the files that came with it, as reasons of a fault.FieldError.
const (
	NoFile   = "file_missing"
	FileSent = "file_sent"
)

// fits refuses an outcome that the files contradict. What a system holds is sent as a
// file, and nothing is sent of what is not held.
func (e *Entry) fits(d Deed) error {
	switch {
	case e.Task != Access:
	case d.State == Done && d.Files == 0:
		return fault.Field("outcome", NoFile, "no file is here, so outcome cannot be done: send one first, or answer not_found")
	case d.State == NotFound && d.Files > 0:
		return fault.Field("outcome", FileSent, "a file has arrived, so outcome cannot be not_found: answer done")
	}
	return nil
}

// TakesFile refuses a file where none belongs to the task, or not any more. notice is as
// of a Deed. Conflict.
func (e *Entry) TakesFile(notice string) error {
	switch {
	case notice != "" && notice != e.ID():
		return errAgain
	case e.Task != Access:
		return fault.New(fault.Conflict, "this task takes no file: only what access asks for comes as one")
	case e.Ended():
		return fault.New(fault.Conflict, "this task has ended")
	}
	return nil
}

var errAgain = fault.New(fault.Conflict, "the system has been told anew since").Because("system_again")

// answered is an outcome as a system gives it.
func (d Deed) answered() Outcome { return d.Outcome }

// take notes that the system has it. One that is not required is waited for until its date.
func (e *Entry) take(now time.Time, d Deed, s System) {
	if e.State != Told {
		e.ToldAt = now
	}
	if e.TellAt, e.Mark = d.Ask, cmp.Or(d.Mark, e.Mark); d.Ask.IsZero() && !e.Required {
		e.DueAt = later(e.DueAt, answerBy(s, now))
		e.TellAt = e.DueAt
	}
	e.State, e.Trouble = Told, ""
}

func (e *Entry) handOver(now time.Time, s System) {
	e.ByOwner, e.TellAt, e.Attempts, e.State, e.RemindedAt = true, now, 0, Due, time.Time{}
	e.DueAt = later(e.DueAt, answerBy(s, now))
}

func (e *Entry) end(now time.Time, state State, o Outcome, by string) {
	e.State, e.Outcome, e.By, e.EndedAt, e.TellAt, e.Trouble = state, o, by, now, time.Time{}, ""
	if state.succeeded() {
		e.Mark = ""
	}
}

// again has a system told anew, with days to answer as the first time.
func (e *Entry) again(now time.Time, s System) {
	e.end(now, Due, Outcome{}, "")
	e.TellAt, e.RemindedAt, e.EndedAt, e.DueAt, e.Attempts = now, time.Time{}, time.Time{}, answerBy(s, now), 0
	e.Round++
}

func answerBy(s System, from time.Time) time.Time { return from.AddDate(0, 0, max(1, s.AnswerDays)) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
