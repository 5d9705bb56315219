package schedules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Expression says when a schedule runs.
type Expression interface {
	// Next gives the first time after the given one; zero means never again.
	Next(after time.Time) time.Time
}

var (
	form = regexp.MustCompile(`^(rate|cron)\((.*)\)$`)
	unit = regexp.MustCompile(`^([1-9]\d*) (minute|hour|day)(s?)$`)
)

// Parse reads rate(...) and cron(...) as EventBridge does. Timezone
// may be empty for UTC. A rate counts from start.
func Parse(expression, timezone string, start time.Time) (Expression, error) {
	parts := form.FindStringSubmatch(strings.TrimSpace(expression))
	if parts == nil {
		return nil, fmt.Errorf("%q is no rate(...) or cron(...)", expression)
	}
	zone, err := time.LoadLocation(timezone)
	if err != nil {
		return nil, fmt.Errorf("the time zone %q is not known", timezone)
	}
	if parts[1] == "rate" {
		return parseRate(parts[2], start)
	}
	return parseCron(parts[2], zone)
}

type rate struct {
	start time.Time
	every time.Duration
}

var lengths = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}

func parseRate(text string, start time.Time) (Expression, error) {
	parts := unit.FindStringSubmatch(text)
	if parts == nil || (parts[1] == "1") != (parts[3] == "") {
		return nil, fmt.Errorf("rate(%s) must be like rate(1 minute) or rate(5 minutes)", text)
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return nil, fmt.Errorf("rate(%s): %w", text, err)
	}
	return rate{start, time.Duration(n) * lengths[parts[2]]}, nil
}

func (r rate) Next(after time.Time) time.Time {
	next := r.start.Add((after.Sub(r.start)/r.every + 1) * r.every)
	if before := next.Add(-r.every); before.After(after) { // division rounds towards the start
		return before
	}
	return next
}
