package dynamo

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/fault"
	"privacydesk/shared/optout"
)

// The kinds of work in the index Pending.
const (
	pendingIndex = "Pending"
	pendingSES   = "ses"
	pendingMail  = "mail"
)

func (t *OptOuts) due(kind string, now time.Time) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{
		TableName: &t.Table, IndexName: aws.String(pendingIndex),
		KeyConditionExpression:    aws.String("#kind = :kind AND #at <= :now"),
		ExpressionAttributeNames:  map[string]string{"#kind": "pending", "#at": "pending_at"},
		ExpressionAttributeValues: item{":kind": str(kind), ":now": stamp(now)},
	}
}

// Pending implements optout.Queue.
func (t *OptOuts) Pending(ctx context.Context, now time.Time) iter.Seq2[optout.Record, error] {
	return func(yield func(optout.Record, error) bool) {
		for i, err := range rows(ctx, t.DB, t.due(pendingSES, now)) {
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
	if oldest, err = t.first(ctx, pendingSES, now); err != nil || oldest.IsZero() {
		return 0, time.Time{}, err
	}
	if count, err = t.countDue(ctx, pendingSES, now); err != nil {
		return 0, time.Time{}, err
	}
	return count, oldest, nil
}

// Projected implements optout.Queue.
func (t *OptOuts) Projected(ctx context.Context, r optout.Record, p optout.Projection) error {
	u := newUpdate()
	u.put("ses", str(string(p.Status)))
	u.put("ses_at", stamp(p.At))
	u.putOrDrop("ses_reason", p.Reason)
	u.putOrDrop("job", p.Job)
	u.drop("overtook")
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
	if errors.Is(err, &fault.Error{Code: fault.Conflict}) {
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
