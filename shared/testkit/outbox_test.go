package testkit

import "testing"

func TestOutboxInMemory(t *testing.T) { OutboxContract(t, inMemory) }

func inMemory(testing.TB) RequestTables {
	o := NewOptOuts()
	return RequestTables{NewRequests(o), o, o.Outbox}
}
