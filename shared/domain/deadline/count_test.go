package deadline

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func counter(tb testing.TB, zone, calendar string) (*Engine, *time.Location) {
	tb.Helper()
	place, err := time.LoadLocation(zone)
	if err != nil {
		tb.Fatal(err)
	}
	e, err := New(Default(), place, calendar)
	if err != nil {
		tb.Fatal(err)
	}
	return e, place
}

func TestWorkingDays(t *testing.T) {
	for name, c := range map[string]struct {
		zone, calendar, now, due string
		want                     int
	}{
		"the same day":                   {"America/Los_Angeles", "weekends", "2026-12-22 00:00", "2026-12-22 23:59", 0},
		"Friday before Monday":           {"America/Los_Angeles", "weekends", "2026-11-20 23:59", "2026-11-23 23:59", 1},
		"Friday before Sunday":           {"America/Los_Angeles", "weekends", "2026-11-20 12:00", "2026-11-22 23:59", 0},
		"Saturday counts as Friday does": {"America/Los_Angeles", "weekends", "2026-11-21 12:00", "2026-11-23 23:59", 1},
		"a week":                         {"America/Los_Angeles", "weekends", "2026-11-23 12:00", "2026-12-02 23:59", 7},
		"Christmas in Britain":           {"Europe/London", "gb-england", "2026-12-24 12:00", "2026-12-29 23:59", 1},
		"Christmas without holidays":     {"Europe/London", "weekends", "2026-12-24 12:00", "2026-12-29 23:59", 3},
		"Thanksgiving":                   {"America/New_York", "us-federal", "2026-11-25 12:00", "2026-11-27 23:59", 1},
		"29 February":                    {"Europe/Berlin", "weekends", "2028-02-28 12:00", "2028-03-01 23:59", 2},
		"no 29 February":                 {"Europe/Berlin", "weekends", "2027-02-26 12:00", "2027-03-01 23:59", 1},
		"a day of 23 hours":              {"Europe/Berlin", "weekends", "2026-03-27 23:30", "2026-03-30 00:30", 1},
		"a day of 25 hours":              {"America/Los_Angeles", "weekends", "2026-10-30 23:30", "2026-11-02 00:30", 1},
		"late already":                   {"America/Los_Angeles", "weekends", "2026-12-23 12:00", "2026-12-22 23:59", 0},
	} {
		t.Run(name, func(t *testing.T) {
			e, zone := counter(t, c.zone, c.calendar)
			at := func(text string) time.Time {
				v, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			if got := e.WorkingDays(at(c.now), at(c.due)); got != c.want {
				t.Errorf("%d working days, want %d", got, c.want)
			}
		})
	}
}

// What WithinWorkingDays finds is what WorkingDays counts, in any zone and at any hour; and time only takes days away.
func TestWithinWorkingDays(t *testing.T) {
	zones := []string{"America/Los_Angeles", "Europe/Berlin", "Pacific/Apia", "America/St_Johns", "Australia/Lord_Howe"}
	rapid.Check(t, func(r *rapid.T) {
		e, _ := counter(t, rapid.SampledFrom(zones).Draw(r, "zone"), rapid.SampledFrom([]string{"weekends", "gb-england", "us-federal"}).Draw(r, "calendar"))
		now := time.Unix(rapid.Int64Range(1262304000, 2240611200).Draw(r, "now"), 0)
		n := rapid.IntRange(0, 30).Draw(r, "days")
		last := e.WithinWorkingDays(now, n)
		if got := e.WorkingDays(now, last); got != n {
			r.Fatalf("%d days are left at %s", got, last)
		}
		if got := e.WorkingDays(now, last.Add(time.Second)); got != n+1 {
			r.Fatalf("%d days are left a second after %s", got, last)
		}
		later := now.Add(time.Duration(rapid.Int64Range(0, 1e6).Draw(r, "later")) * time.Second)
		if e.WorkingDays(later, last) > n {
			r.Fatalf("%s is further away at %s than at %s", last, later, now)
		}
	})
}

func TestEndOfDay(t *testing.T) {
	e, zone := counter(t, "America/Los_Angeles", "weekends")
	asked := time.Date(2026, 10, 3, 23, 59, 0, 0, zone) // the clocks go back on 1 November
	end := e.EndOfDay(asked, 30)
	if want := time.Date(2026, 11, 2, 23, 59, 59, 0, zone); !end.Equal(want) || e.Days(asked, end) != 30 {
		t.Errorf("30 days end %s", end)
	}
}
