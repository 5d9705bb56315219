package dynamo

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/quota"
)

// Counters is the table of rate limits.
type Counters struct {
	DB    *dynamodb.Client
	Table string
	Now   func() time.Time
}

var _ quota.Meter = (*Counters)(nil)

// Take implements quota.Meter. Unavailable: the count is not known; whoever
// must not lose the event goes on all the same.
func (c *Counters) Take(ctx context.Context, limits ...quota.Limit) error {
	if len(limits) == 0 {
		return nil
	}
	at := c.Now()
	_, err := c.DB.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: c.writes(limits, at)})
	if used := usedUp(err, limits); len(used) > 0 {
		return quota.Exhausted(at, used...)
	}
	return asFault(err, "count against a limit")
}

// writes count one event against each limit.
func (c *Counters) writes(limits []quota.Limit, at time.Time) []types.TransactWriteItem {
	var writes []types.TransactWriteItem
	for _, l := range limits {
		writes = append(writes, types.TransactWriteItem{Update: c.count(l, at)})
	}
	return writes
}

// usedUp are the limits that cancelled a transaction whose first writes count
// against them.
func usedUp(err error, limits []quota.Limit) []quota.Limit {
	t, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return nil
	}
	var used []quota.Limit
	for i, l := range limits[:min(len(limits), len(t.CancellationReasons))] {
		if aws.ToString(t.CancellationReasons[i].Code) == "ConditionalCheckFailed" {
			used = append(used, l)
		}
	}
	return used
}

// Count implements quota.Meter.
func (c *Counters) Count(ctx context.Context, l quota.Limit) (int, time.Time, error) {
	start := c.Now().Truncate(l.Per)
	out, err := c.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: &c.Table, Key: counterKey(l, start), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return 0, start, asFault(err, "read a count")
	}
	return int(item(out.Item).num("count")), start, nil
}

func counterKey(l quota.Limit, start time.Time) item {
	return item{"key": str(l.Name + "#" + l.Ref + "#" + strconv.FormatInt(start.Unix(), 10))}
}

func (c *Counters) count(l quota.Limit, at time.Time) *types.Update {
	start := at.Truncate(l.Per)
	return &types.Update{
		TableName:                 &c.Table,
		Key:                       counterKey(l, start),
		UpdateExpression:          aws.String("ADD #count :one SET #expires = :expires"),
		ConditionExpression:       aws.String("attribute_not_exists(#count) OR #count < :max"),
		ExpressionAttributeNames:  map[string]string{"#count": "count", "#expires": "expires_at"},
		ExpressionAttributeValues: item{":one": num(1), ":max": num(l.Max), ":expires": num(start.Add(2 * l.Per).Unix())},
	}
}
