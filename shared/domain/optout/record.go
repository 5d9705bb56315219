package optout

import (
	"time"

	"privacydesk/shared/domain/person"
)

// State is what a person has chosen for a scope.
type State string

// The states of a record.
const (
	Out    State = "out"    // must not be contacted
	In     State = "in"     // came back, confirmed by the person
	Paused State = "paused" // must not be contacted until Record.Until
)

// Source is the way by which a choice reached us.
type Source string

// The sources of choices.
const (
	FromForm        Source = "form"        // a website's form
	FromOneClick    Source = "one-click"   // a mail client's POST (RFC 8058)
	FromLink        Source = "link"        // the button on the link's own page
	FromPreferences Source = "preferences" // the preferences page
	FromUndo        Source = "undo"        // the undo button
	FromConfirm     Source = "opt-in-mail" // the link in the confirmation mail
	FromRequest     Source = "request"     // a rights request that holds an objection
	FromImport      Source = "import"      // another system's opt-out list; Campaign names it
	FromMail        Source = "mail"        // a mail to unsubscribe@…
	FromOfficer     Source = "officer"     // told to somebody at the desk, Detail says how; or a bounce that they lifted, Detail says why

	FromBounce       Source = "bounce"       // SES: a permanent bounce
	FromSoftBounces  Source = "soft-bounces" // SES: as many temporary ones as desk.yaml allows
	FromComplaint    Source = "complaint"    // SES: a complaint
	FromNotSpam      Source = "not-spam"     // SES: the person has taken it back
	FromSubscription Source = "subscription" // SES: its own list management
	FromSESList      Source = "ses-list"     // SES: it held a mail back, or lists the address, by its own doing
)

// Evidence is how we know: enough to prove the choice, no headers, no network
// address.
type Evidence struct {
	Source   Source
	At       time.Time
	Campaign string // the sender's name for the mailing that held the link
	Form     string // host of the page that held the form
	Detail   string // SES's own word for the kind of a bounce or complaint; of FromOfficer, by which way, or why
	Officer  string // of FromOfficer: who recorded it, "name/id"
}

// Key names a record.
type Key struct {
	Ref   person.Ref
	Scope Scope
}

// Keys names a person's records of several scopes, in their order.
func Keys(ref person.Ref, scopes ...Scope) []Key {
	keys := make([]Key, len(scopes))
	for i, scope := range scopes {
		keys[i] = Key{ref, scope}
	}
	return keys
}

// Record is what is known of one person and one scope.
type Record struct {
	Key
	State     State
	Version   int            // 1 for the first choice, one more with every choice
	Address   person.Address // zero once it is erased
	Name      string         // as the person typed it, cleaned
	FirstAt   time.Time      // the first opt-out ever, kept for good
	OutSince  time.Time      // start of the present opt-out; zero unless Out
	ChangedAt time.Time
	Until     time.Time // end of the last pause
	Evidence  Evidence  // of the latest choice
	// MadeBy is the page view whose button made the present opt-out (viewOf). It
	// is empty when anything else made or repeated it.
	MadeBy   string
	SoftDays []string // of the scope bounce: days of temporary bounces, ascending
	// LiftedAt, of the scope bounce, is when an officer last said that the mailbox
	// works again: no bounce up to then counts any more.
	LiftedAt time.Time

	ErasureRequestedAt time.Time // "… and delete my data"; zero if not asked for
	ErasureLanguage    string    // in which that was asked, such as "de"

	// ReducedAt is when all but the tombstone was disposed of; zero again once
	// the person chooses anew.
	ReducedAt time.Time
	ErasedAt  time.Time // when the person was last erased, kept for good

	// FedAt is when the latest change became known that other systems must know
	// of: the record's place in the feed. Zero: it is not in it, as no tombstone is.
	FedAt time.Time

	Trace Trace // of an import, while it can be undone

	Projection Projection
}

// Suppresses reports whether the person must not be contacted in the scope at
// the time now. A pause ends by itself.
func (r Record) Suppresses(now time.Time) bool {
	return r.State == Out || r.State == Paused && now.Before(r.Until)
}

// revocable reports whether somebody can take the opt-out back without the
// person's mailbox: on SES's subscription page, or by an undo that was offered
// within the first hour for an hour.
func (r Record) Revocable(now time.Time) bool {
	undo := r.MadeBy != "" && now.Sub(r.OutSince) < 2*UndoFor
	return r.State == Out && (undo || r.Evidence.Source == FromSubscription)
}

// ByUndo reports whether the latest that happened is an undo. It is no return:
// an earlier choice that becomes known later still counts.
func (r Record) ByUndo() bool { return r.State == In && r.Evidence.Source == FromUndo }

// Bare reports whether the evidence of the record is disposed of: it is a
// tombstone, or one that was filled only to sync SES again.
func (r Record) Bare() bool { return r.Version > 0 && r.Evidence.Source == "" }

// CountsBounces reports whether the record only counts temporary bounces. They
// are all that a bare bounce can be In by.
func (r Record) CountsBounces() bool {
	counted := r.Evidence.Source == FromSoftBounces || r.Bare() && r.Scope == Bounce.Scope()
	return r.State == In && counted
}

// Change is one choice to be recorded.
type Change struct {
	Key
	To               State
	Until            time.Time // for Paused
	Address          person.Address
	Name             string
	Evidence         Evidence
	ErasureRequested bool
	Language         string // of the answer to ErasureRequested
	MadeBy           string // of an opt-out: the page view that makes it; see Record.MadeBy
	// datesOnly is set by Over: the record is a tombstone that stays one, and of
	// the change only its time is written.
	datesOnly bool
	// ErasedAt is set by together: the person was erased then and is out, so the
	// record begins as a tombstone.
	erasedAt time.Time
	// ObservedAt, when later than Evidence.At, is when the choice became known: it
	// arrived before it was read.
	ObservedAt time.Time
	// IfVersion, when not zero, is the version that the record must still
	// have, or Unrecorded. Opting out now never asks for one.
	IfVersion int
	// Observed is set for what SES or an imported list reports: it happened at
	// Evidence.At and became known at Observed.At.
	Observed *Observation
	// Trace is what an import leaves with the record that it changes. A change
	// without one takes away the trace that is there.
	Trace Trace
}

// knownAt is when the choice came to be known: from then on SES waits for it.
func (c Change) knownAt() time.Time {
	if c.Observed != nil {
		return c.Observed.At
	}
	if c.ObservedAt.After(c.Evidence.At) {
		return c.ObservedAt
	}
	return c.Evidence.At
}

// Observation is what a Change knows beside the choice when SES reports it, maybe
// late and out of order.
type Observation struct {
	At       time.Time
	FirstAt  time.Time // the first opt-out known
	SoftDays []string
	LiftedAt time.Time // zero: the record keeps its own
	Quiet    bool      // SES's list need not change
	NoNews   bool      // other systems know as much: the record stays where it is in the feed
}

// Unrecorded is the version of a record that must not be there yet.
const Unrecorded = -1

// Trace is what an import has done to a record, enough to take it back. It
// stays with the record until anything else happens to it: a choice, an event
// of SES, another list with the same person, the reduction to a tombstone.
type Trace struct {
	Import  string    // the import's id; "": there is no trace
	FirstAt time.Time // the first date as it was, where that alone was changed; else zero
	Before  *Record   // the record that was changed, without its own trace; nil: there was none
}
