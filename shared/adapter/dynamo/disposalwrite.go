package dynamo

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/schedule"
)

// Dispose implements disposal.Store. The holds, the head and the proof are the
// first three actions of the transaction.
func (t *Disposals) Dispose(ctx context.Context, b disposal.Batch) error {
	var writes []types.TransactWriteItem
	var owner []int // of each write, the work
	for n, w := range b.Works {
		own, err := t.writes(w)
		if err != nil {
			return fault.Wrap(fault.Internal, err, "dispose of "+w.ID)
		}
		for range own {
			owner = append(owner, n)
		}
		writes = append(writes, own...)
	}
	if len(writes) > disposal.MaxWrites {
		turns := t.Requests.turns(b.Works[0].ID, b.Works[0].Version, writes, disposal.MaxWrites)
		writes = turns[len(turns)-1]
		owner = owner[:len(writes)]
		if err := t.firstTurns(ctx, turns[:len(turns)-1], b.Holds); err != nil {
			return err
		}
	}
	proof, err := t.proof(b.Proof)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a certificate")
	}
	all := append([]types.TransactWriteItem{t.holdsUnmoved(b.Holds)}, append(proof, writes...)...)
	err = t.Requests.transact(ctx, all)
	if refused := whyRefused(err, owner); refused != nil {
		return refused
	}
	return disposalFault(err, "dispose of records")
}

// firstTurns writes what of a large request goes before its own row. Doing a
// part of it again, after a refusal or a crash, ends the same.
func (t *Disposals) firstTurns(ctx context.Context, turns [][]types.TransactWriteItem, holds int) error {
	for _, turn := range turns {
		err := t.Requests.transact(ctx, append([]types.TransactWriteItem{t.holdsUnmoved(holds)}, turn...))
		if c, ok := errors.AsType[*types.TransactionCanceledException](err); ok && cancelled(err, "ConditionalCheckFailed") {
			moved := aws.ToString(c.CancellationReasons[0].Code) == "ConditionalCheckFailed"
			refused := &disposal.Refused{Holds: moved}
			if !moved {
				refused.Works = map[int]disposal.Outcome{0: disposal.Changed}
			}
			return refused
		}
		if err != nil {
			return disposalFault(err, "dispose of a part of a request")
		}
	}
	return nil
}

// writes are those of one record. The last is of its own row, has the conditions,
// and says what it found when it is refused.
func (t *Disposals) writes(w disposal.Work) (writes []types.TransactWriteItem, err error) {
	switch {
	case w.Request != nil && w.Outcome == disposal.Deleted:
		writes = t.Requests.deletion(*w.Request)
	case w.Request != nil:
		writes, err = t.Requests.reduction(w.Reduction)
	case w.OptOut == nil:
		writes = append(writes, t.confirmationDelete(w))
	case w.Outcome == disposal.Deleted:
		writes = append(writes, t.OptOuts.removal(w.OptOut.Key, w.Version, schedule.SoftBounces))
	default:
		writes = append(writes, t.OptOuts.tombstone(w.Row.(item), w.At, w.Erased))
	}
	if err != nil {
		return nil, err
	}
	const old = types.ReturnValuesOnConditionCheckFailureAllOld
	switch own := &writes[len(writes)-1]; {
	case own.Delete != nil:
		own.Delete.ReturnValuesOnConditionCheckFailure = old
	case own.Put != nil:
		own.Put.ReturnValuesOnConditionCheckFailure = old
	}
	return writes, nil
}

// confirmationDelete deletes an opt-in confirmation that was not asked for anew.
func (t *Disposals) confirmationDelete(w disposal.Work) types.TransactWriteItem {
	d := &types.Delete{TableName: &t.OptOuts.Table, Key: optOutKey(optOutNamed(w.ID)), ConditionExpression: aws.String("attribute_not_exists(queued_at)")}
	if queued, ok := w.Row.(item)["queued_at"]; ok {
		d.ConditionExpression, d.ExpressionAttributeValues = aws.String("queued_at = :queued"), item{":queued": queued}
	}
	return types.TransactWriteItem{Delete: d}
}

// disposalFault tells apart where DynamoDB finds fault with the call itself, as
// it will next time: a record of which two parts say that they are the same.
func disposalFault(err error, doing string) error {
	var api interface{ ErrorCode() string }
	if cancelled(err, "ValidationError") || errors.As(err, &api) && api.ErrorCode() == "ValidationException" {
		return fmt.Errorf("%w: %w", disposal.ErrUnwritable, err)
	}
	return asFault(err, doing)
}

// whyRefused reads the reasons of a transaction that was cancelled; nil when
// it was not, or for none that is known.
func whyRefused(err error, owner []int) error {
	c, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok || len(c.CancellationReasons) != 3+len(owner) {
		return nil
	}
	r := &disposal.Refused{Works: map[int]disposal.Outcome{}}
	for n, reason := range c.CancellationReasons {
		switch code := aws.ToString(reason.Code); {
		case code != "ConditionalCheckFailed" && code != "TransactionConflict":
		case n == 0:
			r.Holds = true
		case n < 3:
			r.History = true
		default:
			r.Works[owner[n-3]] = becameOf(reason)
		}
	}
	if !r.History && !r.Holds && len(r.Works) == 0 {
		return nil
	}
	return r
}

// becameOf says what a record has become that is not what it was.
func becameOf(reason types.CancellationReason) disposal.Outcome {
	switch row := item(reason.Item); {
	case aws.ToString(reason.Code) == "TransactionConflict":
		return disposal.Changed
	case len(row) == 0:
		return disposal.Gone
	case row.str("pending") != "":
		return disposal.Waiting
	}
	return disposal.Changed
}
