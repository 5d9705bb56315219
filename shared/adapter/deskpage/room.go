package deskpage

import (
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/schedule"
)

// atTime is the day and the time of day of a moment; "" for none.
func (d *Desk) atTime(t *catalog.Texts, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.Text("desk.moment", "day", d.day(t, at), "time", d.clock(at))
}

// said are the facts that have a value.
func said(all ...fact) []fact {
	var some []fact
	for _, f := range all {
		if f.Value != "" {
			some = append(some, f)
		}
	}
	return some
}

// period is how long something is kept, in words.
func period(t *catalog.Texts, p schedule.Period) string {
	if p.Never {
		return t.Text("desk.period.never")
	}
	var parts []string
	for _, u := range []struct {
		n   int
		key string
	}{{p.Years, "desk.period.years"}, {p.Months, "desk.period.months"}, {p.Days, "desk.period.days"}} {
		if u.n > 0 {
			parts = append(parts, t.Plural(u.key, u.n))
		}
	}
	if len(parts) == 0 {
		return t.Text("desk.period.now")
	}
	return strings.Join(parts, ", ")
}

// className is what a class of records is.
func className[S ~string](t *catalog.Texts, class S) string {
	return t.Named("desk.class.", string(class))
}
