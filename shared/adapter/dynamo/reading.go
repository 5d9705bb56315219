package dynamo

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// cursor is how far one shard has been read.
type cursor struct {
	in    *dynamodb.QueryInput
	rows  []map[string]types.AttributeValue // read, and not given yet
	ended bool
}

// more reads on until there is a row or no more.
func (c *cursor) more(ctx context.Context, db *dynamodb.Client) error {
	for before := len(c.rows); !c.ended && len(c.rows) == before; {
		out, err := db.Query(ctx, c.in)
		if err != nil {
			return err
		}
		c.rows = append(c.rows, out.Items...)
		c.in.ExclusiveStartKey, c.ended = out.LastEvaluatedKey, len(out.LastEvaluatedKey) == 0
	}
	return nil
}

// reading is a span being read: all shards together, oldest first.
type reading struct {
	index
	cursors []*cursor
	low     int // rows of a shard that are soon used up
}

func (x index) read(s span) *reading {
	r := &reading{index: x, cursors: make([]*cursor, shards), low: int(s.page / 4)}
	for shard := range r.cursors {
		r.cursors[shard] = &cursor{in: x.query(s, shard)}
	}
	return r
}

// next is the shard whose first row is the oldest of all; nil at the end.
func (r *reading) next(ctx context.Context) (first *cursor, err error) {
	if err := r.fill(ctx); err != nil {
		return nil, err
	}
	var at string
	for _, c := range r.cursors {
		if len(c.rows) == 0 {
			continue
		}
		if own := item(c.rows[0]).str(r.at); first == nil || own < at {
			first, at = c, own
		}
	}
	return first, nil
}

// fill reads on where a shard has run out of rows, and with it where one soon
// will: all run low together, and one wait does for them.
func (r *reading) fill(ctx context.Context) error {
	if !slices.ContainsFunc(r.cursors, func(c *cursor) bool { return !c.ended && len(c.rows) == 0 }) {
		return nil
	}
	return together(len(r.cursors), func(n int) error {
		if c := r.cursors[n]; len(c.rows) <= r.low {
			return c.more(ctx, r.db)
		}
		return nil
	})
}

// take gives the first row of a shard.
func (c *cursor) take() item {
	i := c.rows[0]
	c.rows = c.rows[1:]
	return i
}

// rows yields the rows of a span, oldest first over all shards, and reads on
// when it needs more.
func (x index) rows(ctx context.Context, s span) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		for r := x.read(s); ; {
			first, err := r.next(ctx)
			if err != nil {
				yield(nil, err)
				return
			}
			if first == nil || !yield(first.take(), nil) {
				return
			}
		}
	}
}

// atOnce is how many calls are under way together; more connections than the
// HTTP client keeps open would be made anew each time.
const atOnce = 8

// together calls f for 0 to n-1, some at the same time.
func together(n int, f func(int) error) error {
	var (
		wait  sync.WaitGroup
		slots = make(chan struct{}, atOnce)
		errs  = make([]error, n)
	)
	for i := range n {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			errs[i] = f(i)
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}
