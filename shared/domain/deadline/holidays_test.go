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
				if name, off := c.NameOf(d); !c.IsWeekend(d) && off != theirs[id][d] {
					t.Errorf("%s %s: ours %q, theirs %v", id, d, name, theirs[id][d])
				}
			}
		})
	}
}
