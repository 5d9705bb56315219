package suppression

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

// current is a record as it is now, and what it and the person's others ask.
type current struct {
	optout.Record
	listing ListReason // what the list must hold of the person: a bounce may remain where an opt-out was taken back
	lifted  time.Time  // when an officer said that the mailbox works again; zero: never
}

// read reads a record that the index has shown. The index may be late; it is only
// a hint. A record that is gone is not pending.
func (p *Syncer) read(ctx context.Context, k optout.Key) (current, error) {
	records, err := p.Queue.Records(ctx, append(siblings(k), k))
	if err != nil {
		return current{}, err
	}
	bounce := records[optout.Key{Ref: k.Ref, Scope: optout.Bounce.Scope()}]
	return current{records[k], ListingOf(p.Now(), slices.Collect(maps.Values(records))...), bounce.LiftedAt}, nil
}

// sync makes SES's list hold what the person's records ask, and returns what is
// then known. An error leaves the record pending. ErrThrottled.
func (p *Syncer) sync(ctx context.Context, r current) (optout.Projection, error) {
	err := unsupported(r.Record)
	if err == nil {
		err = p.change(ctx, r)
	}
	switch {
	case errors.Is(err, errErased), errors.Is(err, errNotHoldable), errors.Is(err, ErrUnlistable):
		return optout.Projection{At: p.Now(), Status: optout.Unsupported, Reason: err.Error()}, nil
	case err != nil:
		return optout.Projection{}, err
	}
	return synced(r.Record, r.listing, p.Now()), nil
}

// change makes the calls. A delete must not hit a bounce that SES has listed
// itself, unless an officer has lifted it since: nothing recorded asks for it, so an
// event or the next reconciliation will record it. SES's own complaint goes: coming
// back lifts it.
func (p *Syncer) change(ctx context.Context, r current) error {
	if r.listing != NotListed {
		return p.List.Put(ctx, r.Address, r.listing)
	}
	made, at, err := p.List.MadeBySES(ctx, Entry{Spelling: NewSpelling(r.Address.Reveal()), Address: r.Address})
	switch {
	case made == ListedBounce && at.After(r.lifted), errors.Is(err, ErrNotListed):
		return nil
	case err != nil && !errors.Is(err, ErrUnlistable):
		return err
	}
	if err := p.Pace.Wait(ctx); err != nil {
		return err
	}
	return p.List.Delete(ctx, r.Address)
}

// unmoved reports a Conflict if what SES got depended on another record
// of the person, and that has changed since it was read. Changing it has made
// it pending, but another run may have synced it before our call arrived.
func (p *Syncer) unmoved(ctx context.Context, r current) error {
	if r.Suppresses(p.Now()) {
		return nil
	}
	now, err := p.read(ctx, r.Key)
	if err == nil && now.listing != r.listing {
		err = fault.New(fault.Conflict, "another record of the person has moved")
	}
	return err
}
