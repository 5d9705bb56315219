package contract_test

import (
	"testing"

	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
)

func TestDisposalInMemory(t *testing.T) {
	contract.DisposalContract(t, func(testing.TB) contract.DisposalTables {
		optOuts := testkit.NewOptOuts()
		return contract.DisposalTables{Requests: testkit.NewRequests(optOuts), OptOuts: optOuts, Outbox: optOuts.Outbox}
	})
}
