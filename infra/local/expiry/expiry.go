// Package expiry is DynamoDB's time to live on one machine, by the stack's time:
// rows whose TTL attribute lies before it are deleted. DynamoDB Local's own TTL
// goes by the machine's time and is off.
//
// It must not know what a row holds beside its key and that attribute, and it
// must not log either.
package expiry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/testkit/template"
)

// Config says which rows, in which time.
type Config struct {
	Client *dynamodb.Client
	Tables []template.Table // those without TTL are left alone
	Now    func() time.Time
	Moved  func() <-chan struct{} // closed when Now is moved
	Log    *slog.Logger
	Every  time.Duration // between two looks; default a minute
}

// soon is when the look after a move is repeated. Runs that are under way then
// end in the time they began in, and may write rows that have expired already.
const soon = 5 * time.Second

// Sweeper deletes, and remembers what it has deleted.
type Sweeper struct {
	Config
	mu      sync.Mutex
	deleted map[string]bool
	order   []string // of deleted, oldest first
}

// New makes a sweeper; nothing is deleted before Run.
func New(config Config) *Sweeper {
	if config.Every == 0 {
		config.Every = time.Minute
	}
	return &Sweeper{Config: config, deleted: map[string]bool{}}
}

// Run deletes at once, after each move and from time to time, until ctx ends.
// Faults are logged: the next look is soon.
func (s *Sweeper) Run(ctx context.Context) error {
	next := s.Every
	for ctx.Err() == nil {
		moved := s.Moved()
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("cannot delete expired rows; trying again", "error", err)
			next = soon
		}
		select {
		case <-ctx.Done():
		case <-moved:
			next = soon
		case <-time.After(next):
			next = s.Every
		}
	}
	return nil
}

// Sweep deletes what has expired by now.
func (s *Sweeper) Sweep(ctx context.Context) error {
	var faults []error
	for _, table := range s.Tables {
		if table.TTL == "" {
			continue
		}
		n, err := s.sweepTable(ctx, table)
		if err != nil {
			faults = append(faults, fmt.Errorf("the table %s: %w", table.Name, err))
		}
		if n > 0 {
			s.Log.Info("rows were past their time to live", "table", table.Name, "rows", n)
		}
	}
	return errors.Join(faults...)
}

func (s *Sweeper) sweepTable(ctx context.Context, table template.Table) (n int, err error) {
	pages := dynamodb.NewScanPaginator(s.Client, s.scan(table))
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return n, err
		}
		for _, row := range page.Items {
			gone, err := s.delete(ctx, table, row)
			if err != nil {
				return n, err
			}
			if gone {
				n++
			}
		}
	}
	return n, nil
}

// tooOld is how long before the time DynamoDB no longer takes a number for a
// time to live. It counts from the machine's time where that is earlier: what a
// move passes over would have expired on the way.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
const tooOld = 5

func (s *Sweeper) scan(table template.Table) *dynamodb.ScanInput {
	now := s.Now()
	oldest := now
	if machine := time.Now(); machine.Before(oldest) {
		oldest = machine
	}
	names := map[string]string{"#ttl": table.TTL, "#hash": table.Key.Hash}
	wanted := "#ttl, #hash"
	if table.Key.Range != "" {
		names["#range"], wanted = table.Key.Range, wanted+", #range"
	}
	return &dynamodb.ScanInput{
		TableName: &table.Name, ProjectionExpression: &wanted, ExpressionAttributeNames: names,
		FilterExpression: aws.String("#ttl BETWEEN :oldest AND :now"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":oldest": seconds(oldest.AddDate(-tooOld, 0, 0)), ":now": seconds(now.Add(-time.Second))},
	}
}

func seconds(t time.Time) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: fmt.Sprint(t.Unix())}
}

// delete deletes a row unless its time to live was put off meanwhile.
func (s *Sweeper) delete(ctx context.Context, table template.Table, row map[string]types.AttributeValue) (bool, error) {
	key := map[string]types.AttributeValue{table.Key.Hash: row[table.Key.Hash]}
	if table.Key.Range != "" {
		key[table.Key.Range] = row[table.Key.Range]
	}
	id := mark(table, func(attribute string) string { return text(row[attribute]) })
	s.remember(id) // first: a stream may tell of it before the answer is here
	_, err := s.Client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &table.Name, Key: key, ConditionExpression: aws.String("#ttl = :seen"),
		ExpressionAttributeNames:  map[string]string{"#ttl": table.TTL},
		ExpressionAttributeValues: map[string]types.AttributeValue{":seen": row[table.TTL]},
	})
	if changed := new(types.ConditionalCheckFailedException); errors.As(err, &changed) {
		s.forget(id)
		return false, nil
	}
	return err == nil, err
}

// Deleted tells whether it was this sweeper that deleted a row. old gives the
// attributes of the row that was.
func (s *Sweeper) Deleted(table string, old func(attribute string) string) bool {
	for _, t := range s.Tables {
		if t.TTL != "" && (t.Name == table || t.LogicalID == table) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.deleted[mark(t, old)]
		}
	}
	return false
}

// mark names a row by its key and its time to live: one put there later under
// the same key has another.
func mark(t template.Table, value func(attribute string) string) string {
	return strings.Join([]string{t.Name, value(t.Key.Hash), value(t.Key.Range), value(t.TTL)}, "\x00")
}

func text(value types.AttributeValue) string {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	case *types.AttributeValueMemberB:
		return string(v.Value)
	}
	return ""
}

// remembered is how many deletions are known; streams tell of one in a moment.
const remembered = 100_000

func (s *Sweeper) remember(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deleted[id] {
		return
	}
	if len(s.order) >= remembered {
		delete(s.deleted, s.order[0])
		s.order = s.order[1:]
	}
	s.deleted[id] = true
	s.order = append(s.order, id)
}

func (s *Sweeper) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.deleted, id)
}
