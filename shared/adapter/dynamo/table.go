package dynamo

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/patch"
)

// Table is one table. Its reads are consistent, those of an index excepted.
// Its errors are the SDK's: Fault turns them into faults.
type Table struct {
	DB   *dynamodb.Client
	Name string
}

// maxKey is how many bytes a sort key can have. A partition key can have twice as
// many, but none of ours is longer: what is longer names no row, wherever it came from.
const maxKey = 1024

// Get reads one row; it is empty when there is none.
func (t Table) Get(ctx context.Context, key Item) (Item, error) {
	for name := range key {
		if len(key.Str(name)) > maxKey {
			return nil, nil
		}
	}
	out, err := t.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.Name, Key: key, ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, err
	}
	return out.Item, nil
}

// Put writes a whole row over whatever is there.
func (t Table) Put(ctx context.Context, row Item) error {
	_, err := t.DB.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.Name, Item: spreadRow(row)})
	return err
}

// Update patches a row. Where a condition is not met, Refusals tell what the
// row is.
func (t Table) Update(ctx context.Context, key Item, p patch.Patch) error {
	_, err := t.update(ctx, key, p, types.ReturnValueNone)
	return err
}

// UpdateGet is Update, and returns the row as it is after the patch.
func (t Table) UpdateGet(ctx context.Context, key Item, p patch.Patch) (Item, error) {
	return t.update(ctx, key, p, types.ReturnValueAllNew)
}

func (t Table) update(ctx context.Context, key Item, p patch.Patch, give types.ReturnValue) (row Item, err error) {
	err = retry(ctx, func() error {
		u := t.UpdateWrite(key, p).Update
		out, err := t.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: u.TableName, Key: u.Key, ReturnValues: give, UpdateExpression: u.UpdateExpression,
			ConditionExpression: u.ConditionExpression, ReturnValuesOnConditionCheckFailure: oldRow,
			ExpressionAttributeNames: u.ExpressionAttributeNames, ExpressionAttributeValues: u.ExpressionAttributeValues,
		})
		if err == nil {
			row = out.Attributes
		}
		return err
	})
	return row, err
}

// Delete deletes a row, if it is there and meets the conditions.
func (t Table) Delete(ctx context.Context, key Item, conditions ...patch.Condition) error {
	d := t.DeleteWrite(key, conditions...).Delete
	_, err := t.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: d.TableName, Key: d.Key, ConditionExpression: d.ConditionExpression,
		ExpressionAttributeNames: d.ExpressionAttributeNames, ExpressionAttributeValues: d.ExpressionAttributeValues,
	})
	return err
}

// Query says which rows of one key to read.
type Query struct {
	Index  string // "": the table itself
	Key    string // attribute
	Is     string // its value
	Sort   string // attribute; "": all rows of the key
	Prefix string // what Sort begins with; "": it is between From and To
	From   string // inclusive
	To     string // inclusive
	Newest int    // so many rows, from the last one backwards; 0: all, in order

	// Of Page.
	Most     int
	Backward bool // from the last one
	After    Item // the key, with that of the index, of the row before the first
}

func (q Query) input(table *string) *dynamodb.QueryInput {
	in := &dynamodb.QueryInput{
		TableName: table, ConsistentRead: aws.Bool(q.Index == ""), KeyConditionExpression: aws.String("#key = :is"),
		ExpressionAttributeNames: map[string]string{"#key": q.Key}, ExpressionAttributeValues: Item{":is": Str(q.Is)},
	}
	if q.Index != "" {
		in.IndexName = &q.Index
	}
	if q.Newest > 0 {
		in.Limit, in.ScanIndexForward = aws.Int32(int32(q.Newest)), aws.Bool(false)
	}
	if q.Sort == "" {
		return in
	}
	in.ExpressionAttributeNames["#sort"] = q.Sort
	condition, values := "#key = :is AND #sort BETWEEN :from AND :to", Item{":from": Str(q.From), ":to": Str(q.To)}
	switch {
	case q.Prefix != "":
		condition, values = "#key = :is AND begins_with(#sort, :prefix)", Item{":prefix": Str(q.Prefix)}
	case q.From == "":
		condition = "#key = :is AND #sort <= :to"
		delete(values, ":from")
	}
	in.KeyConditionExpression = &condition
	for name, v := range values {
		in.ExpressionAttributeValues[name] = v
	}
	return in
}

// Rows yields what a query finds.
func (t Table) Rows(ctx context.Context, q Query) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if len(q.Is) > maxKey {
			return
		}
		left := q.Newest
		for pages := dynamodb.NewQueryPaginator(t.DB, q.input(&t.Name)); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, i := range page.Items {
				if left--; !yield(i, nil) || left == 0 {
					return
				}
			}
		}
	}
}

// Page reads at most so many rows in one call, and says whether there are more.
func (t Table) Page(ctx context.Context, q Query) (rows []Item, more bool, err error) {
	in := q.input(&t.Name)
	in.Limit, in.ScanIndexForward = aws.Int32(int32(q.Most)+1), aws.Bool(!q.Backward) // one more tells whether there are more
	if q.After != nil {
		in.ExclusiveStartKey = q.After
	}
	out, err := t.DB.Query(ctx, in)
	if err != nil {
		return nil, false, err
	}
	for _, i := range out.Items[:min(len(out.Items), q.Most)] {
		rows = append(rows, i)
	}
	return rows, len(out.Items) > q.Most || len(out.LastEvaluatedKey) > 0, nil
}

// Scan yields the rows of a scan of the table, to the end.
func (t Table) Scan(ctx context.Context, in dynamodb.ScanInput) iter.Seq2[Item, error] {
	in.TableName = &t.Name
	return func(yield func(Item, error) bool) {
		for pages := dynamodb.NewScanPaginator(t.DB, &in); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, i := range page.Items {
				if !yield(i, nil) {
					return
				}
			}
		}
	}
}

const (
	BatchKeys  = 100 // of one BatchGetItem
	batchTries = 8   // while DynamoDB leaves keys unprocessed
)

// BatchGet reads rows by key, in any order, without those that are not there.
// No key may come twice.
func (t Table) BatchGet(ctx context.Context, keys []Item) ([]Item, error) {
	parts := slices.Collect(slices.Chunk(keys, BatchKeys))
	found := make([][]Item, len(parts))
	err := together(len(parts), func(n int) (err error) {
		found[n], err = t.batch(ctx, parts[n])
		return err
	})
	return slices.Concat(found...), err
}

var errUnprocessed = errors.New("some keys stayed unprocessed")

func (t Table) batch(ctx context.Context, keys []Item) ([]Item, error) {
	request := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
	for _, k := range keys {
		request.Keys = append(request.Keys, k)
	}
	var rows []Item
	left := map[string]types.KeysAndAttributes{t.Name: request}
	for try := 0; len(left) > 0; try++ {
		if try == batchTries {
			return nil, errUnprocessed
		}
		if try > 0 {
			time.Sleep(10 * time.Millisecond << try)
		}
		out, err := t.DB.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: left})
		if err != nil {
			return nil, err
		}
		for _, i := range out.Responses[t.Name] {
			rows = append(rows, i)
		}
		left = out.UnprocessedKeys
	}
	return rows, nil
}
