package dynamo

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

var (
	_ optout.ImportStore = (*OptOuts)(nil)
	_ optout.Listing     = (*OptOuts)(nil)
)

// Create implements optout.ImportStore: one transaction.
func (t *OptOuts) Create(ctx context.Context, changes []optout.Change) error {
	writes := make([]types.TransactWriteItem, 0, len(changes))
	for _, c := range changes {
		writes = append(writes, changeUpdate(c).create(t.Table, optOutKey(c.Key)))
	}
	return asFault(retry(ctx, func() error {
		_, err := t.DB.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
		return err
	}), "record imported opt-outs")
}

// Predate implements optout.ImportStore. The version stays: nobody has chosen
// anything.
func (t *OptOuts) Predate(ctx context.Context, k optout.Key, firstAt time.Time, trace optout.Trace) error {
	u := newUpdate()
	u.put("first_at", stamp(firstAt))
	if trace.Import != "" {
		leave(u, trace)
	}
	u.condition = append(u.condition, u.name("first_at")+" > "+u.value("first_at", stamp(firstAt)))
	return unlessConflict(t.mark(ctx, u, optOutKey(k), "make a first date earlier"))
}

// Disown implements optout.ImportStore.
func (t *OptOuts) Disown(ctx context.Context, k optout.Key, imported string) error {
	u := newUpdate()
	leave(u, optout.Trace{})
	u.only("import", str(imported))
	return unlessConflict(t.mark(ctx, u, optOutKey(k), "take an import's trace away"))
}

func unlessConflict(err error) error {
	if fault.CodeOf(err) == fault.Conflict {
		return nil
	}
	return err
}

// listed is how many rows of the table one page of List looks at.
const listed = 1000

// List implements optout.Listing: one Scan, whose last key is the cursor.
func (t *OptOuts) List(ctx context.Context, cursor string) ([]optout.Record, string, error) {
	return t.scan(ctx, cursor, &dynamodb.ScanInput{Limit: aws.Int32(listed)})
}

func (t *OptOuts) scan(ctx context.Context, cursor string, in *dynamodb.ScanInput) ([]optout.Record, string, error) {
	in.TableName = &t.Table
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
