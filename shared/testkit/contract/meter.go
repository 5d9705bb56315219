package contract

import (
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/testkit"
)

// MeterContract is what every table of counters must keep. The table goes by
// the clock that it is opened with.
func MeterContract(t *testing.T, open func(testing.TB, func() time.Time) quota.Meter) {
	at := testkit.T0.Truncate(quota.Day)
	m := open(t, func() time.Time { return at })
	two := quota.Limit{Name: "a", Ref: "x", Max: 2, Per: time.Minute}
	ten := quota.Limit{Name: "b", Ref: "x", Max: 10, Per: time.Hour}
	take := func(name string, want time.Time, limits ...quota.Limit) {
		t.Helper()
		err := m.Take(background, limits...)
		if (err == nil) != want.IsZero() || err != nil && (!fault.Is(err, fault.TooMany) || !fault.RetryAt(err).Equal(want)) {
			t.Errorf("%s: %v until %v, want %v", name, err, fault.RetryAt(err), want)
		}
	}
	counted := func(l quota.Limit, want int) {
		t.Helper()
		if n, start, err := m.Count(background, l); n != want || !start.Equal(at.Truncate(l.Per)) || err != nil {
			t.Errorf("%s counts %d since %v, %v, want %d", l.Name, n, start, err, want)
		}
	}
	var free time.Time
	take("no limit", free)
	take("first", free, two, ten)
	at = at.Add(10 * time.Second)
	take("second", free, two, ten)
	take("third", at.Add(50*time.Second), two, ten)
	counted(two, 2)
	counted(ten, 2) // all or none
	other := two
	other.Ref = "y"
	take("another's", free, other)
	at = at.Add(50 * time.Second)
	take("the next window", free, two, ten)
	counted(two, 1)
	ten.Max = 3
	take("the longest wait counts", at.Add(59*time.Minute), two, ten)
}
