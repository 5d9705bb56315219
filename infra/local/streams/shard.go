package streams

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// maxBatchBytes keeps an event under Lambda's 6 MB.
const maxBatchBytes = 5 << 20

// gathering is the batch that is being filled.
type gathering struct {
	records []record
	bytes   int
	since   time.Time // when the first record came
	last    string    // the last sequence number read, wanted or not
	moved   bool      // last is not in the checkpoint yet
}

// readShard reads one shard until it ends or ctx does.
func (r *reader) readShard(ctx context.Context, shard string, latest bool) {
	d := &deliverer{mapping: r.mapping, functionARN: r.functionARN(), streamARN: realARN(r.arn), shard: shard, do: r.Do, deadLetter: r.DeadLetter,
		log: r.Log, clock: r.Clock, backoff: r.Backoff, newID: r.NewID}
	for ctx.Err() == nil {
		iterator, err := r.iterator(ctx, shard, latest)
		if err == nil {
			var ended bool
			if ended, err = r.follow(ctx, d, shard, iterator); ended {
				r.finished(shard)
				return
			}
		}
		if err != nil && ctx.Err() == nil && !isGone(err) {
			r.Log.Warn("cannot read the stream; trying again", "mapping", r.mapping.LogicalID, "error", err)
		}
		_ = pause(ctx, time.Second)
	}
}

func (r *reader) functionARN() string {
	for _, f := range r.Functions {
		if f.LogicalID == r.mapping.Function || f.Name == r.mapping.Function {
			return f.ARN
		}
	}
	return r.mapping.Function
}

// iterator starts after the checkpoint, or where the mapping says.
func (r *reader) iterator(ctx context.Context, shard string, latest bool) (*string, error) {
	input := &dynamodbstreams.GetShardIteratorInput{StreamArn: &r.arn, ShardId: &shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon}
	if latest {
		input.ShardIteratorType = types.ShardIteratorTypeLatest
	}
	if sequence := r.Checkpoints.get(r.key(shard)); sequence != "" {
		input.ShardIteratorType, input.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, &sequence
	}
	answer, err := r.Streams.GetShardIterator(ctx, input)
	if err != nil && input.SequenceNumber != nil && isGone(err) {
		input.ShardIteratorType, input.SequenceNumber = types.ShardIteratorTypeTrimHorizon, nil
		answer, err = r.Streams.GetShardIterator(ctx, input)
	}
	if err != nil {
		return nil, err
	}
	return answer.ShardIterator, nil
}

// follow reads from the iterator on; ended says that the shard has no more.
func (r *reader) follow(ctx context.Context, d *deliverer, shard string, iterator *string) (ended bool, err error) {
	var g gathering
	for iterator != nil {
		answer, err := r.Streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator, Limit: aws.Int32(1000)})
		if err != nil {
			return false, err
		}
		iterator = answer.NextShardIterator
		if err := r.take(ctx, d, shard, &g, answer.Records); err != nil {
			return false, err
		}
		if iterator == nil || r.due(&g) {
			if err := r.flush(ctx, d, shard, &g); err != nil {
				return false, err
			}
		}
		if len(answer.Records) == 0 && iterator != nil {
			if err := pause(ctx, r.Poll); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// take adds records to the batch, and hands it over whenever it is full.
func (r *reader) take(ctx context.Context, d *deliverer, shard string, g *gathering, records []types.Record) error {
	for _, raw := range records {
		one, err := r.convert(raw)
		if err != nil {
			return err
		}
		if r.wanted(one.event) {
			if len(g.records) == 0 {
				g.since = time.Now()
			}
			g.records, g.bytes = append(g.records, one), g.bytes+one.size
		}
		g.last, g.moved = one.sequence, true
		if len(g.records) >= r.mapping.BatchSize || g.bytes >= maxBatchBytes {
			if err := r.flush(ctx, d, shard, g); err != nil {
				return err
			}
		}
	}
	return nil
}

// due tells whether the batch has waited for its window.
func (r *reader) due(g *gathering) bool {
	return g.moved && (len(g.records) == 0 || time.Since(g.since) >= r.mapping.Window)
}

// flush delivers the batch and remembers how far the shard was read.
func (r *reader) flush(ctx context.Context, d *deliverer, shard string, g *gathering) error {
	if len(g.records) > 0 {
		if err := d.deliver(ctx, g.records); err != nil {
			return err
		}
	}
	if g.moved {
		if err := r.Checkpoints.set(r.key(shard), g.last); err != nil {
			r.Log.Warn("cannot write the stream checkpoints", "error", err)
		}
	}
	*g = gathering{last: g.last}
	return nil
}
