package disposal_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// world is what a property plants, and what it knows of it.
type world struct {
	*rig
	due, young, held, dropped map[string]bool
}

// Whatever stands in the tables, whoever changes it meanwhile and wherever the
// process is killed: nothing goes early, nothing that is held goes, every
// record that went is certified once, and what can go has gone in the end.
func TestSweepProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{rig: newRig(t), due: map[string]bool{}, young: map[string]bool{}, held: map[string]bool{}, dropped: map[string]bool{}}
		w.people(rt)
		kills := rapid.SliceOfN(rapid.IntRange(1, 60), 0, 4).Draw(rt, "kills")
		for _, step := range kills {
			store, _ := killedAt(w.store, step)
			store.before = w.disturbances(rt)
			_, _ = w.sweeper(store).Sweep(background, disposal.Task{Continue: rapid.Bool().Draw(rt, "continue")}, never)
		}
		for over := false; !over; {
			budget := rapid.IntRange(2, 30).Draw(rt, "budget")
			rep, err := w.sweeper(w.store).Sweep(background, disposal.Task{Continue: rapid.Bool().Draw(rt, "goes on")}, func() bool { budget--; return budget < 0 })
			if err != nil {
				rt.Fatal(err)
			}
			over = rep.Ended && rep.Nightly
		}
		w.check(rt)
	})
}

func (w *world) people(rt *rapid.T) {
	ages := map[schedule.Class][2]int{ // days: just due, not yet
		schedule.UnverifiedRequest: {32, 29}, schedule.ClosedRequest: {740, 700}, schedule.RequestLog: {3700, 3000},
		schedule.OptOutEvidence: {1200, 1000}, schedule.SoftBounces: {92, 88},
	}
	classes := []schedule.Class{schedule.UnverifiedRequest, schedule.ClosedRequest, schedule.RequestLog, schedule.OptOutEvidence, schedule.SoftBounces}
	for n := range rapid.IntRange(0, 150).Draw(rt, "records") {
		c := rapid.SampledFrom(classes).Draw(rt, "class")
		due := rapid.Bool().Draw(rt, "due")
		age := ages[c][map[bool]int{true: 0, false: 1}[due]]
		id := fmt.Sprintf("%s-%03d", c, n)
		w.store.Put(testkit.Disposed{
			Rows: rapid.SampledFrom([]int{1, 1, 5, 97, 98, 200}).Draw(rt, "rows"),
			Item: disposal.Item{Class: c, ID: id, Ref: testkit.Ref(n), Start: w.clock.AddDate(0, 0, -age)},
		})
		if due {
			w.due[id] = true
		} else {
			w.young[id] = true
		}
		if rapid.IntRange(0, 9).Draw(rt, "hold") == 0 {
			w.hold(disposal.Hold{Ref: testkit.Ref(n), Reason: "a dispute"})
			w.held[id] = true
		}
	}
}

// disturbances happen between two calls of the store.
func (w *world) disturbances(rt *rapid.T) map[string]func() {
	n := rapid.IntRange(0, 149).Draw(rt, "whom")
	return map[string]func(){
		rapid.SampledFrom([]string{"Dispose", "Read", "Head"}).Draw(rt, "when"): func() {
			for id := range w.due {
				if id[len(id)-3:] != fmt.Sprintf("%03d", n) || w.store.State(id) != "kept" {
					continue
				}
				if n%2 == 0 {
					w.store.Drop(id)
					w.dropped[id] = true
				} else {
					w.store.Touch(id, w.clock) // a new choice: its period runs anew
					delete(w.due, id)
					w.young[id] = true
				}
			}
		},
	}
}

func (w *world) check(rt *rapid.T) {
	went := 0
	for id := range w.due {
		state := w.store.State(id)
		if w.held[id] != (state == "kept") && !w.dropped[id] {
			rt.Errorf("%s is %s; held %v", id, state, w.held[id])
		}
		if state != "kept" && !w.dropped[id] {
			went++
		}
	}
	for id := range w.young {
		if w.store.State(id) != "kept" {
			rt.Errorf("%s went early", id)
		}
	}
	certified := 0
	for _, c := range w.certificates() {
		certified += c.Records()
	}
	if certified != went {
		rt.Errorf("%d went, %d are certified", went, certified)
	}
}
