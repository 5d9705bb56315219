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
	Request  string // its reference
	System   string // its id
	Task     Task
	State    State
	Required bool // the request is not fulfilled before this has ended

	OpenedAt time.Time
	DueAt    time.Time // by when the system must have answered
	TellAt   time.Time // when it is told, or asked, next; zero: not again by itself
	ToldAt   time.Time // when it first took the task
	EndedAt  time.Time
	Attempts int    // since it was opened, or told again
	Round    int    // how often an officer had it told again
	ByOwner  bool   // its way could not tell it, and its owner has a task instead
	Trouble  string // why the last attempt failed (fault.Code); empty: it did not

	Outcome
	By string // which officer set it, "name/id"; empty: the system, or its owner
}

// Outcome is what became of a task.
type Outcome struct {
	Records int    // how many were erased, corrected or sent
	Ground  string // why a system is exempt or has failed, in its own words or a Ground
	Why     string // why an officer set it
}

// CalledOff and Held are the grounds of entries that are exempt by the desk's own doing.
const (
	CalledOff = "called_off" // the request was not granted, or ended, before the system had answered
	Held      = "legal_hold" // a legal hold forbids the erasure
)

// ID names what a system is told. Attempts share it, so that a system that is told
// twice can do it once; an officer who has it told again means it anew.
func (e *Entry) ID() string {
	id := e.Request + "." + string(e.Task) + "." + e.System
	if e.Round > 0 {
		id += "." + strconv.Itoa(e.Round)
	}
	return id
}

// Ended reports whether nothing more is waited for. A failure stands until it is told
// again, or an officer says that it must do.
func (e *Entry) Ended() bool { return e.State.succeeded() || e.State == Failed && e.By != "" }

// Late reports whether the answer is overdue.
func (e *Entry) Late(now time.Time) bool { return !e.Ended() && now.After(e.DueAt) }

// Outstanding are the required entries that a request waits for.
func Outstanding(entries []Entry) []Entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return !e.Required || e.Ended() })
}

// Unended are all entries that have not ended, required or not.
func Unended(entries []Entry) []Entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Ended() })
}

// Find returns the entry of a system and task. NotFound: there is none.
func Find(entries []Entry, system string, task Task) (Entry, error) {
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.System == system && e.Task == task })
	if i < 0 {
		return Entry{}, fault.New(fault.NotFound, "this system has no such task of the request")
	}
	return entries[i], nil
}

// Open makes the entries of a request for tasks: one for each system that is told them.
func Open(systems []System, request string, now time.Time, tasks ...Task) []Entry {
	var entries []Entry
	for _, task := range Tasks { // one order, whatever is asked
		for _, s := range systems {
			if !slices.Contains(tasks, task) || !s.Tells(string(task)) {
				continue
			}
			entries = append(entries, Entry{
				Request: request, System: s.ID, Task: task, State: Due, Required: s.Required,
				OpenedAt: now, DueAt: now.AddDate(0, 0, s.AnswerDays), TellAt: now,
			})
		}
	}
	return entries
}
