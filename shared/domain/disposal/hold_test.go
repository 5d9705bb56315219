package disposal_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

func (r *rig) keeper() *disposal.HoldKeeper {
	return &disposal.HoldKeeper{
		Store: r.store, Now: func() time.Time { return r.clock }, Random: &testkit.Random{}, NewID: func() string { r.calls++; return string(rune('A' + r.calls)) },
	}
}

func (r *rig) hold(h disposal.Hold) disposal.Hold {
	r.t.Helper()
	placed, err := r.keeper().Place(background, h)
	if err != nil {
		r.t.Fatal(err)
	}
	return placed
}

// What is held is counted and not touched, and goes once the hold is lifted or
// has ended.
func TestHolds(t *testing.T) {
	for name, c := range map[string]struct {
		hold disposal.Hold
		held []int // of eight opt-outs
	}{
		"a person":          {disposal.Hold{Ref: testkit.Ref(3)}, []int{3}},
		"a class":           {disposal.Hold{Class: schedule.OptOutEvidence}, []int{0, 1, 2, 3, 4, 5, 6, 7}},
		"another class":     {disposal.Hold{Class: schedule.ClosedRequest}, nil},
		"somebody else":     {disposal.Hold{Ref: testkit.Ref(99)}, nil},
		"a request of none": {disposal.Hold{Request: "PD-1"}, nil},
	} {
		for _, end := range []string{"lifted", "until"} {
			t.Run(name+" "+end, func(t *testing.T) {
				r := newRig(t)
				ids := r.put(schedule.OptOutEvidence, 8, 1200)
				c.hold.Reason, c.hold.By = "a dispute with Zaphod", "dpo-1"
				if end == "until" {
					c.hold.Until = r.clock.AddDate(0, 0, 7)
				}
				placed := r.hold(c.hold)
				l := line(r.sweep(disposal.Task{}), schedule.OptOutEvidence)
				if want := (disposal.Counts{Reduced: 8 - len(c.held), Held: len(c.held)}); l.Counts != want {
					t.Errorf("%+v", l.Counts)
				}
				var held, gone []string
				for n, id := range ids {
					if slices.Contains(c.held, n) {
						held = append(held, id)
					} else {
						gone = append(gone, id)
					}
				}
				r.states(held, "kept")
				r.states(gone, "reduced")
				if end == "until" {
					r.clock = c.hold.Until
				} else if _, err := r.keeper().Lift(background, placed.ID, "dpo-2", "it is settled"); err != nil {
					t.Fatal(err)
				}
				r.sweep(disposal.Task{})
				r.states(ids, "reduced")
			})
		}
	}
}

// A hold that is placed while a run is under way holds: even between the look
// at the record and its disposal.
func TestHoldPlacedDuringARun(t *testing.T) {
	for _, call := range []string{"Dispose", "Read"} {
		r := newRig(t)
		ids := r.put(schedule.OptOutEvidence, 5, 1200)
		store := &hooked{Store: r.store, before: map[string]func(){call: func() {
			r.hold(disposal.Hold{Ref: testkit.Ref(2), Reason: "a dispute"})
		}}}
		rep, err := r.sweeper(store).Sweep(background, disposal.Task{Class: schedule.OptOutEvidence}, never)
		if l := line(rep, schedule.OptOutEvidence); err != nil || l.Held != 1 || l.Reduced != 4 {
			t.Errorf("%s: %+v, %v", call, l, err)
		}
		r.states(ids[2:3], "kept")
	}
	// … also for a record that goes in several transactions.
	r := newRig(t)
	r.store.Put(testkit.Disposed{Rows: 200, Item: disposal.Item{Class: schedule.ClosedRequest, ID: "PD-1", Start: r.clock.AddDate(-3, 0, 0)}})
	store := &hooked{Store: r.store, before: map[string]func(){"Dispose": func() { r.hold(disposal.Hold{Request: "PD-1", Reason: "a dispute"}) }}}
	rep, err := r.sweeper(store).Sweep(background, disposal.Task{}, never)
	if err != nil || line(rep, schedule.ClosedRequest).Held != 1 || r.store.State("PD-1") != "kept" {
		t.Errorf("%+v, %v", rep, err)
	}
}

func TestHoldsThatCannotBe(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct {
		hold  disposal.Hold
		field string
	}{
		"nothing":         {disposal.Hold{Reason: "x"}, "subject"},
		"two things":      {disposal.Hold{Reason: "x", Ref: "a", Request: "b"}, "subject"},
		"no reason":       {disposal.Hold{Ref: "a"}, "reason"},
		"a past end":      {disposal.Hold{Ref: "a", Reason: "x", Until: r.clock}, "until"},
		"no class":        {disposal.Hold{Class: "feet", Reason: "x"}, "class"},
		"what TTL ends":   {disposal.Hold{Class: schedule.Counters, Reason: "x"}, "class"},
		"what never ends": {disposal.Hold{Class: schedule.Tombstone, Reason: "x"}, "class"},
	} {
		_, err := r.keeper().Place(background, c.hold)
		if f := fault.FieldsOf(err); len(f) != 1 || f[0].Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	held := r.hold(disposal.Hold{Class: schedule.SoftBounces, Reason: "an audit"})
	if h, err := r.keeper().Lift(background, held.ID, "dpo-2", ""); !fault.Is(err, fault.Invalid) || !h.LiftedAt.IsZero() {
		t.Errorf("lifted without a reason: %+v, %v", h, err)
	}
	if _, err := r.keeper().Lift(background, "none", "", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
	if h, _ := r.store.HoldsHistory(background); len(h.Entries) != 1 { // that of the hold that was placed
		t.Errorf("%d entries", len(h.Entries))
	}
}

// Placing and lifting are history; whom a hold is of and why is private there.
func TestHoldsHistory(t *testing.T) {
	r := newRig(t)
	a := r.hold(disposal.Hold{Ref: "secret-reference", Reason: "a dispute with Zaphod", By: "dpo-1"})
	r.hold(disposal.Hold{Request: "PD-1", Reason: "audit", Until: r.clock.AddDate(1, 0, 0)})
	for range 2 { // twice is once
		if h, err := r.keeper().Lift(background, a.ID, "dpo-2", "settled"); err != nil || h.LiftedBy != "dpo-2" {
			t.Errorf("%+v, %v", h, err)
		}
	}
	h, err := r.store.HoldsHistory(background)
	if err != nil || h.Verify() != nil || len(h.Entries) != 3 || h.Entries[2].Kind != "hold_lifted" || h.Entries[2].Facts["hold"] != a.ID {
		t.Errorf("%v, %v, %d", err, h.Verify(), len(h.Entries))
	}
	text, _ := h.MarshalJSON()
	for _, secret := range []string{"Zaphod", "dpo-1", "secret-reference", "settled"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the open history holds %q", secret)
		}
	}
	if why, _ := h.Entries[0].Private["reason"].Reveal(); why != "a dispute with Zaphod" {
		t.Errorf("%q", why)
	}
}

// A dry run of a night to come counts what is held then, not what is held now.
func TestDryRunOfANightToCome(t *testing.T) {
	r := newRig(t)
	r.put(schedule.OptOutEvidence, 3, 1200)
	r.hold(disposal.Hold{Class: schedule.OptOutEvidence, Reason: "an audit", Until: r.clock.AddDate(0, 0, 7)})
	for days, want := range map[int]disposal.Counts{6: {Held: 3}, 8: {Reduced: 3}, -6: {Held: 3}} {
		if l := line(r.sweep(disposal.Task{DryRun: true, Until: r.clock.AddDate(0, 0, days)}), schedule.OptOutEvidence); l.Counts != want {
			t.Errorf("in %d days: %+v", days, l.Counts)
		}
	}
}

// With four eyes a hold ends when another has signed it, and holds until then.
func TestALiftIsSigned(t *testing.T) {
	r := newRig(t)
	k := r.keeper()
	k.FourEyes = foureyes.Rule{foureyes.HoldLift}
	placed := r.hold(disposal.Hold{Ref: testkit.Ref(3), Reason: "a dispute", By: "dpo/A"})
	asked, err := k.Lift(background, placed.ID, "dpo/A", "it is settled")
	if err != nil || asked.Lifting == nil || asked.Lifting.By != "dpo/A" || !asked.Active(r.clock) {
		t.Fatalf("%+v, %v", asked, err)
	}
	if again, err := k.Lift(background, placed.ID, "dpo/B", "once more"); err != nil || again.Lifting.Reason != "it is settled" {
		t.Errorf("%+v, %v", again, err)
	}
	for name, sign := range map[string]func() (disposal.Hold, error){
		"by who asked": func() (disposal.Hold, error) { return k.SignLift(background, placed.ID, "head/A", asked.Lifting.At) },
		"by nobody":    func() (disposal.Hold, error) { return k.SignLift(background, placed.ID, "", asked.Lifting.At) },
		"of nothing":   func() (disposal.Hold, error) { return k.SignLift(background, placed.ID, "dpo/B", time.Time{}) },
		"of something else": func() (disposal.Hold, error) {
			return k.SignLift(background, placed.ID, "dpo/B", r.clock.Add(-time.Hour))
		},
		"that nobody asks for": func() (disposal.Hold, error) {
			return k.SignLift(background, r.hold(disposal.Hold{Request: "PD-1", Reason: "x"}).ID, "dpo/B", time.Time{})
		},
	} {
		if _, err := sign(); !fault.Is(err, fault.Conflict) {
			t.Errorf("signed %s: %v", name, err)
		}
	}
	if kept, err := k.KeepOn(background, placed.ID, "dpo/B"); err != nil || kept.Lifting != nil || !kept.Active(r.clock) {
		t.Errorf("%+v, %v", kept, err)
	}
	if _, err := k.Lift(background, placed.ID, "dpo/A", "it is settled now"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // twice is once
		if h, err := k.SignLift(background, placed.ID, "dpo/B", r.clock); err != nil || h.Active(r.clock) || h.LiftedBy != "dpo/A" || h.SignedBy != "dpo/B" || h.LiftReason != "it is settled now" {
			t.Errorf("%+v, %v", h, err)
		}
	}
	if _, err := k.KeepOn(background, placed.ID, "dpo/A"); !fault.Is(err, fault.Conflict) {
		t.Errorf("kept what is lifted: %v", err)
	}
	h, err := r.store.HoldsHistory(background)
	var kinds []string
	for _, e := range h.Entries {
		kinds = append(kinds, e.Kind)
	}
	if got := strings.Join(kinds, " "); err != nil || h.Verify() != nil || got != "hold_placed hold_lift_asked hold_placed hold_kept hold_lift_asked hold_lifted" {
		t.Errorf("%s, %v, %v", got, err, h.Verify())
	}
}
