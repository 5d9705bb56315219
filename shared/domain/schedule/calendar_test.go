package schedule

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/civil"
)

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return z
}

// Times are local, with the offset in force, so that the hour that is missing or doubled shows.
func TestCutoff(t *testing.T) {
	const la, berlin, howe = "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe"
	for name, c := range map[string]struct{ zone, now, period, want string }{
		"days":                              {la, "2026-11-22T09:04:46-08:00", "30 days", "2026-10-23T00:00:00-07:00"},
		"the last second of a day":          {la, "2026-11-22T23:59:59-08:00", "30 days", "2026-10-23T00:00:00-07:00"},
		"the first second of a day":         {la, "2026-11-23T00:00:00-08:00", "30 days", "2026-10-24T00:00:00-07:00"},
		"the day when summer time begins":   {la, "2026-03-08T12:00:00-07:00", "1 day", "2026-03-07T00:00:00-08:00"},
		"the day after":                     {la, "2026-03-09T00:00:00-07:00", "1 day", "2026-03-08T00:00:00-08:00"},
		"the day when summer time ends":     {la, "2026-11-01T00:30:00-07:00", "1 day", "2026-10-31T00:00:00-07:00"},
		"the 25th hour of that day":         {la, "2026-11-01T23:30:00-08:00", "1 day", "2026-10-31T00:00:00-07:00"},
		"summer time in Berlin":             {berlin, "2026-03-29T23:59:59+02:00", "1 day", "2026-03-28T00:00:00+01:00"},
		"winter time in Berlin":             {berlin, "2026-10-26T00:00:00+01:00", "1 day", "2026-10-25T00:00:00+02:00"},
		"half an hour on Lord Howe":         {howe, "2026-10-05T00:00:00+11:00", "1 day", "2026-10-04T00:00:00+10:30"},
		"half an hour back":                 {howe, "2026-04-06T00:00:00+10:30", "1 day", "2026-04-05T00:00:00+11:00"},
		"months":                            {la, "2026-11-22T00:00:00-08:00", "24 months", "2024-11-22T00:00:00-08:00"},
		"years":                             {berlin, "2036-11-22T10:00:00+01:00", "10 years", "2026-11-22T00:00:00+01:00"},
		"1 March after no leap day":         {berlin, "2027-03-01T12:00:00+01:00", "1 year", "2026-03-01T00:00:00+01:00"},
		"28 February ends 29 February's":    {berlin, "2025-02-28T12:00:00+01:00", "1 year", "2024-02-28T00:00:00+01:00"},
		"1 March takes 29 February along":   {berlin, "2025-03-01T12:00:00+01:00", "1 year", "2024-03-01T00:00:00+01:00"},
		"a leap day after 4 years":          {berlin, "2028-02-29T12:00:00+01:00", "48 months", "2024-02-29T00:00:00+01:00"},
		"29 February, none a year before":   {berlin, "2028-02-29T12:00:00+01:00", "1 year", "2027-03-01T00:00:00+01:00"},
		"31 March, none in February":        {berlin, "2026-03-31T12:00:00+02:00", "1 month", "2026-03-01T00:00:00+01:00"},
		"30 April ends the 30th and 31st":   {berlin, "2026-05-01T12:00:00+02:00", "1 month", "2026-04-01T00:00:00+02:00"},
		"30 April itself ends neither":      {berlin, "2026-04-30T12:00:00+02:00", "1 month", "2026-03-30T00:00:00+02:00"},
		"New Year":                          {berlin, "2027-01-01T00:00:00+01:00", "1 day", "2026-12-31T00:00:00+01:00"},
		"the last of the year, as long as":  {berlin, "2026-12-31T23:59:59+01:00", "1 month", "2026-12-01T00:00:00+01:00"},
		"New Year in months":                {la, "2027-01-31T12:00:00-08:00", "2 months", "2026-12-01T00:00:00-08:00"},
		"a day without midnight (Beirut)":   {"Asia/Beirut", "2026-03-30T12:00:00+03:00", "1 day", "2026-03-29T01:00:00+03:00"},
		"a midnight that comes twice":       {"America/Havana", "2026-11-02T12:00:00-05:00", "1 day", "2026-11-01T00:00:00-04:00"},
		"a day that comes to its end twice": {"America/Santiago", "2026-04-05T12:00:00-04:00", "1 day", "2026-04-04T00:00:00-03:00"},
		"a day that was left out (Samoa)":   {"Pacific/Apia", "2011-12-31T12:00:00+14:00", "1 day", "2011-12-31T00:00:00+14:00"},
		"the day after that":                {"Pacific/Apia", "2012-01-01T12:00:00+14:00", "1 day", "2011-12-31T00:00:00+14:00"},
		"the controller's day, not UTC's":   {la, "2026-11-22T20:00:00-08:00", "1 day", "2026-11-21T00:00:00-08:00"},
	} {
		t.Run(name, func(t *testing.T) {
			now, err := time.Parse(time.RFC3339, c.now)
			if err != nil {
				t.Fatal(err)
			}
			p, err := Parse(c.period)
			if err != nil {
				t.Fatal(err)
			}
			place := zone(t, c.zone)
			if local := now.In(place).Format(time.RFC3339); local != c.now {
				t.Fatalf("%s is no time of %s, where it is %s", c.now, c.zone, local)
			}
			if got := p.Cutoff(now.UTC(), place).Format(time.RFC3339); got != c.want {
				t.Errorf("what started before %s is due, want before %s", got, c.want)
			}
		})
	}
}

func TestNeverIsNeverDue(t *testing.T) {
	p := Period{Never: true, Days: 1}
	if c := p.Cutoff(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC); !c.IsZero() {
		t.Errorf("what started before %s is due", c)
	}
	if end, ok := p.End(time.Time{}, time.UTC); ok {
		t.Errorf("it ends at %s", end)
	}
}

// Zones with changes of an hour, of half an hour, at midnight, and none.
var zones = []string{
	"America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut", "America/Havana", "America/Santiago",
	"America/Nuuk", "Pacific/Apia", "Asia/Kolkata", "UTC",
}

func anyPeriod(t *rapid.T) Period {
	return rapid.SampledFrom([]Period{
		{Days: rapid.IntRange(1, 1000).Draw(t, "days")},
		{Months: rapid.IntRange(1, 130).Draw(t, "months")},
		{Years: rapid.IntRange(1, 30).Draw(t, "years")},
		{Years: 1, Months: 1, Days: rapid.IntRange(0, 60).Draw(t, "more days")},
		{},
	}).Draw(t, "period")
}

// anyTime is often near a change of the clocks, a midnight or the end of a month.
func anyTime(t *rapid.T, place *time.Location, name string) time.Time {
	at := time.Unix(rapid.Int64Range(1_300_000_000, 4_200_000_000).Draw(t, name), 0).In(place)
	near := time.Duration(rapid.IntRange(-7200, 7200).Draw(t, name+" near")) * time.Second
	switch rapid.IntRange(0, 3).Draw(t, name+" kind") {
	case 0:
		if _, change := at.ZoneBounds(); !change.IsZero() {
			return change.Add(near)
		}
	case 1:
		return time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, place).Add(near)
	case 2:
		return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, place).Add(near / 7200)
	}
	return at
}

func TestCutoffProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		place, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		p, now := anyPeriod(t), anyTime(t, place, "now")
		cutoff, today := p.Cutoff(now, place), civil.Of(now, place)

		if later := now.Add(time.Duration(rapid.Int64Range(0, 1e16).Draw(t, "later"))); p.Cutoff(later, place).Before(cutoff) {
			t.Fatalf("at %s less is due than at %s", later, now)
		}
		starts := map[string]time.Time{
			"just before the cutoff": cutoff.Add(-1), "at the cutoff": cutoff, "before it": cutoff.Add(-time.Duration(rapid.Int64Range(1, 1e15).Draw(t, "before"))),
			"at any time": anyTime(t, place, "start"),
		}
		for name, start := range starts {
			last := p.from(civil.Of(start, place))
			end, _ := p.End(start, place)
			due := start.Before(cutoff)
			if due != (last < today) {
				t.Fatalf("started %s (%s), due is %v, but its last day is %s and today %s", name, start, due, last, today)
			}
			if due != !now.Before(end) {
				t.Fatalf("started %s (%s), due at %s is %v, but it ends at %s", name, start, now, due, end)
			}
			if civil.Of(end, place) <= last || civil.Of(end.Add(-1), place) > last {
				t.Fatalf("started %s (%s): %s is not the beginning of the day after %s", name, start, end, last)
			}
		}
	})
}
