package deadline

import (
	"time"

	"privacydesk/shared/domain/civil"
)

// WorkingDays counts the controller's working days after the local day of now up to and including that of due: 1 on
// the Friday before a Monday that is none of the holidays, 0 when no working day is left before the date is over.
func (e *Engine) WorkingDays(now, due time.Time) int {
	n := 0
	for d := civil.Of(now, e.zone) + 1; d <= civil.Of(due, e.zone); d++ {
		if e.calendar.IsWorkingDay(d) {
			n++
		}
	}
	return n
}

// WithinWorkingDays is the last moment of a time in which at most n of the controller's working days are left: all
// that is due by then, and nothing that is due later, has WorkingDays of n or fewer.
func (e *Engine) WithinWorkingDays(now time.Time, n int) time.Time {
	return e.lastSecond(e.calendar.AddWorking(civil.Of(now, e.zone), n+1) - 1)
}

// NextWorking is the first moment after another that is a time of the day on one of the controller's working days.
func (e *Engine) NextWorking(after time.Time, clock time.Duration) time.Time {
	for d := e.calendar.AddWorking(civil.Of(after, e.zone)-1, 1); ; d = e.calendar.AddWorking(d, 1) {
		year, month, day := d.Date()
		at := time.Date(year, month, day, int(clock/time.Hour), int(clock%time.Hour/time.Minute), 0, 0, e.zone)
		if at.After(after) {
			return at
		}
	}
}

// Days counts whole local days from one moment to another, as a calendar on the controller's wall does.
func (e *Engine) Days(from, to time.Time) int {
	return int(civil.Of(to, e.zone) - civil.Of(from, e.zone))
}

// EndOfDay is the last second of the local day that is so many days after that of a moment.
func (e *Engine) EndOfDay(at time.Time, days int) time.Time {
	return e.lastSecond(civil.Of(at, e.zone) + civil.Day(days))
}

// lastSecond is that of a day, in which a due date is still kept.
func (e *Engine) lastSecond(d civil.Day) time.Time { return d.End(e.zone).Add(-time.Second) }

// Zone is where the controller's days count.
func (e *Engine) Zone() *time.Location { return e.zone }
