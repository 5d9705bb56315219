package dynamo

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// Order implements disposal.Shelf.
func (t *Disposals) Order(ctx context.Context, i disposal.Item, at time.Time) (disposal.Order, error) {
	var o disposal.Order
	if err := t.optOutsOf(ctx, i, at, &o); err != nil {
		return o, err
	}
	others, err := t.Requests.OfPerson(ctx, i.Ref)
	if err != nil {
		return o, err
	}
	for _, r := range others {
		if r.ID != i.ID {
			t.requestOf(ctx, i, r.ID, at, &o)
		}
	}
	o.Own = t.requestWork(ctx, i, disposal.Reduce, request.EventErased, at)
	return o, unread(append(o.Pieces, o.Own))
}

// optOutsOf makes the person's records ready. Mails about coming back that wait
// to be sent or confirmed go at once; a tombstone learns that it is one of
// somebody who was erased, and when that was last.
func (t *Disposals) optOutsOf(ctx context.Context, order disposal.Item, at time.Time, o *disposal.Order) error {
	for row, err := range rows(ctx, t.OptOuts.DB, &dynamodb.QueryInput{
		TableName: &t.OptOuts.Table, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("#ref = :ref"),
		ExpressionAttributeNames:  map[string]string{"#ref": "ref"},
		ExpressionAttributeValues: item{":ref": str(string(order.Ref))},
	}) {
		if err != nil {
			return asFault(err, "read what is kept of a person")
		}
		class := disposal.Class(gather(row.str("disposal")))
		if class == "" {
			class = disposal.OptOutEvidence
		}
		i := dueItem(disposal.OptOutEvidence, row) // for its name, whatever its class
		i.Class = class
		switch {
		case row.str("scope") == askScope, row.str("scope") == backScope:
			o.Pieces = append(o.Pieces, disposal.Ready{Work: t.askWork(i, row)})
		case strings.HasPrefix(row.str("scope"), "#"), row.str("reduced_at") != "" && row.str("erased_at") >= order.Start.UTC().Format(timeFormat):
		default:
			o.Pieces = append(o.Pieces, t.optOutReady(i, row, at, true))
		}
	}
	return nil
}

func (t *Disposals) askWork(i disposal.Item, row item) disposalWork {
	d := &types.Delete{TableName: &t.OptOuts.Table, Key: optOutKey(named(i.ID)), ConditionExpression: aws.String("attribute_not_exists(asked_at)")}
	if asked, ok := row["asked_at"]; ok {
		d.ConditionExpression, d.ExpressionAttributeValues = aws.String("asked_at = :asked"), item{":asked": asked}
	}
	return told(i, disposal.Disposed, types.TransactWriteItem{Delete: d})
}

// requestOf prepares another request of the person for what the erasure does to it.
func (t *Disposals) requestOf(ctx context.Context, order disposal.Item, id string, at time.Time, o *disposal.Order) {
	f, err := t.Requests.File(ctx, id)
	if err != nil {
		if fault.CodeOf(err) != fault.NotFound {
			o.Pieces = append(o.Pieces, disposal.Ready{Fate: disposal.Failed, Err: fault.Wrap(fault.CodeOf(err), err, "request "+id)})
		}
		return
	}
	r := f.Request
	class, start := r.Disposal()
	i := disposal.Item{Class: disposal.Class(class), ID: r.ID, Ref: r.Ref, Version: r.Version, Start: start}
	switch r.OnErasure(order.Start, at) {
	case request.Delays:
		o.Rest = true
	case request.Deleted:
		o.Pieces = append(o.Pieces, t.fileWork(f, i, disposal.Delete, "", at))
	case request.Shrunk:
		o.Pieces = append(o.Pieces, t.fileWork(f, i, disposal.Reduce, request.EventErased, at))
	}
}
