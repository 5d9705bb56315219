package counters_test

import (
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/counters"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
)

func TestCountersOnDynamoDBLocal(t *testing.T) {
	contract.MeterContract(t, func(tb testing.TB, now func() time.Time) quota.Meter {
		db, table := testkit.Table(tb, "CountersTable")
		gone := &counters.Store{Table: dynamo.Table{DB: db, Name: table + "-missing"}, Now: now}
		if err := gone.Take(tb.Context(), quota.Limit{Name: "a", Max: 1, Per: time.Minute}); err == nil {
			tb.Error("a missing table counts")
		}
		return &counters.Store{Table: dynamo.Table{DB: db, Name: table}, Now: now}
	})
}
