// Package ledger is what the organisation's other systems must do about a request,
// and what each has answered: one entry a system and task, and one table of moves.
//
//	due ──▶ told ──▶ done | not_found | exempt | failed
//
// "Not found" is a success: nothing is left there. A system that cannot be told is
// tried again by the steps of Retry; after the last one its owner gets a task
// instead. One system's failure blocks no other (Art. 19 GDPR; 11 CCR 7022(b), (c)).
//
// The package must not know how a system is told, nor how entries are stored: that
// is for a Way and a Book. It must not import AWS, net/http or HTML.
package ledger

import (
	"slices"
	"strconv"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/settings"
)

// System is another system, as desk.yaml has it.
type System = settings.System

// Task is what a system must do.
type Task string

// The tasks, as desk.yaml names them (told). Choices come in batches and have no entries.
const (
	Erasure     Task = "erasure"
	Correction  Task = "correction"
	Restriction Task = "restriction"
	Objection   Task = "objection" // stop using the data for what the person objects to
	Access      Task = "access"    // send what is held
	OptOut      Task = "opt_out"
	OptIn       Task = "opt_in"
)

// Tasks lists them all.
var Tasks = []Task{Erasure, Correction, Restriction, Objection, Access, OptOut, OptIn}

// Entry is one system's part of a request. Request, System and Task name it.
type Entry struct {
	Request  string `json:"-"`      // its reference
	System   string `json:"system"` // its id
	Task     Task   `json:"task"`
	State    State  `json:"state"`
	Required bool   `json:"required"` // the request is not fulfilled before this has ended

	OpenedAt   time.Time `json:"opened_at,omitzero"`
	DueAt      time.Time `json:"due_at,omitzero"`      // by when the system must have answered
	TellAt     time.Time `json:"tell_at,omitzero"`     // when it is told, or asked, next; zero: not again by itself
	ToldAt     time.Time `json:"told_at,omitzero"`     // when it first took the task
	RemindedAt time.Time `json:"reminded_at,omitzero"` // when its owner was last reminded
	FetchedAt  time.Time `json:"fetched_at,omitzero"`  // when it last asked whom the task is about
	EndedAt    time.Time `json:"ended_at,omitzero"`
	Attempts   int       `json:"attempts,omitempty"` // since it was opened, told again, or last asked with success
	Round      int       `json:"round,omitempty"`    // how often it was told again
	ByOwner    bool      `json:"by_owner,omitempty"` // its owner has a task instead, since its way cannot tell it, or must not
	Trouble    string    `json:"trouble,omitempty"`  // why the last attempt failed (fault.Code)
	Mark       string    `json:"-"`                  // how far its way has come (Answer.Mark), until it has succeeded

	Outcome
	By string `json:"set_by,omitempty"` // which officer set it, "name/id"; empty: the system, or its owner
}

// Outcome is what became of a task.
type Outcome struct {
	Records int    `json:"records,omitempty"` // how many were erased, corrected or sent
	Ground  string `json:"ground,omitempty"`  // why a system is exempt or has failed: words that the person reads, or one of those below
	Why     string `json:"why,omitempty"`     // how an officer knows who set it, or what an owner adds; the person does not read it
}

// The grounds of the desk's own.
const (
	CalledOff = "called_off" // the request was not granted, or ended, before the system had answered
	Held      = "legal_hold" // a legal hold forbids the erasure
	NoAnswer  = "no_answer"  // one that is not required did not answer in time

	OpenTickets = "open_tickets" // the person has tickets there that are not closed
	WorksThere  = "works_there"  // the person has an account there as one of the organisation's own
	NotShown    = "not_shown"    // it was asked to, and does not show that it has done it
	Refuses     = "refuses"      // it refuses, and gives no reason that may be kept
)

var ownGrounds = []string{CalledOff, Held, NoAnswer, OpenTickets, WorksThere, NotShown, Refuses}

// Other is a reason that only the desk reads.
const Other = "other"

// Reason is a ground that an owner chooses, and what it makes of a task. Why is for the
// desk alone; the person reads the ground.
type Reason struct {
	Code  string
	State State
}

var reasons = []Reason{
	{"legal_duty", Exempt}, // a law makes us keep the data
	{"claims", Exempt},     // it is needed for legal claims
	{"contract", Exempt},   // a contract with the person needs it
	{"technical", Failed},  // the system cannot do it
	{Other, Failed},        // an officer looks at what the owner has written
}

// Reasons are those of a task. That data must be kept is no reason not to show it: whether
// a person who asks for their data gets less, an officer decides.
func Reasons(task Task) []Reason {
	if task == Access {
		return reasons[3:]
	}
	return reasons
}

// coded reports whether a ground is one of ours, and no one's words.
func coded(ground string) bool {
	return slices.Contains(ownGrounds, ground) || Because("", ground) != ""
}

// Because is what an owner's ground makes of a task; empty: it is none of that task.
func Because(task Task, ground string) State {
	for _, r := range Reasons(task) {
		if r.Code == ground {
			return r.State
		}
	}
	return ""
}

// ID names what a system is told. Attempts share it, so that a system that is told
// twice can do it once; who has it told again means it anew.
func (e *Entry) ID() string {
	id := e.Request + "." + string(e.Task) + "." + e.System
	if e.Round > 0 {
		id += "." + strconv.Itoa(e.Round)
	}
	return id
}

// Ended reports whether nothing more is waited for. The failure of a required system
// stands until it is told again, or an officer says that it must do.
func (e *Entry) Ended() bool {
	return e.State.succeeded() || e.State == Failed && (e.By != "" || !e.Required)
}

// Late reports whether the answer is overdue.
func (e *Entry) Late(now time.Time) bool { return !e.Ended() && now.After(e.DueAt) }

// Log is what stays of an entry when its request is reduced: whose words its ground is
// nobody knows.
func (e Entry) Log() Entry {
	if !coded(e.Ground) {
		e.Ground = ""
	}
	e.Why, e.By, e.Mark, e.TellAt = "", "", "", time.Time{}
	return e
}

// Did reports whether the task has ended as it should: nothing is left to be done.
func (e *Entry) Did() bool { return e.State == Done || e.State == NotFound }

// Undone are the required entries that have not ended as they should, and the refusals of
// others to show what they hold. What was called off counts as nothing.
func Undone(entries []Entry) []Entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return !e.Required && !e.refused() || e.Did() || e.Ground == CalledOff })
}

// refused reports whether a system does not show what it holds. Silence is no refusal.
func (e *Entry) refused() bool {
	return e.Task == Access && (e.State == Exempt || e.State == Failed) && e.Ground != NoAnswer
}

// NotDone are those of Undone that have something to carry out: what was to be sent is no
// matter of that.
func NotDone(entries []Entry) []Entry {
	return slices.DeleteFunc(Undone(entries), func(e Entry) bool { return e.Task == Access })
}

// Missing reports whether a part of an answer is kept back that a required system had to
// send: that is no whole answer.
func Missing(entries []Entry) bool { return len(Undone(entries)) > len(NotDone(entries)) }

// Outstanding are the required entries that a request waits for.
func Outstanding(entries []Entry) []Entry {
	return slices.DeleteFunc(Unended(entries), func(e Entry) bool { return !e.Required })
}

// Unended are all entries that have not ended, required or not.
func Unended(entries []Entry) []Entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Ended() })
}

// find returns the index of the entry of a system and task; -1: there is none.
func find(entries []Entry, system string, task Task) int {
	return slices.IndexFunc(entries, func(e Entry) bool { return e.System == system && e.Task == task })
}

// Put is entries with one more, or with one as it is now.
func Put(entries []Entry, e Entry) []Entry {
	all := slices.Clone(entries)
	if i := find(all, e.System, e.Task); i >= 0 {
		all[i] = e
		return all
	}
	return append(all, e)
}

// Find returns the entry of a system and task. NotFound: there is none.
func Find(entries []Entry, system string, task Task) (Entry, error) {
	i := find(entries, system, task)
	if i < 0 {
		return Entry{}, fault.New(fault.NotFound, "this system has no such task of the request")
	}
	return entries[i], nil
}

// Open makes the entries by which systems are told tasks of a request. One that a system
// has had is told again if it was called off or held back, and else left alone: then it
// is not among what is returned.
func Open(systems []System, before []Entry, request string, now time.Time, tasks ...Task) []Entry {
	var entries []Entry
	for _, task := range Tasks { // one order, whatever is asked
		for _, s := range systems {
			if !slices.Contains(tasks, task) || !s.Tells(string(task)) {
				continue
			}
			e := Entry{Request: request, System: s.ID, Task: task, State: Due, Required: s.Required, OpenedAt: now, DueAt: answerBy(s, now), TellAt: now}
			if i := find(before, s.ID, task); i >= 0 {
				if e = before[i]; e.State != Exempt || e.Ground != CalledOff && e.Ground != Held {
					continue
				}
				e.again(now, s)
			}
			entries = append(entries, e)
		}
	}
	return entries
}
