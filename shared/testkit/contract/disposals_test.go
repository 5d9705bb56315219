package contract_test

import (
	"fmt"
	"testing"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
)

func TestDisposalStoreInMemory(t *testing.T) {
	contract.DisposalStoreContract(t, func(testing.TB) contract.DisposalStoreTables {
		s := testkit.NewDisposals()
		made := 0
		put := func(c schedule.Class, rows int, start time.Time) string {
			made++
			id := fmt.Sprintf("%s-%03d", c, made)
			s.Put(testkit.Disposed{Rows: rows, Item: disposal.Item{Class: c, ID: id, Ref: testkit.Ref(made), Start: start}})
			return id
		}
		return contract.DisposalStoreTables{
			Store: s, State: func(_ testing.TB, id string) string { return s.State(id) },
			Put: func(_ testing.TB, c schedule.Class, n int, start time.Time) (ids []string) {
				for i := range n {
					ids = append(ids, put(c, 1, start.Add(time.Duration(i)*time.Second)))
				}
				return ids
			},
			Large:  func(_ testing.TB, c schedule.Class, rows int, start time.Time) string { return put(c, rows, start) },
			Change: func(_ testing.TB, id string) { s.Touch(id, testkit.T0.AddDate(9, 0, 0)) },
			Remove: func(_ testing.TB, id string) { s.Drop(id) },
		}
	})
}
