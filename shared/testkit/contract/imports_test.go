package contract

import (
	"privacydesk/shared/testkit"
	"testing"
)

func TestImportsInMemory(t *testing.T) {
	ImportContract(t, func(testing.TB) ImportTable { return testkit.NewOptOuts() })
}
