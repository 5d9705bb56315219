package optouts

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/screening"
)

var (
	_ backfill.Store     = (*Store)(nil)
	_ screening.Listing  = (*Store)(nil)
	_ backfill.UndoStore = (*Store)(nil)
)

// Create implements backfill.Store: one transaction.
func (t *Store) Create(ctx context.Context, changes []optout.Change) error {
	writes := make([]types.TransactWriteItem, 0, len(changes))
	for _, c := range changes {
		writes = append(writes, t.Table.CreateWrite(Key(c.Key), c.Patch()))
	}
	return dynamo.Fault(t.Table.Transact(ctx, writes...), "record imported opt-outs")
}

// Predate implements backfill.Store.
func (t *Store) Predate(ctx context.Context, k optout.Key, firstAt time.Time, trace optout.Trace) error {
	return fault.Unless(fault.Conflict, t.write(ctx, k, optout.PredatePatch(firstAt, trace), "make a first date earlier"))
}

// Disown implements backfill.Store.
func (t *Store) Disown(ctx context.Context, k optout.Key, imported string) error {
	return fault.Unless(fault.Conflict, t.write(ctx, k, optout.DisownPatch(imported), "take an import's trace away"))
}

// Imported implements backfill.UndoStore: a Scan, a megabyte of rows a page.
func (t *Store) Imported(ctx context.Context, imported, cursor string) ([]optout.Record, string, error) {
	return t.scan(ctx, cursor, &dynamodb.ScanInput{
		ConsistentRead: aws.Bool(true), FilterExpression: aws.String("#import = :import"),
		ExpressionAttributeNames:  map[string]string{"#import": "import"},
		ExpressionAttributeValues: dynamo.Item{":import": dynamo.Str(imported)},
	})
}

// Restore implements backfill.UndoStore. What SES is synced with goes through the
// index Pending as any choice does, and so does a row of nothing, which
// MarkSynced then deletes.
func (t *Store) Restore(ctx context.Context, was optout.Record, imported string, syncAt time.Time) error {
	return t.write(ctx, was.Key, was.RestorePatch(imported, syncAt), "undo an import")
}

// listed is how many rows of the table one page of List looks at.
const listed = 1000

// List implements screening.Listing: one Scan, whose last key is the cursor.
func (t *Store) List(ctx context.Context, cursor string) ([]optout.Record, string, error) {
	return t.scan(ctx, cursor, &dynamodb.ScanInput{Limit: aws.Int32(listed)})
}

func (t *Store) scan(ctx context.Context, cursor string, in *dynamodb.ScanInput) ([]optout.Record, string, error) {
	in.TableName = &t.Table.Name
	if cursor != "" {
		key, ok := readCursor(cursor)
		if !ok {
			return nil, "", fault.Field("cursor", "unknown", "cursor must be one that this route has given")
		}
		in.ExclusiveStartKey = Key(key)
	}
	out, err := t.Table.DB.Scan(ctx, in)
	if err != nil {
		return nil, "", dynamo.Fault(err, "list the opt-outs")
	}
	var page []optout.Record
	for _, i := range out.Items {
		if r := Record(i); !strings.HasPrefix(string(r.Scope), "#") {
			page = append(page, r)
		}
	}
	return page, writeCursor(out.LastEvaluatedKey), nil
}

func writeCursor(last dynamo.Item) string {
	if len(last) == 0 {
		return ""
	}
	text, _ := json.Marshal([]string{last.Str("ref"), last.Str("scope")}) // texts always have a JSON form
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
