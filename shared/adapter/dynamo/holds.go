package dynamo

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

func holdRow(id string) string { return "hold#" + id }

// holdsUnmoved checks, as a part of a transaction, that nobody has placed or
// lifted a hold since entry seq of their history.
func (t *Disposals) holdsUnmoved(seq int) types.TransactWriteItem {
	check := &types.ConditionCheck{TableName: &t.Requests.Table, Key: requestKey(holdsID, headRow)}
	check.ConditionExpression, check.ExpressionAttributeValues = stands(seq)
	return types.TransactWriteItem{ConditionCheck: check}
}

// AllHolds implements disposal.HoldStore. The head is read first: a hold that
// is placed in between is then one more than it says, and never one less.
func (t *Disposals) AllHolds(ctx context.Context) ([]disposal.Hold, audit.Head, error) {
	head, err := t.head(ctx, holdsID, disposal.HoldsSubject)
	if err != nil {
		return nil, head, err
	}
	var all []disposal.Hold
	for i, err := range rows(ctx, t.Requests.DB, t.ownRows(holdsID, holdRow(""))) {
		if err != nil {
			return nil, head, asFault(err, "read the holds")
		}
		h, err := readHold(i)
		if err != nil {
			return nil, head, err
		}
		all = append(all, h)
	}
	slices.SortStableFunc(all, func(a, b disposal.Hold) int { return a.PlacedAt.Compare(b.PlacedAt) })
	return all, head, nil
}

// storedHold is the row of a hold; its JSON is that of disposal.Hold.
func storedHold(h disposal.Hold) (item, error) {
	text, err := json.Marshal(h)
	row := requestKey(holdsID, holdRow(h.ID))
	row["hold"] = str(string(text))
	return row, err
}

func readHold(i item) (h disposal.Hold, err error) {
	if err := json.Unmarshal([]byte(i.str("hold")), &h); err != nil {
		return h, fault.New(fault.Internal, "a hold cannot be read")
	}
	return h, nil
}

// InForce implements disposal.Shelf.
func (t *Disposals) InForce(ctx context.Context) (disposal.InForce, error) {
	all, head, err := t.AllHolds(ctx)
	lifted := func(h disposal.Hold) bool { return !h.LiftedAt.IsZero() }
	return disposal.InForce{Seq: head.Seq, List: slices.DeleteFunc(all, lifted)}, err
}

// Hold implements disposal.HoldStore.
func (t *Disposals) Hold(ctx context.Context, id string) (disposal.Hold, error) {
	out, err := t.Requests.DB.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.Requests.Table, Key: requestKey(holdsID, holdRow(id)), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return disposal.Hold{}, asFault(err, "read a hold")
	}
	if len(out.Item) == 0 {
		return disposal.Hold{}, fault.New(fault.NotFound, "There is no such hold.")
	}
	return readHold(out.Item)
}

// SaveHold implements disposal.HoldStore.
func (t *Disposals) SaveHold(ctx context.Context, h disposal.Hold, e audit.Entry) error {
	row, err := storedHold(h)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a hold")
	}
	writes, err := t.chain(holdsID, e)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write a hold")
	}
	writes = append(writes, types.TransactWriteItem{Put: &types.Put{TableName: &t.Requests.Table, Item: row}})
	return asFault(t.Requests.transact(ctx, writes), "write a hold")
}

// HoldsHistory returns the entries of placing and lifting.
func (t *Disposals) HoldsHistory(ctx context.Context) (audit.History, error) {
	return t.history(ctx, holdsID, disposal.HoldsSubject)
}
