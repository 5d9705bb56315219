package dynamo

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/fault"
	"privacydesk/shared/optout"
	"privacydesk/shared/person"
)

var (
	_ optout.ImportStore = (*OptOuts)(nil)
	_ optout.Listing     = (*OptOuts)(nil)
)

// Predate implements optout.ImportStore. The version stays: nobody has chosen
// anything.
func (t *OptOuts) Predate(ctx context.Context, k optout.Key, firstAt time.Time) error {
	u := newUpdate()
	u.put("first_at", stamp(firstAt))
	u.condition = append(u.condition, u.name("first_at")+" > "+u.value("first_at", stamp(firstAt)))
	err := t.mark(ctx, u, optOutKey(k), "make a first date earlier")
	if errors.Is(err, &fault.Error{Code: fault.Conflict}) {
		return nil
	}
	return err
}

// listed is how many rows of the table one page of List looks at.
const listed = 1000

// List implements optout.Listing: one Scan, whose last key is the cursor.
func (t *OptOuts) List(ctx context.Context, cursor string) ([]optout.Record, string, error) {
	in := &dynamodb.ScanInput{TableName: &t.Table, Limit: aws.Int32(listed)}
	if cursor != "" {
		key, ok := readCursor(cursor)
		if !ok {
			return nil, "", fault.Field("cursor", "unknown", "cursor must be one that this route has given")
		}
		in.ExclusiveStartKey = optOutKey(key)
	}
	out, err := t.DB.Scan(ctx, in)
	if err != nil {
		return nil, "", asFault(err, "list the opt-outs")
	}
	var page []optout.Record
	for _, i := range out.Items {
		if r := record(i); !strings.HasPrefix(string(r.Scope), "#") {
			page = append(page, r)
		}
	}
	return page, writeCursor(out.LastEvaluatedKey), nil
}

func writeCursor(last item) string {
	if len(last) == 0 {
		return ""
	}
	text, _ := json.Marshal([]string{last.str("ref"), last.str("scope")}) // texts always have a JSON form
	return base64.RawURLEncoding.EncodeToString(text)
}

func readCursor(cursor string) (optout.Key, bool) {
	var parts [2]string
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(text, &parts) != nil || parts[0] == "" || parts[1] == "" {
		return optout.Key{}, false
	}
	return optout.Key{Ref: person.Ref(parts[0]), Scope: optout.Scope(parts[1])}, true
}
