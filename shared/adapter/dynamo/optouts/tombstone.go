package optouts

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/schedule"
)

// Tombstone writes the tombstone of an opt-out over its row: whatever else
// stands there goes, known to this code or not. The row must be as it was read
// in all that is kept, and SES must know of it.
func (t *Store) Tombstone(row dynamo.Item, at time.Time, erased bool) types.TransactWriteItem {
	return t.Table.RewriteWrite(Key(Record(row).Key), row, optout.TombstonePatch(at, erased))
}

// MakeTombstone makes a tombstone of one opt-out by itself; the sweep does it in a
// transaction with the run. Conflict: it has another version, or SES has still
// to be synced.
func (t *Store) MakeTombstone(ctx context.Context, k optout.Key, version int, at time.Time, erased bool) error {
	found, err := t.Rows(ctx, []optout.Key{k})
	if err != nil {
		return err
	}
	if len(found) == 0 || Record(found[0]).Version != version {
		return fault.New(fault.Conflict, "the version has moved")
	}
	return dynamo.Fault(t.Table.Transact(ctx, t.Tombstone(found[0], at, erased)), "make a tombstone of an opt-out")
}

// Removal deletes an opt-out row of a class that still has the version and is
// known to SES, for classes that leave no tombstone.
func (t *Store) Removal(k optout.Key, version int, class schedule.Class) types.TransactWriteItem {
	return t.Table.RewriteWrite(Key(k), nil, optout.RemovalPatch(version, class))
}
