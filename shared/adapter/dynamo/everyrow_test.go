package dynamo_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/testkit"
)

// ruledTable is testkit.Table, ruled.
func ruledTable(tb testing.TB, logicalID string) (*dynamodb.Client, string) {
	tb.Helper()
	db, table := testkit.Table(tb, logicalID)
	ruled(tb, db, logicalID, table)
	return db, table
}

// ruled checks, when the test ends, that a Recovery has a rule for the kind and the attributes of each row of the table. So
// every row is looked at that a contract makes the code write and leave there.
func ruled(tb testing.TB, db *dynamodb.Client, logicalID, table string) {
	tb.Cleanup(func() { // before the table is dropped
		pages := dynamodb.NewScanPaginator(db, &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(context.Background())
			if err != nil {
				tb.Error(err)
				return
			}
			for _, i := range page.Items {
				for _, without := range dynamo.WithoutRule(logicalID, i) {
					tb.Errorf("recoverykinds.go has no rule for %s: may an older copy bring it back?", without)
				}
			}
		}
	})
}
