package lifecycle

import (
	"fmt"
	"slices"

	"privacydesk/shared/domain/fault"
)

// Event is something that happens to a request; it names a row of its history.
type Event string

// The events.
const (
	EventReceived          Event = "received"
	EventVerificationAsked Event = "verification_asked"
	EventKept              Event = "kept"      // for an officer, who asks whom it is about
	EventOptedOut          Event = "opted_out" // its opt-outs are in effect
	EventVerified          Event = "verified"
	EventLinked            Event = "linked" // to an earlier request for the same
	EventAsked             Event = "asked"  // the person must do something
	EventAnswered          Event = "answered"
	EventResumed           Event = "resumed" // the clock runs again without the person's answer
	EventExtended          Event = "extended"
	EventFulfilled         Event = "fulfilled"
	EventPartlyFulfilled   Event = "partly_fulfilled"
	EventCarryingOut       Event = "carrying_out" // it is granted, and other systems have still to do it
	EventRefused           Event = "refused"
	EventDisagreed         Event = "disagreed" // the person's own statement
	EventAppealed          Event = "appealed"
	EventWithdrawn         Event = "withdrawn"
	EventExpired           Event = "expired"
	EventResent            Event = "verification_resent"
	EventMailed            Event = "mailed"
	EventMailFailed        Event = "mail_failed"
	EventPosted            Event = "posted"     // an officer posted a letter on paper
	EventNotPosted         Event = "not_posted" // or said that it is not needed any more
	EventExported          Event = "exported"
	EventAddressTold       Event = "address_told"     // the person can be reached elsewhere
	EventReplied           Event = "replied"          // a mail about it came
	EventFileAdded         Event = "file_added"       // a file came, with its hash
	EventFileGone          Event = "file_gone"        // its content was deleted; the hash stays
	EventFileReplaced      Event = "file_replaced"    // … since another has taken its place
	EventFilesChecked      Event = "files_checked"    // an officer looked whether files for the person hold what a law withholds
	EventFileRemoved       Event = "file_removed"     // an officer took one away: it is given out no more
	EventSeen              Event = "seen"             // an officer has looked at that mail
	EventNoted             Event = "noted"            // the officer's own note
	EventAssigned          Event = "assigned"         // to a person at the desk, or to nobody
	EventEraseOrdered      Event = "erasure_ordered"  // the person is to be erased
	EventEraseReleased     Event = "erasure_released" // no legal hold keeps it back any more
	EventAmended           Event = "amended"          // an officer put a fact right
	EventReopened          Event = "reopened"         // an officer looks at it again
	EventDrafted           Event = "drafted"          // an officer has written an answer that has not gone
	EventSignatureAsked    Event = "signature_asked"  // another must sign what an officer wants
	EventSigned            Event = "signed"           // another has
	EventScheduled         Event = "scheduled"        // the answer goes when its time has come
	EventCalledBack        Event = "called_back"      // it does not
	EventNotSent           Event = "not_sent"         // its time had come, and it could not go any more
	EventJoined            Event = "joined"           // an officer found it to be the same as an earlier one
	EventTookOver          Event = "took_over"        // which goes on with what both ask for
	EventReduced           Event = "reduced"          // the period is over: nothing but the log is left
	EventErased            Event = "erased"           // the person was erased: nothing but the log is left

	EventSystemsAsked     Event = "systems_asked"      // other systems are to do something
	EventSystemTold       Event = "system_told"        // one has taken its task
	EventSystemFetched    Event = "fetched_by_system"  // it asked whom the task is about
	EventSystemAnswered   Event = "system_answered"    // it, or its owner, said what was done
	EventSystemReminded   Event = "system_reminded"    // its owner was reminded
	EventSystemHandedOver Event = "system_handed_over" // it cannot be told: its owner has a task
	EventSystemSet        Event = "system_set"         // an officer answered in its place
	EventSystemAgain      Event = "system_again"       // it is told anew
	EventSystemsDropped   Event = "systems_dropped"    // nobody needs them any more

	EventLooked            Event = "looked"              // somebody at the desk opened the file
	EventRevealed          Event = "revealed"            // and had the address shown
	EventExportedByOfficer Event = "exported_by_officer" // or took the file out
	EventFileFetched       Event = "file_fetched"        // or a document of the person
)

// stay marks an event that does not change the state.
const stay State = "*"

var (
	active = []State{Received, Unverified, Open, WaitingForPerson}
	closed = []State{Fulfilled, PartlyFulfilled, Refused, Withdrawn, Expired, Joined}
	always = slices.Concat(active, []State{CarryingOut}, closed)

	answerable = []State{Unverified, Open, WaitingForPerson}
	granted    = []State{CarryingOut, Fulfilled, PartlyFulfilled}
	signable   = append(slices.Clone(answerable), granted...) // an erasure is ordered after the answer
)

// transitions are all that is allowed; every other event is a *TransitionError.
var transitions = []transition{
	{EventReceived, []State{None}, Received},
	{EventVerificationAsked, []State{Received, Unverified}, Unverified},
	{EventKept, []State{Received}, Unverified},
	{EventOptedOut, active, stay},
	{EventVerified, []State{Received, Unverified}, Open},
	{EventLinked, []State{Open}, stay},
	{EventAsked, []State{Open}, WaitingForPerson},
	{EventAnswered, []State{WaitingForPerson}, Open},
	{EventResumed, []State{WaitingForPerson}, Open},
	{EventExtended, []State{Open, WaitingForPerson}, stay},
	{EventFulfilled, []State{Received, Open, CarryingOut}, Fulfilled},
	{EventPartlyFulfilled, []State{Open, CarryingOut}, PartlyFulfilled},
	{EventCarryingOut, []State{Open}, CarryingOut},
	{EventRefused, []State{Unverified, Open, WaitingForPerson}, Refused},
	{EventDisagreed, []State{CarryingOut, Refused, PartlyFulfilled}, stay},
	{EventAppealed, []State{CarryingOut, Refused, PartlyFulfilled}, stay},
	{EventWithdrawn, active, Withdrawn},
	{EventExpired, []State{Unverified, WaitingForPerson}, Expired},
	{EventResent, []State{Unverified}, stay},
	{EventMailed, always, stay},
	{EventMailFailed, always, stay},
	{EventPosted, always, stay},
	{EventNotPosted, always, stay},
	{EventExported, granted, stay},
	{EventAddressTold, always, stay},
	{EventReplied, always, stay},
	{EventFileAdded, always, stay},
	{EventFileGone, always, stay},
	{EventFileReplaced, always, stay},
	{EventFileRemoved, always, stay},
	{EventFilesChecked, answerable, stay},
	{EventSeen, always, stay},
	{EventNoted, always, stay},
	{EventAssigned, always, stay},
	{EventEraseOrdered, granted, stay},
	{EventEraseReleased, granted, stay},
	{EventAmended, []State{Open, WaitingForPerson}, stay},
	{EventReopened, append([]State{CarryingOut}, closed...), Open},
	{EventDrafted, answerable, stay},
	{EventSignatureAsked, signable, stay},
	{EventSigned, signable, stay},
	{EventScheduled, answerable, stay},
	{EventCalledBack, slices.Concat(answerable, []State{CarryingOut}, closed), stay},
	{EventNotSent, slices.Concat(answerable, []State{CarryingOut}, closed), stay},
	{EventJoined, []State{Open}, Joined},
	{EventTookOver, []State{Open}, stay},
	{EventReduced, closed, stay},
	{EventErased, closed, stay},
	{EventSystemsAsked, always, stay},
	{EventSystemTold, always, stay},
	{EventSystemFetched, always, stay},
	{EventSystemAnswered, always, stay},
	{EventSystemReminded, always, stay},
	{EventSystemHandedOver, always, stay},
	{EventSystemSet, always, stay},
	{EventSystemAgain, always, stay},
	{EventSystemsDropped, always, stay},
	{EventLooked, always, stay},
	{EventRevealed, always, stay},
	{EventFileFetched, always, stay},
	{EventExportedByOfficer, always, stay},
}

type transition struct {
	event Event
	from  []State
	to    State
}

// TransitionError says that an event cannot happen in a state.
type TransitionError struct {
	From  State
	Event Event
}

// next returns the state after an event.
func Next(from State, event Event) (State, error) {
	for _, t := range transitions {
		if t.event != event || !slices.Contains(t.from, from) {
			continue
		}
		if t.to == stay {
			return from, nil
		}
		return t.to, nil
	}
	err := &TransitionError{from, event}
	return from, fault.Wrap(fault.Conflict, err, err.Error()).Because(err.code(), "state", string(from), "act", string(event))
}

func (e *TransitionError) Error() string {
	text := fmt.Sprintf("a request that is %q cannot be %s", e.From, e.Event)
	if e.onceAnswered() {
		text += ": record the person's answer first (answer)"
	}
	return text
}

// onceAnswered reports whether the event can happen when the person's answer is
// recorded.
func (e *TransitionError) onceAnswered() bool {
	return e.From == WaitingForPerson && slices.ContainsFunc(transitions, func(t transition) bool { return t.event == e.Event && slices.Contains(t.from, Open) })
}

func (e *TransitionError) code() string {
	if e.onceAnswered() {
		return "answer_first"
	}
	return "state"
}
