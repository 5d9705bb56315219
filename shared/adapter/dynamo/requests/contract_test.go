package requests_test

import (
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/counters"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
	"privacydesk/shared/testkit/ruled"
)

func TestRequestsOnDynamoDBLocal(t *testing.T) { contract.RequestContract(t, requestTables) }

func TestOutboxOnDynamoDBLocal(t *testing.T) { contract.OutboxContract(t, requestTables) }

func requestTables(tb testing.TB) contract.RequestTables {
	db, name := ruled.Table(tb, "RequestsTable")
	_, others := ruled.Table(tb, "OptOutsTable")
	_, limits := testkit.Table(tb, "CountersTable")
	table, optOuts := dynamo.Table{DB: db, Name: name}, dynamo.Table{DB: db, Name: others}
	now := func() time.Time { return testkit.T0 }
	counts := &counters.Store{Table: dynamo.Table{DB: db, Name: limits}, Now: now}
	return contract.RequestTables{
		Requests: &requests.Store{Table: table, OptOuts: optOuts, Counters: counts},
		OptOuts:  &optouts.Store{Table: optOuts},
		Outbox:   &letters.Store{OptOuts: optOuts, Requests: table, Counters: counts},
	}
}

func TestListsOnDynamoDBLocal(t *testing.T) {
	contract.CaseworkContract(t, func(tb testing.TB) contract.Listing {
		db, requestsTable := ruled.Table(tb, "RequestsTable")
		return &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}}
	})
}

func TestAgendaOnDynamoDBLocal(t *testing.T) {
	contract.AgendaContract(t, func(tb testing.TB) contract.Clocked {
		db, requestsTable := ruled.Table(tb, "RequestsTable")
		return &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}}
	})
}
