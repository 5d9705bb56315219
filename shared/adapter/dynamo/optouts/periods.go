package optouts

import (
	"time"

	"privacydesk/shared/domain/schedule"
)

// Periods is how long the rows stay that nobody disposes of. Without it none of
// them is written. Wishes and counters are not in it: their periods are those
// of a link and of a limit.
type Periods struct{ Jobs, Runs, Drifts time.Duration }

// PeriodsOf takes the periods out of the schedule of retention.
func PeriodsOf(s *schedule.Schedule) Periods {
	return Periods{Jobs: s.Duration(schedule.BulkJobs), Runs: s.Duration(schedule.Reconciliations), Drifts: s.Duration(schedule.DriftReports)}
}
