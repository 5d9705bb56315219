package suppression_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
)

func TestADryRunHoldsUpNoRunThatRepairs(t *testing.T) {
	for name, c := range map[string]struct{ first, then, is bool }{
		"dry, then one that mends": {true, false, false}, "one that mends, then dry": {false, true, false}, "dry twice": {true, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newReconciliation(t)
			w.Out(t, "a@example.com", "email")
			w.Sync(t)
			w.later(time.Hour)
			clear(w.ses.held)
			if err := w.Start(t.Context(), c.first); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Work(t.Context(), w.Time.Add(time.Second), func(context.Context) error { w.later(time.Second); return nil }); err != nil {
				t.Fatal(err)
			}
			if drift := w.reconcile(t, c.then); drift.DryRun != c.is || counted(drift) != "missing:1" {
				t.Errorf("%+v", drift)
			}
			if w.Sync(t); w.ses.holds("a@example.com") == c.is {
				t.Errorf("the list is mended: %v", c.is)
			}
		})
	}
}

// A run across many invocations and processes finds what one at a stretch finds.
func TestReconcileIsResumed(t *testing.T) {
	w := newReconciliation(t)
	for i := range 40 {
		w.Out(t, fmt.Sprintf("p%02d@example.com", i), "email")
	}
	w.Sync(t)
	w.later(time.Hour)
	for i := range 10 {
		delete(w.ses.held, fmt.Sprintf("p%02d@example.com", 4*i))
		w.ses.held[fmt.Sprintf("s%02d@example.com", i)] = held{suppression.ListedBounce, w.Time, true}
	}
	w.later(time.Hour)
	if err := w.Start(context.Background(), false); err != nil {
		t.Fatal(err)
	}
	clear(w.ses.calls)
	invocations := 0
	var drift *suppression.Drift
	for ; drift == nil && invocations < 1000; invocations++ {
		steps := 0
		stop := w.Time.Add(time.Second)
		var err error
		drift, err = w.Work(context.Background(), stop, func(context.Context) error {
			if steps++; steps == 2 {
				w.later(time.Second)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if invocations%7 == 6 {
			w.restart(t)
		}
	}
	if drift == nil || counted(*drift) != "missing:10 unrecorded:10" || w.ses.calls["page"] > 20 || len(drift.Samples[suppression.Missing]) != 10 {
		t.Fatalf("after %d invocations: %+v, %s", invocations, drift, calls(w.ses))
	}
	w.Sync(t)
	for i := range 40 {
		if !w.ses.holds(fmt.Sprintf("p%02d@example.com", i)) {
			t.Errorf("%d is still missing", i)
		}
	}
}

func TestATokenThatExpiresBeginsAnew(t *testing.T) {
	w := newReconciliation(t)
	for i := range 12 {
		w.ses.held[fmt.Sprintf("s%02d@example.com", i)] = held{suppression.ListedBounce, w.Time, true}
	}
	w.ses.fail = func() error {
		if w.ses.calls["page"] == 2 {
			return suppression.ErrTokenExpired
		}
		return nil
	}
	drift := w.reconcile(t, false)
	if drift.Restarts != 1 || drift.Pages != 3 || w.Read(t, "s11@example.com", "bounce").State != optout.Out {
		t.Errorf("%+v", drift)
	}
}

// Whatever is done to the list, at whatever fault of SES and kill of ours, one
// run and one drain bring it back, and nothing that SES made is gone.
func TestAnyDamageIsRepaired(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newReconciliation(t)
		names := make([]string, 12)
		for i := range names {
			names[i] = fmt.Sprintf("p%02d@example.com", i)
			switch rapid.IntRange(0, 3).Draw(rt, "history") {
			case 1:
				w.Out(t, names[i], "email")
			case 2:
				w.Out(t, names[i], "email")
				w.in(t, names[i])
			case 3:
				w.ses.held[names[i]] = held{suppression.ListedBounce, w.Time, true}
			}
		}
		w.Sync(t)
		w.later(time.Hour)
		own := map[string]bool{}
		for text, h := range w.ses.held {
			own[text] = h.bySES
		}
		for range rapid.IntRange(0, 20).Draw(rt, "damages") {
			name := rapid.SampledFrom(names).Draw(rt, "who")
			upper := strings.ToUpper(name[:1]) + name[1:]
			switch rapid.IntRange(0, 4).Draw(rt, "damage") {
			case 0:
				if !own[name] {
					delete(w.ses.held, name)
				}
			case 1:
				w.ses.held[name], own[name] = held{suppression.ListedBounce, w.Time, true}, true
			case 2:
				w.ses.held[upper], own[upper] = held{suppression.ListedComplaint, w.Time, true}, true
			case 3:
				if !own[upper] {
					w.ses.held[upper] = held{suppression.ListedComplaint, w.Time, false}
				}
			case 4:
				clear(own)
				clear(w.ses.held) // deleted after 90 days of pause
			}
			w.later(time.Minute)
		}
		w.reconcileThroughFaults(rt, t)
		w.ses.fail = nil
		w.Sync(t)
		for text, bySES := range own {
			if _, there := w.ses.held[text]; bySES && !there {
				rt.Fatalf("SES's own entry %s is gone", text)
			}
		}
		for _, name := range names {
			reason := suppression.ListingOf(w.Time, w.Read(t, name, "email"), w.Read(t, name, "bounce"), w.Read(t, name, "complaint"))
			if (reason != suppression.NotListed) != w.ses.holds(name) {
				rt.Fatalf("%s: the table says %q, SES holds %v: %v", name, reason, w.ses.holds(name), w.ses.held)
			}
		}
		w.later(time.Hour)
		if again := w.reconcile(t, false); again.Total() != 0 {
			rt.Fatalf("the next run finds %s", counted(again))
		}
	})
}

// reconcileThroughFaults ends a run though SES refuses and the process is killed
// at any time.
func (w *reconciliation) reconcileThroughFaults(rt *rapid.T, t *testing.T) {
	faults := rapid.IntRange(0, 10).Draw(rt, "faults")
	w.ses.fail = func() error {
		if faults == 0 {
			return nil
		}
		faults--
		return rapid.SampledFrom([]error{nil, suppression.ErrThrottled, suppression.ErrTokenExpired, errors.New("reset")}).Draw(rt, "fault")
	}
	ctx := context.Background()
	for range 100 {
		if err := w.Start(ctx, false); err != nil {
			rt.Fatal(err)
		}
		drift, err := w.Work(ctx, w.Time.Add(time.Minute), func(context.Context) error {
			if faults > 0 && rapid.Bool().Draw(rt, "kill") {
				faults--
				w.restart(t)
				return errors.New("killed")
			}
			w.later(20 * time.Second)
			return nil
		})
		if err == nil && drift != nil && !drift.Abandoned {
			return
		}
		w.later(time.Minute)
	}
	rt.Fatal("the run never ended")
}
