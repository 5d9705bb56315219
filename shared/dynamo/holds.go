package dynamo

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/fault"
	"privacydesk/shared/register"
	"privacydesk/shared/retention"
)

func holdRow(id string) string { return "hold#" + id }

// holdsUnmoved checks, as a part of a transaction, that nobody has placed or
// lifted a hold since entry seq of their history.
func (t *Disposals) holdsUnmoved(seq int) types.TransactWriteItem {
	check := &types.ConditionCheck{TableName: &t.Requests.Table, Key: requestKey(holdsID, headRow)}
	check.ConditionExpression, check.ExpressionAttributeValues = stands(seq)
	return types.TransactWriteItem{ConditionCheck: check}
}

// AllHolds implements retention.HoldStore. The head is read first: a hold that
// is placed in between is then one more than it says, and never one less.
func (t *Disposals) AllHolds(ctx context.Context) ([]retention.Hold, register.Head, error) {
	head, err := t.head(ctx, holdsID, retention.HoldsSubject)
	if err != nil {
		return nil, head, err
	}
	var all []retention.Hold
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
	slices.SortStableFunc(all, func(a, b retention.Hold) int { return a.PlacedAt.Compare(b.PlacedAt) })
	return all, head, nil
}

// storedHold is the row of a hold; its JSON is that of retention.Hold.
func storedHold(h retention.Hold) (item, error) {
	text, err := json.Marshal(h)
	row := requestKey(holdsID, holdRow(h.ID))
	row["hold"] = str(string(text))
	return row, err
}

func readHold(i item) (h retention.Hold, err error) {
	if err := json.Unmarshal([]byte(i.str("hold")), &h); err != nil {
		return h, fault.New(fault.Internal, "a hold cannot be read")
	}
	return h, nil
}

// InForce implements retention.Shelf.
func (t *Disposals) InForce(ctx context.Context) (retention.InForce, error) {
	all, head, err := t.AllHolds(ctx)
	lifted := func(h retention.Hold) bool { return !h.LiftedAt.IsZero() }
	return retention.InForce{Seq: head.Seq, List: slices.DeleteFunc(all, lifted)}, err
}

// Hold implements retention.HoldStore.
func (t *Disposals) Hold(ctx context.Context, id string) (retention.Hold, error) {
	out, err := t.Requests.DB.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.Requests.Table, Key: requestKey(holdsID, holdRow(id)), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return retention.Hold{}, asFault(err, "read a hold")
	}
	if len(out.Item) == 0 {
		return retention.Hold{}, fault.New(fault.NotFound, "There is no such hold.")
	}
	return readHold(out.Item)
}

// SaveHold implements retention.HoldStore.
func (t *Disposals) SaveHold(ctx context.Context, h retention.Hold, e register.Entry) error {
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
func (t *Disposals) HoldsHistory(ctx context.Context) (register.History, error) {
	return t.history(ctx, holdsID, retention.HoldsSubject)
}
