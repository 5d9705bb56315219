package law

import "time"

// A day is a civil day, counted from 1 January 1970. Arithmetic on it knows no time zones, which is the point.
type day int

func civil(y int, m time.Month, d int) day {
	return day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// dayOf is the local day of an instant.
func dayOf(at time.Time, zone *time.Location) day {
	y, m, d := at.In(zone).Date()
	return civil(y, m, d)
}

func parseDay(s string) (day, error) {
	t, err := time.Parse(time.DateOnly, s)
	return dayOf(t, time.UTC), err
}

func (d day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func (d day) date() (int, time.Month, int) { return d.utc().Date() }

// String is the day as RFC 3339 writes it.
func (d day) String() string { return d.utc().Format(time.DateOnly) }

// weekday counts from Sunday; 1 January 1970 was a Thursday.
func (d day) weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) }

// addMonths keeps the day of the month, and takes the last day of a month that has no such day: Art. 3(2)(c) of
// Regulation 1182/71, and the common rule elsewhere.
func (d day) addMonths(n int) day {
	y, m, dd := d.date()
	first := civil(y, m+time.Month(n), 1)
	last := civil(y, m+time.Month(n)+1, 1) - 1
	return min(first+day(dd)-1, last)
}

// end is the last second of the day in a zone. A day that the zone left out (Samoa, 30 December 2011) ends
// with the last second before it.
func (d day) end(zone *time.Location) time.Time {
	y, m, dd := d.date()
	t := time.Date(y, m, dd, 23, 59, 59, 0, zone)
	_, before := t.Add(-changeNear).Zone()
	_, at := t.Zone()
	_, after := t.Add(changeNear).Zone()
	if before == at && at == after && dayOf(t, zone) == d {
		return t
	}
	return d.searchEnd(zone)
}

// changeNear is how far from midnight a change of the clocks may be and still move it: Newfoundland used to change
// at a minute past, so that the last hour of a day came twice with a minute of the next one in between.
const changeNear = 3 * time.Hour

// searchEnd looks for the last second of a day around whose midnight the clocks are changed. That second is the
// one before a change, or the one before midnight by some offset in force around it.
func (d day) searchEnd(zone *time.Location) time.Time {
	var best time.Time
	consider := func(t time.Time) {
		if dayOf(t, zone) <= d && t.After(best) {
			best = t
		}
	}
	stop := (d + 3).utc()
	for t := (d - 1).utc(); t.Before(stop); {
		_, offset := t.In(zone).Zone()
		if midnight := (d + 1).utc().Add(-time.Duration(offset)*time.Second - time.Second); dayOf(midnight, zone) == d {
			consider(midnight)
		}
		_, change := t.In(zone).ZoneBounds()
		if change.IsZero() {
			break
		}
		consider(change.Add(-time.Second))
		t = change
	}
	return best.In(zone)
}
