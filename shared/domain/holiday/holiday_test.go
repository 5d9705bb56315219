package holiday

import (
	"testing"

	"privacydesk/shared/domain/civil"
)

// TestHolidayRules covers the rules that no shipped calendar uses.
func TestHolidayRules(t *testing.T) {
	tests := map[string]struct {
		rule Rule
		year int
		want string
	}{
		"Monday before 25 May":  {Rule{Kind: WeekdayBefore, Month: 5, Day: 25, Weekday: "monday"}, 2026, "2026-05-18"},
		"never the day itself":  {Rule{Kind: WeekdayBefore, Month: 5, Day: 25, Weekday: "monday"}, 2037, "2037-05-18"},
		"once":                  {Rule{Kind: Once, Date: "2027-05-07"}, 2027, "2027-05-07"},
		"once, another year":    {Rule{Kind: Once, Date: "2027-05-07"}, 2028, ""},
		"before its first year": {Rule{Kind: Fixed, Month: 6, Day: 19, Since: 2021}, 2020, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d, ok := tc.rule.onIn(tc.year)
			if got := d.String(); ok != (tc.want != "") || ok && got != tc.want {
				t.Errorf("got %s, %v", got, ok)
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
