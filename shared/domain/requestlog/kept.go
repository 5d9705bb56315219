package requestlog

import (
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

// Kept is how long the page of a closed request shows it.
type Kept struct {
	Until civil.Day // the last day of the whole; zero: it is gone already
	Log   civil.Day // the last day of what is left then; zero: nothing is
}

// KeptOf returns it by the schedule of retention, in days of a zone; zero while
// the request is open, and while nobody knows when the person is erased. Who is to be
// erased keeps the log alone. Delay comes first.
func KeptOf(r *request.Request, rules *schedule.Schedule, zone *time.Location, now time.Time) Kept {
	last := func(c schedule.Class, since time.Time) civil.Day {
		end, _ := rules.Rule(c).Period.End(since, zone)
		return civil.Through(end, zone)
	}
	class, since := Disposal(r)
	if r.HeldBack || r.Delayed { // nobody knows until when
		class = ""
	}
	switch class {
	case "":
		return Kept{}
	case schedule.UnverifiedRequest:
		return Kept{Until: last(class, since)}
	}
	k := Kept{Log: last(schedule.RequestLog, r.ClosedAt)}
	switch {
	case class == schedule.ClosedRequest:
		k.Until = last(class, since)
	case since.After(now):
		k.Until = civil.Through(since, zone)
	}
	return k
}

// BackupUntil is the last day on which a backup copy can hold what an order to
// erase takes away: the period of the schedule, from the night after the order can
// be carried out; zero without an order, and while other systems or requests need the
// address.
func BackupUntil(r *request.Request, rules *schedule.Schedule, zone *time.Location, now time.Time) civil.Day {
	if r.EraseFrom.IsZero() || r.Outstanding > 0 || r.Delayed {
		return 0
	}
	from := r.EraseFrom
	if now.After(from) {
		from = now
	}
	end, _ := rules.Rule(schedule.Backups).Period.End(from.AddDate(0, 0, 1), zone)
	return civil.Through(end, zone)
}
