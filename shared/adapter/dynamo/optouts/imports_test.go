package optouts_test

import (
	"testing"

	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/testkit/ruled"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/testkit"
)

func TestImportsOnDynamoDBLocal(t *testing.T) {
	testkit.ImportContract(t, func(tb testing.TB) testkit.ImportTable {
		db, table := ruled.Table(tb, "OptOutsTable")
		return &optouts.Store{Table: dynamo.Table{DB: db, Name: table}}
	})
}
