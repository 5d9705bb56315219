package dynamo_test

import (
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

func TestOptOutsOnDynamoDBLocal(t *testing.T) {
	testkit.OptOutContract(t, func(tb testing.TB) testkit.OptOutTable {
		db, table := ruledTable(tb, "OptOutsTable")
		return &dynamo.OptOuts{DB: db, Table: table, Kept: dynamo.Kept{Jobs: time.Hour, Walks: time.Hour, Drifts: time.Hour}}
	})
}

func TestCountersOnDynamoDBLocal(t *testing.T) {
	testkit.MeterContract(t, func(tb testing.TB, now func() time.Time) quota.Meter {
		db, table := testkit.Table(tb, "CountersTable")
		gone := &dynamo.Counters{DB: db, Table: table + "-missing", Now: now}
		if err := gone.Take(tb.Context(), quota.Limit{Name: "a", Max: 1, Per: time.Minute}); err == nil {
			tb.Error("a missing table counts")
		}
		return &dynamo.Counters{DB: db, Table: table, Now: now}
	})
}

func TestRequestsOnDynamoDBLocal(t *testing.T) {
	testkit.RequestContract(t, requestTables)
}

func TestOutboxOnDynamoDBLocal(t *testing.T) { testkit.OutboxContract(t, requestTables) }

func requestTables(tb testing.TB) testkit.RequestTables {
	db, requests := ruledTable(tb, "RequestsTable")
	_, optOuts := ruledTable(tb, "OptOutsTable")
	_, counters := testkit.Table(tb, "CountersTable")
	now := func() time.Time { return testkit.T0 }
	return testkit.RequestTables{
		Requests: &dynamo.Requests{
			DB: db, Table: requests, OptOuts: optOuts, Counters: &dynamo.Counters{DB: db, Table: counters, Now: now},
		},
		OptOuts: &dynamo.OptOuts{DB: db, Table: optOuts},
		Outbox:  &dynamo.Outbox{DB: db, OptOuts: optOuts, Requests: requests},
	}
}

func TestAgendaOnDynamoDBLocal(t *testing.T) {
	testkit.AgendaContract(t, func(tb testing.TB) testkit.Clocked {
		db, requests := ruledTable(tb, "RequestsTable")
		return &dynamo.Requests{DB: db, Table: requests}
	})
}
