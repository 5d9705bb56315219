package dynamo

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// item is a DynamoDB item, or the values of an expression.
type item map[string]types.AttributeValue

const timeFormat = "2006-01-02T15:04:05.000Z"

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func num[N int | int64](n N) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(int64(n), 10)}
}

func stamp(t time.Time) types.AttributeValue { return str(text(t)) }

// text is a time as all rows write it.
func text(t time.Time) string { return t.UTC().Format(timeFormat) }

func (i item) str(name string) string {
	if v, ok := i[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

func (i item) num(name string) int64 { return number(i[name]) }

func number(v types.AttributeValue) int64 {
	if v, ok := v.(*types.AttributeValueMemberN); ok {
		n, _ := strconv.ParseInt(v.Value, 10, 64)
		return n
	}
	return 0
}

// time returns the zero time for a missing attribute.
func (i item) time(name string) time.Time { return instant(i.str(name)).time() }
