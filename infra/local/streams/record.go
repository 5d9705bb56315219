package streams

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"privacydesk/infra/local/template"
)

// record is a stream record in the form in which Lambda hands it to a function.
type record struct {
	sequence string
	created  time.Time
	size     int
	event    map[string]any
}

// localRegion is what DynamoDB Local calls its Region.
const localRegion = "ddblocal"

func convert(r types.Record, streamARN string) (record, error) {
	if r.Dynamodb == nil || r.Dynamodb.SequenceNumber == nil {
		return record{}, fmt.Errorf("a stream record without a sequence number")
	}
	d := r.Dynamodb
	created := aws.ToTime(d.ApproximateCreationDateTime)
	body := map[string]any{
		"ApproximateCreationDateTime": created.Unix(),
		"SequenceNumber":              *d.SequenceNumber,
		"SizeBytes":                   aws.ToInt64(d.SizeBytes),
		"StreamViewType":              string(d.StreamViewType),
	}
	for name, image := range map[string]map[string]types.AttributeValue{"Keys": d.Keys, "NewImage": d.NewImage, "OldImage": d.OldImage} {
		if image != nil {
			body[name] = attributes(image)
		}
	}
	event := map[string]any{
		"eventID": aws.ToString(r.EventID), "eventName": string(r.EventName), "eventVersion": aws.ToString(r.EventVersion),
		"eventSource": "aws:dynamodb", "awsRegion": template.Region, "dynamodb": body,
		"eventSourceARN": strings.Replace(streamARN, localRegion, template.Region, 1),
	}
	if who := r.UserIdentity; who != nil { // a deletion by TTL
		event["userIdentity"] = map[string]any{"type": aws.ToString(who.Type), "principalId": aws.ToString(who.PrincipalId)}
	}
	return finish(record{sequence: *d.SequenceNumber, created: created}, event)
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

func attributes(image map[string]types.AttributeValue) map[string]any {
	out := make(map[string]any, len(image))
	for name, value := range image {
		out[name] = attribute(value)
	}
	return out
}

func attribute(value types.AttributeValue) map[string]any {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return map[string]any{"S": v.Value}
	case *types.AttributeValueMemberN:
		return map[string]any{"N": v.Value}
	case *types.AttributeValueMemberB:
		return map[string]any{"B": base64.StdEncoding.EncodeToString(v.Value)}
	case *types.AttributeValueMemberBOOL:
		return map[string]any{"BOOL": v.Value}
	case *types.AttributeValueMemberNULL:
		return map[string]any{"NULL": v.Value}
	case *types.AttributeValueMemberSS:
		return map[string]any{"SS": v.Value}
	case *types.AttributeValueMemberNS:
		return map[string]any{"NS": v.Value}
	case *types.AttributeValueMemberBS:
		return map[string]any{"BS": v.Value} // JSON makes base64 of each
	case *types.AttributeValueMemberM:
		return map[string]any{"M": attributes(v.Value)}
	case *types.AttributeValueMemberL:
		list := make([]any, len(v.Value))
		for i, item := range v.Value {
			list[i] = attribute(item)
		}
		return map[string]any{"L": list}
	}
	return map[string]any{}
}
