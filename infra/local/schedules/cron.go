package schedules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// cron is cron(minutes hours day-of-month month day-of-week year). EventBridge's
// L, W and # are not known here: no schedule of the template has them.
type cron struct {
	minutes, hours, months, years []bool
	day                           func(time.Time) bool
	zone                          *time.Location
}

// part is one of the six fields: its bounds and the names it knows.
type part struct {
	name     string
	low      int
	high     int
	language map[string]int
}

var (
	monthNames = names(1, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
	dayNames   = names(1, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

	minutePart  = part{"minutes", 0, 59, nil}
	hourPart    = part{"hours", 0, 23, nil}
	datePart    = part{"day of month", 1, 31, nil}
	monthPart   = part{"month", 1, 12, monthNames}
	weekdayPart = part{"day of week", 1, 7, dayNames}
	yearPart    = part{"year", 1970, 2199, nil}
)

func names(first int, list ...string) map[string]int {
	out := map[string]int{}
	for i, name := range list {
		out[name] = first + i
	}
	return out
}

func parseCron(text string, zone *time.Location) (Expression, error) {
	f := strings.Fields(strings.ToUpper(text))
	if len(f) != 6 {
		return nil, fmt.Errorf("cron(%s) must have six fields: minutes hours day-of-month month day-of-week year", text)
	}
	if (f[2] == "?") == (f[4] == "?") {
		return nil, fmt.Errorf("cron(%s): exactly one of day of month and day of week must be ?", text)
	}
	c := cron{zone: zone}
	var faults []error
	read := func(p part, field string) []bool {
		set, err := p.parse(field)
		if err != nil {
			faults = append(faults, err)
		}
		return set
	}
	c.minutes, c.hours, c.months, c.years = read(minutePart, f[0]), read(hourPart, f[1]), read(monthPart, f[3]), read(yearPart, f[5])
	if f[2] != "?" {
		dates := read(datePart, f[2])
		c.day = func(day time.Time) bool { return dates[day.Day()] }
	} else {
		weekdays := read(weekdayPart, f[4])
		c.day = func(day time.Time) bool { return weekdays[weekday(day)] }
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("cron(%s): %w", text, faults[0])
	}
	return c, nil
}

// parse reads *, a, a-b, a,b and */n or a/n or a-b/n into a set.
func (p part) parse(field string) ([]bool, error) {
	set := make([]bool, p.high+1)
	for item := range strings.SplitSeq(field, ",") {
		low, high, step, err := p.bounds(item)
		if err != nil {
			return nil, err
		}
		for i := low; i <= high; i += step {
			set[i] = true
		}
	}
	return set, nil
}

func (p part) bounds(item string) (low, high, step int, err error) {
	bad := fmt.Errorf("%q is no %s", item, p.name)
	span, by, stepped := strings.Cut(item, "/")
	step = 1
	if stepped {
		if step, err = strconv.Atoi(by); err != nil || step < 1 {
			return 0, 0, 0, bad
		}
	}
	from, to, ranged := strings.Cut(span, "-")
	switch {
	case span == "*":
		return p.low, p.high, step, nil
	case ranged:
		low, err = p.number(from)
		if err == nil {
			high, err = p.number(to)
		}
	default:
		low, err = p.number(from)
		high = low
		if stepped {
			high = p.high
		}
	}
	if err != nil || low > high {
		return 0, 0, 0, bad
	}
	return low, high, step, nil
}

func (p part) number(text string) (int, error) {
	if n, ok := p.language[text]; ok {
		return n, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < p.low || n > p.high {
		return 0, fmt.Errorf("%q is no %s", text, p.name)
	}
	return n, nil
}

func weekday(day time.Time) int { return int(day.Weekday()) + 1 }

// Next walks through the days, then through that day's hours and minutes. It
// gives up after nine years: 29 February may skip one leap year.
func (c cron) Next(after time.Time) time.Time {
	after = after.In(c.zone)
	for i := range 9 * 366 {
		day := time.Date(after.Year(), after.Month(), after.Day()+i, 0, 0, 0, 0, c.zone)
		if day.Year() > yearPart.high {
			break
		}
		if !c.years[day.Year()] || !c.months[day.Month()] || !c.day(day) {
			continue
		}
		if at, ok := c.within(day, after); ok {
			return at
		}
	}
	return time.Time{}
}

func (c cron) within(day, after time.Time) (time.Time, bool) {
	var found []time.Time
	for hour, on := range c.hours {
		for minute, too := range c.minutes {
			at := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, c.zone)
			if on && too && at.Hour() == hour && at.After(after) { // an hour that summer time skips is not there
				found = append(found, at)
			}
		}
	}
	if len(found) == 0 {
		return time.Time{}, false
	}
	return slices.MinFunc(found, time.Time.Compare), true
}
