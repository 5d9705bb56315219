package dynamo_test

import (
	"testing"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/testkit"
)

func TestImportsOnDynamoDBLocal(t *testing.T) {
	testkit.ImportContract(t, func(tb testing.TB) testkit.ImportTable {
		db, table := ruledTable(tb, "OptOutsTable")
		return &dynamo.OptOuts{DB: db, Table: table}
	})
}
