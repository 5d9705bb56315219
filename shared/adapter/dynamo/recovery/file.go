package recovery

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/request"
)

// putFile writes what comes back of a request, its own row and the youngest
// entry in the last transaction.
func (r *Recovery) putFile(ctx context.Context, was, is stored, back request.File) error {
	there := r.thereOf(was, is)
	items, err := r.rowsOf(back, is)
	if err != nil || len(items) == 0 {
		return err
	}
	for name, i := range was.rows {
		r.unknown(partKind(name), i, partAttributes[partKind(name)])
	}
	first := len(items) % dynamo.MaxWrites
	for _, part := range append([][]dynamo.Item{items[:first]}, slices.Collect(slices.Chunk(items[first:], dynamo.MaxWrites))...) {
		if len(part) == 0 {
			continue
		}
		written, err := r.write(ctx, len(part), func() error { return r.Requests.Table.Transact(ctx, r.puts(part, is)...) })
		if err != nil || !written {
			if err == nil {
				r.report.name("request %s: it changed meanwhile; run this again", called(items[0].Str("id")))
			}
			return err
		}
	}
	for kind, n := range kindsOf(was.rows) {
		r.report.kind(kind).Back += n - there[kind]
	}
	for _, n := range was.Letters {
		if n.UnderWay() && is.rows[letters.Key(n).Str("row")] == nil {
			r.report.Letters = append(r.report.Letters, called(n.SubjectID)+" "+plain(string(n.Template)))
		}
	}
	return nil
}

func (r *Recovery) puts(part []dynamo.Item, is stored) []types.TransactWriteItem {
	var writes []types.TransactWriteItem
	for _, i := range part {
		condition := patch.Absent("id")
		if is.rows[i.Str("row")] != nil { // an entry whose private words go
			condition = patch.Present("id")
		}
		writes = append(writes, r.Requests.Table.PutWrite(i, condition))
	}
	return writes
}

// rowsOf are the rows of a file that are not there, or not as they must be.
func (r *Recovery) rowsOf(f request.File, is stored) ([]dynamo.Item, error) {
	var all []dynamo.Item
	for _, n := range f.Letters {
		if row := letters.Row(n); is.rows[row.Str("row")] == nil {
			all = append(all, row)
		}
	}
	for _, e := range f.Events {
		row, err := requests.EventItem(e)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "write an event")
		}
		if there := is.rows[row.Str("row")]; there == nil || there.Str("entry") != row.Str("entry") {
			all = append(all, row)
		}
	}
	if f.Request.ID == "" {
		return all, nil
	}
	row, err := requests.Item(&f.Request)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a request")
	}
	return append(all, row), nil
}
