package dynamo

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

// The kinds of work in the index Pending.
const (
	pendingIndex = "Pending"
	pendingSES   = "ses"
	pendingMail  = "mail"
)

// fewPending is up to how many rows the index Pending is read whole, in one
// call: they are some 100 KB at most.
const fewPending = 100

// pendingPage is how many rows of a shard are read together: of all of them, a
// few megabytes.
const pendingPage = 125

func pendingOf(db *dynamodb.Client, table string) index {
	return index{db: db, table: table, name: pendingIndex, kind: "pending", at: "pending_at", few: fewPending}
}

// due yields the rows that wait for a kind of work, oldest first.
func due(ctx context.Context, db *dynamodb.Client, table, kind string, now time.Time) iter.Seq2[item, error] {
	return pendingOf(db, table).waiting(ctx, span{kind: kind, until: text(now), page: pendingPage})
}

// Pending implements optout.Queue.
func (t *OptOuts) Pending(ctx context.Context, now time.Time) iter.Seq2[optout.Record, error] {
	return func(yield func(optout.Record, error) bool) {
		for i, err := range due(ctx, t.DB, t.Table, pendingSES, now) {
			if err != nil {
				yield(optout.Record{}, asFault(err, "find what SES must be told"))
				return
			}
			if !yield(record(i), nil) {
				return
			}
		}
	}
}

// Backlog implements optout.Queue.
func (t *OptOuts) Backlog(ctx context.Context, now time.Time) (count int, oldest time.Time, err error) {
	return t.backlog(ctx, []string{pendingSES}, now, now)
}

// backlog counts what has waited since a time or longer, and says since when
// the oldest of all has.
func (t *OptOuts) backlog(ctx context.Context, kinds []string, since, now time.Time) (int, time.Time, error) {
	count, oldest, err := pendingOf(t.DB, t.Table).backlog(ctx, kinds, text(since), text(now))
	return count, instant(oldest).time(), asFault(err, "count what SES must be told")
}

// Projected implements optout.Queue.
func (t *OptOuts) Projected(ctx context.Context, r optout.Record, p optout.Projection) error {
	if r.State == "" && p.DueAt.IsZero() {
		return t.forgetRow(ctx, r)
	}
	u := newUpdate()
	u.put("ses", str(string(p.Status)))
	u.put("ses_at", stamp(p.At))
	u.putOrDrop("ses_reason", p.Reason)
	u.putOrDrop("job", p.Job)
	if p.DueAt.IsZero() {
		u.drop("pending", "pending_at")
	} else {
		u.put("pending", str(pendingSES))
		u.put("pending_at", stamp(p.DueAt))
	}
	u.only("version", num(r.Version))
	u.absent("reduced_at")
	return t.mark(ctx, u, optOutKey(r.Key), "mark a record as told to SES")
}

// forgetRow deletes the row of a record that is none.
func (t *OptOuts) forgetRow(ctx context.Context, r optout.Record) error {
	u := newUpdate() // for its conditions alone
	u.only("version", num(r.Version))
	u.absent("state")
	_, err := t.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &t.Table, Key: optOutKey(r.Key), ConditionExpression: u.conditions(),
		ExpressionAttributeNames: u.names, ExpressionAttributeValues: u.given(optOutKey(r.Key)),
	})
	return asFault(err, "forget an import that was undone")
}

// Requeue implements optout.Queue.
func (t *OptOuts) Requeue(ctx context.Context, k optout.Key, at time.Time) error {
	u := newUpdate()
	u.put("pending", str(pendingSES))
	u.put("pending_at", stamp(at))
	u.exists("ref")
	u.absent("reduced_at") // a tombstone has no address to tell
	err := retry(ctx, func() error {
		in := u.input(t.Table, optOutKey(k))
		in.ReturnValues, in.ReturnValuesOnConditionCheckFailure = types.ReturnValueNone, types.ReturnValuesOnConditionCheckFailureAllOld
		_, err := t.DB.UpdateItem(ctx, in)
		return err
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok && record(failed.Item).Tombstone() {
		return nil
	}
	return asFault(err, "queue a record for SES")
}

// Forgotten implements optout.Ledger.
func (t *OptOuts) Forgotten(ctx context.Context, k optout.Key) error {
	u := newUpdate()
	u.drop("ses")
	u.exists("reduced_at")
	err := t.mark(ctx, u, optOutKey(k), "mark a tombstone as not listed by SES")
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

func (t *OptOuts) mark(ctx context.Context, u *update, key item, doing string) error {
	return asFault(retry(ctx, func() error {
		in := u.input(t.Table, key)
		in.ReturnValues = types.ReturnValueNone
		_, err := t.DB.UpdateItem(ctx, in)
		return err
	}), doing)
}
