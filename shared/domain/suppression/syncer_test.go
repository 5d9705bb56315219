package suppression_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

func TestOptOutsReachSES(t *testing.T) {
	d := newDesk(t)
	d.Out(t, "a@example.com", "email")
	d.Out(t, "b@example.com", "email/newsletter")
	d.Out(t, "zoë@example.com", "email")
	d.Out(t, "c@example.com", "sms", "email", "post")
	d.Time = d.Time.Add(time.Minute)
	report := d.Sync(t)
	want := suppression.SyncReport{Put: 2, Unsupported: 1, AgeAtSync: time.Minute}
	if report != want || d.SES.Calls != 2 {
		t.Errorf("report %+v after %d calls", report, d.SES.Calls)
	}
	if held := slices.Sorted(maps.Keys(d.SES.Held)); fmt.Sprint(held) != "[a@example.com c@example.com]" {
		t.Errorf("SES holds %v", held)
	}
	if again := d.Sync(t); again != (suppression.SyncReport{}) || d.SES.Calls != 2 {
		t.Errorf("a second run did %+v", again)
	}
}

func TestPauseEndsByItself(t *testing.T) {
	d := newDesk(t)
	a := testkit.Address(t, "a@example.com")
	if _, err := d.Choose(context.Background(), a, "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}}); err != nil {
		t.Fatal(err)
	}
	d.Sync(t)
	if !d.SES.Held["a@example.com"] {
		t.Fatal("a pause is not synced with SES")
	}
	d.Time = d.Time.AddDate(0, 0, 31).Truncate(24 * time.Hour).Add(-time.Second) // the last of its 30th day
	d.Sync(t)
	if !d.SES.Held["a@example.com"] {
		t.Error("the pause ended early")
	}
	d.Time = d.Time.Add(time.Second)
	d.Sync(t)
	if d.SES.Held["a@example.com"] {
		t.Error("the pause did not end")
	}
}

func TestThrottlingOnlyDelays(t *testing.T) {
	d := newDesk(t)
	d.Out(t, "a@example.com", "email")
	ends := d.Time.Add(10 * time.Minute)
	d.SES.Fail = func(int) (error, bool) {
		if d.Time.Before(ends) {
			return suppression.ErrThrottled, false
		}
		return nil, true
	}
	for runs := 0; !d.SES.Held["a@example.com"]; runs++ {
		if runs > 100 {
			t.Fatal("never synced")
		}
		report, err := d.Drain(context.Background(), d.Time.Add(45*time.Second))
		if err != nil || report.Pending+report.Put != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
		d.Time = d.Time.Add(time.Minute)
	}
	if d.SES.Calls > 60 {
		t.Errorf("%d calls in ten minutes of throttling are a retry storm", d.SES.Calls)
	}
}

func TestARefusalThatCannotBeWaitedOutEndsTheRun(t *testing.T) {
	d := newDesk(t)
	for i := range 5 {
		d.Out(t, fmt.Sprintf("z%d@example.com", i), "email")
	}
	d.Out(t, "zoë@example.com", "email")
	d.SES.Fail = func(call int) (error, bool) {
		if call == 1 {
			return nil, true
		}
		return suppression.ErrThrottled, false
	}
	report, err := d.Drain(context.Background(), d.Time.Add(2*time.Second))
	if err != nil || d.SES.Calls != 3 || report.Throttled != 2 || report.Pending < 4 {
		t.Errorf("%d calls, want one that succeeds, one refused, one more a second later: %+v, %v", d.SES.Calls, report, err)
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
			d.Out(t, "a@example.com", "email")
			d.SES.Fail = func(int) (error, bool) { return c.err, c.effect }
			if report := d.Sync(t); report.Failed != 1 || report.Pending != 1 || report.Refused != c.err.Error() {
				t.Errorf("%+v", report)
			}
			d.SES.Fail = nil
			if report := d.Sync(t); report.Put != 1 || !d.SES.Held["a@example.com"] {
				t.Errorf("%+v", report)
			}
		})
	}
}

func TestAddressThatSESRefusesIsMarkedOnce(t *testing.T) {
	d := newDesk(t)
	r := d.Out(t, "a@example.com", "email")
	d.SES.Fail = func(int) (error, bool) { return suppression.ErrUnlistable, false }
	if report := d.Sync(t); report.Unsupported != 1 || report.Pending != 0 {
		t.Errorf("%+v", report)
	}
	found, _ := d.Table.Records(context.Background(), []optout.Key{r.Key})
	if p := found[r.Key].Projection; p.Status != optout.Unsupported || p.Reason == "" {
		t.Errorf("%+v", p)
	}
	if d.Sync(t); d.SES.Calls != 1 {
		t.Errorf("tried %d times", d.SES.Calls)
	}
}

// A choice that changes while the old one is synced is synced again.
func TestARecordChangesWhileItIsSynced(t *testing.T) {
	d := newDesk(t)
	r := d.Out(t, "a@example.com", "email")
	d.SES.Fail = func(call int) (error, bool) {
		if call == 1 {
			if err := d.Undo(context.Background(), r.Address, "en", r.MadeBy, "email"); err != nil {
				t.Fatal(err)
			}
		}
		return nil, true
	}
	if report := d.Sync(t); report.Moved != 1 {
		t.Errorf("%+v", report)
	}
	if d.Sync(t); d.SES.Held["a@example.com"] {
		t.Error("SES still holds who took the opt-out back")
	}
}

func TestDrainStopsInTime(t *testing.T) {
	d := newDesk(t)
	for i := range 10 {
		d.Out(t, fmt.Sprintf("a%d@example.com", i), "email")
	}
	d.SES.Fail = func(int) (error, bool) { d.Time = d.Time.Add(time.Second); return nil, true }
	report, err := d.Drain(context.Background(), d.Time.Add(3*time.Second))
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
			step(d, rt, t, a)
			d.Time = d.Time.Add(time.Duration(rapid.IntRange(0, 40*24).Draw(rt, "hours")) * time.Hour)
		}
		d.SES.Fail = nil
		d.Sync(t)
		for _, p := range people {
			found, _ := d.Table.OfPerson(context.Background(), testkit.Key(t).Ref(testkit.Address(t, p)))
			if want := suppression.ListingOf(d.Time, found...); d.SES.As[p] != want {
				rt.Fatalf("%s: SES holds %q, the records say %q: %+v", p, d.SES.As[p], want, found)
			}
		}
		if report := d.Sync(t); report.Pending != 0 {
			rt.Fatalf("still pending: %+v", report)
		}
	})
}

func step(d *desk, rt *rapid.T, t *testing.T, address string) {
	a, ctx := testkit.Address(t, address), context.Background()
	switch rapid.IntRange(0, 6).Draw(rt, "what") {
	case 0:
		d.Out(t, address, "email")
	case 1:
		r := d.Out(t, address, "email")
		if err := d.Undo(ctx, a, "en", r.MadeBy, "email"); err != nil && r.MadeBy != "" {
			rt.Fatal(err)
		}
	case 2:
		if _, err := d.Choose(ctx, a, "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}}); err != nil {
			rt.Fatal(err)
		}
	case 3:
		r := d.Out(t, address, "email")
		if err := d.ConfirmOptIn(ctx, a, "en", map[optout.Scope]int{"email": r.Version}); err != nil {
			rt.Fatal(err)
		}
	case 4:
		d.Observe(t, address, optout.Bounce.Scope(), rapid.SampledFrom([]optout.State{optout.Out, optout.In}).Draw(rt, "bounce"))
	case 5:
		d.Observe(t, address, optout.Complaint.Scope(), rapid.SampledFrom([]optout.State{optout.Out, optout.In}).Draw(rt, "complaint"))
	case 6:
		faults := []error{nil, suppression.ErrThrottled, errors.New("reset")}
		d.SES.Fail = func(int) (error, bool) {
			err := rapid.SampledFrom(faults).Draw(rt, "fault")
			return err, err == nil || rapid.Bool().Draw(rt, "effect")
		}
		if _, err := d.Drain(ctx, d.Time.Add(time.Minute)); err != nil {
			rt.Fatal(err)
		}
	}
}

// An address stands on the list while anything recorded of the person says so,
// whatever is taken back and in which order.
func TestListingFollowsAllRecords(t *testing.T) {
	const who = "a@example.com"
	out := func(d *desk, t *testing.T) { d.Out(t, who, "email") }
	back := func(d *desk, t *testing.T) {
		if err := d.ConfirmOptIn(ctx, testkit.Address(t, who), "en", map[optout.Scope]int{"email": d.Email(t, who).Version}); err != nil {
			t.Fatal(err)
		}
	}
	tell := func(scope optout.Channel, to optout.State) func(*desk, *testing.T) {
		return func(d *desk, t *testing.T) { d.Observe(t, who, scope.Scope(), to) }
	}
	type step = func(*desk, *testing.T)
	for name, c := range map[string]struct {
		steps []step
		want  suppression.ListReason
	}{
		"a bounce":                             {[]step{tell(optout.Bounce, optout.Out)}, suppression.ListedBounce},
		"a complaint":                          {[]step{tell(optout.Complaint, optout.Out)}, suppression.ListedComplaint},
		"a bounce, then an opt-out":            {[]step{tell(optout.Bounce, optout.Out), out}, suppression.ListedBounce},
		"an opt-out, then a bounce":            {[]step{out, tell(optout.Bounce, optout.Out)}, suppression.ListedBounce},
		"coming back to a dead mailbox":        {[]step{out, tell(optout.Bounce, optout.Out), back}, suppression.ListedBounce},
		"not spam after a complaint alone":     {[]step{tell(optout.Complaint, optout.Out), tell(optout.Complaint, optout.In)}, suppression.NotListed},
		"not spam leaves the person's opt-out": {[]step{out, tell(optout.Complaint, optout.Out), tell(optout.Complaint, optout.In)}, suppression.ListedComplaint},
		"not spam leaves a bounce":             {[]step{tell(optout.Bounce, optout.Out), tell(optout.Complaint, optout.Out), tell(optout.Complaint, optout.In)}, suppression.ListedBounce},
		"everything taken back":                {[]step{out, tell(optout.Bounce, optout.Out), tell(optout.Bounce, optout.In), back}, suppression.NotListed},
	} {
		t.Run(name, func(t *testing.T) {
			each, atOnce := newDesk(t), newDesk(t)
			for _, step := range c.steps {
				step(each, t)
				each.Sync(t)
				each.Time = each.Time.Add(time.Minute)
				step(atOnce, t)
			}
			atOnce.Sync(t)
			if got := each.SES.As[who]; got != c.want {
				t.Errorf("synced step by step SES holds %q, want %q", got, c.want)
			}
			if got := atOnce.SES.As[who]; got != c.want {
				t.Errorf("synced at once SES holds %q, want %q", got, c.want)
			}
		})
	}
}

// A bounce that arrives, and is synced by another run, while our delete is on
// its way must not stay deleted.
func TestAnotherRecordChangesWhileOneIsSynced(t *testing.T) {
	d := newDesk(t)
	r := d.Out(t, "a@example.com", "email")
	d.Sync(t)
	if err := d.Undo(ctx, r.Address, "en", r.MadeBy, "email"); err != nil {
		t.Fatal(err)
	}
	first := true
	d.SES.Fail = func(int) (error, bool) {
		if first {
			first = false
			d.Observe(t, "a@example.com", optout.Bounce.Scope(), optout.Out)
			bounce := optout.Key{Ref: r.Ref, Scope: optout.Bounce.Scope()}
			found, _ := d.Table.Records(ctx, []optout.Key{bounce})
			if err := d.Table.MarkSynced(ctx, found[bounce], optout.Projection{Status: optout.Listed, At: d.Time}); err != nil {
				t.Fatal(err)
			}
		}
		return nil, true
	}
	if report := d.Sync(t); report.Moved != 1 {
		t.Errorf("%+v", report)
	}
	if d.Sync(t); d.SES.As["a@example.com"] != suppression.ListedBounce {
		t.Error("the late delete has won over the bounce")
	}
}
