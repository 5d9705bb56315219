package e2e

import (
	"context"
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
)

// mishaps are what can happen while a call is under way. True: the caller gets
// no answer.
var mishaps = map[string]func(testing.TB, *world, people) bool{
	"killed":                 func(_ testing.TB, w *world, _ people) bool { w.kill(); return true },
	"the connection breaks":  func(testing.TB, *world, people) bool { return true },
	"everybody chooses anew": func(tb testing.TB, w *world, p people) bool { w.chooseAnew(tb, p); return false },
	// Reserved concurrency keeps runs apart, but for one that Lambda gave up and that goes on.
	"everybody chooses anew, and another run tells SES": func(tb testing.TB, w *world, p people) bool {
		w.chooseAnew(tb, p)
		if _, fault, err := unthrottled(func() ([]byte, string, error) {
			return w.second.Invoke(context.Background(), "suppression", []byte(`{}`))
		}); fault != "" || err != nil {
			tb.Error(fault, err)
		}
		return false
	},
	"killed, and everybody chooses anew": func(tb testing.TB, w *world, p people) bool {
		w.kill()
		w.chooseAnew(tb, p)
		return true
	},
}

// Whatever happens at whichever call of a run, before it arrives or after it
// took effect: the next runs find what is left, nobody's choice is lost, and
// SES's list ends equal to the table.
func TestAnythingAtAnyCall(t *testing.T) {
	for name, mishap := range mishaps {
		for _, before := range []bool{true, false} {
			t.Run(name+map[bool]string{true: ", before", false: ", after"}[before], func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, worldConfig{})
				n := int64(1)
				for w.disturbed(t, n, before, mishap) {
					n++
				}
				t.Logf("at each of %d calls", n-1)
				if n < 8 {
					t.Errorf("a run that makes %d calls cannot have told SES everything", n-1)
				}
			})
		}
	}
}

// disturbed runs with the mishap at the n-th call, settles, and tells whether
// the run came that far.
func (w *world) disturbed(t *testing.T, n int64, before bool, mishap func(testing.TB, *world, people) bool) bool {
	t.Helper()
	p := w.newPeople(t)
	w.kill() // so that the calls of a start are among them
	happened := make(chan struct{})
	w.spoil(n, before, func() bool {
		defer close(happened)
		return mishap(t, w, p)
	})
	w.run(t)
	reached := w.proxy.Calls() >= n
	if reached {
		<-happened // a killed run ends before
	}
	w.settled(t)
	if t.Failed() {
		t.Fatalf("with the mishap at call %d; the function said:\n%s", n, w.shown.bytes())
	}
	return reached
}

// chooseAnew has everybody want the opposite.
func (w *world) chooseAnew(tb testing.TB, p people) {
	tb.Helper()
	w.choose(tb, p.leaves, optout.In)
	w.choose(tb, p.returns, optout.Out)
	w.choose(tb, p.pauses, optout.Out)
	w.choose(tb, p.stays, optout.In)
}

// Moments between calls count too: waiting for the pace, starting, logging.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t, worldConfig{})
	died := 0
	for delay := time.Duration(0); delay < 200*time.Millisecond; delay += 10 * time.Millisecond {
		w.newPeople(t)
		w.kill()
		killer := time.AfterFunc(delay, w.kill)
		if !w.run(t) {
			died++
		}
		killer.Stop()
		w.settled(t)
	}
	t.Logf("%d of 20 runs died", died)
	if died == 0 {
		t.Error("no run died: nothing was tried")
	}
}
