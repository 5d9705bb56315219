package ledger

import (
	"context"
	"iter"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// Way tells one system. An error that is Invalid is not tried again: the owner gets a
// task. Any other is tried again by the steps of Retry, or at its RetryAt where that is
// later. It must stand being called twice with the same Notice.
type Way interface {
	Tell(context.Context, Notice) (Answer, error)
}

// Notice is what a system is told: never more than it needs.
type Notice struct {
	ID      string // the same in each attempt
	System  System
	Task    Task
	Request string // its reference
	DueAt   time.Time
	Asked   bool   // the system took the task before, and is asked how far it has come
	Mark    string // of the last Answer
	// Person reads whom it is about: only ways that must name them call it.
	Person func(context.Context) (Person, error)
}

// Person is whom a notice is about: what the system needs, and nothing else.
type Person struct {
	Email      person.Address // zero where the mailbox is not theirs: a parent's, or an agent's
	Name       string
	Kinds      []string
	Place      string
	Language   string
	Details    string // their own words
	OnBehalfOf string // who asks for them; empty: they do
}

// Answer is what a system said when it was told.
type Answer struct {
	State   State // Told: it answers later; else an outcome
	Records int
	Ground  string
	RetryAt time.Time // of Told: when to ask how far it has come; zero: it answers by itself
	Mark    string    // of Told: what the way must know when it asks, such as the record's number there, and nothing
	// that names anybody; empty: as before
	Gone bool // it does not want to be told any more (410): the owner gets a task
}

// Book holds the entries. Every method's errors are faults: Unavailable when the backend
// does not answer, and those named.
type Book interface {
	// Due yields the entries that are to be told, or asked, at the time now, oldest
	// first. An error comes last.
	Due(ctx context.Context, now time.Time) iter.Seq2[Entry, error]
	// Try notes an attempt: what it changed of Attempts, Trouble, TellAt and Mark. Conflict:
	// the entry is not as it was.
	Try(ctx context.Context, was, is Entry) error
}

// Retry is how long after a failed attempt the next one begins. After the last one the
// owner gets a task.
var Retry = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// next is when an attempt that failed is made again; false: never, the owner is to be
// asked. attempts are those that were made.
func next(now time.Time, attempts int, err error) (time.Time, bool) {
	if fault.Is(err, fault.Invalid) || attempts > len(Retry) {
		return time.Time{}, false
	}
	return later(now.Add(Retry[max(attempts, 1)-1]), fault.RetryAt(err)), true
}
