package optouts

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/schedule"
)

// TombstoneRow is a row that holds what optout.Record.Reduce has left, and
// nothing else.
func TombstoneRow(r optout.Record) dynamo.Item {
	row := Key(r.Key)
	row["state"], row["version"] = dynamo.Str(string(r.State)), dynamo.Num(r.Version)
	if r.Projection.Status != optout.Unsynced {
		row["ses"] = dynamo.Str(string(r.Projection.Status))
	}
	for name, at := range map[string]time.Time{
		"first_at": r.FirstAt, "out_since": r.OutSince, "changed_at": r.ChangedAt, "until": r.Until,
		"reduced_at": r.ReducedAt, "erased_at": r.ErasedAt, "ses_at": r.Projection.At,
	} {
		row.SetTime(name, at)
	}
	return row
}

// Tombstone writes the tombstone of an opt-out over its row: whatever else
// stands there goes, known to this code or not. The row must be as it was read
// in all that is kept, and SES must know of it.
func (t *Store) Tombstone(row dynamo.Item, at time.Time, erased bool) types.TransactWriteItem {
	left := TombstoneRow(Record(row).Reduce(at, erased))
	conditions := []patch.Condition{patch.Absent("pending")}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		conditions = append(conditions, row.Same(name))
	}
	return t.Table.PutWrite(left, conditions...)
}

// MakeTombstone makes a tombstone of one opt-out by itself; the sweep does it in a
// transaction with the run. Conflict: it has another version, or SES has still
// to be told.
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
	return t.Table.DeleteWrite(Key(k), patch.Is("version", version), patch.Is("disposal", class), patch.Absent("pending"))
}
