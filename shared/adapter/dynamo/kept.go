package dynamo

import (
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/schedule"
)

// Kept is how long the rows stay that nobody disposes of. Without it none of
// them is written. Wishes and counters are not in it: their periods are those
// of a link and of a limit.
type Kept struct{ Jobs, Walks, Drifts time.Duration }

// Keep takes the periods out of the schedule of retention.
func Keep(s *schedule.Schedule) Kept {
	return Kept{Jobs: s.Duration(schedule.BulkJobs), Walks: s.Duration(schedule.Reconciliations), Drifts: s.Duration(schedule.DriftReports)}
}

// expire makes DynamoDB forget a row when its period is over.
func (i item) expire(start time.Time, period time.Duration) error {
	if period <= 0 {
		return fault.New(fault.Internal, "no period is set after which the row goes")
	}
	i["expires_at"] = num(start.Add(period).Unix())
	return nil
}
