package backfill

import (
	"cmp"
	"context"
	"errors"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// LateRecorder records opt-outs that arrived at a time of their own and may be read
// days later: mail that waited for a function that failed. They count from
// their arrival, so that what the person has chosen since remains.
type LateRecorder struct {
	Store Store
	Key   person.Key
	Now   func() time.Time
}

// Record takes an opt-out that arrived at e.At; zero, or a time to come, is now.
// Taking the same again changes nothing. Taken: it is recorded, as any opt-out
// is. Known: the person is out by a later choice, or was erased since. Kept:
// they came back after it. The errors are those of the store; Conflict: the record changes all the time.
func (a *LateRecorder) Record(ctx context.Context, address person.Address, scope optout.Scope, e optout.Evidence) (outcome Outcome, err error) {
	if address.IsZero() {
		return "", fault.New(fault.Internal, "record an opt-out: nothing to record")
	}
	now := a.Now()
	if e.At.IsZero() || e.At.After(now) {
		e.At = now
	}
	e.At = e.At.Truncate(time.Millisecond) // as the table keeps it: the same again must be as old
	key := optout.Key{Ref: a.Key.Ref(address), Scope: scope}
	whole := optout.Key{Ref: key.Ref, Scope: optout.Email.Scope()}
	keys := []optout.Key{key}
	if whole != key {
		keys = append(keys, whole)
	}
	for range writeTries {
		var known map[optout.Key]optout.Record
		if known, err = a.Store.Records(ctx, keys); err != nil {
			return "", err
		}
		if r := known[whole]; r.State == optout.Out && e.At.Before(r.ErasedAt) {
			return Known, nil // it would bring back the address that was erased since
		}
		c := optout.Change{Key: key, To: optout.Out, Address: address, Evidence: e, ObservedAt: now}
		if outcome, err = a.apply(ctx, c, known[key]); !fault.Is(err, fault.Conflict) {
			break
		}
	}
	return outcome, err
}

// apply decides by what is recorded now, and writes on the condition that it
// still is.
func (a *LateRecorder) apply(ctx context.Context, c optout.Change, r optout.Record) (Outcome, error) {
	at := c.Evidence.At
	switch {
	case r.Revocable(c.ObservedAt) && !at.After(r.ChangedAt):
		_, err := a.Store.Apply(ctx, madeOwn(r, c.Address, c.Evidence, at, c.ObservedAt))
		return Known, err
	case r.State == optout.Out && !at.After(r.ChangedAt):
		return Known, errors.Join(disown(ctx, a.Store, r), predate(ctx, a.Store, r, at, optout.Trace{}))
	case r.State != "" && at.Before(r.ChangedAt) && !r.ByUndo():
		return Kept, predate(ctx, a.Store, r, at, optout.Trace{})
	}
	c.IfVersion = cmp.Or(r.Version, optout.Unrecorded)
	_, err := a.Store.Apply(ctx, c.Over(r))
	return Taken, err
}

// madeOwn keeps a list or a mail as the reason of an opt-out that could be taken
// back without the person's mailbox. Then it no longer can.
func madeOwn(r optout.Record, a person.Address, e optout.Evidence, first, now time.Time) optout.Change {
	e.At = r.ChangedAt
	return optout.Change{
		Key: r.Key, To: optout.Out, Address: a, IfVersion: r.Version, Evidence: e,
		Observed: &optout.Observation{At: now, FirstAt: earliest(r.FirstAt, first), SoftDays: r.SoftDays, Quiet: true, NoNews: true},
	}
}

// predate makes the first opt-out of a record earlier, if it is; first is zero
// if unknown.
func predate(ctx context.Context, s Store, r optout.Record, first time.Time, t optout.Trace) error {
	if first.IsZero() || r.FirstAt.IsZero() || !first.Before(r.FirstAt) {
		return nil
	}
	return s.Predate(ctx, r.Key, first, t)
}

func earliest(times ...time.Time) time.Time {
	var first time.Time
	for _, t := range times {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}
