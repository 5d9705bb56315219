package schedules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// cronTimes is cron(minutes hours day-of-month month day-of-week year).
// EventBridge's L, W and # are not known here, nor a list of years: no schedule
// of the template has them.
type cronTimes struct {
	cron.Schedule
	zone *time.Location
	year int // 0: every year
}

// weekdays are the numbers of a day-of-week field, without those of a step.
var weekdays = regexp.MustCompile(`(^|[,-])\d+`)

func parseCron(text string, zone *time.Location) (Expression, error) {
	f := strings.Fields(strings.ToUpper(text))
	if len(f) != 6 {
		return nil, fmt.Errorf("cron(%s) must have six fields: minutes hours day-of-month month day-of-week year", text)
	}
	if (f[2] == "?") == (f[4] == "?") || strings.Contains(f[0]+f[1]+f[3], "?") {
		return nil, fmt.Errorf("cron(%s): exactly one of day of month and day of week must be ?", text)
	}
	c := cronTimes{zone: zone}
	var err error
	if f[5] != "*" {
		if c.year, err = strconv.Atoi(f[5]); err != nil || c.year < 1970 || c.year > 2199 {
			return nil, fmt.Errorf("cron(%s): the year must be * or one from 1970 to 2199", text)
		}
	}
	f[4] = weekdays.ReplaceAllStringFunc(f[4], func(found string) string { // EventBridge counts from 1, the parser from 0
		digits := strings.TrimLeft(found, ",-")
		n, _ := strconv.Atoi(digits)
		return strings.TrimSuffix(found, digits) + strconv.Itoa(n-1)
	})
	if c.Schedule, err = cron.ParseStandard(strings.Join(f[:5], " ")); err != nil {
		return nil, fmt.Errorf("cron(%s): %w", text, err)
	}
	return c, nil
}

// Next returns zero where the year is over, or no such day comes within five years.
func (c cronTimes) Next(after time.Time) time.Time {
	if begin := time.Date(c.year, 1, 1, 0, 0, 0, -1, c.zone); after.Before(begin) {
		after = begin
	}
	next := c.Schedule.Next(after.In(c.zone))
	if c.year != 0 && next.Year() != c.year {
		return time.Time{}
	}
	return next
}
