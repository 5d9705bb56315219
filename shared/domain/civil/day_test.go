package civil_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/civil"
)

// Zones that change their clocks at midnight, before it or after it, that left a
// day out, and that never change them; west and east of UTC.
var zones = []string{
	"America/Sao_Paulo", "America/Havana", "America/Nuuk", "America/St_Johns", "America/Los_Angeles", "America/Santiago", "America/Asuncion",
	"Atlantic/Azores", "UTC", "Europe/London", "Europe/Berlin", "Africa/Cairo", "Asia/Beirut", "Asia/Amman", "Asia/Gaza", "Asia/Kolkata",
	"Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Pago_Pago",
}

func zone(t interface{ Fatal(...any) }, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestEnd(t *testing.T) {
	for name, c := range map[string]struct{ zone, day, want string }{
		"an ordinary day":               {"Europe/Berlin", "2026-11-22", "2026-11-23T00:00:00+01:00"},
		"west":                          {"America/Los_Angeles", "2026-12-04", "2026-12-05T00:00:00-08:00"},
		"far east":                      {"Pacific/Kiritimati", "2026-12-04", "2026-12-05T00:00:00+14:00"},
		"spring forward at two":         {"America/Los_Angeles", "2027-03-14", "2027-03-15T00:00:00-07:00"},
		"fall back at two":              {"America/Los_Angeles", "2026-11-01", "2026-11-02T00:00:00-08:00"},
		"midnight does not exist":       {"America/Sao_Paulo", "2018-11-03", "2018-11-04T01:00:00-02:00"},
		"nor does it in Beirut":         {"Asia/Beirut", "2026-03-28", "2026-03-29T01:00:00+03:00"},
		"eleven comes twice":            {"America/Sao_Paulo", "2018-02-17", "2018-02-18T00:00:00-03:00"},
		"the day ends at eleven":        {"America/Nuuk", "2024-03-30", "2024-03-31T00:00:00-01:00"},
		"midnight comes twice":          {"America/Havana", "2026-10-31", "2026-11-01T00:00:00-04:00"},
		"one minute of the next first":  {"America/St_Johns", "2006-10-28", "2006-10-29T00:00:00-03:30"},
		"a day that never was in Samoa": {"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"},
		"the day before it":             {"Pacific/Apia", "2011-12-29", "2011-12-31T00:00:00+14:00"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := civil.Parse(c.day)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.End(zone(t, c.zone)).Format(time.RFC3339); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// The second before the end is of the day, and none of the hours after it is.
func TestEndIsTheLastOfTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		place := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		d := civil.Date(1985, 1, 1) + civil.Day(rapid.IntRange(0, 25000).Draw(t, "day"))
		end := d.End(place)
		if civil.Of(end.Add(-time.Second), place) > d || civil.Of(end, place) <= d {
			t.Errorf("%s in %s does not end at %s", d, place, end)
		}
		for at := end; at.Before(end.Add(3 * time.Hour)); at = at.Add(time.Minute) {
			if civil.Of(at, place) == d {
				t.Errorf("%s in %s ends at %s, but %s is of it too", d, place, end, at)
			}
		}
	})
}

// What is told of a limit is its day; of any other instant it is a day that is
// over by then, and the next one is not.
func TestThroughTellsWhatHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		place := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		at := time.Unix(rapid.Int64Range(5e8, 4e9).Draw(t, "at"), 0)
		if told := civil.Through(at, place); told.End(place).After(at) || !(told + 2).End(place).After(at) {
			t.Errorf("until %s in %s is told as %s", at, place, told)
		}
		d := civil.Of(at, place)
		if told := civil.Through(d.End(place), place); told != d {
			t.Errorf("%s in %s is told as %s", d, place, told)
		}
		if told := civil.Through(d.End(place).Add(-1), place); told >= d {
			t.Errorf("a little less than %s in %s is told as %s", d, place, told)
		}
	})
}

func TestNoDay(t *testing.T) {
	if d := civil.Through(time.Time{}, time.UTC); !d.IsZero() || civil.Date(2026, 1, 1).IsZero() {
		t.Errorf("no time is told as %s", d)
	}
}

func TestDates(t *testing.T) {
	d, err := civil.Parse("2026-12-04")
	if y, m, dd := d.Date(); err != nil || y != 2026 || m != time.December || dd != 4 || d.String() != "2026-12-04" || d.Weekday() != time.Friday {
		t.Errorf("%s, %v", d, err)
	}
	if _, err := civil.Parse("4 December"); err == nil {
		t.Error("a day in words was read")
	}
	if got := civil.Date(2027, 1, 31).AddMonths(1).String(); got != "2027-02-28" {
		t.Errorf("a month after 31 January is %s", got)
	}
}
