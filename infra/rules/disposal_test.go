package rules

import (
	"strings"
	"testing"

	"privacydesk/shared/domain/settings"
)

// The sweep runs in the night of the days that it counts: soon after a period's last day, and not most of a day later.
func TestTheNightIsOfTheDaysThatAreCounted(t *testing.T) {
	desk, err := settings.Load()
	if err != nil {
		t.Fatal(err)
	}
	nightly := 0
	for _, s := range loadTemplate(t).Schedules {
		if s.Function != "RetentionFunction" || !strings.HasPrefix(s.Expression, "cron") {
			continue
		}
		if nightly++; s.Timezone != desk.Organisation.TimeZone {
			t.Errorf("%s runs in the time zone %q, desk.yaml counts days in %q: set ScheduleExpressionTimezone", s.LogicalID, s.Timezone, desk.Organisation.TimeZone)
		}
	}
	if nightly != 1 {
		t.Errorf("the sweep has %d nightly schedules", nightly)
	}
}
