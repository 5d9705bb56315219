package dynamo

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync"

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
	after place  // what comes after it
	page  int32  // rows of one call and shard
}

// place is where a row stands among all of its kind: by its time, then by its
// shard, then as the index has it.
type place struct {
	at    string
	shard int
	key   item // the index's key of the row; nil: the beginning
}

// atOnce is how many calls are under way together; more connections than the
// HTTP client keeps open would be made anew each time.
const atOnce = 8

// query is of one shard. False: nothing of it is in the span.
func (x index) query(s span, shard int) (*dynamodb.QueryInput, bool) {
	in := &dynamodb.QueryInput{
		TableName: &x.table, IndexName: &x.name, KeyConditionExpression: aws.String("#kind = :kind"),
		ExpressionAttributeNames:  map[string]string{"#kind": x.kind},
		ExpressionAttributeValues: item{":kind": str(spread(s.kind, shard))},
	}
	if s.page > 0 {
		in.Limit = aws.Int32(s.page)
	}
	if s.until == "" {
		return in, true
	}
	in.ExpressionAttributeNames["#at"], in.ExpressionAttributeValues[":until"] = x.at, str(s.until)
	condition := "#kind = :kind AND #at <= :until"
	from := s.after.at
	switch {
	case s.after.key == nil:
	case from > s.until:
		return nil, false // DynamoDB refuses a range without an inside
	case shard == s.after.shard:
		in.ExclusiveStartKey = s.after.key
	default:
		if shard < s.after.shard {
			from += " " // what has the same time was before it
		}
		if from > s.until {
			return nil, false
		}
		condition = "#kind = :kind AND #at BETWEEN :from AND :until"
		in.ExpressionAttributeValues[":from"] = str(from)
	}
	in.KeyConditionExpression = &condition
	return in, true
}

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
		in, any := x.query(s, shard)
		r.cursors[shard] = &cursor{in: in, ended: !any}
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
		in, any := x.query(s, shard)
		if !any {
			return nil
		}
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
