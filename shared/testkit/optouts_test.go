package testkit

import "testing"

func TestOptOutsInMemory(t *testing.T) {
	OptOutContract(t, func(testing.TB) OptOutTable { return NewOptOuts() })
}

func TestRequestsInMemory(t *testing.T) {
	RequestContract(t, inMemory)
}

func TestAgendaInMemory(t *testing.T) {
	AgendaContract(t, func(testing.TB) Clocked { return NewRequests(NewOptOuts()) })
}
