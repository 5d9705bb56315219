package schedule

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/civil"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Period{
		"1 day": {Days: 1}, "30 days": {Days: 30}, "24 months": {Months: 24}, "10 years": {Years: 10}, "1 year": {Years: 1},
		"1 month": {Months: 1}, "never": {Never: true}, "9999 days": {Days: 9999},
	} {
		got, err := Parse(text)
		if err != nil || got != want || got.String() != text {
			t.Errorf("Parse(%q) = %+v (%s), %v", text, got, got, err)
		}
	}
	for _, text := range []string{
		"", " ", "30", "days", "0 days", "-1 days", "+1 days", "01 days", "10000 days", "30days", "30  days", " 30 days", "30 days ",
		"30 Days", "30 dayss", "1.5 years", "1,000 days", "1e3 days", "30 weeks", "30 hours", "P30D", "1 year 6 months", "1 year and 6 months",
		"Never", "for ever", "never days", "1 never", "at once", "٣٠ days", "99999999999999999999 days", "30\tdays", "30\u00a0days", "30 days\n",
	} {
		if got, err := Parse(text); err == nil {
			t.Errorf("Parse(%q) = %+v; it is no period", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"30 days", "24 months", "1 year", "never", "0 days", "-1 days", "1 years"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			if p != (Period{}) {
				t.Errorf("Parse(%q) is refused and is %+v", text, p)
			}
			return
		}
		again, err := Parse(p.String())
		if err != nil || again != p || p == (Period{}) {
			t.Errorf("Parse(%q) = %+v, which is written %q and read as %+v, %v", text, p, p, again, err)
		}
	})
}

func TestPeriodInWords(t *testing.T) {
	for want, p := range map[string]Period{
		"at once": {}, "2 years and 1 month and 3 days": {Years: 2, Months: 1, Days: 3}, "never": {Never: true, Days: 1},
	} {
		if got := p.String(); got != want {
			t.Errorf("%+v is %q, want %q", p, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for p, want := range map[Period]time.Duration{{Days: 30}: 720 * time.Hour, {}: 0} {
		if got, ok := p.Duration(); !ok || got != want {
			t.Errorf("%s lasts %s, %v", p, got, ok)
		}
	}
	for _, p := range []Period{{Months: 1}, {Years: 1, Days: 3}, {Never: true}} {
		if _, ok := p.Duration(); ok {
			t.Errorf("%s is no number of hours", p)
		}
	}
}

func TestComparePeriods(t *testing.T) {
	for _, c := range []struct {
		p, q            Period
		atLeast, longer bool
	}{
		{days(30), days(30), true, false},
		{days(31), days(30), true, true},
		{days(29), days(30), false, false},
		{years(2), months(24), true, false},
		{months(24), years(2), true, false},
		{months(25), years(2), true, true},
		{days(731), months(24), true, false}, // 731 days at most, be there a leap day
		{days(730), months(24), false, false},
		{days(732), months(24), true, true},
		{months(24), days(730), true, false}, // 730 days at least
		{months(24), days(731), false, false},
		{months(1), days(28), true, false},
		{months(1), days(29), false, false},
		{days(31), months(1), true, false},
		{months(2), days(59), true, false},
		{days(2921), years(8), false, false}, // 2,922 days; 2,921 across 2100, which is no leap year
		{days(2922), years(8), true, false},
		{years(8), days(2921), true, false},
		{years(8), days(2922), false, false},
		{never, years(10), true, true},
		{years(10), never, false, false},
		{never, never, true, false},
		{Period{Months: 1, Days: 1}, months(1), true, true},
		{Period{Months: 1, Days: 40}, months(2), true, true},
	} {
		if got := c.p.atLeast(c.q); got != c.atLeast {
			t.Errorf("%s is at least %s: %v", c.p, c.q, got)
		}
		if got := c.p.longer(c.q); got != c.longer {
			t.Errorf("%s is longer than %s: %v", c.p, c.q, got)
		}
	}
}

// What the comparison promises of all starts holds on each.
func TestComparisonHoldsOnEveryStart(t *testing.T) {
	period := rapid.Custom(func(t *rapid.T) Period {
		return Period{Months: rapid.IntRange(0, 130).Draw(t, "months"), Days: rapid.IntRange(0, 4000).Draw(t, "days")}
	})
	rapid.Check(t, func(t *rapid.T) {
		p, q := period.Draw(t, "p"), period.Draw(t, "q")
		start := civil.Date(2020, 1, rapid.IntRange(1, 36525).Draw(t, "start"))
		if p.atLeast(q) && p.from(start) < q.from(start) {
			t.Errorf("%s is no less than %s, but not from %s", p, q, start)
		}
		if p.longer(q) && p.from(start) <= q.from(start) {
			t.Errorf("%s is longer than %s, but not from %s", p, q, start)
		}
	})
}
