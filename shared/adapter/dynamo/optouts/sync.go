package optouts

import (
	"context"
	"iter"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/suppression"
)

// Pending implements suppression.Queue.
func (t *Store) Pending(ctx context.Context, now time.Time) iter.Seq2[optout.Record, error] {
	return records(t.Table.Pending().Rows(ctx, optout.PendingSync, now), "find records to sync with SES")
}

// Backlog implements suppression.Queue.
func (t *Store) Backlog(ctx context.Context, now time.Time) (count int, oldest time.Time, err error) {
	return t.backlog(ctx, []string{optout.PendingSync}, now, now)
}

// Late counts the records that were due for SES at the time before or
// earlier and has not been, those that are on their way in a bulk job too, and
// says since when the oldest of all has waited (zero: none does).
func (t *Store) Late(ctx context.Context, before, now time.Time) (count int, oldest time.Time, err error) {
	jobs, err := t.Jobs(ctx)
	if err != nil {
		return 0, time.Time{}, err
	}
	kinds := []string{optout.PendingSync}
	for _, j := range jobs {
		kinds = append(kinds, suppression.PendingJob+j.ID)
	}
	return t.backlog(ctx, kinds, before, now)
}

func (t *Store) backlog(ctx context.Context, kinds []string, by, now time.Time) (int, time.Time, error) {
	count, oldest, err := t.Table.Pending().Backlog(ctx, kinds, by, now)
	return count, oldest, dynamo.Fault(err, "count records to sync with SES")
}

// MarkSynced implements suppression.Queue.
func (t *Store) MarkSynced(ctx context.Context, r optout.Record, p optout.Projection) error {
	return t.write(ctx, r.Key, suppression.SyncedPatch(r, p), "mark a record as synced with SES")
}

// Requeue implements suppression.Queue.
func (t *Store) Requeue(ctx context.Context, k optout.Key, at time.Time) error {
	err := t.Table.Update(ctx, Key(k), suppression.RequeuePatch(at))
	if refused := dynamo.Refusals(err); len(refused) > 0 && Record(refused[0].Row).Tombstone() {
		return nil
	}
	return dynamo.Fault(err, "queue a record for SES")
}

// Forgotten implements suppression.Ledger.
func (t *Store) Forgotten(ctx context.Context, k optout.Key) error {
	return fault.Unless(fault.Conflict, t.write(ctx, k, suppression.ForgottenPatch(), "mark a tombstone as not listed by SES"))
}

// write patches one record. One of which nothing is kept is deleted.
func (t *Store) write(ctx context.Context, k optout.Key, p patch.Patch, doing string) error {
	if _, only := p.Kept(); only {
		return dynamo.Fault(t.Table.Delete(ctx, Key(k), p.Conditions()...), doing)
	}
	return dynamo.Fault(t.Table.Update(ctx, Key(k), p), doing)
}
