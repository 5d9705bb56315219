package disposals

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

func HoldRow(id string) string { return "hold#" + id }

// holdsUnmoved checks, as a part of a transaction, that nobody has placed or
// lifted a hold since entry seq of their history.
func (t *Store) holdsUnmoved(seq int) types.TransactWriteItem {
	return t.Requests.Table.CheckWrite(requests.Key(HoldsID, HeadRow), endsWith(seq))
}

// AllHolds implements disposal.HoldStore. The head is read first: a hold that
// is placed in between is then one more than it says, and never one less.
func (t *Store) AllHolds(ctx context.Context) ([]disposal.Hold, audit.Head, error) {
	head, err := t.head(ctx, HoldsID, disposal.HoldsSubject)
	if err != nil {
		return nil, head, err
	}
	var all []disposal.Hold
	for i, err := range t.Requests.Table.Rows(ctx, ownRows(HoldsID, HoldRow(""))) {
		if err != nil {
			return nil, head, dynamo.Fault(err, "read the holds")
		}
		h, err := ReadHold(i)
		if err != nil {
			return nil, head, err
		}
		all = append(all, h)
	}
	slices.SortStableFunc(all, func(a, b disposal.Hold) int { return a.PlacedAt.Compare(b.PlacedAt) })
	return all, head, nil
}

// storedHold is the row of a hold; its JSON is that of disposal.Hold.
func storedHold(h disposal.Hold) (dynamo.Item, error) {
	row := requests.Key(HoldsID, HoldRow(h.ID))
	return row, row.SetJSON("hold", h)
}

func ReadHold(i dynamo.Item) (h disposal.Hold, err error) {
	if i.JSON("hold", &h) != nil {
		err = fault.New(fault.Internal, "a hold cannot be read")
	}
	return h, err
}

// InForce implements disposal.Store.
func (t *Store) InForce(ctx context.Context) (disposal.InForce, error) {
	all, head, err := t.AllHolds(ctx)
	lifted := func(h disposal.Hold) bool { return !h.LiftedAt.IsZero() }
	return disposal.InForce{Seq: head.Seq, List: slices.DeleteFunc(all, lifted)}, err
}

// Hold implements disposal.HoldStore.
func (t *Store) Hold(ctx context.Context, id string) (disposal.Hold, error) {
	row, err := t.Requests.Table.Get(ctx, requests.Key(HoldsID, HoldRow(id)))
	if err != nil {
		return disposal.Hold{}, dynamo.Fault(err, "read a hold")
	}
	if len(row) == 0 {
		return disposal.Hold{}, fault.New(fault.NotFound, "There is no such hold.")
	}
	return ReadHold(row)
}

// SaveHold implements disposal.HoldStore.
func (t *Store) SaveHold(ctx context.Context, h disposal.Hold, e audit.Entry) error {
	row, err := storedHold(h)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a hold")
	}
	writes, err := t.chain(HoldsID, e)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a hold")
	}
	return dynamo.Fault(t.Requests.Table.Transact(ctx, append(writes, t.Requests.Table.PutWrite(row))...), "write a hold")
}

// HoldsHistory returns the entries of placing and lifting.
func (t *Store) HoldsHistory(ctx context.Context) (audit.History, error) {
	return t.history(ctx, HoldsID, disposal.HoldsSubject)
}
