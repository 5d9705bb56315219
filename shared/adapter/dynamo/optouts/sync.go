package optouts

import (
	"context"
	"iter"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
)

// PendingSES is the kind of the rows in the index Pending that SES must be told of.
const PendingSES = "ses"

// Pending implements optout.Queue.
func (t *Store) Pending(ctx context.Context, now time.Time) iter.Seq2[optout.Record, error] {
	return records(t.Table.Pending().Rows(ctx, PendingSES, now), "find what SES must be told")
}

// Backlog implements optout.Queue.
func (t *Store) Backlog(ctx context.Context, now time.Time) (count int, oldest time.Time, err error) {
	return t.backlog(ctx, []string{PendingSES}, now, now)
}

// Late counts the records that SES was to be told of at the time before or
// earlier and has not been, those that are on their way in a bulk job too, and
// says since when the oldest of all has waited (zero: none does).
func (t *Store) Late(ctx context.Context, before, now time.Time) (count int, oldest time.Time, err error) {
	jobs, err := t.Jobs(ctx)
	if err != nil {
		return 0, time.Time{}, err
	}
	kinds := []string{PendingSES}
	for _, j := range jobs {
		kinds = append(kinds, pendJob+j.ID)
	}
	return t.backlog(ctx, kinds, before, now)
}

func (t *Store) backlog(ctx context.Context, kinds []string, by, now time.Time) (int, time.Time, error) {
	count, oldest, err := t.Table.Pending().Backlog(ctx, kinds, by, now)
	return count, oldest, dynamo.Fault(err, "count what SES must be told")
}

// MarkSynced implements optout.Queue.
func (t *Store) MarkSynced(ctx context.Context, r optout.Record, p optout.Projection) error {
	if r.State == "" && p.DueAt.IsZero() {
		return t.forgetRow(ctx, r)
	}
	var u patch.Patch
	u.Set("ses", p.Status)
	u.Set("ses_at", p.At)
	u.Set("ses_reason", p.Reason)
	u.Set("job", p.Job)
	if p.DueAt.IsZero() {
		u.Clear("pending", "pending_at")
	} else {
		u.Set("pending", PendingSES)
		u.Set("pending_at", p.DueAt)
	}
	u.If(patch.Is("version", r.Version))
	u.If(patch.Absent("reduced_at"))
	return t.mark(ctx, u, Key(r.Key), "mark a record as told to SES")
}

// forgetRow deletes the row of a record that is none.
func (t *Store) forgetRow(ctx context.Context, r optout.Record) error {
	err := t.Table.Delete(ctx, Key(r.Key), patch.Is("version", r.Version), patch.Absent("state"))
	return dynamo.Fault(err, "forget an import that was undone")
}

// Requeue implements optout.Queue.
func (t *Store) Requeue(ctx context.Context, k optout.Key, at time.Time) error {
	var u patch.Patch
	u.Set("pending", PendingSES)
	u.Set("pending_at", at)
	u.If(patch.Present("ref"))
	u.If(patch.Absent("reduced_at")) // a tombstone has no address to tell
	_, err := t.Table.Update(ctx, Key(k), u)
	if refused := dynamo.Refusals(err); len(refused) > 0 && Record(refused[0].Row).Tombstone() {
		return nil
	}
	return dynamo.Fault(err, "queue a record for SES")
}

// Forgotten implements optout.Ledger.
func (t *Store) Forgotten(ctx context.Context, k optout.Key) error {
	var u patch.Patch
	u.Clear("ses")
	u.If(patch.Present("reduced_at"))
	return fault.Unless(fault.Conflict, t.mark(ctx, u, Key(k), "mark a tombstone as not listed by SES"))
}

func (t *Store) mark(ctx context.Context, u patch.Patch, key dynamo.Item, doing string) error {
	_, err := t.Table.Update(ctx, key, u)
	return dynamo.Fault(err, doing)
}
