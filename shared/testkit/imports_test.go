package testkit

import "testing"

func TestImportsInMemory(t *testing.T) {
	ImportContract(t, func(testing.TB) ImportTable { return NewOptOuts() })
}
