package disposal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
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
func (r *rig) plantAll() (due, stay []string) {
	due = slices.Concat(r.plant(disposal.UnverifiedRequest, 3, 40), r.plant(disposal.ClosedRequest, 2, 800), r.plant(disposal.OptOutEvidence, 130, 1200), r.plant(disposal.SoftBounces, 2, 100))
	stay = slices.Concat(r.plant(disposal.UnverifiedRequest, 2, 10), r.plant(disposal.RequestLog, 2, 900))
	r.shelf.Plant(testkit.Planted{Rows: 200, Item: disposal.Item{Class: disposal.ClosedRequest, ID: "closed-request-large", Start: r.clock.AddDate(-1, -11, -1).AddDate(-1, 0, 0)}})
	return append(due, "closed-request-large"), stay
}

// Killed at any step, before or after it, a run leaves each record as it was
// or as it should be, and the next call ends it: every record goes, and the
// certificates cover each exactly once.
func TestKilledAtEveryStep(t *testing.T) {
	for step := 1; ; step++ {
		r := newRig(t)
		due, stay := r.plantAll()
		store, dead := killedAt(r.shelf, step)
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
		r.clock = r.clock.Add(10 * time.Minute) // the lease is over
		rep, err := r.sweeper(r.shelf).Sweep(background, disposal.Task{}, never)
		if err != nil || !rep.Whole {
			t.Fatalf("step %d: %+v, %v", step, rep, err)
		}
		r.states(stay, "kept")
		for _, id := range due {
			if r.shelf.State(id) == "kept" {
				t.Errorf("step %d: %s was forgotten", step, id)
			}
		}
		r.proven(due)
		if r.shelf.LeftParts() > 0 {
			t.Errorf("step %d: names are left", step)
		}
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
		store, dead := killedAt(r.shelf, step)
		_, _ = r.sweeper(store).Sweep(background, disposal.Task{Continue: true}, never)
		if len(r.heard) > 0 && r.shelf.State(ids[1]) == "kept" {
			t.Errorf("step %d: told too early", step)
		}
		if !*dead {
			break
		}
		r.clock = r.clock.Add(10 * time.Minute)
		if _, err := r.sweeper(r.shelf).Sweep(background, disposal.Task{Continue: true}, never); err != nil {
			t.Fatal(step, err)
		}
		r.states(ids, "reduced")
		sum := 0
		for _, c := range r.certificates() {
			sum += c.Counts.Reduced
		}
		if sum != len(ids) || len(r.heard) == 0 {
			t.Fatalf("step %d: %d of %d are certified; heard %q", step, sum, len(ids), r.heard)
		}
	}
}

// Two calls at once are one: wherever the second comes in and takes the run
// over, the first lets go, and every record is certified once.
func TestTwoAtOnce(t *testing.T) {
	for step := 1; ; step++ {
		r := newRig(t)
		due, stay := r.plantAll()
		n, came := 0, false
		var second disposal.Report
		store := &hooked{Store: r.shelf, each: func(string, bool) error {
			if n++; n == step {
				came = true
				r.clock = r.clock.Add(10 * time.Minute) // the first was silent for so long
				var err error
				if second, err = r.sweeper(r.shelf).Sweep(background, disposal.Task{}, never); err != nil {
					t.Errorf("step %d: the second: %v", step, err)
				}
			}
			return nil
		}}
		if _, err := r.sweeper(store).Sweep(background, disposal.Task{}, never); err != nil {
			t.Errorf("step %d: the first: %v", step, err)
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

// While a call works, another finds it busy and changes nothing.
func TestBusy(t *testing.T) {
	r := newRig(t)
	ids := r.plant(disposal.SoftBounces, 3, 100)
	store := &hooked{Store: r.shelf, before: map[string]func(){"Dispose": func() {
		for _, task := range []disposal.Task{{}, {Continue: true}, {Class: disposal.SoftBounces}} {
			rep, err := r.sweeper(r.shelf).Sweep(background, task, never)
			if !rep.Busy || task.Class == "" && err != nil {
				t.Errorf("%+v: %+v, %v", task, rep, err)
			}
			if task.Class != "" && fault.CodeOf(err) != fault.Conflict {
				t.Errorf("%+v: %v", task, err)
			}
		}
	}}}
	if rep, err := r.sweeper(store).Sweep(background, disposal.Task{}, never); err != nil || !rep.Whole {
		t.Errorf("%+v, %v", rep, err)
	}
	r.proven(ids)
}

// A by-hand run that was cut off does not cost the night: the nightly run ends
// it, and then does its own work.
func TestNightAfterACutRun(t *testing.T) {
	r := newRig(t)
	soft, evidence := r.plant(disposal.SoftBounces, 2, 100), r.plant(disposal.OptOutEvidence, 2, 1200)
	store, _ := killedAt(r.shelf, 6)
	_, _ = r.sweeper(store).Sweep(background, disposal.Task{Class: disposal.SoftBounces}, never)
	r.clock = r.clock.Add(time.Hour)
	if rep := r.sweep(disposal.Task{}); !rep.Nightly || !rep.Whole {
		t.Errorf("%+v", rep)
	}
	r.proven(slices.Concat(soft, evidence))
}

// A lost answer to a write that was done is no second disposal.
func TestLostAnswers(t *testing.T) {
	for _, call := range []string{"Dispose", "Certify", "SaveRun", "EndRun"} {
		for nth := 1; nth <= 4; nth++ {
			r := newRig(t)
			due, _ := r.plantAll()
			n := 0
			store := &hooked{Store: r.shelf, each: func(name string, after bool) error {
				if name == call && after {
					if n++; n == nth {
						return errDown
					}
				}
				return nil
			}}
			for range 3 {
				_, _ = r.sweeper(store).Sweep(background, disposal.Task{Continue: n > 0}, never)
				r.clock = r.clock.Add(15 * time.Minute)
			}
			r.sweep(disposal.Task{})
			r.proven(due)
			if t.Failed() {
				t.Fatal(fmt.Sprint(call, " ", nth))
			}
		}
	}
}

// A call that fails after another has taken its run over lets go, and does not
// write over what is the other's.
func TestFailedAndOvertaken(t *testing.T) {
	r := newRig(t)
	r.plant(disposal.SoftBounces, 3, 100)
	store := &hooked{Store: r.shelf, fail: map[string]error{"Due soft-bounces": errDown}, before: map[string]func(){"Due soft-bounces": func() {
		r.clock = r.clock.Add(10 * time.Minute)
		second := &hooked{Store: r.shelf, fail: map[string]error{"EndRun": errDown}} // it has not ended yet
		if _, err := r.sweeper(second).Sweep(background, disposal.Task{}, never); err == nil {
			t.Error("the second has ended")
		}
	}}}
	if _, err := r.sweeper(store).Sweep(background, disposal.Task{Class: disposal.SoftBounces}, never); err != nil {
		t.Errorf("the first: %v", err)
	}
	left, err := r.shelf.Run(background)
	if err != nil || left.Classes[0].Tries != 0 {
		t.Errorf("the first has written into what is the second's: %+v, %v", left, err)
	}
}

// A lease that was given before the clock was moved back is none.
func TestClockMovedBack(t *testing.T) {
	r := newRig(t)
	ids := r.plant(disposal.SoftBounces, 3, 100)
	store, _ := killedAt(r.shelf, 9)
	_, _ = r.sweeper(store).Sweep(background, disposal.Task{}, never)
	r.clock = r.clock.Add(-time.Hour)
	if rep, err := r.sweeper(r.shelf).Sweep(background, disposal.Task{}, never); err != nil || !rep.Whole {
		t.Errorf("%+v, %v", rep, err)
	}
	r.proven(ids)
}

// fewer is a store that somebody has taken names from.
type fewer struct{ disposal.Store }

func (fewer) Names(context.Context, string, disposal.Class, int, int) ([]string, error) {
	return []string{"one"}, nil
}

// What cannot be proven is certified of nobody, is told every time, and ends
// all the same: the next night is not kept waiting.
func TestNamesThatAreMissing(t *testing.T) {
	r := newRig(t)
	r.plant(disposal.SoftBounces, 3, 100)
	for n := 1; ; n++ {
		rep, err := r.sweeper(fewer{r.shelf}).Sweep(background, disposal.Task{Class: disposal.SoftBounces}, never)
		if err == nil || n > 10 {
			t.Fatalf("call %d: %+v, %v", n, rep, err)
		}
		if rep.Ended {
			break
		}
	}
	if len(r.certificates()) > 0 || r.shelf.LeftParts() == 0 {
		t.Errorf("%d certificates, %d rows of names are left", len(r.certificates()), r.shelf.LeftParts())
	}
	if rep := r.sweep(disposal.Task{}); !rep.Whole {
		t.Errorf("%+v", rep)
	}
}
