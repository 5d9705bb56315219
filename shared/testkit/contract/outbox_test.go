package contract

import (
	"privacydesk/shared/testkit"
	"testing"
)

func TestOutboxInMemory(t *testing.T) { OutboxContract(t, inMemory) }

func inMemory(testing.TB) RequestTables {
	o := testkit.NewOptOuts()
	return RequestTables{testkit.NewRequests(o), o, o.Outbox}
}
