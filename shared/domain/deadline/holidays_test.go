package deadline

import (
	"bufio"
	"os"
	"strings"
	"testing"
	_ "time/tzdata"

	"privacydesk/shared/domain/civil"
)

// TestCalendarsAgainstPublicData compares our rules with the days of a public data set.
func TestCalendarsAgainstPublicData(t *testing.T) {
	f, err := os.Open("testdata/holidays.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	theirs, first := map[string]map[civil.Day]bool{}, map[string]int{"us-federal": 2021, "gb-england": 2024, "de": 2021, "ca-nationwide": 2021}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		id, date, _ := strings.Cut(lines.Text(), " ")
		d, err := civil.Parse(date)
		if err != nil {
			continue
		}
		if theirs[id] == nil {
			theirs[id] = map[civil.Day]bool{}
		}
		theirs[id][d] = true
	}
	for id, from := range first {
		t.Run(id, func(t *testing.T) {
			c := builtin.calendar(id)
			for d := civil.Date(from, 1, 1); d <= civil.Date(2040, 12, 31); d++ {
				if name, off := c.holiday(d); !c.weekend(d) && off != theirs[id][d] {
					t.Errorf("%s %s: ours %q, theirs %v", id, d, name, theirs[id][d])
				}
			}
		})
	}
}

func TestEaster(t *testing.T) {
	for _, want := range []string{"1818-03-22", "1943-04-25", "2000-04-23", "2024-03-31", "2026-04-05", "2027-03-28", "2038-04-25", "2285-03-22"} {
		d, err := civil.Parse(want)
		if err != nil {
			t.Fatal(err)
		}
		if y, _, _ := d.Date(); easter(y) != d {
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
