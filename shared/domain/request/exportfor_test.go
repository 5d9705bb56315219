package request_test

import (
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
)

// A service that was not told how long an export is given out grants none, rather than one that has ended at once.
func TestNoExportWithoutItsPeriod(t *testing.T) {
	d := newDesk(t)
	d.Settings.ExportFor = 0
	r := d.opened(d.asks(germany, deadline.Access))
	if _, err := d.Decide(background, r.ID, "dpo", decision.Answer{Outcome: decision.Grant}); fault.CodeOf(err) != fault.Internal {
		t.Errorf("an export was granted: %v", err)
	}
}
