package deadline

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func engine(t testing.TB, zone, calendar string) *Engine {
	t.Helper()
	e, err := New(Default(), location(t, zone), calendar)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func location(t testing.TB, zone string) *time.Location {
	t.Helper()
	at, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// local reads a wall clock time, to the minute or the second.
func local(t testing.TB, zone, s string) time.Time {
	t.Helper()
	layout := "2006-01-02 15:04:05"
	at, err := time.ParseInLocation(layout[:len(s)], s, location(t, zone))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// deadlines is Deadlines, for cases that must have some.
func deadlines(t testing.TB, e *Engine, c Case) []Deadline {
	t.Helper()
	all, err := e.Deadlines(c)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// every is all clocks, those too whose borrowed dates are left out for a stricter one.
func every(t testing.TB, e *Engine, c Case) []Deadline {
	t.Helper()
	all, err := e.all(c)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func byRule(t testing.TB, all []Deadline, rule string) Deadline {
	t.Helper()
	for _, d := range all {
		if d.origin == rule {
			return d
		}
	}
	t.Fatalf("no %s among %d due dates", rule, len(all))
	return Deadline{}
}

// publicHolidays reads the days of a public data set, which know nothing of our rules.
func publicHolidays(t testing.TB) map[string]map[string]bool {
	t.Helper()
	f, err := os.Open("testdata/holidays.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	days := map[string]map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		calendar, date, ok := strings.Cut(lines.Text(), " ")
		if !ok || calendar == "#" {
			continue
		}
		if days[calendar] == nil {
			days[calendar] = map[string]bool{}
		}
		days[calendar][date] = true
	}
	return days
}
