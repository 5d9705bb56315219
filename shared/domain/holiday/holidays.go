// Package holiday tells the working days of a place: weekends, public holidays, and the days on which holidays that
// fall on a weekend are observed. It computes any year from rules and must not know a law or a period.
package holiday

import (
	"sync"
	"time"

	"privacydesk/shared/domain/civil"
)

// A closed day is one on which a calendar's place does not work, and why.
type ClosedDay struct {
	Day  civil.Day
	Name string
}

// years keeps the holidays of a calendar and year once they are computed: a due date asks for the same few years
// again and again. The key is a calendarYear.
var years sync.Map

type calendarYear struct {
	calendar *Calendar
	year     int
}

// nameOf names the public nameOf of a day, if it is one.
func (c *Calendar) NameOf(d civil.Day) (string, bool) {
	y, _, _ := d.Date()
	for _, h := range c.year(y) {
		if h.Day == d {
			return h.Name, true
		}
	}
	return "", false
}

func (c *Calendar) IsWeekend(d civil.Day) bool {
	name := d.Weekday()
	for _, w := range c.Weekend {
		if weekdays[w] == name {
			return true
		}
	}
	return false
}

// isWorkingDay tells whether a day is neither weekend nor holiday.
func (c *Calendar) IsWorkingDay(d civil.Day) bool {
	if c.IsWeekend(d) {
		return false
	}
	_, off := c.NameOf(d)
	return !off
}

// addWorking is the nth working day after d.
func (c *Calendar) AddWorking(d civil.Day, n int) civil.Day {
	for n > 0 {
		d++
		if c.IsWorkingDay(d) {
			n--
		}
	}
	return d
}

var weekdays = map[string]time.Weekday{
	"sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday,
	"thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday,
}

// year computes the holidays that fall in a year. Its neighbours count too: the first of January of next year
// may be kept on the last of December.
func (c *Calendar) year(y int) []ClosedDay {
	key := calendarYear{c, y}
	if known, ok := years.Load(key); ok {
		return known.([]ClosedDay)
	}
	var days []ClosedDay
	for rule := y - 1; rule <= y+1; rule++ {
		for _, h := range c.ruled(rule) {
			if at, _, _ := h.Day.Date(); at == y {
				days = append(days, h)
			}
		}
	}
	years.Store(key, days)
	return days
}

// ruled applies every rule to one year: first the days themselves, then the days on which those that fall on a
// weekend are kept, so that a substitute never lands on another holiday.
func (c *Calendar) ruled(y int) []ClosedDay {
	var days []ClosedDay
	for i := range c.Holidays {
		if d, ok := c.Holidays[i].onIn(y); ok {
			days = append(days, ClosedDay{d, c.Holidays[i].Name})
		}
	}
	for i := range c.Holidays {
		h := &c.Holidays[i]
		if d, ok := h.onIn(y); ok && h.Observed != "" && c.IsWeekend(d) {
			days = append(days, ClosedDay{c.observed(d, h.Observed, days), h.Name})
		}
	}
	return days
}

func (c *Calendar) observed(d civil.Day, how string, taken []ClosedDay) civil.Day {
	if how == NearestWeekday {
		if d.Weekday() == time.Saturday {
			return d - 1
		}
		return d + 1
	}
	for c.IsWeekend(d) || contains(taken, d) {
		d++
	}
	return d
}

func contains(days []ClosedDay, d civil.Day) bool {
	for _, h := range days {
		if h.Day == d {
			return true
		}
	}
	return false
}

// in is the day of a rule in a year, if it has one.
func (h *Rule) onIn(y int) (civil.Day, bool) {
	if y < h.Since {
		return 0, false
	}
	switch h.Kind {
	case Fixed:
		return civil.Date(y, time.Month(h.Month), h.Day), true
	case NthWeekday:
		return nth(y, time.Month(h.Month), weekdays[h.Weekday], h.Nth), true
	case WeekdayBefore:
		d := civil.Date(y, time.Month(h.Month), h.Day) - 1
		return d - civil.Day((int(d.Weekday())-int(weekdays[h.Weekday])+7)%7), true
	case EasterOffset:
		return easter(y) + civil.Day(h.Offset), true
	case Once:
		d, err := civil.Parse(h.Date)
		at, _, _ := d.Date()
		return d, err == nil && at == y
	}
	return 0, false
}

// nth is the nth weekday of a month; -1 is the last one.
func nth(y int, m time.Month, w time.Weekday, n int) civil.Day {
	if n < 0 {
		last := civil.Date(y, m+1, 1) - 1
		return last - civil.Day((int(last.Weekday())-int(w)+7)%7)
	}
	first := civil.Date(y, m, 1)
	return first + civil.Day((int(w)-int(first.Weekday())+7)%7) + civil.Day(7*(n-1))
}

// easter is Easter Sunday of the Gregorian calendar, by the rule of Meeus, Jones and Butcher.
func easter(y int) civil.Day {
	a, b, c := y%19, y/100, y%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	return civil.Date(y, time.Month(month), (h+l-7*m+33*month+19)%32)
}
