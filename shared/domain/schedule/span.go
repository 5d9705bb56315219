package schedule

import (
	"time"

	"privacydesk/shared/domain/civil"
)

// atLeast reports whether the period never ends before another one, on
// whatever day both start.
func (p Period) atLeast(q Period) bool {
	switch {
	case p.Never || q.Never:
		return p.Never
	case p.months() >= q.months() && p.Days >= q.Days:
		return true
	}
	shortest, _ := p.span()
	_, longest := q.span()
	return shortest >= longest
}

// longer reports whether the period ends after another one, on whatever day
// both start.
func (p Period) longer(q Period) bool {
	if p.Never || q.Never {
		return p.Never && !q.Never
	}
	switch {
	case p.months() == q.months():
		return p.Days > q.Days
	case p.months() > q.months() && p.Days >= q.Days: // they end in different months
		return true
	}
	shortest, _ := p.span()
	_, longest := q.span()
	return shortest > longest
}

// span is the fewest and the most days that the period can have: 24 months are
// 730 or 731 days, one month 28 to 31. It looks at every month that a period
// can start in, in the four years around a leap day and in those around 2100,
// which has none: a start on the first loses no day, one on the 31st the most.
func (p Period) span() (shortest, longest int) {
	n := p.months()
	if n == 0 {
		return p.Days, p.Days
	}
	shortest = int(^uint(0) >> 1)
	for _, year := range []int{2021, 2097} {
		for m := range 48 {
			first := civil.Date(year, time.January+time.Month(m), 1)
			for _, start := range []civil.Day{first, first.AddMonths(1) - 1} {
				length := int(months(n).from(start) - start)
				shortest, longest = min(shortest, length), max(longest, length)
			}
		}
	}
	return shortest + p.Days, longest + p.Days
}
