package lawfile

import (
	"time"

	"privacydesk/shared/domain/holiday"
)

// A calendar must leave working days over, or a count of them would never end.
const (
	maxWeekend  = 3
	maxHolidays = 40
)

var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

func (c *checker) calendar(i int, seen map[string]bool) {
	cal := &c.book.Calendars[i]
	c.at("calendar "+cal.ID, "calendars", i)
	c.id(cal.ID, seen)
	c.text("name", cal.Name)
	c.text("source", cal.Source)
	c.checked(cal.Checked)
	c.date("checked_on", cal.CheckedOn)
	each(c, "weekend", cal.Weekend, weekdays...)
	if len(cal.Weekend) > maxWeekend || len(cal.Holidays) > maxHolidays {
		c.fault("weekend", "too few working days are left")
	}
	for n := range cal.Holidays {
		c.path = []any{"calendars", i, "holidays", n}
		c.holiday(&cal.Holidays[n])
	}
}

func (c *checker) holiday(h *holiday.Rule) {
	c.text("name", h.Name)
	c.number("since", h.Since, 0, 3000)
	oneOf(c, "observed", h.Observed, "", holiday.NearestWeekday, holiday.NextWeekday)
	switch h.Kind {
	case holiday.Fixed:
		c.monthDay(h)
	case holiday.NthWeekday:
		c.number("month", h.Month, 1, 12)
		oneOf(c, "weekday", h.Weekday, weekdays...)
		if h.Nth != -1 {
			c.number("nth", h.Nth, 1, 4)
		}
	case holiday.WeekdayBefore:
		c.monthDay(h)
		oneOf(c, "weekday", h.Weekday, weekdays...)
	case holiday.EasterOffset:
		c.number("offset", h.Offset, -60, 80)
	case holiday.Once:
		c.date("date", h.Date)
	default:
		c.fault("rule", "%q is no rule", h.Kind)
	}
}

// monthDay refuses days that a year may not have.
func (c *checker) monthDay(h *holiday.Rule) {
	c.number("month", h.Month, 1, 12)
	c.number("day", h.Day, 1, time.Date(2001, time.Month(h.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day())
}
