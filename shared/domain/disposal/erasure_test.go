package disposal_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/testkit"
)

// person plants an order of erasure with two opt-outs and two other requests
// of the same person; the order comes first.
func (r *rig) person(n int) []string {
	ref := testkit.Ref(n)
	ids := []string{"order", "opt-out-1", "opt-out-2", "closed", "open-once"}
	for i, c := range []disposal.Class{disposal.ErasureOrder, disposal.OptOutEvidence, disposal.OptOutEvidence, disposal.ClosedRequest, disposal.ClosedRequest} {
		r.shelf.Plant(testkit.Planted{Item: disposal.Item{Class: c, ID: ids[i], Ref: ref, Start: r.clock.Add(-time.Hour)}})
	}
	return ids
}

func TestErasure(t *testing.T) {
	yes := func(p *testkit.Planted) {}
	for name, c := range map[string]struct {
		change func(*testkit.Planted) // of one of the person's records
		which  string
		hold   *disposal.Hold
		waits  bool
		fate   func(disposal.Counts) bool
	}{
		"all can go":                {yes, "closed", nil, false, func(c disposal.Counts) bool { return c == disposal.Counts{Due: 5, Reduced: 5} }},
		"SES waits for one":         {func(p *testkit.Planted) { p.Pending = true }, "opt-out-1", nil, true, func(c disposal.Counts) bool { return c == disposal.Counts{Due: 5, Reduced: 3, Waiting: 2} }},
		"a mail is under way":       {func(p *testkit.Planted) { p.Mail = true }, "closed", nil, true, func(c disposal.Counts) bool { return c == disposal.Counts{Due: 5, Reduced: 3, Waiting: 2} }},
		"the order's own mail":      {func(p *testkit.Planted) { p.Mail = true }, "order", nil, true, func(c disposal.Counts) bool { return c == disposal.Counts{Due: 5, Reduced: 4, Waiting: 1} }},
		"another request is open":   {func(p *testkit.Planted) { p.Open = true }, "open-once", nil, true, func(c disposal.Counts) bool { return c == disposal.Counts{Due: 4, Reduced: 3, Waiting: 1} }},
		"the person is held":        {yes, "closed", &disposal.Hold{Ref: testkit.Ref(5)}, true, func(c disposal.Counts) bool { return c == disposal.Counts{Due: 1, Held: 1} }},
		"the order is held":         {yes, "closed", &disposal.Hold{Request: "order"}, true, func(c disposal.Counts) bool { return c == disposal.Counts{Due: 1, Held: 1} }},
		"erasure is held":           {yes, "closed", &disposal.Hold{Class: disposal.ErasureOrder}, true, func(c disposal.Counts) bool { return c == disposal.Counts{Due: 1, Held: 1} }},
		"one request is held":       {yes, "closed", &disposal.Hold{Request: "closed"}, true, func(c disposal.Counts) bool { return c == disposal.Counts{Due: 5, Reduced: 3, Held: 1, Waiting: 1} }},
		"another person is held":    {yes, "closed", &disposal.Hold{Ref: testkit.Ref(6)}, false, func(c disposal.Counts) bool { return c.Reduced == 5 }},
		"all of a class is held":    {yes, "closed", &disposal.Hold{Class: disposal.OptOutEvidence}, true, func(c disposal.Counts) bool { return c == disposal.Counts{Due: 5, Reduced: 2, Held: 2, Waiting: 1} }},
		"one request has many rows": {func(p *testkit.Planted) { p.Rows = 300 }, "closed", nil, false, func(c disposal.Counts) bool { return c.Reduced == 5 }},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			ids := r.person(5)
			for i, class := range []disposal.Class{disposal.ErasureOrder, disposal.OptOutEvidence, disposal.OptOutEvidence, disposal.ClosedRequest, disposal.ClosedRequest} {
				if ids[i] == c.which {
					p := testkit.Planted{Item: disposal.Item{Class: class, ID: ids[i], Ref: testkit.Ref(5), Start: r.clock.Add(-time.Hour)}}
					c.change(&p)
					r.shelf.Plant(p)
				}
			}
			if c.hold != nil {
				c.hold.Reason = "a dispute"
				r.hold(*c.hold)
			}
			rep := r.sweep(disposal.Task{Continue: true})
			l := line(rep, disposal.ErasureOrder)
			if !c.fate(l.Counts) {
				t.Errorf("%+v", l.Counts)
			}
			if late := l.Late.Equal(r.clock.Add(-time.Hour)); late != (c.waits && c.hold == nil) || !late && !l.Late.IsZero() {
				t.Errorf("it waits since %v", l.Late)
			}
			if ended := r.shelf.State("order") == "reduced"; ended == c.waits || ended != (len(r.heard) == 1) {
				t.Errorf("the order ended: %v, heard %q", ended, r.heard)
			}
			if certified := len(r.certificates()) > 0; certified != (line(rep, disposal.ErasureOrder).Reduced > 0) {
				t.Errorf("%d certificates", len(r.certificates()))
			}
		})
	}
}

// An order's own request was answered: whoever holds all answered requests
// holds it too, and nobody hears that the person was erased.
func TestOrderOfAHeldClass(t *testing.T) {
	r := newRig(t)
	r.shelf.Plant(testkit.Planted{Item: disposal.Item{Class: disposal.ErasureOrder, ID: "order", Ref: testkit.Ref(5), Start: r.clock.Add(-time.Hour)}})
	r.shelf.Plant(testkit.Planted{Item: disposal.Item{Class: disposal.OptOutEvidence, ID: "opt-out", Ref: testkit.Ref(5), Start: r.clock.Add(-time.Hour)}})
	placed := r.hold(disposal.Hold{Class: disposal.ClosedRequest, Reason: "a dispute"})
	if l := line(r.sweep(disposal.Task{Continue: true}), disposal.ErasureOrder); l.Counts != (disposal.Counts{Due: 2, Reduced: 1, Held: 1}) || len(r.heard) > 0 {
		t.Errorf("%+v, heard %q", l.Counts, r.heard)
	}
	r.states([]string{"order"}, "kept")
	if _, err := r.keeper().Lift(background, placed.ID, "dpo-1", "it is settled"); err != nil {
		t.Fatal(err)
	}
	r.sweep(disposal.Task{Continue: true})
	r.states([]string{"order", "opt-out"}, "reduced")
}

// An order under a hold does not make the one behind it look as old.
func TestOrderBehindOneThatIsHeld(t *testing.T) {
	r := newRig(t)
	for n, id := range []string{"held", "waits", "later"} {
		r.shelf.Plant(testkit.Planted{Mail: true, Item: disposal.Item{
			Class: disposal.ErasureOrder, ID: id, Ref: testkit.Ref(n), Start: r.clock.Add(time.Duration(n-9) * time.Hour),
		}})
	}
	r.hold(disposal.Hold{Request: "held", Reason: "a dispute"})
	l := line(r.sweep(disposal.Task{Continue: true}), disposal.ErasureOrder)
	if want := r.clock.Add(-8 * time.Hour); !l.Late.Equal(want) || l.Held != 1 || l.Waiting != 2 {
		t.Errorf("since %v, want %v; %+v", l.Late, want, l.Counts)
	}
}

// Nobody hears of it twice by design, but an order does not end while nobody
// could be told.
func TestErasureThatNobodyHears(t *testing.T) {
	r := newRig(t)
	ids := r.person(5)
	r.deaf = fault.Wrap(fault.Unavailable, errors.New("no answer"), "tell other systems")
	if _, err := r.sweeper(r.shelf).Sweep(background, disposal.Task{Continue: true}, never); err == nil || !strings.Contains(err.Error(), "erasure") {
		t.Errorf("%v", err)
	}
	r.states(ids[1:], "reduced")
	r.states(ids[:1], "kept")
	r.deaf = nil
	r.sweep(disposal.Task{Continue: true})
	r.states(ids, "reduced")
	if len(r.heard) != 1 {
		t.Errorf("heard %q", r.heard)
	}
}

// Without an order, the frequent call writes nothing.
func TestNoOrders(t *testing.T) {
	r := newRig(t)
	r.plant(disposal.SoftBounces, 2, 100)
	r.shelf.Plant(testkit.Planted{Item: disposal.Item{Class: disposal.ErasureOrder, ID: "later", Start: r.clock.Add(time.Hour)}})
	rep, err := r.sweeper(readOnly{Store: r.shelf}).Sweep(background, disposal.Task{Continue: true}, never)
	if err != nil || rep.Run != "" || len(rep.Classes) != 0 {
		t.Errorf("%+v, %v", rep, err)
	}
}
