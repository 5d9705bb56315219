package dynamo

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/schedule"
)

// Read implements disposal.Store. Opt-outs are read a hundred a call, of
// requests the whole file is.
func (t *Disposals) Read(ctx context.Context, items []disposal.Item) ([]disposal.Record, error) {
	if len(items) > 0 && ofOptOuts(items[0].Class) {
		return t.readOptOuts(ctx, items)
	}
	found := make([]disposal.Record, len(items))
	return found, together(len(items), func(n int) (err error) {
		found[n], err = t.file(ctx, items[n])
		return err
	})
}

func (t *Disposals) readOptOuts(ctx context.Context, items []disposal.Item) ([]disposal.Record, error) {
	rows := map[string]item{}
	for part := range slices.Chunk(items, batchKeys) {
		keys := make([]optout.Key, len(part))
		for n, i := range part {
			keys[n] = optOutNamed(i.ID)
		}
		found, err := t.OptOuts.batchGet(ctx, keys)
		if err != nil {
			return nil, asFault(err, "read what is due for disposal")
		}
		for _, row := range found {
			rows[optOutName(row)] = row
		}
	}
	found := make([]disposal.Record, len(items))
	for n, i := range items {
		if row := rows[i.ID]; row == nil {
			found[n] = disposal.Record{Item: i, Missing: true}
		} else {
			found[n] = optOutRecord(row)
		}
	}
	return found, nil
}

// optOutRecord is a row of the table of opt-outs. A tombstone is of no class
// any more; its own name for it is that of the evidence.
func optOutRecord(row item) disposal.Record {
	r := record(row)
	class := cmp.Or(schedule.Class(gather(row.str("disposal"))), schedule.OptOutEvidence)
	return disposal.Record{Item: dueItem(class, row), OptOut: &r, Row: row}
}

// file reads a request. The error is of the table; what is wrong with the
// request's own rows stands in the record.
func (t *Disposals) file(ctx context.Context, i disposal.Item) (disposal.Record, error) {
	f, err := t.Requests.File(ctx, i.ID)
	switch fault.CodeOf(err) {
	case fault.NotFound:
		return disposal.Record{Item: i, Missing: true}, nil
	case fault.Unavailable:
		return disposal.Record{}, err
	}
	return disposal.Record{Item: i, Request: &f, Err: err}, nil
}

// OfPerson implements disposal.Store. Other rows of the person than opt-outs and
// their confirmations are none of the disposal's.
func (t *Disposals) OfPerson(ctx context.Context, order disposal.Item) ([]disposal.Record, error) {
	var all []disposal.Record
	for row, err := range rows(ctx, t.OptOuts.DB, &dynamodb.QueryInput{
		TableName: &t.OptOuts.Table, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("#ref = :ref"),
		ExpressionAttributeNames:  map[string]string{"#ref": "ref"},
		ExpressionAttributeValues: item{":ref": str(string(order.Ref))},
	}) {
		if err != nil {
			return nil, asFault(err, "read what is kept of a person")
		}
		switch scope := row.str("scope"); {
		case isConfirmation(scope):
			all = append(all, disposal.Record{Item: dueItem(schedule.OptInConfirmation, row), Row: row})
		case !strings.HasPrefix(scope, "#"):
			all = append(all, optOutRecord(row))
		}
	}
	items := []disposal.Item{order}
	others, err := t.Requests.OfPerson(ctx, order.Ref)
	if err != nil {
		return nil, err
	}
	for _, r := range others {
		if r.ID != order.ID {
			items = append(items, disposal.Item{ID: r.ID, Ref: order.Ref})
		}
	}
	files, err := t.Read(ctx, items)
	return append(all, files...), err
}
