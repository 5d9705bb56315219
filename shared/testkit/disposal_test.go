package testkit_test

import (
	"testing"

	"privacydesk/shared/testkit"
)

func TestDisposalInMemory(t *testing.T) {
	testkit.DisposalContract(t, func(testing.TB) testkit.DisposalTables {
		optOuts := testkit.NewOptOuts()
		return testkit.DisposalTables{Requests: testkit.NewRequests(optOuts), OptOuts: optOuts, Outbox: optOuts.Outbox}
	})
}
