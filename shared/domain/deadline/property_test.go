package deadline

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var zones = []string{west, berlin, london, "UTC", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Kiritimati", "America/St_Johns",
	"America/Havana", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "Atlantic/Azores", "America/Nuuk", "Australia/Lord_Howe"}

// The years for which the public data set knows the holidays, less the longest period.
var (
	firstReceipt = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).Unix()
	lastReceipt  = time.Date(2039, 6, 1, 0, 0, 0, 0, time.UTC).Unix()
)

func drawInstant(t *rapid.T, name string) time.Time {
	return time.Unix(rapid.Int64Range(firstReceipt, lastReceipt).Draw(t, name), 0)
}

func drawCase(t *rapid.T) Case {
	places := []Jurisdiction{{}, {Country: "US"}, {Country: "CN"}}
	for _, r := range Default().Regimes {
		for _, p := range r.Places {
			if p != "*" {
				place, err := ParseJurisdiction(p[:2], p[min(3, len(p)):])
				if err != nil {
					t.Fatal(err)
				}
				places = append(places, place)
			}
		}
	}
	return Case{
		Kinds:      rapid.SliceOfNDistinct(rapid.SampledFrom(Kinds()), 1, 4, rapid.ID[Kind]).Draw(t, "kinds"),
		Place:      rapid.SampledFrom(places).Draw(t, "place"),
		ReceivedAt: drawInstant(t, "received"),
		Appeal:     rapid.Bool().Draw(t, "appeal"),
	}
}

func drawEngine(t *rapid.T, outer testing.TB) (*Engine, *time.Location, string) {
	zone := rapid.SampledFrom(zones).Draw(t, "zone")
	calendar := rapid.SampledFrom([]string{"weekends", "us-federal", "de", "ca-nationwide"}).Draw(t, "calendar")
	return engine(outer, zone, calendar), location(outer, zone), calendar
}

// clockOf finds the data of a rule, to feed the oracle.
func clockOf(rule string) Clock {
	if rule == "own/review" {
		return Clock{ID: "review", Length: defaultReviewDays, Unit: CalendarDays}
	}
	for _, r := range Default().Regimes {
		for _, c := range r.Clocks {
			if r.ID+"/"+c.ID == rule {
				return c
			}
		}
	}
	return Clock{}
}

// oracle computes a due day the slow way: it walks from day to day on a calendar of noons and looks holidays up in
// the public data set. It shares no code with the engine.
func oracle(holidays map[string]map[string]bool, c Clock, received time.Time, zone *time.Location, controller string, extended bool) (statute, rolled string) {
	y, m, d := received.In(zone).Date()
	day := time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
	calendar := c.Calendar
	if calendar == ControllerCalendar {
		calendar = controller
	}
	off := func(d time.Time) bool {
		return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday || holidays[calendar][d.Format(time.DateOnly)]
	}
	length := c.Length
	if extended {
		length += c.Extension.Length
	}
	switch c.Unit {
	case CalendarMonths:
		want := (int(m)-1+length)%12 + 1
		for day = time.Date(y, m+time.Month(length), d, 12, 0, 0, 0, time.UTC); int(day.Month()) != want; {
			day = day.AddDate(0, 0, -1)
		}
	case CalendarDays:
		for range length {
			day = day.AddDate(0, 0, 1)
		}
	case BusinessDays:
		for n := 0; n < length; {
			if day = day.AddDate(0, 0, 1); !off(day) {
				n++
			}
		}
	}
	if c.FirstDayCounts {
		day = day.AddDate(0, 0, -1)
	}
	statute = day.Format(time.DateOnly)
	for c.Roll == NextWorkingDay && off(day) {
		day = day.AddDate(0, 0, 1)
	}
	return statute, day.Format(time.DateOnly)
}

// TestAgainstTheOracle: each date is exactly what a person with a calendar would find, at the last second of that day
// where the controller is, or where the person is if that is earlier.
func TestAgainstTheOracle(t *testing.T) {
	holidays := publicHolidays(t)
	rapid.Check(t, func(rt *rapid.T) {
		e, zone, calendar := drawEngine(rt, t)
		c := drawCase(rt)
		if rapid.Bool().Draw(rt, "extended") {
			c, _ = e.Extend(c, Grant{Reason: Complexity, NoticeSentAt: c.ReceivedAt})
		}
		for _, d := range every(t, e, c) {
			if d.clock.Unit == Hours {
				if want := c.ReceivedAt.Add(time.Duration(d.clock.Length) * time.Hour); !d.Due.Equal(want) {
					rt.Errorf("%s: %s, want %s", d.origin, d.Due, want)
				}
				continue
			}
			ends := func(at *time.Location) (day string, end time.Time) {
				statute, rolled := oracle(holidays, *d.clock, c.ReceivedAt, at, calendar, d.Extended)
				if rolled < statute {
					rt.Fatalf("the oracle rolls back from %s to %s", statute, rolled)
				}
				return rolled, lastSecondOf(rt, rolled, at)
			}
			_, want := ends(zone)
			if there := c.Place.zone(); there != nil {
				if day, end := ends(there); end.Before(want) {
					want = end
					if here := lastSecondOf(rt, day, zone); here.Before(want) {
						want = here
					}
				}
			}
			if !d.Due.Equal(want) {
				rt.Errorf("%s: %s, the oracle says %s", d.origin, d.Due, want)
			}
		}
	})
}

func lastSecondOf(t *rapid.T, day string, zone *time.Location) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, zone).Add(-time.Second)
}

// TestLaterRequestsAreNotDueEarlier: due dates are monotone in the time of receipt.
func TestLaterRequestsAreNotDueEarlier(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e, _, _ := drawEngine(rt, t)
		early := drawCase(rt)
		late := early
		late.ReceivedAt = early.ReceivedAt.Add(time.Duration(rapid.Int64Range(0, int64(40*24*time.Hour)).Draw(rt, "later")))
		after := every(t, e, late)
		for _, d := range every(t, e, early) {
			i := slices.IndexFunc(after, func(x Deadline) bool { return x.clock == d.clock })
			if i >= 0 && after[i].Due.Before(d.Due) {
				rt.Errorf("%s: received %s due %s, but received %s due %s", d.origin, early.ReceivedAt, d.Due, late.ReceivedAt, after[i].Due)
			}
		}
		if !slices.IsSortedFunc(after, func(a, b Deadline) int { return a.Due.Compare(b.Due) }) {
			rt.Error("the strictest is not first")
		}
	})
}

// TestStopAndGo: a stop never brings a date forward, a longer one never gives less, none changes a clock whose law
// does not know the cause, and one that is over within its day changes nothing where days are left out.
func TestStopAndGo(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e, zone, _ := drawEngine(rt, t)
		c := drawCase(rt)
		cause := rapid.SampledFrom([]Cause{Identity, Clarification, Fee}).Draw(rt, "cause")
		from := c.ReceivedAt.Add(time.Duration(rapid.Int64Range(0, int64(20*24*time.Hour)).Draw(rt, "from")))
		stopped, err := e.Pause(c, cause, from)
		if err != nil {
			return
		}
		short := from.Add(time.Duration(rapid.Int64Range(0, int64(60*24*time.Hour)).Draw(rt, "short")))
		long := short.Add(time.Duration(rapid.Int64Range(0, int64(60*24*time.Hour)).Draw(rt, "more")))
		one, err1 := e.Resume(stopped, short)
		two, err2 := e.Resume(stopped, long)
		if err1 != nil || err2 != nil {
			rt.Fatal(err1, err2)
		}
		before, a, b, open := every(t, e, c), every(t, e, one), every(t, e, two), every(t, e, stopped)
		for _, d := range before {
			x, y, z := byRule(t, a, d.origin), byRule(t, b, d.origin), byRule(t, open, d.origin)
			effect := effectOf(d.origin, cause)
			if from.After(d.Due) {
				effect = ""
			}
			sameDay := short.In(zone).Format(time.DateOnly) == from.In(zone).Format(time.DateOnly)
			if there := c.Place.zone(); there != nil {
				sameDay = sameDay && short.In(there).Format(time.DateOnly) == from.In(there).Format(time.DateOnly)
			}
			switch {
			case x.Due.Before(d.Due) || y.Due.Before(x.Due) || z.Due.Before(d.Due):
				rt.Errorf("%s: %s, stopped %s, stopped longer %s", d.origin, d.Due, x.Due, y.Due)
			case effect == "" && (!x.Due.Equal(d.Due) || z.Paused):
				rt.Errorf("%s does not know %s, but moved from %s to %s", d.origin, cause, d.Due, x.Due)
			case effect != "" && !z.Paused:
				rt.Errorf("%s runs on", d.origin)
			case effect == Suspend && sameDay && !x.Due.Equal(d.Due):
				rt.Errorf("%s: a stop within a day moved %s to %s", d.origin, d.Due, x.Due)
			}
		}
	})
}

func effectOf(rule string, cause Cause) Effect {
	for _, p := range clockOf(rule).Pauses {
		if p.Cause == cause {
			return p.Effect
		}
	}
	return ""
}

// TestExplanationsAreWhole: every explanation has its words, whatever happened.
func TestExplanationsAreWhole(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e, _, _ := drawEngine(rt, t)
		c := drawCase(rt)
		if p, err := e.Pause(c, Identity, c.ReceivedAt); err == nil && rapid.Bool().Draw(rt, "stopped") {
			c = p
			if rapid.Bool().Draw(rt, "resumed") {
				c, _ = e.Resume(c, c.ReceivedAt.Add(72*time.Hour))
			}
		}
		if rapid.Bool().Draw(rt, "extended") {
			c, _ = e.Extend(c, Grant{Reason: Number, NoticeSentAt: c.ReceivedAt.Add(96 * time.Hour)})
		}
		for _, d := range every(t, e, c) {
			checkWords(rt, d)
		}
	})
}
