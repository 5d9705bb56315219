package testkit

import "testing"

func TestOptOutsInMemory(t *testing.T) {
	OptOutContract(t, func(testing.TB) OptOutTable { return NewOptOuts() })
}
