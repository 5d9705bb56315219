package optouts_test

import (
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/testkit/contract"
	"privacydesk/shared/testkit/ruled"
)

func TestFeedOnDynamoDBLocal(t *testing.T) {
	contract.FeedContract(t, func(tb testing.TB) contract.FeedTable {
		db, table := ruled.Table(tb, "OptOutsTable")
		return &optouts.Store{Table: dynamo.Table{DB: db, Name: table}, Periods: optouts.Periods{Jobs: time.Hour, Runs: time.Hour, Drifts: time.Hour}}
	})
}
