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

	EventLooked            Event = "looked"              // somebody at the desk opened the file
	EventRevealed          Event = "revealed"            // and had the address shown
	EventExportedByOfficer Event = "exported_by_officer" // or took the file out
)

// stay marks an event that does not change the state.
const stay State = "*"

var (
	active = []State{Received, Unverified, Open, WaitingForPerson}
	closed = []State{Fulfilled, PartlyFulfilled, Refused, Withdrawn, Expired, Joined}
	always = append(slices.Clone(active), closed...)

	answerable = []State{Unverified, Open, WaitingForPerson}
	signable   = append(slices.Clone(answerable), Fulfilled, PartlyFulfilled) // an erasure is ordered after the answer
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
	{EventFulfilled, []State{Received, Open}, Fulfilled},
	{EventPartlyFulfilled, []State{Open}, PartlyFulfilled},
	{EventRefused, []State{Unverified, Open, WaitingForPerson}, Refused},
	{EventDisagreed, []State{Refused, PartlyFulfilled}, stay},
	{EventAppealed, []State{Refused, PartlyFulfilled}, stay},
	{EventWithdrawn, active, Withdrawn},
	{EventExpired, []State{Unverified, WaitingForPerson}, Expired},
	{EventResent, []State{Unverified}, stay},
	{EventMailed, always, stay},
	{EventMailFailed, always, stay},
	{EventPosted, always, stay},
	{EventNotPosted, always, stay},
	{EventExported, []State{Fulfilled, PartlyFulfilled}, stay},
	{EventAddressTold, always, stay},
	{EventReplied, always, stay},
	{EventSeen, always, stay},
	{EventNoted, always, stay},
	{EventAssigned, always, stay},
	{EventEraseOrdered, []State{Fulfilled, PartlyFulfilled}, stay},
	{EventEraseReleased, []State{Fulfilled, PartlyFulfilled}, stay},
	{EventAmended, []State{Open, WaitingForPerson}, stay},
	{EventReopened, closed, Open},
	{EventDrafted, answerable, stay},
	{EventSignatureAsked, signable, stay},
	{EventSigned, signable, stay},
	{EventScheduled, answerable, stay},
	{EventCalledBack, append(slices.Clone(answerable), closed...), stay},
	{EventNotSent, append(slices.Clone(answerable), closed...), stay},
	{EventJoined, []State{Open}, Joined},
	{EventTookOver, []State{Open}, stay},
	{EventReduced, closed, stay},
	{EventErased, closed, stay},
	{EventLooked, always, stay},
	{EventRevealed, always, stay},
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
