// Package streams is Lambda's event source mapping for DynamoDB streams on one
// machine: it reads the streams of DynamoDB Local, filters and batches as the
// template's mappings say, and invokes their functions.
//
// Retries, bisecting, partial failures, record age and the on-failure
// destination follow Lambda's rules. A function that is throttled makes a batch
// wait, which costs it no attempt. Ages and the waits between retries are
// counted in the stack's time: a move forward makes a retry due at once.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
//
// It must not look into records but to filter them, and must not log them.
package streams

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit/template"
)

// Config is what the mappings of a stack need.
type Config struct {
	Mappings    []template.StreamMapping
	Tables      *dynamodb.Client
	Streams     *dynamodbstreams.Client
	Functions   []template.Function
	Do          func(ctx context.Context, call runtime.Call) (runtime.Result, error)
	DeadLetter  func(destination string, message []byte)     // gets what was given up
	Allowed     func(function, action, resource string) bool // whether Lambda may do that with the function's role; default yes
	Checkpoints *Checkpoints
	Log         *slog.Logger
	NewID       func() string                                              // request ids
	Clock       *clock.Clock                                               // the stack's time; default the machine's, in which DynamoDB Local stamps records
	Expired     func(table string, old func(attribute string) string) bool // whether TTL deleted a row; by default none
	Poll        time.Duration                                              // between two looks at a shard; default 200 ms
	Backoff     time.Duration                                              // before the first retry; it doubles up to a minute; default 1 s
}

// refresh is how often a stream is asked for new shards, besides when one ends.
const refresh = 10 * time.Second

// Run reads until ctx ends. Faults of the setup are returned at once; faults
// while reading are logged and tried again.
func Run(ctx context.Context, config Config) error {
	if config.Clock == nil {
		config.Clock = clock.New(0)
	}
	if config.Expired == nil {
		config.Expired = func(string, func(string) string) bool { return false }
	}
	if config.Allowed == nil {
		config.Allowed = func(string, string, string) bool { return true }
	}
	if config.Poll == 0 {
		config.Poll = 200 * time.Millisecond
	}
	if config.Backoff == 0 {
		config.Backoff = time.Second
	}
	var wait sync.WaitGroup
	for _, mapping := range config.Mappings {
		if mapping.Disabled {
			continue
		}
		m, err := newReader(ctx, config, mapping)
		if err != nil {
			return fmt.Errorf("the stream mapping %s: %w", mapping.LogicalID, err)
		}
		wait.Go(func() { m.run(ctx) })
	}
	wait.Wait()
	return nil
}

// reader reads one stream for one mapping.
type reader struct {
	Config
	mapping template.StreamMapping
	filters []matcher
	arn     string
	ended   chan struct{} // a shard was read to its end: look for its children

	mu      sync.Mutex
	started map[string]bool
	done    map[string]bool
}

func newReader(ctx context.Context, config Config, mapping template.StreamMapping) (*reader, error) {
	r := &reader{Config: config, mapping: mapping, ended: make(chan struct{}, 1), started: map[string]bool{}, done: map[string]bool{}}
	for _, filter := range mapping.Filters {
		match, err := compile(filter)
		if err != nil {
			return nil, err
		}
		r.filters = append(r.filters, match)
	}
	table, err := config.Tables.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &mapping.Table})
	if err != nil {
		return nil, err
	}
	if table.Table.LatestStreamArn == nil {
		return nil, fmt.Errorf("the table %s has no stream", mapping.Table)
	}
	r.arn = *table.Table.LatestStreamArn
	return r, r.mayRead()
}

// reading are the actions that a mapping needs on its stream ("IAM policy to
// allow an AWS Lambda function to access DynamoDB stream records" in the
// DynamoDB Developer Guide).
var reading = []string{"dynamodb:ListStreams", "dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords"}

// mayRead asks for them all, as Lambda does when it makes the mapping.
func (r *reader) mayRead() error {
	arn := realARN(r.arn)
	var denied []string
	for _, action := range reading {
		if !r.Allowed(r.mapping.Function, action, arn) {
			denied = append(denied, action)
		}
	}
	if len(denied) > 0 {
		return fmt.Errorf("the role of %s lacks %s on %s: AWS would not make this mapping", r.mapping.Function, strings.Join(denied, ", "), arn)
	}
	return nil
}

// run starts a shard's reading once its parent was read to the end.
func (r *reader) run(ctx context.Context) {
	var wait sync.WaitGroup
	defer wait.Wait()
	for first := true; ctx.Err() == nil; first = false {
		shards, err := r.shards(ctx)
		if err != nil && ctx.Err() == nil {
			r.Log.Warn("cannot list the shards", "mapping", r.mapping.LogicalID, "error", err)
		}
		for _, shard := range r.ready(shards) {
			latest := first && r.mapping.Start == "LATEST"
			wait.Go(func() { r.readShard(ctx, *shard.ShardId, latest) })
		}
		select {
		case <-ctx.Done():
		case <-r.ended:
		case <-time.After(refresh):
		}
	}
}

func (r *reader) shards(ctx context.Context) ([]types.Shard, error) {
	var out []types.Shard
	input := &dynamodbstreams.DescribeStreamInput{StreamArn: &r.arn}
	for {
		answer, err := r.Streams.DescribeStream(ctx, input)
		if err != nil {
			return nil, err
		}
		out = append(out, answer.StreamDescription.Shards...)
		input.ExclusiveStartShardId = answer.StreamDescription.LastEvaluatedShardId
		if input.ExclusiveStartShardId == nil {
			break
		}
	}
	keys := map[string]bool{}
	for _, shard := range out {
		keys[r.key(*shard.ShardId)] = true
	}
	r.Checkpoints.keepOnly(r.mapping.LogicalID, keys)
	return out, nil
}

// ready picks the shards that can be started now, and marks them as started.
func (r *reader) ready(shards []types.Shard) []types.Shard {
	r.mu.Lock()
	defer r.mu.Unlock()
	there := map[string]bool{}
	for _, shard := range shards {
		there[*shard.ShardId] = true
	}
	var out []types.Shard
	for _, shard := range shards {
		parent := shard.ParentShardId
		waits := parent != nil && there[*parent] && !r.done[*parent]
		if !waits && !r.started[*shard.ShardId] {
			r.started[*shard.ShardId] = true
			out = append(out, shard)
		}
	}
	return out
}

func (r *reader) finished(shard string) {
	r.mu.Lock()
	r.done[shard] = true
	r.mu.Unlock()
	select {
	case r.ended <- struct{}{}:
	default:
	}
}

func (r *reader) key(shard string) string { return r.mapping.LogicalID + " " + r.arn + " " + shard }

// wanted tells whether the mapping's filters let a record through: one of
// them is enough, and where there is none, all come through.
func (r *reader) wanted(event map[string]any) bool {
	return len(r.filters) == 0 || slices.ContainsFunc(r.filters, func(match matcher) bool { return match(event, true) })
}

// isGone tells the faults after which the old position is worth nothing.
func isGone(err error) bool {
	trimmed, expired := new(types.TrimmedDataAccessException), new(types.ExpiredIteratorException)
	return errors.As(err, &trimmed) || errors.As(err, &expired)
}
