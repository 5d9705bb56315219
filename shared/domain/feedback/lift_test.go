package feedback_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

const works = "They wrote from it yesterday."

// lift lifts the bounce, and says what stops marketing all the same.
func lift(tb testing.TB, d *desk) string {
	tb.Helper()
	still, err := d.LiftBounce(ctx, testkit.Address(tb, gone), "Anna Weber/a1", works, time.Time{})
	if err != nil {
		tb.Fatal(err)
	}
	return fmt.Sprint(still)
}

func bounced(tb testing.TB, at time.Time) feedback.Observation {
	return observationOf(tb, "bounce", optout.Out, optout.FromBounce, at)
}

func TestALiftedBounceReachesSES(t *testing.T) {
	d := newDesk(t)
	d.Apply(t, bounced(t, testkit.T0.Add(-time.Hour)))
	d.SES.Bounces(gone, testkit.T0.Add(-time.Hour)) // SES lists it by itself
	d.Sync(t)
	lift(t, d)
	r := d.Read(t, gone, "bounce")
	if r.State != optout.In || !r.LiftedAt.Equal(d.Time) || r.Evidence.Detail != works || r.Evidence.Officer != "Anna Weber/a1" || !r.FirstAt.Equal(testkit.T0.Add(-time.Hour)) {
		t.Errorf("%+v", r)
	}
	if d.Sync(t); d.SES.Held[gone] {
		t.Error("SES holds it back")
	}
	lift(t, d)
	if again := d.Read(t, gone, "bounce"); again.Version != r.Version {
		t.Errorf("lifted twice: %+v", again)
	}
}

// SES's own entry goes only where the bounce that made it came before the lift.
func TestAnEntryOfALaterBounceStays(t *testing.T) {
	d := newDesk(t)
	d.Apply(t, bounced(t, testkit.T0.Add(-time.Hour)))
	d.Sync(t)
	lift(t, d)
	d.SES.Bounces(gone, testkit.T0.Add(time.Minute)) // its event is still under way
	if d.Sync(t); !d.SES.Held[gone] {
		t.Error("a bounce is lost that came after the lift")
	}
}

func TestLiftingLeavesTheRestAlone(t *testing.T) {
	for name, c := range map[string]struct {
		before func(d *desk)
		listed suppression.ListReason
		still  string
	}{
		"an opt-out":  {func(d *desk) { d.Out(t, gone, "email", "phone") }, suppression.ListedComplaint, "[email]"},
		"a complaint": {func(d *desk) { d.Apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.Time)) }, suppression.ListedComplaint, "[complaint]"},
		"no more":     {func(d *desk) { d.Out(t, gone, "phone", "email/news") }, suppression.NotListed, "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			c.before(d)
			d.Apply(t, bounced(t, testkit.T0))
			if d.Sync(t); d.SES.As[gone] != suppression.ListedBounce {
				t.Fatalf("%v", d.SES.As)
			}
			still := lift(t, d)
			if d.Sync(t); d.SES.As[gone] != c.listed || still != c.still {
				t.Errorf("SES lists it as %q, still stopped by %s", d.SES.As[gone], still)
			}
		})
	}
}

func TestWhatIsNoBounceIsNotLifted(t *testing.T) {
	soft := observationOf(t, "bounce", optout.In, optout.FromSoftBounces, testkit.T0)
	for name, before := range map[string]func(d *desk){
		"nobody":                 func(*desk) {},
		"an opt-out":             func(d *desk) { d.Out(t, gone, "email") },
		"a complaint":            func(d *desk) { d.Apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.Time)) },
		"a mailbox that is full": func(d *desk) { d.Apply(t, soft) },
		"lifted for another reason": func(d *desk) {
			d.Apply(t, bounced(t, testkit.T0))
			_, _ = d.LiftBounce(ctx, testkit.Address(t, gone), "x", "y", time.Time{})
		},
		"a complaint, taken back":     func(d *desk) { d.Apply(t, observationOf(t, "complaint", optout.In, optout.FromNotSpam, d.Time)) },
		"an opt-out for all channels": func(d *desk) { d.Out(t, gone, "email", "phone", "sale") },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			before(d)
			read := func() string {
				return fmt.Sprint(d.Read(t, gone, "bounce"), d.Read(t, gone, "complaint"), d.Read(t, gone, "email"))
			}
			was := read()
			_, err := d.LiftBounce(ctx, testkit.Address(t, gone), "x", works, time.Time{})
			if fault.CodeOf(err) != fault.Conflict || fault.BecauseOf(err).Code != "no_bounce" || read() != was {
				t.Errorf("%v\n%s\n%s", err, was, read())
			}
			if _, err := d.LiftBounce(ctx, testkit.Address(t, gone), "x", "", time.Time{}); fault.CodeOf(err) != fault.Invalid {
				t.Errorf("without a reason: %v", err)
			}
		})
	}
}

// A form that was open since before the last bounce lifts nothing that nobody saw.
func TestABounceThatWasNotSeenIsNotLifted(t *testing.T) {
	d := newDesk(t)
	d.Apply(t, bounced(t, testkit.T0.Add(-time.Hour)))
	seen := d.Read(t, gone, "bounce").ChangedAt
	d.Apply(t, bounced(t, testkit.T0.Add(-time.Minute)))
	_, err := d.LiftBounce(ctx, testkit.Address(t, gone), "x", works, seen)
	if r := d.Read(t, gone, "bounce"); fault.BecauseOf(err).Code != "bounced_since" || r.State != optout.Out {
		t.Errorf("%v: %+v", err, r)
	} else if _, err := d.LiftBounce(ctx, testkit.Address(t, gone), "x", works, r.ChangedAt); err != nil {
		t.Error(err)
	}
}

// The clock of SES may be ahead of ours.
func TestABounceOfTheNextMinutesIsLifted(t *testing.T) {
	d := newDesk(t)
	n := bounced(t, testkit.T0.Add(2*time.Minute))
	d.Apply(t, n)
	lift(t, d)
	d.Apply(t, n) // the same event once more
	if r := d.Read(t, gone, "bounce"); r.State != optout.In {
		t.Errorf("%+v", r)
	}
}

// Whoever was erased, and is written to again, is known by the address alone.
func TestATombstoneIsLifted(t *testing.T) {
	d := newDesk(t)
	d.Apply(t, bounced(t, d.Time))
	d.MakeTombstone(t, gone, "bounce", true)
	lift(t, d)
	if d.Sync(t); d.SES.Held[gone] {
		t.Error("SES holds it back")
	}
	d.Apply(t, bounced(t, testkit.T0))
	if r := d.Read(t, gone, "bounce"); r.State != optout.In || r.ErasedAt.IsZero() {
		t.Errorf("%+v", r)
	}
}

// After a lift only what happened later counts, whatever the order in which the rest
// is told, and what counts does so as if nothing had been before.
func TestALiftIsABeginning(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var late, after []feedback.Observation
		for range rapid.IntRange(0, 8).Draw(rt, "observations") {
			n := rapid.SampledFrom([]feedback.Observation{
				bounced(t, testkit.T0), observationOf(t, "bounce", optout.Out, optout.FromSESList, testkit.T0), observationOf(t, "bounce", optout.In, optout.FromSoftBounces, testkit.T0),
			}).Draw(rt, "kind")
			n.Evidence.At = testkit.T0.Add(time.Duration(rapid.IntRange(-6, 9).Draw(rt, "half days")) * 12 * time.Hour)
			if n.Evidence.At.After(testkit.T0) {
				after = append(after, n)
			} else {
				late = append(late, n)
			}
		}
		lifted := func(observations []feedback.Observation) optout.Record {
			d := newDesk(t)
			d.Apply(t, bounced(t, testkit.T0.Add(-30*24*time.Hour)))
			lift(t, d)
			return toldLater(t, d, observations)
		}
		want := lifted(after)
		if got := lifted(rapid.Permutation(append(slices.Clone(late), after...)).Draw(rt, "order")); fmt.Sprint(got) != fmt.Sprint(want) {
			rt.Fatalf("told late too:\n%+v\nwithout that:\n%+v", got, want)
		}
		if fresh := toldLater(t, newDesk(t), after); (fresh.State == optout.Out) != (want.State == optout.Out) {
			rt.Fatalf("nothing before:\n%+v\nlifted before:\n%+v", fresh, want)
		}
	})
}

// toldLater is the record of the mailbox, a week later.
func toldLater(t *testing.T, d *desk, observations []feedback.Observation) optout.Record {
	d.Time = testkit.T0.AddDate(0, 0, 7)
	for _, n := range observations {
		d.Apply(t, n)
	}
	r := d.Read(t, gone, "bounce")
	r.Version, r.Projection = 0, optout.Projection{}
	return r
}
