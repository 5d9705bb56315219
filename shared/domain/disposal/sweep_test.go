package disposal_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/testkit"
)

// A nightly run disposes of what is due, keeps the rest, and proves it.
func TestNightly(t *testing.T) {
	r := newRig(t)
	unverified := r.plant(disposal.UnverifiedRequest, 3, 40)
	young := r.plant(disposal.UnverifiedRequest, 2, 10)
	closed := r.plant(disposal.ClosedRequest, 2, 800)
	logs := r.plant(disposal.RequestLog, 1, 4000)
	evidence := r.plant(disposal.OptOutEvidence, 120, 1200)
	soft := r.plant(disposal.SoftBounces, 4, 100)
	rep := r.sweep(disposal.Task{})
	if !rep.Whole || !rep.Nightly || rep.DryRun {
		t.Errorf("%+v", rep)
	}
	r.states(slices.Concat(unverified, logs, soft), "gone")
	r.states(slices.Concat(closed, evidence), "reduced")
	r.states(young, "kept")
	if l := line(rep, disposal.UnverifiedRequest); l.Due != 3 || l.Disposed != 3 || l.Certificates != 1 || !l.Next.After(r.clock) {
		t.Errorf("%+v", l)
	}
	if l := line(rep, disposal.OptOutEvidence); l.Reduced != 120 || l.Disposed != 0 || !l.Next.IsZero() {
		t.Errorf("%+v", l)
	}
	r.proven(slices.Concat(unverified, closed, logs, evidence, soft))
	if n := len(r.certificates()); n != 5 {
		t.Errorf("%d certificates: one for each class, and none for orders that nobody gave", n)
	}
	if n := r.shelf.LeftParts(); n != 0 {
		t.Errorf("%d rows of names are left", n)
	}
	r.sweep(disposal.Task{})
	if all := r.certificates(); len(all) != 10 || all[9].Counts != (disposal.Counts{}) || !all[9].Last || all[9].Digest != disposal.Digest(nil) {
		t.Errorf("a run with nothing to do proves that there was nothing: %+v", all[9])
	}
}

// Exactly what began before the cutoff goes: on both sides of a change of the
// clocks, and around the leap day.
func TestSurvivors(t *testing.T) {
	for name, c := range map[string]struct {
		class    disposal.Class
		now      string // local, in New York
		goes     []string
		survives []string
	}{
		"an hour before midnight":   {disposal.UnverifiedRequest, "2026-11-22T23:00:00-05:00", []string{"2026-10-22T23:59:59.999-04:00"}, []string{"2026-10-23T00:00:00-04:00", "2026-11-22T22:00:00-05:00"}},
		"after the clocks go back":  {disposal.UnverifiedRequest, "2026-12-01T00:00:00-05:00", []string{"2026-10-31T23:59:59.999-04:00"}, []string{"2026-11-01T00:00:00-04:00", "2026-11-01T01:30:00-05:00"}},
		"after they go forward":     {disposal.SoftBounces, "2027-03-14T03:00:00-04:00", []string{"2026-12-13T23:59:59.999-05:00"}, []string{"2026-12-14T00:00:00-05:00"}},
		"24 months to a leap day":   {disposal.ClosedRequest, "2028-02-29T12:00:00-05:00", []string{"2026-02-27T23:59:59.999-05:00", "2026-02-28T10:00:00-05:00"}, []string{"2026-03-01T00:00:00-05:00"}},
		"the day after it":          {disposal.ClosedRequest, "2028-03-01T00:00:00-05:00", []string{"2026-02-28T23:59:59.999-05:00"}, []string{"2026-03-01T00:00:00-05:00"}},
		"24 months from a leap day": {disposal.ClosedRequest, "2030-03-01T00:00:00-05:00", []string{"2028-02-29T23:59:59.999-05:00", "2028-02-28T12:00:00-05:00"}, []string{"2028-03-01T00:00:00-05:00"}},
		"10 years of logs":          {disposal.RequestLog, "2037-07-05T00:00:00-04:00", []string{"2027-07-04T23:59:59.999-04:00"}, []string{"2027-07-05T00:00:00-04:00"}},
		"36 months of evidence":     {disposal.OptOutEvidence, "2029-11-23T00:00:00-05:00", []string{"2026-11-22T23:59:59.999-05:00"}, []string{"2026-11-23T00:00:00-05:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.clock = at(t, c.now)
			for _, start := range slices.Concat(c.goes, c.survives) {
				r.shelf.Plant(testkit.Planted{Item: disposal.Item{Class: c.class, ID: string(c.class) + "-" + start, Start: at(t, start)}})
			}
			rep := r.sweep(disposal.Task{Class: c.class})
			for _, start := range c.goes {
				if r.shelf.State(string(c.class)+"-"+start) == "kept" {
					t.Errorf("%s should have gone; cutoff %s", start, line(rep, c.class).Cutoff)
				}
			}
			for _, start := range c.survives {
				if r.shelf.State(string(c.class)+"-"+start) != "kept" {
					t.Errorf("%s has gone early; cutoff %s", start, line(rep, c.class).Cutoff)
				}
			}
		})
	}
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// A dry run counts what a run would do, and calls nothing that writes.
func TestDryRun(t *testing.T) {
	r := newRig(t)
	r.plant(disposal.OptOutEvidence, 300, 1200)
	r.plant(disposal.ClosedRequest, 3, 800)
	r.shelf.Plant(testkit.Planted{Rows: 500, Item: disposal.Item{Class: disposal.ClosedRequest, ID: "large", Start: r.clock.AddDate(-9, 0, 0)}})
	r.shelf.Plant(testkit.Planted{Item: disposal.Item{Class: disposal.ErasureOrder, ID: "order", Ref: "somebody", Start: r.clock}})
	r.shelf.Plant(testkit.Planted{Item: disposal.Item{Class: disposal.SoftBounces, ID: "pending", Pending: true, Start: r.clock.AddDate(-1, 0, 0)}})
	rep, err := r.sweeper(readOnly{Store: r.shelf}).Sweep(background, disposal.Task{DryRun: true}, never)
	if err != nil || !rep.DryRun || !rep.Ended || rep.Nightly {
		t.Fatalf("%+v, %v", rep, err)
	}
	for c, want := range map[disposal.Class]disposal.Counts{
		disposal.OptOutEvidence: {Due: 300, Reduced: 300}, disposal.ClosedRequest: {Due: 4, Reduced: 4},
		disposal.ErasureOrder: {Due: 1, Reduced: 1}, disposal.SoftBounces: {Due: 1, Waiting: 1}, disposal.RequestLog: {},
	} {
		if l := line(rep, c); l.Counts != want || l.Certificates != 0 {
			t.Errorf("%s: %+v", c, l)
		}
	}
	if len(r.certificates()) > 0 || len(r.heard) > 0 {
		t.Error("a dry run has told of itself")
	}
	later, err := r.sweeper(readOnly{Store: r.shelf}).Sweep(background, disposal.Task{DryRun: true, Until: r.clock.AddDate(1, 0, 0)}, never)
	if err != nil || !later.AsOf.Equal(r.clock.AddDate(1, 0, 0)) {
		t.Errorf("as of a day to come: %+v, %v", later, err)
	}
}

// readOnly panics for whatever writes: it has only the methods that read.
type readOnly struct{ disposal.Store }

func (readOnly) SaveRun(ctx, disposal.Run) error { panic("SaveRun") }
func (readOnly) EndRun(ctx, disposal.Run) error  { panic("EndRun") }
func (readOnly) Lighten(ctx, disposal.Work, int, int) (disposal.Work, error) {
	panic("Lighten")
}
func (readOnly) Dispose(ctx, disposal.Batch) error { panic("Dispose") }
func (readOnly) Certify(ctx, disposal.Proof) error { panic("Certify") }

// By hand: one class, or as of an earlier day.
func TestByHand(t *testing.T) {
	r := newRig(t)
	evidence, soft := r.plant(disposal.OptOutEvidence, 2, 1200), r.plant(disposal.SoftBounces, 2, 100)
	rep := r.sweep(disposal.Task{Class: disposal.SoftBounces})
	if len(rep.Classes) != 1 || rep.Nightly {
		t.Errorf("%+v", rep)
	}
	r.states(soft, "gone")
	r.states(evidence, "kept")
	r.sweep(disposal.Task{Until: r.clock.AddDate(-1, 0, 0)})
	r.states(evidence, "kept")
	for name, task := range map[string]disposal.Task{
		"a class that TTL ends": {Class: disposal.Counters}, "no class": {Class: "feet"}, "a day to come": {Until: r.clock.Add(time.Hour)},
	} {
		if _, err := r.sweeper(r.shelf).Sweep(background, task, never); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The store may refuse single records and whole batches: what moved, was
// deleted or waits stays as it is and is counted, the rest goes.
func TestRecordsThatChangeMeanwhile(t *testing.T) {
	r := newRig(t)
	ids := r.plant(disposal.OptOutEvidence, 8, 1200)
	r.shelf.Plant(testkit.Planted{Item: disposal.Item{Class: disposal.OptOutEvidence, ID: "waits", Pending: true, Start: r.clock.AddDate(-9, 0, 0)}})
	store := &hooked{Store: r.shelf, before: map[string]func(){"Dispose": func() {
		r.shelf.Touch(ids[2], r.clock) // a new choice
		r.shelf.Drop(ids[5])
	}}}
	rep, err := r.sweeper(store).Sweep(background, disposal.Task{Class: disposal.OptOutEvidence}, never)
	if want := (disposal.Counts{Due: 9, Reduced: 6, Moved: 1, Gone: 1, Waiting: 1}); err != nil || line(rep, disposal.OptOutEvidence).Counts != want {
		t.Errorf("%+v, %v", rep, err)
	}
	r.states([]string{ids[2], "waits"}, "kept")
	rest := slices.Delete(slices.Clone(ids), 5, 6)
	r.proven(slices.Delete(rest, 2, 3))
}

// One class failing does not stop the others; after some tries the run ends
// without it, and says so.
func TestOneClassFails(t *testing.T) {
	r := newRig(t)
	r.plant(disposal.ClosedRequest, 3, 800)
	soft := r.plant(disposal.SoftBounces, 3, 100)
	store := &hooked{Store: r.shelf, fail: map[string]error{"Due closed-request": errDown}}
	rep, err := r.sweeper(store).Sweep(background, disposal.Task{}, never)
	if fault.CodeOf(err) != fault.Unavailable || rep.Ended || line(rep, disposal.ClosedRequest).Error != "unavailable" {
		t.Fatalf("%+v, %v", rep, err)
	}
	r.states(soft, "gone")
	for range 4 {
		rep, err = r.sweeper(store).Sweep(background, disposal.Task{Continue: true}, never)
	}
	if err == nil || !rep.Ended || rep.Whole {
		t.Errorf("%+v, %v", rep, err)
	}
	for _, c := range r.certificates() {
		if c.Last != (c.Class != disposal.ClosedRequest) {
			t.Errorf("%s: last %v", c.Class, c.Last)
		}
	}
	if rep := r.sweep(disposal.Task{}); line(rep, disposal.ClosedRequest).Reduced != 3 {
		t.Errorf("the next run begins it anew: %+v", rep)
	}
}

// A period that was shortened finds its backlog, which goes over several
// calls, each of which stops when its time is over.
func TestBacklogOverSeveralCalls(t *testing.T) {
	r := newRig(t)
	ids := r.plant(disposal.OptOutEvidence, 2000, 1000)
	if rep := r.sweep(disposal.Task{}); line(rep, disposal.OptOutEvidence).Due != 0 {
		t.Fatalf("%+v", rep)
	}
	calls := 0
	for ended := false; !ended; calls++ {
		s := r.sweeper(r.shelf)
		s.Schedule = schedule(t, "opt-out-evidence", "24 months")
		n := 0
		rep, err := s.Sweep(background, disposal.Task{Continue: calls > 0}, func() bool { n++; return n > 5 })
		if err != nil || calls > 200 {
			t.Fatal(calls, err)
		}
		ended = rep.Ended
	}
	if calls < 4 {
		t.Errorf("it took %d calls", calls)
	}
	r.states(ids, "reduced")
	r.proven(ids)
}

// A record with more rows than a transaction holds goes too.
func TestLargeRecord(t *testing.T) {
	r := newRig(t)
	for _, rows := range []int{97, 98, 500} {
		r.shelf.Plant(testkit.Planted{Rows: rows, Item: disposal.Item{Class: disposal.ClosedRequest, ID: "closed-request-" + time.Duration(rows).String(), Start: r.clock.AddDate(-3, 0, 0)}})
	}
	if l := line(r.sweep(disposal.Task{}), disposal.ClosedRequest); l.Reduced != 3 {
		t.Errorf("%+v", l)
	}
}

func TestForecast(t *testing.T) {
	r := newRig(t)
	r.plant(disposal.UnverifiedRequest, 2, 40)
	r.plant(disposal.UnverifiedRequest, 3, 20)
	list, err := r.sweeper(readOnly{Store: r.shelf}).Forecast(background)
	if err != nil || len(list) != 6 {
		t.Fatalf("%+v, %v", list, err)
	}
	if u := list[1]; u.Class != disposal.UnverifiedRequest || u.Due != 2 || u.Soon != 5 || !u.Next.Before(r.clock) || u.Period != "30 days" {
		t.Errorf("%+v", u)
	}
	if list[2].Due != 0 || !list[2].Next.IsZero() {
		t.Errorf("%+v", list[2])
	}
}

// broken is a store that takes one record never.
type broken struct {
	disposal.Store
	id string
}

func (b broken) Dispose(c context.Context, batch disposal.Batch) error {
	if slices.Contains(batch.IDs(), b.id) {
		return fmt.Errorf("%w: two parts are the same", disposal.ErrUnwritable)
	}
	return b.Store.Dispose(c, batch)
}

// A broken record fails, loudly, and keeps no other.
func TestBrokenRecordKeepsNoOther(t *testing.T) {
	r := newRig(t)
	ids := r.plant(disposal.OptOutEvidence, 300, 1200)
	rep, err := r.sweeper(broken{r.shelf, ids[150]}).Sweep(background, disposal.Task{}, never)
	if l := line(rep, disposal.OptOutEvidence); err == nil || rep.Whole || l.Counts != (disposal.Counts{Due: 300, Reduced: 299, Failed: 1}) {
		t.Errorf("%+v, %v", l, err)
	}
	r.states(ids[:150], "reduced")
	r.states(ids[150:151], "kept")
	r.states(ids[151:], "reduced")
}

// A period that is made longer while a run waits to go on holds for what is
// left of it; what had gone is certified by the rule by which it went.
func TestLongerPeriodDuringARun(t *testing.T) {
	r := newRig(t)
	old, young := r.plant(disposal.OptOutEvidence, 400, 2400), r.plant(disposal.OptOutEvidence, 3, 1200)
	calls := 0
	first, err := r.sweeper(r.shelf).Sweep(background, disposal.Task{Class: disposal.OptOutEvidence}, func() bool { calls++; return calls > 3 })
	went := line(first, disposal.OptOutEvidence).Reduced
	if err != nil || first.Ended || went == 0 || went >= 400 {
		t.Fatalf("%+v, %v", first, err)
	}
	s := r.sweeper(r.shelf)
	s.Schedule = schedule(t, "opt-out-evidence", "5 years")
	rep, err := s.Sweep(background, disposal.Task{Continue: true}, never)
	if err != nil || !rep.Whole || line(rep, disposal.OptOutEvidence).Period != "5 years" {
		t.Errorf("%+v, %v", rep, err)
	}
	r.states(old, "reduced")
	r.states(young, "kept")
	certified := r.certificates()
	if len(certified) != 2 || certified[0].Period != "36 months" || certified[0].Counts.Reduced != went || certified[1].Period != "5 years" || certified[1].Counts.Reduced != 400-went {
		t.Errorf("%+v", certified)
	}
	r.proven(old)
}
