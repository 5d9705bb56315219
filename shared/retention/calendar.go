package retention

import "time"

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
	today := dateOf(now, zone)
	first := date{today.AddDate(0, -p.months(), -p.Days)}
	for !p.from(first).Before(today.Time) {
		first = first.add(-1)
	}
	for p.from(first).Before(today.Time) {
		first = first.add(1)
	}
	return first.begin(zone)
}

// End is when a record that started then is due: the beginning of the local
// day after the last one of its period. False: it never is.
func (p Period) End(start time.Time, zone *time.Location) (time.Time, bool) {
	if p.Never {
		return time.Time{}, false
	}
	return p.from(dateOf(start, zone)).add(1).begin(zone), true
}

// from is the last day of the period that started on a day.
func (p Period) from(start date) date {
	y, m, d := start.Date()
	last := civil(y, m+time.Month(p.months())+1, 0)
	y, m, _ = last.Date()
	return civil(y, m, min(d, last.Day())).add(p.Days)
}

// A date is a civil day, held as its midnight in UTC.
type date struct{ time.Time }

func civil(y int, m time.Month, d int) date { return date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)} }

func dateOf(at time.Time, zone *time.Location) date { return civil(at.In(zone).Date()) }

func (d date) add(days int) date { return date{d.AddDate(0, 0, days)} }

// begin is the first instant of the day in a zone; of a day that the zone left
// out, the first one after it. Where the clocks are put forward at midnight,
// the day begins at one.
func (d date) begin(zone *time.Location) time.Time {
	y, m, dd := d.Date()
	t := time.Date(y, m, dd, 0, 0, 0, 0, zone)
	if dateOf(t, zone) == d && dateOf(t.Add(-time.Second), zone).Before(d.Time) && dateOf(t.Add(-aDay), zone).Before(d.Time) {
		return t
	}
	return d.search(zone)
}

const aDay = 24 * time.Hour

// search walks through the offsets in force around the day. In each, the day
// begins at its midnight, or where the offset came into force.
func (d date) search(zone *time.Location) time.Time {
	for t := d.Add(-2 * aDay).In(zone); ; {
		_, offset := t.Zone()
		_, change := t.ZoneBounds()
		at := d.Add(-time.Duration(offset) * time.Second)
		if at.Before(t) {
			at = t
		}
		if !dateOf(at, zone).Before(d.Time) && (change.IsZero() || at.Before(change)) {
			return at.In(zone)
		}
		t = change
	}
}
