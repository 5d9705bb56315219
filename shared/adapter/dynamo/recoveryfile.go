package dynamo

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/fault"
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
	first := len(items) % maxWrites
	for _, part := range append([][]item{items[:first]}, slices.Collect(slices.Chunk(items[first:], maxWrites))...) {
		if len(part) == 0 {
			continue
		}
		written, err := r.write(ctx, len(part), func() error { return r.Requests.transact(ctx, r.puts(part, is)) })
		if err != nil || !written {
			if err == nil {
				r.report.name("request %s: it changed meanwhile; run this again", called(items[0].str("id")))
			}
			return err
		}
	}
	for kind, n := range kindsOf(was.rows) {
		r.report.kind(kind).Back += n - there[kind]
	}
	for _, n := range was.Letters {
		if n.UnderWay() && is.rows[letterKey(n).str("row")] == nil {
			r.report.Letters = append(r.report.Letters, called(n.SubjectID)+" "+plain(string(n.Template)))
		}
	}
	return nil
}

// maxWrites is how many rows a transaction takes.
const maxWrites = 100

func (r *Recovery) puts(part []item, is stored) []types.TransactWriteItem {
	var writes []types.TransactWriteItem
	for _, i := range part {
		p := &types.Put{TableName: &r.Requests.Table, Item: i, ConditionExpression: aws.String("attribute_not_exists(id)")}
		if is.rows[i.str("row")] != nil { // an entry whose private words go
			p.ConditionExpression = aws.String("attribute_exists(id)")
		}
		writes = append(writes, types.TransactWriteItem{Put: p})
	}
	return writes
}

// rowsOf are the rows of a file that are not there, or not as they must be.
func (r *Recovery) rowsOf(f request.File, is stored) ([]item, error) {
	var all []item
	for _, n := range f.Letters {
		if row := letterItem(n); is.rows[row.str("row")] == nil {
			all = append(all, spreadRow(row))
		}
	}
	for _, e := range f.Events {
		row, err := eventItem(e)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "write an event")
		}
		if there := is.rows[row.str("row")]; there == nil || there.str("entry") != row.str("entry") {
			all = append(all, row)
		}
	}
	if f.Request.ID == "" {
		return all, nil
	}
	row, err := requestItem(&f.Request)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "write a request")
	}
	return append(all, spreadRow(row)), nil
}
