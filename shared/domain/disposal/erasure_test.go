package disposal_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// person plants an order of erasure with two opt-outs and two other requests
// of the same person; the order comes first.
func (r *rig) person(n int) []string {
	ref := testkit.Ref(n)
	ids := []string{"order", "opt-out-1", "opt-out-2", "closed", "open-once"}
	for i, c := range []schedule.Class{schedule.ErasureOrder, schedule.OptOutEvidence, schedule.OptOutEvidence, schedule.ClosedRequest, schedule.ClosedRequest} {
		r.store.Put(testkit.Disposed{Item: disposal.Item{Class: c, ID: ids[i], Ref: ref, Start: r.clock.Add(-time.Hour)}})
	}
	return ids
}

func TestErasure(t *testing.T) {
	yes := func(p *testkit.Disposed) {}
	for name, c := range map[string]struct {
		change func(*testkit.Disposed) // of one of the person's records
		which  string
		hold   *disposal.Hold
		waits  bool
		fate   func(disposal.Counts) bool
	}{
		"all can go":                {yes, "closed", nil, false, func(c disposal.Counts) bool { return c == disposal.Counts{Reduced: 5} }},
		"SES waits for one":         {func(p *testkit.Disposed) { p.Pending = true }, "opt-out-1", nil, true, func(c disposal.Counts) bool { return c == disposal.Counts{Reduced: 3, Waiting: 2} }},
		"a mail is under way":       {func(p *testkit.Disposed) { p.Mail = true }, "closed", nil, true, func(c disposal.Counts) bool { return c == disposal.Counts{Reduced: 3, Waiting: 2} }},
		"the order's own mail":      {func(p *testkit.Disposed) { p.Mail = true }, "order", nil, true, func(c disposal.Counts) bool { return c == disposal.Counts{Reduced: 4, Waiting: 1} }},
		"another request is open":   {func(p *testkit.Disposed) { p.Open = true }, "open-once", nil, true, func(c disposal.Counts) bool { return c == disposal.Counts{Reduced: 3, Waiting: 1} }},
		"the person is held":        {yes, "closed", &disposal.Hold{Ref: testkit.Ref(5)}, true, func(c disposal.Counts) bool { return c == disposal.Counts{Held: 1} }},
		"the order is held":         {yes, "closed", &disposal.Hold{Request: "order"}, true, func(c disposal.Counts) bool { return c == disposal.Counts{Held: 1} }},
		"erasure is held":           {yes, "closed", &disposal.Hold{Class: schedule.ErasureOrder}, true, func(c disposal.Counts) bool { return c == disposal.Counts{Held: 1} }},
		"one request is held":       {yes, "closed", &disposal.Hold{Request: "closed"}, true, func(c disposal.Counts) bool { return c == disposal.Counts{Reduced: 3, Held: 1, Waiting: 1} }},
		"another person is held":    {yes, "closed", &disposal.Hold{Ref: testkit.Ref(6)}, false, func(c disposal.Counts) bool { return c.Reduced == 5 }},
		"all of a class is held":    {yes, "closed", &disposal.Hold{Class: schedule.OptOutEvidence}, true, func(c disposal.Counts) bool { return c == disposal.Counts{Reduced: 2, Held: 2, Waiting: 1} }},
		"one request has many rows": {func(p *testkit.Disposed) { p.Rows = 300 }, "closed", nil, false, func(c disposal.Counts) bool { return c.Reduced == 5 }},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			ids := r.person(5)
			for i, class := range []schedule.Class{schedule.ErasureOrder, schedule.OptOutEvidence, schedule.OptOutEvidence, schedule.ClosedRequest, schedule.ClosedRequest} {
				if ids[i] == c.which {
					p := testkit.Disposed{Item: disposal.Item{Class: class, ID: ids[i], Ref: testkit.Ref(5), Start: r.clock.Add(-time.Hour)}}
					c.change(&p)
					r.store.Put(p)
				}
			}
			if c.hold != nil {
				c.hold.Reason = "a dispute"
				r.hold(*c.hold)
			}
			shown, err := disposal.Reaches{Keepers: disposal.Keepers{Holds: r.store, Now: func() time.Time { return r.clock }}, Records: r.store}.Reach(
				background, &request.Request{ID: "order", Ref: testkit.Ref(5), EraseFrom: r.clock.Add(-time.Hour)})
			rep := r.sweep(disposal.Task{Continue: true})
			l := line(rep, schedule.ErasureOrder)
			if whole := l.Counts == (disposal.Counts{Held: 1}); c.which != "order" && (err != nil || shown.Goes != l.Reduced || !whole && (shown.Stays != l.Held || shown.Waits != l.Waiting) || whole && shown.Stays != 5) { // its own letter is not queued before
				t.Errorf("shown before: %+v, done: %+v, %v", shown, l.Counts, err)
			}
			if !c.fate(l.Counts) {
				t.Errorf("%+v", l.Counts)
			}
			if late := l.Late.Equal(r.clock.Add(-time.Hour)); late != (c.waits && c.hold == nil) || !late && !l.Late.IsZero() {
				t.Errorf("it waits since %v", l.Late)
			}
			if ended := r.store.State("order") == "reduced"; ended == c.waits || ended != (len(r.published) == 1) {
				t.Errorf("the order ended: %v, published %q", ended, r.published)
			}
			if certified := len(r.certificates()) > 0; certified != (line(rep, schedule.ErasureOrder).Reduced > 0) {
				t.Errorf("%d certificates", len(r.certificates()))
			}
		})
	}
}

// An order's own request was answered: whoever holds all answered requests
// holds it too, and nobody hears that the person was erased.
func TestOrderOfAHeldClass(t *testing.T) {
	r := newRig(t)
	r.store.Put(testkit.Disposed{Item: disposal.Item{Class: schedule.ErasureOrder, ID: "order", Ref: testkit.Ref(5), Start: r.clock.Add(-time.Hour)}})
	r.store.Put(testkit.Disposed{Item: disposal.Item{Class: schedule.OptOutEvidence, ID: "opt-out", Ref: testkit.Ref(5), Start: r.clock.Add(-time.Hour)}})
	placed := r.hold(disposal.Hold{Class: schedule.ClosedRequest, Reason: "a dispute"})
	if l := line(r.sweep(disposal.Task{Continue: true}), schedule.ErasureOrder); l.Counts != (disposal.Counts{Reduced: 1, Held: 1}) || len(r.published) > 0 {
		t.Errorf("%+v, published %q", l.Counts, r.published)
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
		r.store.Put(testkit.Disposed{Mail: true, Item: disposal.Item{
			Class: schedule.ErasureOrder, ID: id, Ref: testkit.Ref(n), Start: r.clock.Add(time.Duration(n-9) * time.Hour),
		}})
	}
	r.hold(disposal.Hold{Request: "held", Reason: "a dispute"})
	l := line(r.sweep(disposal.Task{Continue: true}), schedule.ErasureOrder)
	if want := r.clock.Add(-8 * time.Hour); !l.Late.Equal(want) || l.Held != 1 || l.Waiting != 2 {
		t.Errorf("since %v, want %v; %+v", l.Late, want, l.Counts)
	}
}

// Nobody hears of it twice by design, but an order does not end while nobody
// could be told.
func TestErasureThatNobodyHears(t *testing.T) {
	r := newRig(t)
	ids := r.person(5)
	r.busDown = fault.Wrap(fault.Unavailable, errors.New("no answer"), "tell other systems")
	if _, err := r.sweeper(r.store).Sweep(background, disposal.Task{Continue: true}, never); err == nil || !strings.Contains(err.Error(), "erasure") {
		t.Errorf("%v", err)
	}
	r.states(ids[1:], "reduced")
	r.states(ids[:1], "kept")
	r.busDown = nil
	r.sweep(disposal.Task{Continue: true})
	r.states(ids, "reduced")
	if len(r.published) != 1 {
		t.Errorf("published %q", r.published)
	}
}

// Without an order, the frequent call writes nothing.
func TestNoOrders(t *testing.T) {
	r := newRig(t)
	r.put(schedule.SoftBounces, 2, 100)
	r.store.Put(testkit.Disposed{Item: disposal.Item{Class: schedule.ErasureOrder, ID: "later", Start: r.clock.Add(time.Hour)}})
	rep, err := r.sweeper(readOnly{Store: r.store}).Sweep(background, disposal.Task{Continue: true}, never)
	if err != nil || rep.Run != "" || len(rep.Classes) != 0 {
		t.Errorf("%+v, %v", rep, err)
	}
}

// cursors is how far other systems have read.
type cursors []feed.Cursor

func (c cursors) Cursors(context.Context) ([]feed.Cursor, error) { return c, nil }

// A person's last choice reaches the systems that are told of choices before an order of
// erasure takes it out of the feed.
func TestErasureWaitsUntilTheChoiceIsRead(t *testing.T) {
	choices, erasures := ledger.System{ID: "news", Told: []string{"opt_out"}}, ledger.System{ID: "crm", Told: []string{"erasure"}}
	at := t0.Add(-time.Hour)
	to := func(d time.Duration) feed.Cursor {
		return feed.Cursor{System: "news", Done: feed.Position{At: at.Add(d), Key: optout.Key{Ref: testkit.Ref(9), Scope: "email"}}}
	}
	for name, c := range map[string]struct {
		systems []ledger.System
		read    cursors
		waits   bool
	}{
		"no system": {nil, nil, false}, "none is told of choices": {[]ledger.System{erasures}, nil, false},
		"it has read nothing": {[]ledger.System{erasures, choices}, nil, true}, "not so far": {[]ledger.System{choices}, cursors{to(-1)}, true},
		"it has read on":               {[]ledger.System{choices}, cursors{to(1)}, false},
		"one that is gone is not told": {[]ledger.System{erasures}, cursors{to(-1)}, false},
	} {
		r := newRig(t)
		ids := r.person(5)
		r.store.Put(testkit.Disposed{FedAt: at, Item: disposal.Item{Class: schedule.OptOutEvidence, ID: ids[1], Ref: testkit.Ref(5), Start: at}})
		s := r.sweeper(r.store)
		s.Feed, s.Systems = c.read, c.systems
		if _, err := s.Sweep(background, disposal.Task{Continue: true}, never); err != nil {
			t.Fatal(err)
		}
		if want := map[bool]string{true: "kept", false: "reduced"}[c.waits]; r.store.State(ids[0]) != want || r.store.State(ids[1]) != want || len(r.published) > 0 == c.waits {
			t.Errorf("%s: the order is %s, the opt-out %s; published %q", name, r.store.State(ids[0]), r.store.State(ids[1]), r.published)
		}
	}
}

// A hold that is placed while an order is carried out stops the rest of it, and
// other systems do not hear that the person was erased.
func TestOrderHeldMeanwhile(t *testing.T) {
	for _, hold := range []disposal.Hold{{Ref: testkit.Ref(5)}, {Request: "order"}, {Class: schedule.ErasureOrder}} {
		for call, left := range map[string]string{"OfPerson": "kept", "Dispose": "kept", "after Dispose": "reduced"} {
			r := newRig(t)
			ids := r.person(5)
			hold.Reason = "a dispute"
			store := &hooked{Store: r.store, before: map[string]func(){call: func() { r.hold(hold) }}}
			store.each = func(name string, after bool) error {
				if f := store.before["after "+name]; after && f != nil {
					delete(store.before, "after "+name)
					f()
				}
				return nil
			}
			rep, err := r.sweeper(store).Sweep(background, disposal.Task{Continue: true}, never)
			if l := line(rep, schedule.ErasureOrder); err != nil || l.Held == 0 || len(r.published) > 0 {
				t.Errorf("%s before %s: %+v, %v; published %q", hold.Subject(), call, l.Counts, err, r.published)
			}
			r.states(ids[:1], "kept")
			r.states(ids[1:], left)
		}
	}
}
