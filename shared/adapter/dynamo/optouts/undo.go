package optouts

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/optout"
)

var _ backfill.UndoStore = (*Store)(nil)

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
