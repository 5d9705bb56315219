package law

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

// TestEndOfDay searches the hours around each end for a later second of the same day, in zones that change their
// clocks at midnight, before it or after it, or have left out a day.
func TestEndOfDay(t *testing.T) {
	tests := map[string]struct{ zone, day, want string }{
		"an ordinary day":               {"Europe/Berlin", "2026-11-22", "2026-11-22T23:59:59+01:00"},
		"spring forward at two":         {"America/Los_Angeles", "2027-03-14", "2027-03-14T23:59:59-07:00"},
		"fall back at two":              {"America/Los_Angeles", "2026-11-01", "2026-11-01T23:59:59-08:00"},
		"midnight does not exist":       {"America/Sao_Paulo", "2018-11-03", "2018-11-03T23:59:59-03:00"},
		"eleven comes twice":            {"America/Sao_Paulo", "2018-02-17", "2018-02-17T23:59:59-03:00"},
		"the day ends at eleven":        {"America/Nuuk", "2024-03-30", "2024-03-30T22:59:59-02:00"},
		"midnight comes twice":          {"America/Havana", "2026-10-31", "2026-10-31T23:59:59-04:00"},
		"one minute of the next first":  {"America/St_Johns", "2006-10-28", "2006-10-28T23:59:59-03:30"},
		"a day that never was in Samoa": {"Pacific/Apia", "2011-12-30", "2011-12-29T23:59:59-10:00"},
		"the day before it":             {"Pacific/Apia", "2011-12-29", "2011-12-29T23:59:59-10:00"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation(tc.zone)
			if err != nil {
				t.Fatal(err)
			}
			d, err := parseDay(tc.day)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.end(zone).Format(time.RFC3339); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestEndOfDayIsTheLastSecond(t *testing.T) {
	zones := []string{"America/Sao_Paulo", "America/Havana", "America/Nuuk", "America/St_Johns", "Africa/Cairo", "Asia/Beirut",
		"Atlantic/Azores", "Asia/Amman", "Australia/Lord_Howe", "America/Asuncion", "Asia/Gaza", "Pacific/Apia", "Europe/London"}
	rapid.Check(t, func(rt *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(rt, "zone"))
		if err != nil {
			rt.Fatal(err)
		}
		d := civil(1985, 1, 1) + day(rapid.IntRange(0, 20000).Draw(rt, "day"))
		end := d.end(zone)
		if dayOf(end, zone) > d || dayOf(end.Add(time.Second), zone) <= d {
			rt.Errorf("%s in %s: %s is not its last second", d, zone, end)
		}
		for at := end.Add(time.Second); at.Before(end.Add(3 * time.Hour)); at = at.Add(time.Minute) {
			if dayOf(at, zone) == d {
				rt.Errorf("%s in %s ends at %s, but %s is of it too", d, zone, end, at)
			}
		}
	})
}

// TestCalendarsAgainstPublicData compares our rules with the days of a public data set.
func TestCalendarsAgainstPublicData(t *testing.T) {
	f, err := os.Open("testdata/holidays.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	theirs, first := map[string]map[day]bool{}, map[string]int{"us-federal": 2021, "gb-england": 2024, "de": 2021, "ca-nationwide": 2021}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		id, date, _ := strings.Cut(lines.Text(), " ")
		d, err := parseDay(date)
		if err != nil {
			continue
		}
		if theirs[id] == nil {
			theirs[id] = map[day]bool{}
		}
		theirs[id][d] = true
	}
	for id, from := range first {
		t.Run(id, func(t *testing.T) {
			c := builtin.calendar(id)
			for d := civil(from, 1, 1); d <= civil(2040, 12, 31); d++ {
				if name, off := c.holiday(d); !c.weekend(d) && off != theirs[id][d] {
					t.Errorf("%s %s: ours %q, theirs %v", id, d, name, theirs[id][d])
				}
			}
		})
	}
}

func TestEaster(t *testing.T) {
	for _, want := range []string{"1818-03-22", "1943-04-25", "2000-04-23", "2024-03-31", "2026-04-05", "2027-03-28", "2038-04-25", "2285-03-22"} {
		d, err := parseDay(want)
		if err != nil {
			t.Fatal(err)
		}
		if y, _, _ := d.date(); easter(y) != d {
			t.Errorf("got %s, want %s", easter(y), want)
		}
	}
}

// TestHolidayRules covers the rules that no shipped calendar uses.
func TestHolidayRules(t *testing.T) {
	tests := map[string]struct {
		rule Holiday
		year int
		want string
	}{
		"Monday before 25 May":  {Holiday{Rule: HolidayBefore, Month: 5, Day: 25, Weekday: "monday"}, 2026, "2026-05-18"},
		"never the day itself":  {Holiday{Rule: HolidayBefore, Month: 5, Day: 25, Weekday: "monday"}, 2037, "2037-05-18"},
		"once":                  {Holiday{Rule: HolidayOnce, Date: "2027-05-07"}, 2027, "2027-05-07"},
		"once, another year":    {Holiday{Rule: HolidayOnce, Date: "2027-05-07"}, 2028, ""},
		"before its first year": {Holiday{Rule: HolidayFixed, Month: 6, Day: 19, Since: 2021}, 2020, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d, ok := tc.rule.in(tc.year)
			if got := d.String(); ok != (tc.want != "") || ok && got != tc.want {
				t.Errorf("got %s, %v", got, ok)
			}
		})
	}
}
