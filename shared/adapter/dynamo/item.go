package dynamo

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/patch"
)

// Item is a row, a key, or the values of an expression.
type Item map[string]types.AttributeValue

// Str is a text as an attribute.
func Str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// Num is a number as an attribute.
func Num[N int | int64](n N) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(int64(n), 10)}
}

// Stamp is a time as an attribute: RFC 3339 in UTC with milliseconds, so that
// times sort as text.
func Stamp(t time.Time) types.AttributeValue { return Str(text(t)) }

// Str returns "" for a missing attribute.
func (i Item) Str(name string) string {
	if v, ok := i[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

// Num returns 0 for a missing attribute.
func (i Item) Num(name string) int64 {
	if v, ok := i[name].(*types.AttributeValueMemberN); ok {
		n, _ := strconv.ParseInt(v.Value, 10, 64)
		return n
	}
	return 0
}

// Time returns the zero time for a missing attribute.
func (i Item) Time(name string) time.Time { return Instant(i.Str(name)).Time() }

// Same wants an attribute to be still as it is in the row, which was read.
func (i Item) Same(name string) patch.Condition { return patch.Is(name, value(i[name])) }

// Kind is the kind of work or the class of records that the row is of in a
// spread index: what its attribute pending or disposal says without the shard.
func (i Item) Kind(name string) string { return gather(i.Str(name)) }

// SetJSON writes a value as JSON.
func (i Item) SetJSON(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "write "+name)
	}
	i[name] = Str(string(b))
	return nil
}

// JSON reads what SetJSON has written.
func (i Item) JSON(name string, v any) error {
	if err := json.Unmarshal([]byte(i.Str(name)), v); err != nil {
		return fault.Wrap(fault.Internal, err, "read "+name)
	}
	return nil
}

// Expire makes DynamoDB delete the row when its period is over.
func (i Item) Expire(start time.Time, period time.Duration) error {
	if period <= 0 {
		return fault.New(fault.Internal, "no period is set after which the row goes")
	}
	i["expires_at"] = Num(start.Add(period).Unix())
	return nil
}

// Instant is a time as Stamp writes it; "" is the zero time.
type Instant string

func text(t time.Time) string { return t.UTC().Format(civil.Stamp) }

// At is the Instant of a time.
func At(t time.Time) Instant {
	if t.IsZero() {
		return ""
	}
	return Instant(text(t))
}

// Time returns the zero time for what is no Instant.
func (i Instant) Time() time.Time {
	t, err := time.Parse(civil.Stamp, string(i))
	if err != nil {
		return time.Time{}
	}
	return t
}
