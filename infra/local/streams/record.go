package streams

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"privacydesk/shared/testkit/template"
)

// record is a stream record in the form in which Lambda hands it to a function.
type record struct {
	sequence string
	created  time.Time // of the machine's time; never too early, see latest
	size     int
	event    map[string]any
}

// localRegion is what DynamoDB Local calls its Region.
const localRegion = "ddblocal"

// realARN is the ARN with the Region that functions know.
func realARN(streamARN string) string {
	return strings.Replace(streamARN, localRegion, template.Region, 1)
}

func (r *reader) convert(raw types.Record) (record, error) {
	return convert(raw, r.arn, r.Clock.At, func() bool {
		return r.Expired(r.mapping.Table, func(attribute string) string { return text(raw.Dynamodb, attribute) })
	})
}

// convert gives a record as Lambda would. Its time is moved; expired tells
// whether TTL deleted the row, and is asked about deletions alone.
func convert(r types.Record, streamARN string, moved func(time.Time) time.Time, expired func() bool) (record, error) {
	if r.Dynamodb == nil || r.Dynamodb.SequenceNumber == nil {
		return record{}, fmt.Errorf("a stream record without a sequence number")
	}
	d := r.Dynamodb
	created := aws.ToTime(d.ApproximateCreationDateTime)
	body := map[string]any{
		"ApproximateCreationDateTime": moved(created).Unix(),
		"SequenceNumber":              *d.SequenceNumber,
		"SizeBytes":                   aws.ToInt64(d.SizeBytes),
		"StreamViewType":              string(d.StreamViewType),
	}
	for name, image := range map[string]map[string]types.AttributeValue{"Keys": d.Keys, "NewImage": d.NewImage, "OldImage": d.OldImage} {
		if image == nil {
			continue
		}
		items, err := attributevalue.FromDynamoDBStreamsMap(image)
		if err != nil {
			return record{}, err
		}
		text, err := attributevalue.MarshalMapJSON(items)
		if err != nil {
			return record{}, err
		}
		body[name] = json.RawMessage(text)
	}
	name, who := r.EventName, r.UserIdentity
	if name == types.OperationTypeRemove && expired() {
		who = byTTL
	}
	event := map[string]any{
		"eventID": aws.ToString(r.EventID), "eventName": string(name), "eventVersion": aws.ToString(r.EventVersion),
		"eventSource": "aws:dynamodb", "awsRegion": template.Region, "dynamodb": body,
		"eventSourceARN": realARN(streamARN),
	}
	if who != nil {
		event["userIdentity"] = map[string]any{"type": aws.ToString(who.Type), "principalId": aws.ToString(who.PrincipalId)}
	}
	return finish(record{sequence: *d.SequenceNumber, created: latest(created, time.Now())}, event)
}

// latest is the last moment that a stamp can mean: DynamoDB Local rounds
// down to the minute. Time that was moved before a row was written must not
// make its record old.
func latest(stamp, read time.Time) time.Time {
	if end := stamp.Add(time.Minute); end.Before(read) {
		return end
	}
	return read
}

// byTTL is who deletes expired rows.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
var byTTL = &types.Identity{Type: aws.String("Service"), PrincipalId: aws.String("dynamodb.amazonaws.com")}

// text is a value of the row that was: of its key, or of its old image.
func text(r *types.StreamRecord, attribute string) string {
	for _, image := range []map[string]types.AttributeValue{r.Keys, r.OldImage} {
		switch v := image[attribute].(type) {
		case *types.AttributeValueMemberS:
			return v.Value
		case *types.AttributeValueMemberN:
			return v.Value
		case *types.AttributeValueMemberB:
			return string(v.Value)
		}
	}
	return ""
}

// finish takes the event through JSON, so that filters see what functions see.
func finish(r record, event map[string]any) (record, error) {
	data, err := json.Marshal(event)
	if err != nil {
		return record{}, fmt.Errorf("stream record %s: %w", r.sequence, err)
	}
	r.size = len(data)
	return r, json.Unmarshal(data, &r.event)
}
