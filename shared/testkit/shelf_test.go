package testkit_test

import (
	"fmt"
	"testing"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/testkit"
)

func TestShelf(t *testing.T) {
	testkit.ShelfContract(t, func(testing.TB) testkit.ShelfTables {
		s := testkit.NewShelf()
		planted := 0
		return testkit.ShelfTables{
			Store: s, State: func(_ testing.TB, id string) string { return s.State(id) },
			Plant: func(_ testing.TB, c disposal.Class, n int, start time.Time) []string {
				var ids []string
				for i := range n {
					planted++
					ids = append(ids, fmt.Sprintf("%s-%03d", c, planted))
					s.Plant(testkit.Planted{Item: disposal.Item{Class: c, ID: ids[i], Ref: testkit.Ref(planted), Start: start.Add(time.Duration(i) * time.Second)}})
				}
				return ids
			},
			Change: func(_ testing.TB, id string) { s.Touch(id, testkit.T0.AddDate(9, 0, 0)) },
			Remove: func(_ testing.TB, id string) { s.Drop(id) },
		}
	})
}
