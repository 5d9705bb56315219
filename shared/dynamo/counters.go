package dynamo

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/fault"
	"privacydesk/shared/quota"
)

// Counters is the table of rate limits.
type Counters struct {
	DB    *dynamodb.Client
	Table string
	Now   func() time.Time
}

// Take counts one event against every limit, all or none. TooMany: one of
// them is used up. Unavailable: the count is not known; whoever must not lose
// the event goes on all the same.
func (c *Counters) Take(ctx context.Context, limits ...quota.Limit) error {
	writes := make([]types.TransactWriteItem, len(limits))
	for i, l := range limits {
		writes[i] = types.TransactWriteItem{Update: c.count(l)}
	}
	_, err := c.DB.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
	if limited(err, len(limits)) {
		return errTooMany
	}
	return asFault(err, "count against a limit")
}

var errTooMany = fault.New(fault.TooMany, "Too many requests. Please try again later.")

// limited reports whether a transaction was cancelled because one of its
// first n writes, which count against limits, found its limit used up.
func limited(err error, n int) bool {
	t, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return false
	}
	return slices.ContainsFunc(t.CancellationReasons[:min(n, len(t.CancellationReasons))], func(r types.CancellationReason) bool {
		return aws.ToString(r.Code) == "ConditionalCheckFailed"
	})
}

// Count returns the count of a limit's running window and its start.
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

func (c *Counters) count(l quota.Limit) *types.Update {
	start := c.Now().Truncate(l.Per)
	return &types.Update{
		TableName:                 &c.Table,
		Key:                       counterKey(l, start),
		UpdateExpression:          aws.String("ADD #count :one SET #expires = :expires"),
		ConditionExpression:       aws.String("attribute_not_exists(#count) OR #count < :max"),
		ExpressionAttributeNames:  map[string]string{"#count": "count", "#expires": "expires_at"},
		ExpressionAttributeValues: item{":one": num(1), ":max": num(l.Max), ":expires": num(start.Add(2 * l.Per).Unix())},
	}
}
