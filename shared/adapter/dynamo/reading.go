package dynamo

import (
	"context"
	"iter"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"
)

// Read yields what rows say. An error is a fault, and comes last.
func Read[T any](rows iter.Seq2[Item, error], read func(Item) T, doing string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for i, err := range rows {
			if err != nil {
				yield(none, Fault(err, doing))
				return
			}
			if !yield(read(i), nil) {
				return
			}
		}
	}
}

// reading is a span being read: all shards together, oldest first.
type reading struct {
	index  Index
	shards []*shardRows
	low    int // rows of a shard that are soon used up
}

// open begins at the beginning of a span.
func (x Index) open(s Span) *reading {
	r := &reading{index: x, shards: make([]*shardRows, shards), low: s.Page / 4}
	for shard := range r.shards {
		r.shards[shard] = &shardRows{in: x.query(s, shard)}
	}
	return r
}

// next gives the oldest row that is left; nil at the end.
func (r *reading) next(ctx context.Context) (Item, error) {
	first, err := r.first(ctx)
	if err != nil || first == nil {
		return nil, err
	}
	row := first.rows[0]
	first.rows = first.rows[1:]
	return row, nil
}

// first is the shard whose first row is the oldest of all; nil at the end.
func (r *reading) first(ctx context.Context) (first *shardRows, err error) {
	if err := r.fill(ctx); err != nil {
		return nil, err
	}
	var at string
	for _, s := range r.shards {
		if len(s.rows) == 0 {
			continue
		}
		if own := Item(s.rows[0]).Str(r.index.at); first == nil || own < at {
			first, at = s, own
		}
	}
	return first, nil
}

// fill reads on where a shard has run out of rows, and with it where one soon
// will: all run low together, and one wait does for them.
func (r *reading) fill(ctx context.Context) error {
	if !slices.ContainsFunc(r.shards, func(s *shardRows) bool { return !s.ended && len(s.rows) == 0 }) {
		return nil
	}
	return together(len(r.shards), func(n int) error {
		if s := r.shards[n]; len(s.rows) <= r.low {
			return s.more(ctx, r.index.table.DB)
		}
		return nil
	})
}

// shardRows is how far one shard has been read.
type shardRows struct {
	in    *dynamodb.QueryInput
	rows  []map[string]types.AttributeValue // read, and not given yet
	ended bool
}

// more reads on until there is a row or no more.
func (s *shardRows) more(ctx context.Context, db *dynamodb.Client) error {
	for before := len(s.rows); !s.ended && len(s.rows) == before; {
		out, err := db.Query(ctx, s.in)
		if err != nil {
			return err
		}
		s.rows = append(s.rows, out.Items...)
		s.in.ExclusiveStartKey, s.ended = out.LastEvaluatedKey, len(out.LastEvaluatedKey) == 0
	}
	return nil
}

// read yields the rows of a span.
func (x Index) read(ctx context.Context, s Span, yield func(Item, error) bool) {
	for r := x.open(s); ; {
		row, err := r.next(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		if row == nil || !yield(row, nil) {
			return
		}
	}
}

// atOnce is how many calls are under way together; more connections than the
// HTTP client keeps open would be made anew each time.
const atOnce = 8

// together calls f for 0 to n-1, some at the same time.
func together(n int, f func(int) error) error {
	var calls errgroup.Group
	calls.SetLimit(atOnce)
	for i := range n {
		calls.Go(func() error { return f(i) })
	}
	return calls.Wait()
}
