package schedule

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Period is how long something is kept: months and years of the calendar,
// then days, or for ever. The zero Period ends on the day that it starts.
type Period struct {
	Years, Months, Days int
	Never               bool // it never ends
}

// The largest number of one unit that a period may have.
const maxOfUnit = 9999

var errPeriod = errors.New(`a period is such as "30 days", "24 months", "10 years" or "never"`)

// Parse reads a period of one unit, such as "1 day", "24 months", "10 years",
// or "never".
func Parse(text string) (Period, error) {
	if text == "never" {
		return Period{Never: true}, nil
	}
	number, unit, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > maxOfUnit || strconv.Itoa(n) != number {
		return Period{}, errPeriod
	}
	switch strings.TrimSuffix(unit, "s") {
	case "day":
		return Period{Days: n}, nil
	case "month":
		return Period{Months: n}, nil
	case "year":
		return Period{Years: n}, nil
	}
	return Period{}, errPeriod
}

// MarshalText writes the period in JSON as String does.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// String is the period as Parse reads it; one of several units, which Parse
// does not give, is their list, and the zero Period is "at once".
func (p Period) String() string {
	if p.Never {
		return "never"
	}
	var parts []string
	for _, u := range []struct {
		n    int
		name string
	}{{p.Years, "year"}, {p.Months, "month"}, {p.Days, "day"}} {
		switch {
		case u.n == 1:
			parts = append(parts, "1 "+u.name)
		case u.n != 0:
			parts = append(parts, fmt.Sprintf("%d %ss", u.n, u.name))
		}
	}
	if len(parts) == 0 {
		return "at once"
	}
	return strings.Join(parts, " and ")
}

// Duration is a period of days alone as a length of time, a day having 24
// hours: for what machines delete by themselves. False: it has months or
// years, which are of different lengths, or no end.
func (p Period) Duration() (time.Duration, bool) {
	return time.Duration(p.Days) * 24 * time.Hour, !p.Never && p.months() == 0
}

func (p Period) months() int { return 12*p.Years + p.Months }
