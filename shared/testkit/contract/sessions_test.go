package contract_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
)

func TestSessionsInMemory(t *testing.T) {
	contract.SessionContract(t, func(_ testing.TB, now func() time.Time) staff.Sessions { return &testkit.Sessions{Now: now} })
}
