package suppression

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Queue is the pending work of the projection: the sparse index of records
// whose DueAt has come.
type Queue interface {
	// Pending yields the records due at the time now, oldest first, paging to
	// the end.
	Pending(ctx context.Context, now time.Time) iter.Seq2[optout.Record, error]
	// Backlog counts them and returns since when the oldest is due.
	Backlog(ctx context.Context, now time.Time) (count int, oldest time.Time, err error)
	// MarkSynced stores p on the condition that r's version has not moved. A
	// record without a state, of an import that was undone, it forgets once
	// nothing is due any more. Conflict: it has, or r is a tombstone now.
	MarkSynced(ctx context.Context, r optout.Record, p optout.Projection) error
	// Requeue makes a record due at the time at, whatever its version. A
	// tombstone has no address to sync and stays as it is.
	Requeue(ctx context.Context, k optout.Key, at time.Time) error
	// Records returns those records of keys that there are, as they are now.
	Records(context.Context, []optout.Key) (map[optout.Key]optout.Record, error)
}

// List is the SES suppression list. Its errors hold no address: they are
// reported and logged.
type List interface {
	// Put lists an address for a reason; doing it twice is doing it once.
	Put(context.Context, person.Address, ListReason) error
	// Delete unlists an address as Put listed it; one that is not listed is
	// no error.
	Delete(context.Context, person.Address) error
	// MadeBySES is that of PagedList.
	MadeBySES(context.Context, Entry) (ListReason, time.Time, error)
}

// ListReason is why an address is on the list. SES knows two.
type ListReason string

// The reasons. An opt-out is put as a complaint: mails that a person has asked
// for still pass a configuration set that holds back bounces alone.
const (
	NotListed       ListReason = ""
	ListedBounce    ListReason = "BOUNCE"
	ListedComplaint ListReason = "COMPLAINT"
)

// ListingOf returns what the list must hold of a person with these records at
// the time now. A bounce counts most: nothing can be delivered there.
func ListingOf(now time.Time, records ...optout.Record) ListReason {
	reason := NotListed
	for _, r := range records {
		switch {
		case !r.Scope.Synced() || !r.Suppresses(now):
		case r.Scope == optout.Bounce.Scope():
			return ListedBounce
		default:
			reason = ListedComplaint
		}
	}
	return reason
}

// siblings are the keys of a person's other records that are synced with SES.
func siblings(k optout.Key) []optout.Key {
	return slices.DeleteFunc(optout.Keys(k.Ref, optout.SyncedScopes...), func(other optout.Key) bool { return other == k })
}

// Errors of a List, besides faults that are worth another try.
var (
	ErrThrottled   = errors.New("SES: too many requests")
	ErrUnlistable  = errors.New("SES does not take this address")
	errNotHoldable = errors.New("SES cannot hold a local part outside ASCII")
	errErased      = errors.New("the address has been erased")
)

// synced is what is known of a record once SES's list holds its address for a
// reason, or does not. The end of a pause is due again.
func synced(r optout.Record, reason ListReason, now time.Time) optout.Projection {
	p := optout.Projection{At: now, Status: optout.Unlisted}
	if reason != NotListed {
		p.Status = optout.Listed
	}
	if r.State == optout.Paused && r.Suppresses(now) {
		p.DueAt = r.Until
	}
	return p
}

// unsupported returns why SES's list cannot hold the address; nil if it can.
func unsupported(r optout.Record) error {
	switch {
	case r.Address.IsZero():
		return errErased
	case !r.Address.ASCII():
		return errNotHoldable
	}
	return nil
}
