package dynamo_test

import (
	"testing"
	"time"

	"privacydesk/shared/dynamo"
	"privacydesk/shared/quota"
	"privacydesk/shared/testkit"
)

func TestOptOutsOnDynamoDBLocal(t *testing.T) {
	testkit.OptOutContract(t, func(tb testing.TB) testkit.OptOutTable {
		db, table := testkit.Table(tb, "OptOutsTable")
		return &dynamo.OptOuts{DB: db, Table: table, Kept: dynamo.Kept{Jobs: time.Hour, Walks: time.Hour, Drifts: time.Hour}}
	})
}

func TestCounters(t *testing.T) {
	db, table := testkit.Table(t, "CountersTable")
	now := testkit.T0
	c := &dynamo.Counters{DB: db, Table: table, Now: func() time.Time { return now }}
	two := quota.Limit{Name: "a", Ref: "x", Max: 2, Per: time.Minute}
	wide := quota.Limit{Name: "b", Ref: "y", Max: 100, Per: time.Hour}
	for i, want := range []bool{true, true, false, false} {
		if err := c.Take(t.Context(), two, wide); (err == nil) != want {
			t.Errorf("event %d: %v", i+1, err)
		}
	}
	other := two
	other.Ref = "z"
	if err := c.Take(t.Context(), other); err != nil {
		t.Errorf("another's limit: %v", err)
	}
	now = now.Add(time.Minute)
	if err := c.Take(t.Context(), two, wide); err != nil {
		t.Errorf("the next window: %v", err)
	}
	gone := &dynamo.Counters{DB: db, Table: table + "-missing", Now: c.Now}
	if err := gone.Take(t.Context(), two); err == nil {
		t.Error("a missing table counts")
	}
}

func TestRequestsOnDynamoDBLocal(t *testing.T) {
	testkit.RequestContract(t, func(tb testing.TB) testkit.RequestTables {
		db, requests := testkit.Table(tb, "RequestsTable")
		_, optOuts := testkit.Table(tb, "OptOutsTable")
		_, counters := testkit.Table(tb, "CountersTable")
		now := func() time.Time { return testkit.T0 }
		return testkit.RequestTables{
			Requests: &dynamo.Requests{
				DB: db, Table: requests, OptOuts: optOuts, Counters: &dynamo.Counters{DB: db, Table: counters, Now: now},
			},
			OptOuts: &dynamo.OptOuts{DB: db, Table: optOuts},
		}
	})
}

func TestAgendaOnDynamoDBLocal(t *testing.T) {
	testkit.AgendaContract(t, func(tb testing.TB) testkit.Clocked {
		db, requests := testkit.Table(tb, "RequestsTable")
		return &dynamo.Requests{DB: db, Table: requests}
	})
}
