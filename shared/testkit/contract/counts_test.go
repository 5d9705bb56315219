package contract

import (
	"testing"
	"time"

	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

func TestCountsInMemory(t *testing.T) {
	MeterContract(t, func(_ testing.TB, now func() time.Time) quota.Meter { return &testkit.Counts{Now: now} })
}
