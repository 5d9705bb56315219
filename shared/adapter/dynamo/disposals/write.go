package disposals

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/schedule"
)

// Dispose implements disposal.Store. The holds, the head and the proof are the
// first three actions of the transaction.
func (t *Store) Dispose(ctx context.Context, b disposal.Batch) error {
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
		turns := t.Requests.Turns(b.Works[0].ID, b.Works[0].Version, writes, disposal.MaxWrites)
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
	err = t.Requests.Table.Transact(ctx, all...)
	if refused := whyRefused(err, owner); refused != nil {
		return refused
	}
	return disposalFault(err, "dispose of records")
}

// firstTurns writes what of a large request goes before its own row. Doing a
// part of it again, after a refusal or a crash, ends the same.
func (t *Store) firstTurns(ctx context.Context, turns [][]types.TransactWriteItem, holds int) error {
	for _, turn := range turns {
		err := t.Requests.Table.Transact(ctx, append([]types.TransactWriteItem{t.holdsUnmoved(holds)}, turn...)...)
		if refusals := dynamo.Refusals(err); slices.ContainsFunc(refusals, failed) {
			moved := failed(refusals[0])
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
func (t *Store) writes(w disposal.Work) (writes []types.TransactWriteItem, err error) {
	switch {
	case w.Request != nil && w.Outcome == disposal.Deleted:
		writes = t.Requests.Deletion(*w.Request)
	case w.Request != nil:
		writes, err = t.Requests.Reduction(w.Reduction)
	case w.OptOut == nil:
		writes = append(writes, t.confirmationDelete(w))
	case w.Outcome == disposal.Deleted:
		writes = append(writes, t.OptOuts.Removal(w.OptOut.Key, w.Version, schedule.SoftBounces))
	default:
		writes = append(writes, t.OptOuts.Tombstone(w.Row.(dynamo.Item), w.At, w.Erased))
	}
	return writes, err
}

// confirmationDelete deletes an opt-in confirmation that was not asked for anew.
func (t *Store) confirmationDelete(w disposal.Work) types.TransactWriteItem {
	queued := w.Row.(dynamo.Item).Str("queued_at")
	return t.OptOuts.Table.DeleteWrite(optouts.Key(optOutNamed(w.ID)), patch.Is("queued_at", queued))
}

func failed(r dynamo.Refusal) bool { return r.Code == dynamo.ConditionFailed }

// disposalFault tells apart where DynamoDB finds fault with the call itself, as
// it will next time: a record of which two parts say that they are the same.
func disposalFault(err error, doing string) error {
	var api interface{ ErrorCode() string }
	invalid := slices.ContainsFunc(dynamo.Refusals(err), func(r dynamo.Refusal) bool { return r.Code == dynamo.Invalid })
	if invalid || errors.As(err, &api) && api.ErrorCode() == "ValidationException" {
		return fmt.Errorf("%w: %w", disposal.ErrUnwritable, err)
	}
	return dynamo.Fault(err, doing)
}

// whyRefused reads the reasons of a transaction that was cancelled; nil when
// it was not, or for none that is known.
func whyRefused(err error, owner []int) error {
	refusals := dynamo.Refusals(err)
	if len(refusals) != 3+len(owner) {
		return nil
	}
	r := &disposal.Refused{Works: map[int]disposal.Outcome{}}
	for n, refusal := range refusals {
		switch {
		case !failed(refusal) && refusal.Code != dynamo.Contended:
		case n == 0:
			r.Holds = true
		case n < 3:
			r.History = true
		case n-3 < len(owner)-1 && owner[n-2] == owner[n-3]: // a part of a record whose own row comes later
			r.Works[owner[n-3]] = disposal.Changed
		default:
			r.Works[owner[n-3]] = becameOf(refusal)
		}
	}
	if !r.History && !r.Holds && len(r.Works) == 0 {
		return nil
	}
	return r
}

// becameOf says what a record has become that is not what it was.
func becameOf(r dynamo.Refusal) disposal.Outcome {
	switch {
	case r.Code == dynamo.Contended:
		return disposal.Changed
	case len(r.Row) == 0:
		return disposal.Gone
	case r.Row.Str("pending") != "":
		return disposal.Waiting
	}
	return disposal.Changed
}
