package disposals_test

import (
	"fmt"
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// Each record once, and oldest first, also where many begin at the same time.
func TestDueToTheEnd(t *testing.T) {
	s := newRecords(t)
	for n := range 900 {
		if err := s.OptOuts.Table.Put(t.Context(), dynamo.Item{
			"ref": dynamo.Str(fmt.Sprintf("ref-%d", n)), "scope": dynamo.Str("email"), "version": dynamo.Num(1),
			"disposal": dynamo.Str("opt-out-evidence"), "disposal_at": dynamo.Stamp(testkit.T0.Add(time.Duration(n/60) * time.Hour)),
		}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		seen, last := map[string]bool{}, time.Time{}
		for i, err := range s.Due(t.Context(), schedule.OptOutEvidence, testkit.T0.AddDate(1, 0, 0)) {
			if err != nil || seen[i.ID] || i.Start.Before(last) {
				t.Fatalf("%s twice, or %v after %v, %v", i.ID, i.Start, last, err)
			}
			if seen[i.ID], last = true, i.Start; len(seen) == 900 {
				break
			}
		}
		if len(seen) != 900 {
			t.Errorf("%d rows", len(seen))
		}
	}
}
