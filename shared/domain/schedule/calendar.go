package schedule

import (
	"time"

	"privacydesk/shared/domain/civil"
)

// Cutoff is the instant before which a record must have started to be due at
// now. A record is due once the local day on which its period ends is over,
// so that nothing goes early by an hour of summer time: the period ends on the
// day with the start's number, or on the last day of a month that has no such
// day (Art. 3(2)(c) of Regulation 1182/71). Of Never it is the zero time,
// before which nothing started.
func (p Period) Cutoff(now time.Time, zone *time.Location) time.Time {
	if p.Never {
		return time.Time{}
	}
	today := civil.Of(now, zone)
	first := today.AddMonths(-p.months()) - civil.Day(p.Days)
	for p.from(first) >= today {
		first--
	}
	for p.from(first) < today {
		first++
	}
	return (first - 1).End(zone)
}

// End is when a record that started then is due: the beginning of the local
// day after the last one of its period. False: it never is.
func (p Period) End(start time.Time, zone *time.Location) (time.Time, bool) {
	if p.Never {
		return time.Time{}, false
	}
	return p.from(civil.Of(start, zone)).End(zone), true
}

// from is the last day of the period that started on a day.
func (p Period) from(start civil.Day) civil.Day {
	return start.AddMonths(p.months()) + civil.Day(p.Days)
}
