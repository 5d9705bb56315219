package optouts_test

import (
	"testing"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/testkit/contract"
	"privacydesk/shared/testkit/ruled"
)

func TestImportsOnDynamoDBLocal(t *testing.T) {
	contract.ImportContract(t, func(tb testing.TB) contract.ImportTable {
		db, table := ruled.Table(tb, "OptOutsTable")
		return &optouts.Store{Table: dynamo.Table{DB: db, Name: table}}
	})
}
