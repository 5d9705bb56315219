package dynamo

import (
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// index reads an index whose kinds are spread: all shards of a kind together,
// oldest first.
type index struct {
	db          *dynamodb.Client
	table, name string
	kind, at    string // attributes: the key that is spread, and the time that sorts
	few         int32  // so many rows are read in one call, whatever their kind; 0: it always holds many
}

// span is what to read of an index.
type span struct {
	kind  string
	until string // a time, inclusive; "": all
	page  int32  // rows of one call and shard
}

// query is of one shard.
func (x index) query(s span, shard int) *dynamodb.QueryInput {
	in := &dynamodb.QueryInput{
		TableName: &x.table, IndexName: &x.name, KeyConditionExpression: aws.String("#kind = :kind"),
		ExpressionAttributeNames:  map[string]string{"#kind": x.kind},
		ExpressionAttributeValues: item{":kind": str(spread(s.kind, shard))},
	}
	if s.page > 0 {
		in.Limit = aws.Int32(s.page)
	}
	if s.until != "" {
		in.KeyConditionExpression = aws.String("#kind = :kind AND #at <= :until")
		in.ExpressionAttributeNames["#at"], in.ExpressionAttributeValues[":until"] = x.at, str(s.until)
	}
	return in
}

// first is the time of the oldest row of a span; "" when there is none.
func (x index) first(ctx context.Context, s span) (string, error) {
	s.page = 1
	for i, err := range x.rows(ctx, s) {
		return i.str(x.at), err
	}
	return "", nil
}

// count counts the rows of a span.
func (x index) count(ctx context.Context, s span) (int, error) {
	counts := make([]int, shards)
	err := together(shards, func(shard int) error {
		in := x.query(s, shard)
		in.Select = types.SelectCount
		for {
			out, err := x.db.Query(ctx, in)
			if err != nil {
				return err
			}
			counts[shard] += int(out.Count)
			if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
				return nil
			}
		}
	})
	total := 0
	for _, n := range counts {
		total += n
	}
	return total, err
}

// all returns the rows of all kinds, oldest first, where they are few: then one
// call finds what a query of each shard would. False: they are not.
func (x index) all(ctx context.Context) ([]item, bool, error) {
	out, err := x.db.Scan(ctx, &dynamodb.ScanInput{TableName: &x.table, IndexName: &x.name, Limit: aws.Int32(x.few)})
	if err != nil || len(out.LastEvaluatedKey) > 0 {
		return nil, false, err
	}
	rows := make([]item, len(out.Items))
	for n, i := range out.Items {
		rows[n] = i
	}
	slices.SortStableFunc(rows, func(a, b item) int { return strings.Compare(a.str(x.at), b.str(x.at)) })
	return rows, true, nil
}

// in reports whether a row is of a span that begins at the beginning.
func (x index) in(i item, s span) bool {
	return gather(i.str(x.kind)) == s.kind && (s.until == "" || i.str(x.at) <= s.until)
}

// waiting yields the rows of a span: in one call where the index holds few.
func (x index) waiting(ctx context.Context, s span) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		all, few, err := x.all(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		if !few {
			x.rows(ctx, s)(yield)
			return
		}
		for _, i := range all {
			if x.in(i, s) && !yield(i, nil) {
				return
			}
		}
	}
}

// backlog counts the rows of some kinds up to a time, and says since when the
// oldest of those up to now has waited; "": none has.
func (x index) backlog(ctx context.Context, kinds []string, by, now string) (count int, oldest string, err error) {
	all, few, err := x.all(ctx)
	if err != nil {
		return 0, "", err
	}
	for _, kind := range kinds {
		n, first, err := x.backlogOf(ctx, kind, all, few, by, now)
		if err != nil {
			return 0, "", err
		}
		if count += n; first != "" && (oldest == "" || first < oldest) {
			oldest = first
		}
	}
	return count, oldest, nil
}

func (x index) backlogOf(ctx context.Context, kind string, all []item, few bool, by, now string) (count int, first string, err error) {
	if !few {
		if first, err = x.first(ctx, span{kind: kind, until: now}); err != nil || first == "" || first > by {
			return 0, first, err
		}
		count, err = x.count(ctx, span{kind: kind, until: by})
		return count, first, err
	}
	for _, i := range all {
		if first == "" && x.in(i, span{kind: kind, until: now}) {
			first = i.str(x.at)
		}
		if x.in(i, span{kind: kind, until: by}) {
			count++
		}
	}
	return count, first, nil
}
