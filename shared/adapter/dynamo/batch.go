package dynamo

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/optout"
)

const (
	batchKeys  = 100 // of one BatchGetItem
	batchCalls = 4   // at the same time
	batchTries = 8   // while DynamoDB leaves keys unprocessed
)

// Records implements optout.Store. The reads are consistent: an opt-out
// accepted a moment ago counts.
func (t *OptOuts) Records(ctx context.Context, keys []optout.Key) (map[optout.Key]optout.Record, error) {
	unique := map[optout.Key]bool{}
	for _, k := range keys {
		unique[k] = true
	}
	var (
		found  = make(map[optout.Key]optout.Record, len(unique))
		faults []error
		mu     sync.Mutex
		wg     sync.WaitGroup
		slots  = make(chan struct{}, batchCalls)
	)
	for chunk := range slices.Chunk(slices.Collect(maps.Keys(unique)), batchKeys) {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			items, err := t.batchGet(ctx, chunk)
			mu.Lock()
			defer mu.Unlock()
			faults = append(faults, err)
			for _, i := range items {
				r := record(i)
				found[r.Key] = r
			}
		})
	}
	wg.Wait()
	return found, asFault(errors.Join(faults...), "read records by key")
}

func (t *OptOuts) batchGet(ctx context.Context, keys []optout.Key) ([]item, error) {
	request := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
	for _, k := range keys {
		request.Keys = append(request.Keys, optOutKey(k))
	}
	var (
		items []item
		left  = map[string]types.KeysAndAttributes{t.Table: request}
	)
	for try := 0; len(left) > 0; try++ {
		if try == batchTries {
			return nil, errors.New("keys stayed unprocessed")
		}
		if try > 0 {
			time.Sleep(10 * time.Millisecond << try)
		}
		out, err := t.DB.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: left})
		if err != nil {
			return nil, err
		}
		for _, i := range out.Responses[t.Table] {
			items = append(items, i)
		}
		left = out.UnprocessedKeys
	}
	return items, nil
}
