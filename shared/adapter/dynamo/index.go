package dynamo

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Index reads an index whose kinds are spread: all shards of a kind together,
// oldest first. It lags behind its table a little.
type Index struct {
	table    Table
	name     string
	kind, at string // attributes: the key that is spread, and the time that sorts
	few      int32  // so many rows are read in one call, whatever their kind; 0: it always holds many
}

// PendingMail is the kind of the rows in the index Pending that wait for a mail
// about themselves.
const PendingMail = "mail"

// fewPending is up to how many rows the index Pending is read whole, in one
// call: they are some 100 KB at most.
const fewPending = 100

// Pending is the index of what waits for work.
func (t Table) Pending() Index {
	return Index{table: t, name: "Pending", kind: "pending", at: "pending_at", few: fewPending}
}

// Disposal is the index of what a period runs for.
func (t Table) Disposal() Index {
	return Index{table: t, name: "Disposal", kind: "disposal", at: "disposal_at"}
}

// Changes is the index of what other systems must know of choices.
func (t Table) Changes() Index {
	return Index{table: t, name: "Changes", kind: "feed", at: "feed_at"}
}

// Span is what to read of an index.
type Span struct {
	Kind  string
	From  time.Time // inclusive; needs Until, which must not be before it; zero: the beginning
	Until time.Time // inclusive; zero: all
	Page  int       // rows of one call and shard; 0: as DynamoDB has it
}

// query is of one shard.
func (x Index) query(s Span, shard int) *dynamodb.QueryInput {
	in := &dynamodb.QueryInput{
		TableName: &x.table.Name, IndexName: &x.name, KeyConditionExpression: aws.String("#kind = :kind"),
		ExpressionAttributeNames:  map[string]string{"#kind": x.kind},
		ExpressionAttributeValues: Item{":kind": Str(spread(s.Kind, shard))},
	}
	if s.Page > 0 {
		in.Limit = aws.Int32(int32(s.Page))
	}
	if !s.Until.IsZero() {
		in.KeyConditionExpression = aws.String("#kind = :kind AND #at <= :until")
		in.ExpressionAttributeNames["#at"], in.ExpressionAttributeValues[":until"] = x.at, Stamp(s.Until)
	}
	if !s.From.IsZero() {
		in.KeyConditionExpression = aws.String("#kind = :kind AND #at BETWEEN :from AND :until")
		in.ExpressionAttributeValues[":from"] = Stamp(s.From)
	}
	return in
}

// First is the oldest row of a span; nil when there is none.
func (x Index) First(ctx context.Context, s Span) (Item, error) {
	s.Page = 1
	return x.open(s).next(ctx)
}

// Count counts the rows of a span.
func (x Index) Count(ctx context.Context, s Span) (int, error) {
	counts := make([]int, shards)
	err := together(shards, func(shard int) error {
		in := x.query(s, shard)
		in.Select = types.SelectCount
		for pages := dynamodb.NewQueryPaginator(x.table.DB, in); pages.HasMorePages(); {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return err
			}
			counts[shard] += int(page.Count)
		}
		return nil
	})
	total := 0
	for _, n := range counts {
		total += n
	}
	return total, err
}

// all returns the rows of all kinds, oldest first, where they are few: then one
// call finds what a query of each shard would. False: they are not.
func (x Index) all(ctx context.Context) ([]Item, bool, error) {
	if x.few == 0 {
		return nil, false, nil
	}
	out, err := x.table.DB.Scan(ctx, &dynamodb.ScanInput{TableName: &x.table.Name, IndexName: &x.name, Limit: aws.Int32(x.few)})
	if err != nil || len(out.LastEvaluatedKey) > 0 {
		return nil, false, err
	}
	rows := make([]Item, len(out.Items))
	for n, i := range out.Items {
		rows[n] = i
	}
	slices.SortStableFunc(rows, func(a, b Item) int { return strings.Compare(a.Str(x.at), b.Str(x.at)) })
	return rows, true, nil
}

// in reports whether a row is of a span that begins at the beginning.
func (x Index) in(i Item, s Span) bool {
	return i.Kind(x.kind) == s.Kind && (s.Until.IsZero() || i.Str(x.at) <= text(s.Until))
}

// pendingPage is how many rows of a shard are read together: of all of them, a
// few megabytes.
const pendingPage = 125

// Rows yields the rows of a kind up to a time (zero: all), oldest first: in one
// call where the index holds few.
func (x Index) Rows(ctx context.Context, kind string, until time.Time) iter.Seq2[Item, error] {
	s := Span{Kind: kind, Until: until, Page: pendingPage}
	return func(yield func(Item, error) bool) {
		all, few, err := x.all(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		if !few {
			x.read(ctx, s, yield)
			return
		}
		for _, i := range all {
			if x.in(i, s) && !yield(i, nil) {
				return
			}
		}
	}
}

// Between yields the rows of a span, oldest first; of one time in any order.
func (x Index) Between(ctx context.Context, s Span) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) { x.read(ctx, s, yield) }
}

// Backlog counts the rows of some kinds up to a time, and says since when the
// oldest of those up to now has waited; zero: none has.
func (x Index) Backlog(ctx context.Context, kinds []string, by, now time.Time) (count int, oldest time.Time, err error) {
	all, few, err := x.all(ctx)
	if err != nil {
		return 0, time.Time{}, err
	}
	for _, kind := range kinds {
		n, first, err := x.backlogOf(ctx, kind, all, few, by, now)
		if err != nil {
			return 0, time.Time{}, err
		}
		if count += n; !first.IsZero() && (oldest.IsZero() || first.Before(oldest)) {
			oldest = first
		}
	}
	return count, oldest, nil
}

func (x Index) backlogOf(ctx context.Context, kind string, all []Item, few bool, by, now time.Time) (count int, first time.Time, err error) {
	if !few {
		row, err := x.First(ctx, Span{Kind: kind, Until: now})
		if first = row.Time(x.at); err != nil || first.IsZero() || first.After(by) {
			return 0, first, err
		}
		count, err = x.Count(ctx, Span{Kind: kind, Until: by})
		return count, first, err
	}
	for _, i := range all {
		if first.IsZero() && x.in(i, Span{Kind: kind, Until: now}) {
			first = i.Time(x.at)
		}
		if x.in(i, Span{Kind: kind, Until: by}) {
			count++
		}
	}
	return count, first, nil
}
