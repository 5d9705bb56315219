// Package civil is the calendar of days: a day without hours or zone, and the
// instant at which it is over in a zone. Whatever a person is told to hold
// until a day holds until that Day's End where the organisation is; what they
// are told of a stored instant is the Day Through it. The package must not know
// what a day is counted for.
package civil

import "time"

// Day is a civil day, counted from 1 January 1970. Arithmetic on it knows no
// time zones, which is the point. The zero Day is none.
type Day int

// Date is the day of a date; months and days out of range carry over.
func Date(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Of is the local day of an instant.
func Of(at time.Time, zone *time.Location) Day {
	return Date(at.In(zone).Date())
}

// Parse reads a day as RFC 3339 writes it: "2026-12-04".
func Parse(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	return Of(t, time.UTC), err
}

// Through is the last day that is over at end: what holds until then may be told
// to hold through that day. For d.End(zone) it is d. Of no time it is no day.
func Through(end time.Time, zone *time.Location) Day {
	if end.IsZero() {
		return 0
	}
	d := Of(end.Add(-1), zone)
	if d.End(zone).After(end) {
		d--
	}
	return d
}

// IsZero reports whether d is none.
func (d Day) IsZero() bool { return d == 0 }

// UTC is the midnight of UTC at which the day begins, for its date alone.
func (d Day) UTC() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Date is the day's year, month and day of the month.
func (d Day) Date() (int, time.Month, int) { return d.UTC().Date() }

// String is the day as RFC 3339 writes it.
func (d Day) String() string { return d.UTC().Format(time.DateOnly) }

// MarshalText writes the day in JSON as String does.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Weekday counts from Sunday; 1 January 1970 was a Thursday.
func (d Day) Weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) }

// AddMonths keeps the day of the month, and takes the last day of a month that
// has no such day: Art. 3(2)(c) of Regulation 1182/71, and the common rule
// elsewhere.
func (d Day) AddMonths(n int) Day {
	y, m, dd := d.Date()
	first := Date(y, m+time.Month(n), 1)
	last := Date(y, m+time.Month(n)+1, 1) - 1
	return min(first+Day(dd)-1, last)
}

// End is the first instant after the day in a zone, a whole second: mostly the
// next midnight. A day that the zone left out (Samoa, 30 December 2011) ends with
// the day before it.
func (d Day) End(zone *time.Location) time.Time {
	y, m, next := (d + 1).Date()
	t := time.Date(y, m, next, 0, 0, 0, 0, zone)
	_, before := t.Add(-changeNear).Zone()
	_, at := t.Zone()
	_, after := t.Add(changeNear).Zone()
	if before == at && at == after && Of(t, zone) == d+1 {
		return t
	}
	return d.searchEnd(zone)
}

// changeNear is how far from midnight a change of the clocks may be and still
// move it: Newfoundland used to change at a minute past, so that the last hour of
// a day came twice with a minute of the next one in between.
const changeNear = 3 * time.Hour

// searchEnd looks for the last second of a day around whose midnight the clocks
// are changed. That second is the one before a change, or the one before midnight
// by some offset in force around it.
func (d Day) searchEnd(zone *time.Location) time.Time {
	var best time.Time
	consider := func(t time.Time) {
		if Of(t, zone) <= d && t.After(best) {
			best = t
		}
	}
	stop := (d + 3).UTC()
	for t := (d - 1).UTC(); t.Before(stop); {
		_, offset := t.In(zone).Zone()
		if midnight := (d + 1).UTC().Add(-time.Duration(offset)*time.Second - time.Second); Of(midnight, zone) == d {
			consider(midnight)
		}
		_, change := t.In(zone).ZoneBounds()
		if change.IsZero() {
			break
		}
		consider(change.Add(-time.Second))
		t = change
	}
	return best.Add(time.Second).In(zone)
}
