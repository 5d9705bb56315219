package dynamo

import (
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/retention"
)

// Kept is how long the rows stay that nobody disposes of. Without it none of
// them is written. Wishes and counters are not in it: their periods are those
// of a link and of a limit.
type Kept struct{ Jobs, Walks, Drifts time.Duration }

// Keep takes the periods out of the schedule of retention.
func Keep(s *retention.Schedule) Kept {
	of := func(c retention.Class) time.Duration {
		d, _ := s.Rule(c).Period.Duration() // days, or the schedule would not be
		return d
	}
	return Kept{Jobs: of(retention.BulkJobs), Walks: of(retention.Walks), Drifts: of(retention.DriftReports)}
}

// expire makes DynamoDB forget a row when its period is over.
func (i item) expire(start time.Time, period time.Duration) error {
	if period <= 0 {
		return fault.New(fault.Internal, "no period is set after which the row goes")
	}
	i["expires_at"] = num(start.Add(period).Unix())
	return nil
}
