package disposals

import (
	"cmp"
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/schedule"
)

// filesAtOnce is how many requests are read at the same time.
const filesAtOnce = 8

// Read implements disposal.Store. Opt-outs are read a hundred a call, of
// requests the whole file is.
func (t *Store) Read(ctx context.Context, items []disposal.Item) ([]disposal.Record, error) {
	if len(items) > 0 && ofOptOuts(items[0].Class) {
		return t.readOptOuts(ctx, items)
	}
	found := make([]disposal.Record, len(items))
	var reads errgroup.Group
	reads.SetLimit(filesAtOnce)
	for n := range items {
		reads.Go(func() (err error) {
			found[n], err = t.file(ctx, items[n])
			return err
		})
	}
	return found, reads.Wait()
}

func (t *Store) readOptOuts(ctx context.Context, items []disposal.Item) ([]disposal.Record, error) {
	keys := make([]optout.Key, len(items))
	for n, i := range items {
		keys[n] = optOutNamed(i.ID)
	}
	there, err := t.OptOuts.Rows(ctx, keys)
	if err != nil {
		return nil, err
	}
	rows := map[string]dynamo.Item{}
	for _, row := range there {
		rows[optOutName(row)] = row
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
func optOutRecord(row dynamo.Item) disposal.Record {
	r := optouts.Record(row)
	class := cmp.Or(schedule.Class(row.Kind("disposal")), schedule.OptOutEvidence)
	return disposal.Record{Item: dueItem(class, row), OptOut: &r, Row: row}
}

// file reads a request. The error is of the table; what is wrong with the
// request's own rows stands in the record.
func (t *Store) file(ctx context.Context, i disposal.Item) (disposal.Record, error) {
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
func (t *Store) OfPerson(ctx context.Context, order disposal.Item) ([]disposal.Record, error) {
	var all []disposal.Record
	for row, err := range t.OptOuts.Table.Rows(ctx, dynamo.Query{Key: "ref", Is: string(order.Ref)}) {
		if err != nil {
			return nil, dynamo.Fault(err, "read what is kept of a person")
		}
		switch scope := row.Str("scope"); {
		case letters.IsPersons(scope):
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
