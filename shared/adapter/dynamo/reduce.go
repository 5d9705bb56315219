package dynamo

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

// tombstoneItem is a row that holds what optout.Record.Reduce has left, and
// nothing else.
func tombstoneItem(r optout.Record) item {
	row := optOutKey(r.Key)
	row["state"], row["version"] = str(string(r.State)), num(r.Version)
	if r.Projection.Status != optout.Untold {
		row["ses"] = str(string(r.Projection.Status))
	}
	for name, at := range map[string]time.Time{
		"first_at": r.FirstAt, "out_since": r.OutSince, "changed_at": r.ChangedAt, "until": r.Until,
		"reduced_at": r.ReducedAt, "erased_at": r.ErasedAt, "ses_at": r.Projection.At,
	} {
		if !at.IsZero() {
			row[name] = stamp(at)
		}
	}
	return row
}

// tombstone writes the tombstone of an opt-out over its row: whatever else
// stands there goes, known to this code or not. The row must be as it was read
// in all that is kept, and SES must know of it.
func (t *OptOuts) tombstone(row item, at time.Time, erased bool) types.TransactWriteItem {
	left := tombstoneItem(record(row).Reduce(at, erased))
	u := newUpdate() // for its conditions alone
	u.absent("pending")
	for _, name := range slices.Sorted(maps.Keys(left)) {
		u.sameOrAbsent(name, row[name])
	}
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &t.Table, Item: left, ConditionExpression: u.conditions(),
		ExpressionAttributeNames: u.names, ExpressionAttributeValues: u.given(row),
	}}
}

// Entomb makes a tombstone of one opt-out by itself; the sweep does it in a
// transaction with the run. Conflict: it has another version, or SES has still
// to be told.
func (t *OptOuts) Entomb(ctx context.Context, k optout.Key, version int, at time.Time, erased bool) error {
	const doing = "make a tombstone of an opt-out"
	found, err := t.batchGet(ctx, []optout.Key{k})
	if err != nil {
		return asFault(err, doing)
	}
	if len(found) == 0 || record(found[0]).Version != version {
		return fault.New(fault.Conflict, "the version has moved")
	}
	_, err = t.DB.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{t.tombstone(found[0], at, erased)}})
	return asFault(err, doing)
}

// removal deletes an opt-out row of a class that still has the version and is
// known to SES, for classes that leave no tombstone.
func (t *OptOuts) removal(k optout.Key, version int, class schedule.Class) types.TransactWriteItem {
	u := newUpdate() // for its conditions alone
	u.only("version", num(version))
	u.only("disposal", str(string(class)))
	u.absent("pending")
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName: &t.Table, Key: optOutKey(k), ConditionExpression: u.conditions(),
		ExpressionAttributeNames: u.names, ExpressionAttributeValues: u.given(optOutKey(k)),
	}}
}

// reduction writes what is left of a request. Its own row, on the condition of
// its version, comes last, and before it the entry that tells of the
// reduction; see turns for more rows than a transaction takes.
func (t *Requests) reduction(r request.Reduction) ([]types.TransactWriteItem, error) {
	var writes []types.TransactWriteItem
	for _, e := range r.Blanked {
		row, err := eventItem(e)
		if err != nil {
			return nil, err
		}
		writes = append(writes, types.TransactWriteItem{Put: &types.Put{
			TableName: &t.Table, Item: row, ConditionExpression: aws.String("attribute_exists(id)"),
		}})
	}
	for _, n := range r.Letters {
		writes = append(writes, types.TransactWriteItem{Put: &types.Put{
			TableName: &t.Table, Item: spreadRow(letterItem(n)), ConditionExpression: aws.String("attribute_exists(id) AND attribute_not_exists(pending)"),
		}})
	}
	event, err := eventItem(r.Event)
	if err != nil {
		return nil, err
	}
	row, err := requestItem(&r.Request)
	if err != nil {
		return nil, err
	}
	return append(writes, t.put(event, 0), t.put(row, r.Request.Version-1)), nil
}

// deletion deletes all rows of a request, its own, on the condition of its
// version, last.
func (t *Requests) deletion(f request.File) []types.TransactWriteItem {
	var writes []types.TransactWriteItem
	remove := func(key item) *types.Delete {
		d := &types.Delete{TableName: &t.Table, Key: key}
		writes = append(writes, types.TransactWriteItem{Delete: d})
		return d
	}
	for _, n := range f.Letters {
		remove(letterKey(n))
	}
	for _, e := range f.Events {
		remove(eventKey(e))
	}
	last := remove(requestKey(f.Request.ID, requestRowName))
	last.ConditionExpression = aws.String("version = :before")
	last.ExpressionAttributeValues = item{":before": num(f.Request.Version)}
	return writes
}

// turns splits what reduction or deletion writes of a request into
// transactions of at most so many writes, 2 or more. All but the last check
// that the request has still the version; the last has its own row, so that
// the index Disposal leads to the request until nothing is left to do. Blanked
// entries verify as before, so that a reduction that ends between two turns
// leaves a whole history. Of a deletion the oldest entries go first, and the
// history says that they are gone.
func (t *Requests) turns(id string, version int, writes []types.TransactWriteItem, most int) [][]types.TransactWriteItem {
	still := types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &t.Table, Key: requestKey(id, requestRowName), ConditionExpression: aws.String("version = :before"),
		ExpressionAttributeValues: item{":before": num(version)},
	}}
	var all [][]types.TransactWriteItem
	for len(writes) > most {
		n := min(most-1, len(writes)-2)
		all = append(all, append([]types.TransactWriteItem{still}, writes[:n]...))
		writes = writes[n:]
	}
	return append(all, writes)
}
