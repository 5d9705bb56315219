package optout_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/optout"
	"privacydesk/shared/person"
	"privacydesk/shared/testkit"
)

// fakeList is SES: what it holds, and what it does wrong. fail is asked before
// each call and says what to answer; effect says whether the call took effect
// all the same.
type fakeList struct {
	held  map[string]bool
	calls int
	fail  func(call int) (err error, effect bool)
}

func (l *fakeList) Put(_ context.Context, a person.Address) error    { return l.call(a, true) }
func (l *fakeList) Delete(_ context.Context, a person.Address) error { return l.call(a, false) }

func (l *fakeList) call(a person.Address, hold bool) error {
	l.calls++
	err, effect := error(nil), true
	if l.fail != nil {
		err, effect = l.fail(l.calls)
	}
	if !effect {
		return err
	}
	if delete(l.held, a.Reveal()); hold {
		l.held[a.Reveal()] = true
	}
	return err
}

// desk is a service and a projector over one table in memory, with a clock.
type desk struct {
	*optout.Service
	*optout.Projector
	table *testkit.OptOuts
	list  *fakeList
	now   time.Time
}

type noPace struct{}

func (noPace) Wait(ctx context.Context) error { return ctx.Err() }

func newDesk(tb testing.TB) *desk {
	d := &desk{table: testkit.NewOptOuts(), list: &fakeList{held: map[string]bool{}}, now: testkit.T0}
	clock := func() time.Time { return d.now }
	d.Service = &optout.Service{Store: d.table, Key: testkit.Key(tb), Now: clock}
	d.Projector = &optout.Projector{
		Queue: d.table, List: d.list, Pace: noPace{}, Now: clock,
		Sleep: func(_ context.Context, wait time.Duration) { d.now = d.now.Add(wait) },
	}
	return d
}

func (d *desk) out(tb testing.TB, address string, scopes ...optout.Scope) optout.Record {
	tb.Helper()
	r, err := d.Record(context.Background(), optout.Request{
		Address: testkit.Address(tb, address), Scopes: scopes, Source: optout.FromForm,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func (d *desk) drain(tb testing.TB) optout.Report {
	tb.Helper()
	report, err := d.Drain(context.Background(), time.Time{})
	if err != nil {
		tb.Fatal(err)
	}
	return report
}

func TestOptOutsReachSES(t *testing.T) {
	d := newDesk(t)
	d.out(t, "a@example.com", "email")
	d.out(t, "b@example.com", "email/newsletter")
	d.out(t, "zoë@example.com", "email")
	d.out(t, "c@example.com", "sms", "email", "post")
	d.now = d.now.Add(time.Minute)
	report := d.drain(t)
	want := optout.Report{Put: 2, Unsupported: 1, AgeAtSync: time.Minute}
	if report != want || d.list.calls != 2 {
		t.Errorf("report %+v after %d calls", report, d.list.calls)
	}
	if held := slices.Sorted(maps.Keys(d.list.held)); fmt.Sprint(held) != "[a@example.com c@example.com]" {
		t.Errorf("SES holds %v", held)
	}
	if again := d.drain(t); again != (optout.Report{}) || d.list.calls != 2 {
		t.Errorf("a second run did %+v", again)
	}
}

func TestPauseEndsByItself(t *testing.T) {
	d := newDesk(t)
	a := testkit.Address(t, "a@example.com")
	if _, err := d.Choose(context.Background(), a, "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}}); err != nil {
		t.Fatal(err)
	}
	d.drain(t)
	if !d.list.held["a@example.com"] {
		t.Fatal("a pause is not told to SES")
	}
	d.now = d.now.AddDate(0, 0, 30).Add(-time.Second)
	d.drain(t)
	if !d.list.held["a@example.com"] {
		t.Error("the pause ended early")
	}
	d.now = d.now.Add(time.Second)
	d.drain(t)
	if d.list.held["a@example.com"] {
		t.Error("the pause did not end")
	}
}

func TestThrottlingOnlyDelays(t *testing.T) {
	d := newDesk(t)
	d.out(t, "a@example.com", "email")
	ends := d.now.Add(10 * time.Minute)
	d.list.fail = func(int) (error, bool) {
		if d.now.Before(ends) {
			return optout.ErrThrottled, false
		}
		return nil, true
	}
	for runs := 0; !d.list.held["a@example.com"]; runs++ {
		if runs > 100 {
			t.Fatal("never told")
		}
		report, err := d.Drain(context.Background(), d.now.Add(45*time.Second))
		if err != nil || report.Pending+report.Put != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
		d.now = d.now.Add(time.Minute)
	}
	if d.list.calls > 60 {
		t.Errorf("%d calls in ten minutes of throttling are a retry storm", d.list.calls)
	}
}

func TestARefusalThatCannotBeWaitedOutEndsTheRun(t *testing.T) {
	d := newDesk(t)
	for i := range 5 {
		d.out(t, fmt.Sprintf("z%d@example.com", i), "email")
	}
	d.out(t, "zoë@example.com", "email")
	d.list.fail = func(call int) (error, bool) {
		if call == 1 {
			return nil, true
		}
		return optout.ErrThrottled, false
	}
	report, err := d.Drain(context.Background(), d.now.Add(2*time.Second))
	if err != nil || d.list.calls != 3 || report.Throttled != 2 || report.Pending < 4 {
		t.Errorf("%d calls, want one that succeeds, one refused, one more a second later: %+v, %v", d.list.calls, report, err)
	}
}

func TestFaultsLeaveTheRecordPending(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		effect bool
	}{
		"before the effect": {errors.New("connection refused"), false},
		"after the effect":  {errors.New("connection reset"), true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.out(t, "a@example.com", "email")
			d.list.fail = func(int) (error, bool) { return c.err, c.effect }
			if report := d.drain(t); report.Failed != 1 || report.Pending != 1 {
				t.Errorf("%+v", report)
			}
			d.list.fail = nil
			if report := d.drain(t); report.Put != 1 || !d.list.held["a@example.com"] {
				t.Errorf("%+v", report)
			}
		})
	}
}

func TestAddressThatSESRefusesIsMarkedOnce(t *testing.T) {
	d := newDesk(t)
	r := d.out(t, "a@example.com", "email")
	d.list.fail = func(int) (error, bool) { return optout.ErrUnlistable, false }
	if report := d.drain(t); report.Unsupported != 1 || report.Pending != 0 {
		t.Errorf("%+v", report)
	}
	found, _ := d.table.Records(context.Background(), []optout.Key{r.Key})
	if p := found[r.Key].Projection; p.Status != optout.Unsupported || p.Reason == "" {
		t.Errorf("%+v", p)
	}
	if d.drain(t); d.list.calls != 1 {
		t.Errorf("tried %d times", d.list.calls)
	}
}

// A choice that changes while SES is told of the old one is told again.
func TestChangeUnderOurHands(t *testing.T) {
	d := newDesk(t)
	r := d.out(t, "a@example.com", "email")
	d.list.fail = func(call int) (error, bool) {
		if call == 1 {
			if err := d.Undo(context.Background(), r.Address, "email", r.Version); err != nil {
				t.Fatal(err)
			}
		}
		return nil, true
	}
	if report := d.drain(t); report.Moved != 1 {
		t.Errorf("%+v", report)
	}
	if d.drain(t); d.list.held["a@example.com"] {
		t.Error("SES still holds who took the opt-out back")
	}
}

func TestDrainStopsInTime(t *testing.T) {
	d := newDesk(t)
	for i := range 10 {
		d.out(t, fmt.Sprintf("a%d@example.com", i), "email")
	}
	d.list.fail = func(int) (error, bool) { d.now = d.now.Add(time.Second); return nil, true }
	report, err := d.Drain(context.Background(), d.now.Add(3*time.Second))
	if err != nil || report.Put != 3 || report.Pending != 7 {
		t.Errorf("%+v, %v", report, err)
	}
}

// Random people under random faults, stops and clock jumps: once the faults
// end, SES holds exactly who is suppressed.
func TestSESConverges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t)
		people := []string{"a@example.com", "b@example.com", "c@example.com"}
		steps := rapid.IntRange(1, 40).Draw(rt, "steps")
		for range steps {
			a := rapid.SampledFrom(people).Draw(rt, "person")
			d.step(rt, t, a)
			d.now = d.now.Add(time.Duration(rapid.IntRange(0, 40*24).Draw(rt, "hours")) * time.Hour)
		}
		d.list.fail = nil
		d.drain(t)
		for _, p := range people {
			key := optout.Key{Ref: testkit.Key(t).Ref(testkit.Address(t, p)), Scope: "email"}
			found, _ := d.table.Records(context.Background(), []optout.Key{key})
			if r := found[key]; r.Suppresses(d.now) != d.list.held[p] {
				rt.Fatalf("%s: SES holds %v, the record says %+v", p, d.list.held[p], r)
			}
		}
		if report := d.drain(t); report.Pending != 0 {
			rt.Fatalf("still pending: %+v", report)
		}
	})
}

func (d *desk) step(rt *rapid.T, t *testing.T, address string) {
	a, ctx := testkit.Address(t, address), context.Background()
	switch rapid.IntRange(0, 4).Draw(rt, "what") {
	case 0:
		d.out(t, address, "email")
	case 1:
		r := d.out(t, address, "email")
		if err := d.Undo(ctx, a, "email", r.Version); err != nil {
			rt.Fatal(err)
		}
	case 2:
		if _, err := d.Choose(ctx, a, "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}}); err != nil {
			rt.Fatal(err)
		}
	case 3:
		r := d.out(t, address, "email")
		if err := d.ConfirmOptIn(ctx, a, map[optout.Scope]int{"email": r.Version}); err != nil {
			rt.Fatal(err)
		}
	case 4:
		faults := []error{nil, optout.ErrThrottled, errors.New("reset")}
		d.list.fail = func(int) (error, bool) {
			err := rapid.SampledFrom(faults).Draw(rt, "fault")
			return err, err == nil || rapid.Bool().Draw(rt, "effect")
		}
		if _, err := d.Drain(ctx, d.now.Add(time.Minute)); err != nil {
			rt.Fatal(err)
		}
	}
}
