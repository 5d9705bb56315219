package dynamo

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/optout"
	"privacydesk/shared/person"
	"privacydesk/shared/retention"
)

// Disposals finds what is due in both tables and disposes of it; see the
// package comment. Its own rows stand in the table of requests.
type Disposals struct {
	Requests *Requests
	OptOuts  *OptOuts
	Random   io.Reader // salts of the history
}

var (
	_ retention.Store     = (*Disposals)(nil)
	_ retention.HoldStore = (*Disposals)(nil)
)

const disposalIndex = "Disposal"

// ofOptOuts reports whether a class is of the table of opt-outs.
func ofOptOuts(c retention.Class) bool {
	return c == retention.OptOutEvidence || c == retention.SoftBounces
}

// dueQuery finds records of a class; before may be zero.
func (t *Disposals) dueQuery(c retention.Class, before time.Time) *dynamodb.QueryInput {
	table := t.Requests.Table
	if ofOptOuts(c) {
		table = t.OptOuts.Table
	}
	in := &dynamodb.QueryInput{
		TableName: &table, IndexName: aws.String(disposalIndex), KeyConditionExpression: aws.String("disposal = :class"),
		ExpressionAttributeValues: item{":class": str(string(c))},
	}
	if !before.IsZero() {
		in.KeyConditionExpression = aws.String("disposal = :class AND disposal_at < :before")
		in.ExpressionAttributeValues[":before"] = stamp(before)
	}
	return in
}

// Due implements retention.Shelf. A page is far below the 1 MB at which a
// query ends by itself.
func (t *Disposals) Due(ctx context.Context, c retention.Class, before time.Time, place string, most int) ([]retention.Item, bool, error) {
	if before.IsZero() {
		return nil, false, nil // a period that never ends
	}
	if at, _, ok := strings.Cut(place, " "); ok && at >= before.UTC().Format(timeFormat) {
		return nil, false, nil // DynamoDB refuses to begin where a query has ended
	}
	in := t.dueQuery(c, before)
	in.Limit = aws.Int32(int32(most))
	in.ExclusiveStartKey = readPlace(c, place)
	out, err := t.Requests.DB.Query(ctx, in)
	if err != nil {
		return nil, false, asFault(err, "find what is due for disposal")
	}
	items := make([]retention.Item, len(out.Items))
	for n, i := range out.Items {
		items[n] = dueItem(c, i)
	}
	return items, len(out.LastEvaluatedKey) > 0, nil
}

func dueItem(c retention.Class, i item) retention.Item {
	due := retention.Item{
		Class: c, Ref: person.Ref(i.str("ref")), Version: int(i.num("version")), Pending: i.str("pending") != "",
		Start: i.time("disposal_at"),
	}
	if ofOptOuts(c) {
		due.ID = i.str("ref") + "/" + i.str("scope")
	} else {
		due.ID = i.str("id")
	}
	due.Place = i.str("disposal_at") + " " + due.ID
	return due
}

// readPlace makes the index's key of the place of an item.
func readPlace(c retention.Class, place string) item {
	at, id, ok := strings.Cut(place, " ")
	if !ok {
		return nil
	}
	key := requestKey(id, requestRowName)
	if ofOptOuts(c) {
		key = optOutKey(named(id))
	}
	key["disposal"], key["disposal_at"] = str(string(c)), str(at)
	return key
}

// named is the key of the opt-out that certificates know by that name.
func named(id string) optout.Key {
	ref, scope, _ := strings.Cut(id, "/")
	return optout.Key{Ref: person.Ref(ref), Scope: optout.Scope(scope)}
}

// Oldest implements retention.Shelf.
func (t *Disposals) Oldest(ctx context.Context, c retention.Class) (time.Time, bool, error) {
	in := t.dueQuery(c, time.Time{})
	in.Limit = aws.Int32(1)
	out, err := t.Requests.DB.Query(ctx, in)
	if err != nil || len(out.Items) == 0 {
		return time.Time{}, false, asFault(err, "find the oldest record of a class")
	}
	return item(out.Items[0]).time("disposal_at"), true, nil
}

// CountDue implements retention.Shelf.
func (t *Disposals) CountDue(ctx context.Context, c retention.Class, before time.Time) (int, error) {
	if before.IsZero() {
		return 0, nil
	}
	in, count := t.dueQuery(c, before), 0
	in.Select = types.SelectCount
	for {
		out, err := t.Requests.DB.Query(ctx, in)
		if err != nil {
			return 0, asFault(err, "count what is due for disposal")
		}
		count += int(out.Count)
		if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
			return count, nil
		}
	}
}
