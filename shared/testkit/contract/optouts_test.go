package contract

import (
	"privacydesk/shared/testkit"
	"testing"
)

func TestOptOutsInMemory(t *testing.T) {
	OptOutContract(t, func(testing.TB) OptOutTable { return testkit.NewOptOuts() })
}

func TestRequestsInMemory(t *testing.T) {
	RequestContract(t, inMemory)
}

func TestAgendaInMemory(t *testing.T) {
	CaseworkContract(t, func(testing.TB) Listing { return testkit.NewRequests(testkit.NewOptOuts()) })
	AgendaContract(t, func(testing.TB) Clocked { return testkit.NewRequests(testkit.NewOptOuts()) })
}
