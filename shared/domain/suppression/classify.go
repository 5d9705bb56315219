package suppression

import (
	"cmp"
	"context"
	"errors"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

func (c *Reconciler) classifyStrange(ctx context.Context, stopAt time.Time, strange []Entry, keys []optout.Key) error {
	if len(strange) == 0 {
		return nil
	}
	records, err := c.Ledger.Records(ctx, keys)
	if err != nil {
		return err
	}
	findings := make([]finding, len(strange))
	for i, e := range strange {
		findings[i] = c.classify(e, keys[i*len(optout.SyncedScopes):(i+1)*len(optout.SyncedScopes)], records)
	}
	if err := each(findings, c.recordUnrecorded(ctx)); err != nil {
		return err
	}
	for _, f := range findings {
		switch {
		case f.unrecorded:
			c.countOnce(f.Entry, Unrecorded, f.ref)
		case f.weaker:
			if err := c.putBounce(ctx, f); err != nil {
				return err
			}
		}
	}
	for _, f := range findings {
		if !f.doubtful || c.memo.counted[f.Spelling.Reveal()] {
			continue
		}
		cause, err := c.resolveDoubt(ctx, stopAt, f)
		if err != nil {
			return notNow(err)
		}
		if cause != "" {
			c.countOnce(f.Entry, cause, f.ref)
		}
	}
	return nil
}

// finding is what an entry that the bitmap did not expect turns out to be.
type finding struct {
	Entry
	ref        person.Ref
	record     optout.Record // of the entry's own scope: bounce or complaint
	queue      optout.Key    // a record to requeue, so that the Syncer reads it again; none if all are tombstones
	unrecorded bool          // to be recorded
	weaker     bool          // a bounce is recorded, and somebody has listed a complaint over its entry
	doubtful   bool          // nothing suppresses: only SES knows who made it
}

// classify decides by the records as they are now.
func (c *Reconciler) classify(e Entry, keys []optout.Key, records map[optout.Key]optout.Record) finding {
	f := finding{Entry: e, ref: keys[0].Ref}
	var all []optout.Record
	for _, k := range keys {
		r, found := records[k]
		if found && pending(r, c.Now()) {
			return f // the Syncer will bring SES up to date
		}
		if found {
			all = append(all, r)
		}
		if found && !r.Tombstone() {
			f.queue = k
		}
	}
	own := optout.Key{Ref: f.ref, Scope: optout.Complaint.Scope()}
	if e.Reason == ListedBounce {
		own.Scope = optout.Bounce.Scope()
	}
	f.record = records[own]
	f.record.Key = own
	listing := ListingOf(c.Now(), all...)
	switch {
	case len(all) == 0, listing == ListedComplaint && e.Reason == ListedBounce && c.isNewer(f):
		f.unrecorded = true
	case listing == ListedBounce && e.Reason == ListedComplaint && e.canonical():
		f.weaker = true
	case listing == NotListed:
		f.doubtful = true
	}
	return f
}

// isNewer reports whether the entry is younger than what is recorded of its kind. A
// counted day of temporary bounces does not mean that the mailbox is dead.
func (c *Reconciler) isNewer(f finding) bool {
	r := f.record
	return r.Version == 0 || r.CountsBounces() || f.Updated.After(r.ChangedAt)
}

// foundBy is the evidence of a record that a reconciliation made.
const foundBy = "reconcile"

// recordUnrecorded records what SES has listed without our knowing. The list need
// not change: SES's own entry stays as it is.
func (c *Reconciler) recordUnrecorded(ctx context.Context) func(finding) error {
	return func(f finding) error {
		if !f.unrecorded || c.memo.run.DryRun {
			return nil
		}
		_, err := c.Ledger.Apply(ctx, c.unrecorded(f))
		if fault.CodeOf(err) == fault.Conflict {
			return nil // an event has just recorded it
		}
		return err
	}
}

func (c *Reconciler) unrecorded(f finding) optout.Change {
	source, first := optout.FromComplaint, f.record.FirstAt
	if f.record.Scope == optout.Bounce.Scope() {
		source = optout.FromBounce
	}
	if first.IsZero() || f.Updated.Before(first) {
		first = f.Updated
	}
	return optout.Change{
		Key: f.record.Key, To: optout.Out, Address: f.Address, IfVersion: cmp.Or(f.record.Version, optout.Unrecorded),
		Evidence: optout.Evidence{Source: source, At: f.Updated, Detail: foundBy},
		Observed: &optout.Observation{At: c.Now(), FirstAt: first, SoftDays: f.record.SoftDays, Quiet: true},
	}
}

// resolveDoubt asks SES who made an entry of somebody who may be mailed, and
// deletes it only if it was not SES.
func (c *Reconciler) resolveDoubt(ctx context.Context, stopAt time.Time, f finding) (Cause, error) {
	var made ListReason
	err := c.call(ctx, stopAt, func() (err error) {
		made, _, err = c.List.MadeBySES(ctx, f.Entry)
		return err
	})
	switch {
	case errors.Is(err, ErrNotListed):
		return "", nil
	case errors.Is(err, ErrUnlistable): // SES lists what it does not take in a call, such as a slash
		return Unreadable, nil
	case err != nil:
		return "", err
	case made != NotListed && c.isNewer(f):
		f.unrecorded = true
		return Unrecorded, c.recordUnrecorded(ctx)(f)
	case made != NotListed && f.record.LiftedAt.IsZero():
		return SESOwn, nil
	case c.memo.run.DryRun:
		return StillListed, nil
	case f.canonical() && f.queue != optout.Key{}:
		return StillListed, c.Ledger.Requeue(ctx, f.queue, c.Now())
	}
	return StillListed, c.call(ctx, stopAt, func() error { return c.List.Drop(ctx, f.Entry) })
}
