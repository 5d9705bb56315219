package disposal_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

var errKilled = errors.New("killed")

// killedAt is a store that dies at one step, before or after the call, and
// does not answer from then on.
func killedAt(store disposal.Store, step int) (*hooked, *bool) {
	n, dead := 0, new(bool)
	return &hooked{Store: store, each: func(string, bool) error {
		if n++; n >= step {
			*dead = true
			return errKilled
		}
		return nil
	}}, dead
}

// plantAll plants due records of every class, with some that stay.
func (r *rig) putAll() (due, stay []string) {
	due = slices.Concat([]string{"closed-request-large"}, r.put(schedule.UnverifiedRequest, 3, 40), r.put(schedule.ClosedRequest, 2, 800), r.put(schedule.OptOutEvidence, 1000, 1200), r.put(schedule.SoftBounces, 2, 100))
	stay = slices.Concat(r.put(schedule.UnverifiedRequest, 2, 10), r.put(schedule.RequestLog, 2, 900))
	r.store.Put(testkit.Disposed{Rows: 200, Item: disposal.Item{Class: schedule.ClosedRequest, ID: "closed-request-large", Start: r.clock.AddDate(-1, -11, -1).AddDate(-1, 0, 0)}})
	return due, stay
}

// Killed at any step, before or after it, a run leaves each record as it was
// or as it should be, and the next call ends it: every record goes, and the
// certificates cover each exactly once.
func TestKilledAtEveryStep(t *testing.T) {
	for step := 1; ; step++ {
		r := newRig(t)
		due, stay := r.putAll()
		store, dead := killedAt(r.store, step)
		_, err := r.sweeper(store).Sweep(background, disposal.Task{}, never)
		if !*dead {
			if step < 40 {
				t.Errorf("a run has only %d steps", step)
			}
			break
		}
		if err == nil {
			t.Errorf("step %d: nobody was told", step)
		}
		rep, err := r.sweeper(r.store).Sweep(background, disposal.Task{}, never)
		if err != nil || !rep.Whole {
			t.Fatalf("step %d: %+v, %v", step, rep, err)
		}
		r.states(stay, "kept")
		for _, id := range due {
			if r.store.State(id) == "kept" {
				t.Errorf("step %d: %s was forgotten", step, id)
			}
		}
		r.proven(due)
		if t.Failed() {
			t.Fatalf("after step %d", step)
		}
	}
}

// The same for an order of erasure: it ends, the other systems are told at
// least once and never before what is kept here is gone.
func TestErasureKilledAtEveryStep(t *testing.T) {
	for step := 1; ; step++ {
		r := newRig(t)
		ids := r.person(5)
		store, dead := killedAt(r.store, step)
		_, _ = r.sweeper(store).Sweep(background, disposal.Task{Continue: true}, never)
		if len(r.published) > 0 && r.store.State(ids[1]) == "kept" {
			t.Errorf("step %d: told too early", step)
		}
		if !*dead {
			break
		}
		r.clock = r.clock.Add(10 * time.Minute)
		if _, err := r.sweeper(r.store).Sweep(background, disposal.Task{Continue: true}, never); err != nil {
			t.Fatal(step, err)
		}
		r.states(ids, "reduced")
		sum := 0
		for _, c := range r.certificates() {
			sum += c.Reduced
		}
		if sum != len(ids) || len(r.published) == 0 {
			t.Fatalf("step %d: %d of %d are certified; published %q", step, sum, len(ids), r.published)
		}
	}
}

// Two calls at once: wherever the second comes in, both end well, and every
// record goes and is certified once.
func TestTwoAtOnce(t *testing.T) {
	for step := 1; ; step++ {
		r := newRig(t)
		due, stay := r.putAll()
		n, came := 0, false
		var second disposal.Report
		store := &hooked{Store: r.store, each: func(string, bool) error {
			if n++; n == step {
				came = true
				var err error
				if second, err = r.sweeper(r.store).Sweep(background, disposal.Task{}, never); err != nil {
					t.Errorf("step %d: the second: %v", step, err)
				}
			}
			return nil
		}}
		first, err := r.sweeper(store).Sweep(background, disposal.Task{}, never)
		if err != nil || !first.Whole {
			t.Errorf("step %d: the first: %+v, %v", step, first, err)
		}
		if !came {
			break
		}
		if !second.Whole {
			t.Errorf("step %d: the second did not end: %+v", step, second)
		}
		r.states(stay, "kept")
		r.proven(due)
		if t.Failed() {
			t.Fatalf("after step %d", step)
		}
	}
}

// Whatever another call is asked for while one works, both end well.
func TestOthersMeanwhile(t *testing.T) {
	for _, task := range []disposal.Task{{}, {Continue: true}, {Class: schedule.SoftBounces}, {DryRun: true}} {
		r := newRig(t)
		ids := r.put(schedule.SoftBounces, 3, 100)
		store := &hooked{Store: r.store, before: map[string]func(){"Dispose": func() {
			if rep, err := r.sweeper(r.store).Sweep(background, task, never); err != nil || !rep.Ended {
				t.Errorf("%+v: %+v, %v", task, rep, err)
			}
		}}}
		if rep, err := r.sweeper(store).Sweep(background, disposal.Task{}, never); err != nil || !rep.Whole {
			t.Errorf("%+v, %v", rep, err)
		}
		r.proven(ids)
	}
}

// contended is a store in which another sweep is always quicker.
type contended struct{ disposal.Store }

func (contended) Dispose(ctx, disposal.Batch) error { return &disposal.Refused{History: true} }

// A sweep that never gets its turn gives up, and says so.
func TestContended(t *testing.T) {
	r := newRig(t)
	ids := r.put(schedule.SoftBounces, 3, 100)
	rep, err := r.sweeper(contended{r.store}).Sweep(background, disposal.Task{}, never)
	if !fault.Is(err, fault.Unavailable) || rep.Ended || line(rep, schedule.SoftBounces).Deleted != 0 {
		t.Errorf("%+v, %v", rep, err)
	}
	r.states(ids, "kept")
}

// A run by hand that was cut off does not cost the night: the nightly run does
// its own work, and the rest of it.
func TestNightAfterACutRun(t *testing.T) {
	r := newRig(t)
	soft, evidence := r.put(schedule.SoftBounces, 2, 100), r.put(schedule.OptOutEvidence, 2, 1200)
	store, dead := killedAt(r.store, 6)
	_, _ = r.sweeper(store).Sweep(background, disposal.Task{Class: schedule.SoftBounces}, never)
	if !*dead {
		t.Error("it was not cut off")
	}
	r.clock = r.clock.Add(time.Hour)
	if rep := r.sweep(disposal.Task{}); !rep.Nightly || !rep.Whole {
		t.Errorf("%+v", rep)
	}
	r.proven(slices.Concat(soft, evidence))
}

// A lost answer to a transaction that was done is no second disposal, whichever
// transaction it was; the last is the one that ends the night.
func TestLostAnswers(t *testing.T) {
	for nth := 1; nth <= 7; nth++ {
		r := newRig(t)
		due, _ := r.putAll()
		n := 0
		store := &hooked{Store: r.store, each: func(name string, after bool) error {
			if name == "Dispose" && after {
				if n++; n == nth {
					return errDown
				}
			}
			return nil
		}}
		if rep, err := r.sweeper(store).Sweep(background, disposal.Task{}, never); n >= nth && (err == nil || rep.Whole) {
			t.Errorf("answer %d: nobody was told: %+v, %v", nth, rep, err)
		}
		for range 2 {
			_, _ = r.sweeper(store).Sweep(background, disposal.Task{Continue: true}, never)
			r.clock = r.clock.Add(15 * time.Minute)
		}
		r.sweep(disposal.Task{})
		r.proven(due)
		if n < nth || t.Failed() {
			t.Fatalf("answer %d of %d", nth, n)
		}
	}
}

// A call that fails after another has done its work reports its own failure, and
// leaves nothing behind that the next one meets.
func TestFailedAndOvertaken(t *testing.T) {
	r := newRig(t)
	ids := r.put(schedule.SoftBounces, 3, 100)
	store := &hooked{Store: r.store, fail: map[string]error{"Due soft-bounces": errDown}, before: map[string]func(){"Due soft-bounces": func() {
		if rep, err := r.sweeper(r.store).Sweep(background, disposal.Task{}, never); err != nil || !rep.Whole {
			t.Errorf("the second: %+v, %v", rep, err)
		}
	}}}
	if _, err := r.sweeper(store).Sweep(background, disposal.Task{Class: schedule.SoftBounces}, never); err == nil {
		t.Error("the first did not say that it failed")
	}
	if rep := r.sweep(disposal.Task{Continue: true}); rep.Run != "" {
		t.Errorf("something is left to do: %+v", rep)
	}
	r.proven(ids)
}

// A clock that was moved back between two calls costs nothing.
func TestClockMovedBack(t *testing.T) {
	r := newRig(t)
	ids := r.put(schedule.SoftBounces, 3, 100)
	store, dead := killedAt(r.store, 9)
	_, _ = r.sweeper(store).Sweep(background, disposal.Task{}, never)
	r.clock = r.clock.Add(-time.Hour)
	if rep, err := r.sweeper(r.store).Sweep(background, disposal.Task{}, never); err != nil || !rep.Whole || !*dead {
		t.Errorf("%+v, %v", rep, err)
	}
	r.proven(ids)
}

// A night that never began, or whose rest a run by hand came before, is made
// good by the frequent call.
func TestNightMadeGood(t *testing.T) {
	day := 24 * time.Hour
	for name, c := range map[string]struct {
		missed func(*rig)
		after  time.Duration // since the last night
		goesOn bool
	}{
		"the night has ended":     {func(*rig) {}, day + 2*time.Hour, false},
		"killed at once":          {func(r *rig) { r.cut(disposal.Task{}, 1) }, day + 4*time.Hour, true},
		"never called":            {func(*rig) {}, day + 4*time.Hour, true},
		"cut, then by hand":       {func(r *rig) { r.cut(disposal.Task{}, 12); r.sweep(disposal.Task{Class: schedule.RequestLog}) }, day, true},
		"cut, then until a day":   {func(r *rig) { r.cut(disposal.Task{}, 12); r.sweep(disposal.Task{Until: t0.AddDate(-1, 0, 0)}) }, day, true},
		"by hand alone":           {func(r *rig) { r.sweep(disposal.Task{Class: schedule.SoftBounces}) }, day, false},
		"until a day alone":       {func(r *rig) { r.sweep(disposal.Task{Until: t0.AddDate(-1, 0, 0)}) }, day, false},
		"until a day, and missed": {func(r *rig) { r.sweep(disposal.Task{Until: t0.AddDate(-1, 0, 0)}) }, day + 4*time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.sweep(disposal.Task{})
			r.clock = r.clock.Add(c.after)
			ids := slices.Concat(r.put(schedule.UnverifiedRequest, 2, 40), r.put(schedule.SoftBounces, 2, 100), r.put(schedule.OptOutEvidence, 2, 1200))
			c.missed(r)
			rep := r.sweep(disposal.Task{Continue: true})
			if rep.Nightly != c.goesOn || rep.Whole != true {
				t.Fatalf("%+v", rep)
			}
			if c.goesOn {
				r.proven(ids)
			}
			if again := r.sweep(disposal.Task{Continue: true}); again.Run != "" {
				t.Errorf("it goes on after its end: %+v", again)
			}
		})
	}
}

// cut is a call that is killed at a step.
func (r *rig) cut(task disposal.Task, step int) {
	store, dead := killedAt(r.store, step)
	if _, err := r.sweeper(store).Sweep(background, task, never); err == nil || !*dead {
		r.t.Fatal("it was not killed")
	}
}
