package schedule

import (
	"strings"

	"privacydesk/shared/domain/settings"
)

// complain tells what is wrong with a line of the schedule.
type complain func(line int, format string, args ...any)

// read makes the rule of a class from its line in desk.yaml.
func (k kind) read(line settings.Retention, fault complain) Rule {
	period, err := Parse(line.After)
	switch _, inDays := period.Duration(); {
	case err != nil:
		fault(line.Line, "%s: %s, not %q", k.Class, err, line.After)
	case !period.atLeast(k.min):
		fault(line.Line, "%s must be kept %s (%s), not %s", k.Class, atLeast(k.min), k.bound, forHowLong(period))
	case !k.max.atLeast(period):
		fault(line.Line, "%s must be kept %s at most (%s), not %s", k.Class, k.max, k.bound, forHowLong(period))
	case !inDays && k.how != BySweep && k.how != ByNobody:
		fault(line.Line, "%s must be kept for a number of days, which is what its machine counts, not %s", k.Class, period)
	}
	if strings.TrimSpace(line.Because) == "" {
		fault(line.Line, "%s must say because of what it is kept so long", k.Class)
	}
	return Rule{k.Class, k.title, k.starts, period, k.action, k.how, line.Because, k.min, k.max, k.bound, line.Line}
}

func atLeast(p Period) string {
	if p.Never {
		return "for ever"
	}
	return p.String() + " at least"
}

func forHowLong(p Period) string {
	if p.Never {
		return "for ever"
	}
	return p.String()
}

// stages refuses a second stage that comes before the first one has ended.
func (s *Schedule) stages(table []kind, fault complain) {
	for _, k := range table {
		second, first := s.Rule(k.Class), s.Rule(k.after)
		if k.after != "" && first.read() && second.read() && !second.Period.longer(first.Period) {
			fault(second.Line, "%s comes after %s (line %d), so it must be kept longer than %s, not %s",
				k.Class, k.after, first.Line, first.Period, forHowLong(second.Period))
		}
	}
}

// read reports whether the rule has a period.
func (r Rule) read() bool { return r.Period != Period{} }

// relations refuses periods that other settings of the desk make too short.
func (s *Schedule) relations(d *settings.Desk, fault complain) {
	for _, l := range []struct {
		class Class
		days  int
		why   string
	}{
		{SoftBounces, d.Feedback.SoftBounceWindowDays, "feedback.soft_bounce_window_days looks back so far"},
	} {
		if r := s.Rule(l.class); r.read() && !r.Period.atLeast(days(l.days)) {
			fault(r.Line, "%s must be kept %s at least (%s), not %s", l.class, days(l.days), l.why, r.Period)
		}
	}
}
