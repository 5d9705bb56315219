package dynamo

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/fault"
)

// Limit allows Max events in every window of length Per for one Ref.
type Limit struct {
	Name string // what is limited
	Ref  string // whose: a keyed reference, never personal data
	Max  int
	Per  time.Duration
}

// Counters is the table of rate limits.
type Counters struct {
	DB    *dynamodb.Client
	Table string
	Now   func() time.Time
}

// Take counts one event against every limit, all or none. TooMany: one of
// them is used up. Unavailable: the count is not known; whoever must not lose
// the event goes on all the same.
func (c *Counters) Take(ctx context.Context, limits ...Limit) error {
	writes := make([]types.TransactWriteItem, len(limits))
	for i, l := range limits {
		writes[i] = types.TransactWriteItem{Update: c.count(l)}
	}
	_, err := c.DB.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
	if cancelled(err, "ConditionalCheckFailed") {
		return fault.New(fault.TooMany, "Too many requests. Please try again later.")
	}
	return asFault(err, "count against a limit")
}

func (c *Counters) count(l Limit) *types.Update {
	start := c.Now().Truncate(l.Per)
	return &types.Update{
		TableName:                 &c.Table,
		Key:                       item{"key": str(l.Name + "#" + l.Ref + "#" + strconv.FormatInt(start.Unix(), 10))},
		UpdateExpression:          aws.String("ADD #count :one SET #expires = :expires"),
		ConditionExpression:       aws.String("attribute_not_exists(#count) OR #count < :max"),
		ExpressionAttributeNames:  map[string]string{"#count": "count", "#expires": "expires_at"},
		ExpressionAttributeValues: item{":one": num(1), ":max": num(l.Max), ":expires": num(start.Add(2 * l.Per).Unix())},
	}
}
