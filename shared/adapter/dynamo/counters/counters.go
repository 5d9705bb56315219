// Package counters counts what is limited, in the table of counters. It must not
// decide what a limit is: see package quota. Its rows are on the page of dynamo.
package counters

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/quota"
)

// Store is the table of rate limits.
type Store struct {
	Table dynamo.Table
	Now   func() time.Time
}

var _ quota.Meter = (*Store)(nil)

// Take implements quota.Meter. Unavailable: the count is not known; whoever
// must not lose the event goes on all the same.
func (c *Store) Take(ctx context.Context, limits ...quota.Limit) error {
	if len(limits) == 0 {
		return nil
	}
	at := c.Now()
	_, err := c.Table.DB.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: c.Writes(limits, at)})
	if used := UsedUp(err, limits); len(used) > 0 {
		return quota.Exhausted(at, used...)
	}
	return dynamo.Fault(err, "count against a limit")
}

// Writes count one event against each limit.
func (c *Store) Writes(limits []quota.Limit, at time.Time) []types.TransactWriteItem {
	writes := make([]types.TransactWriteItem, len(limits))
	for i, l := range limits {
		writes[i] = types.TransactWriteItem{Update: c.count(l, at)}
	}
	return writes
}

// UsedUp are the limits that cancelled a transaction whose first writes count
// against them.
func UsedUp(err error, limits []quota.Limit) []quota.Limit {
	var used []quota.Limit
	for i, r := range dynamo.Refusals(err) {
		if i < len(limits) && r.Code == dynamo.ConditionFailed {
			used = append(used, limits[i])
		}
	}
	return used
}

// Count implements quota.Meter.
func (c *Store) Count(ctx context.Context, l quota.Limit) (int, time.Time, error) {
	start := c.Now().Truncate(l.Per)
	row, err := c.Table.Get(ctx, counterKey(l, start))
	return int(row.Num("count")), start, dynamo.Fault(err, "read a count")
}

func counterKey(l quota.Limit, start time.Time) dynamo.Item {
	return dynamo.Item{"key": dynamo.Str(l.Name + "#" + l.Ref + "#" + strconv.FormatInt(start.Unix(), 10))}
}

func (c *Store) count(l quota.Limit, at time.Time) *types.Update {
	start := at.Truncate(l.Per)
	return &types.Update{
		TableName:                 &c.Table.Name,
		Key:                       counterKey(l, start),
		UpdateExpression:          aws.String("ADD #count :one SET #expires = :expires"),
		ConditionExpression:       aws.String("attribute_not_exists(#count) OR #count < :max"),
		ExpressionAttributeNames:  map[string]string{"#count": "count", "#expires": "expires_at"},
		ExpressionAttributeValues: dynamo.Item{":one": dynamo.Num(1), ":max": dynamo.Num(l.Max), ":expires": dynamo.Num(start.Add(2 * l.Per).Unix())},
	}
}
