package testkit

import (
	"testing"
	"time"

	"privacydesk/shared/domain/quota"
)

func TestCountsInMemory(t *testing.T) {
	MeterContract(t, func(_ testing.TB, now func() time.Time) quota.Meter { return &Counts{Now: now} })
}
