package testkit

import "testing"

func TestOptOutsInMemory(t *testing.T) {
	OptOutContract(t, func(testing.TB) OptOutTable { return NewOptOuts() })
}

func TestRequestsInMemory(t *testing.T) {
	RequestContract(t, func(testing.TB) RequestTables {
		o := NewOptOuts()
		return RequestTables{NewRequests(o), o}
	})
}

func TestAgendaInMemory(t *testing.T) {
	AgendaContract(t, func(testing.TB) Clocked { return NewRequests(NewOptOuts()) })
}
