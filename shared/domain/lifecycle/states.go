// Package lifecycle is the life of a request: its states, the events of its
// history, what is waited for or to be looked at, and the table of the moves that
// are allowed.
// It must not know what a request holds.
package lifecycle

import "slices"

// State is where a request stands.
type State string

// The states.
const (
	None             State = "" // before it is received
	Received         State = "received"
	Unverified       State = "awaiting_verification"
	Open             State = "open"
	WaitingForPerson State = "waiting_for_person"
	CarryingOut      State = "carrying_out" // decided, and other systems have still to do it
	Fulfilled        State = "fulfilled"
	PartlyFulfilled  State = "partly_fulfilled"
	Refused          State = "refused"
	Withdrawn        State = "withdrawn"
	Expired          State = "expired"
	Joined           State = "joined" // an earlier request of the person goes on for both
)

// States lists all states of a request that exists.
var States = []State{Received, Unverified, Open, WaitingForPerson, CarryingOut, Fulfilled, PartlyFulfilled, Refused, Withdrawn, Expired, Joined}

// Closed reports whether nothing more is to be done.
func (s State) Closed() bool {
	return slices.Contains(closed, s)
}

// Decided reports whether the answer was given, or none will be.
func (s State) Decided() bool { return s == CarryingOut || s.Closed() }

// Ending is why a request is closed otherwise than usual.
type Ending string

// Spam: an officer sees that nobody asks for anything.
const Spam Ending = "spam"
