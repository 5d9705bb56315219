package optouts

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
)

// Apply implements optout.Store: one UpdateItem, unless the row refuses it.
func (t *Store) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	var row dynamo.Item
	err := optout.Commit([]optout.Change{c}, func(patches []patch.Patch) (_ map[int]patch.Row, err error) {
		row, err = t.Table.UpdateGet(ctx, Key(c.Key), patches[0])
		return refused(err, 0, 1), err
	})
	if err != nil {
		return optout.Record{}, dynamo.Fault(err, "record a choice")
	}
	return Record(row), nil
}

// Transact writes choices into the table of opt-outs, in one transaction
// with the writes of other rows, which come first. Its errors are the SDK's.
func Transact(ctx context.Context, client, table dynamo.Table, others []types.TransactWriteItem, changes []optout.Change) error {
	return optout.Commit(changes, func(patches []patch.Patch) (map[int]patch.Row, error) {
		writes := others[:len(others):len(others)]
		for i, p := range patches {
			writes = append(writes, table.UpdateWrite(Key(changes[i].Key), p))
		}
		err := client.Transact(ctx, writes...)
		return refused(err, len(others), len(patches)), err
	})
}

// refused are the rows that have refused choices, by the choice's place. The
// choices come after so many other writes. It is nil if anything else is wrong.
func refused(err error, others, choices int) map[int]patch.Row {
	refusals, rows := dynamo.Refusals(err), map[int]patch.Row{}
	if len(refusals) != others+choices {
		return nil
	}
	for i, r := range refusals {
		switch {
		case r.Code == "None":
		case i < others || r.Code != dynamo.ConditionFailed:
			return nil
		default:
			rows[i-others] = dynamo.RowOf(r.Row)
		}
	}
	return rows
}
