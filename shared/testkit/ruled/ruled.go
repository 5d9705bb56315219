// Package ruled makes tables for tests, and checks what tests leave in them: that
// a recovery has a rule for each row. It must not be used outside tests.
package ruled

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/recoveries"
	"privacydesk/shared/testkit"
)

// Table is testkit.Table with Check.
func Table(tb testing.TB, logicalID string) (*dynamodb.Client, string) {
	tb.Helper()
	db, name := testkit.Table(tb, logicalID)
	Check(tb, dynamo.Table{DB: db, Name: name}, logicalID)
	return db, name
}

// Check makes sure, when the test ends, that a recovery has a rule for the kind
// and the attributes of each row of a table. So every row is looked at that a
// contract makes the code write and leave there.
func Check(tb testing.TB, t dynamo.Table, logicalID string) {
	tb.Cleanup(func() { // before the table is dropped
		for row, err := range t.Scan(context.Background(), dynamodb.ScanInput{ConsistentRead: aws.Bool(true)}) {
			if err != nil {
				tb.Error(err)
				return
			}
			for _, without := range recoveries.WithoutRule(logicalID, row) {
				tb.Errorf("domain/recovery has no rule for %s: may an older copy bring it back?", without)
			}
		}
	})
}
