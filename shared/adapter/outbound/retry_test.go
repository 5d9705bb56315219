package outbound

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	stamp := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for name, c := range map[string]struct {
		value, date string
		want        time.Duration
	}{
		"none":                     {"", "", 0},
		"seconds":                  {"120", "", 2 * time.Minute},
		"spaces":                   {" 120 ", "", 2 * time.Minute},
		"none to wait":             {"0", "", 0},
		"before now":               {"-5", "", 0},
		"a year":                   {"31536000", "", maxWait},
		"more than a number holds": {"99999999999999999999999", "", maxWait},
		"a fraction":               {"1.5", "", 0},
		"no number":                {"soon", "", 0},
		"a date":                   {stamp(time.Hour), "", time.Hour},
		"by the system's clock":    {stamp(time.Hour), stamp(-time.Hour), 2 * time.Hour},
		"a date that is over":      {stamp(-time.Hour), "", 0},
		"a date in a year":         {stamp(365 * 24 * time.Hour), "", maxWait},
		"a date of the old form":   {now.Add(time.Hour).Format("Monday, 02-Jan-06 15:04:05 GMT"), "", time.Hour},
		"a Date that is none":      {stamp(time.Hour), "today", time.Hour},
	} {
		h := http.Header{}
		h.Set("Retry-After", c.value)
		h.Set("Date", c.date)
		if got := retryAfter(h, now); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
