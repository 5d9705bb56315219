package disposal_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// A nightly run disposes of what is due, keeps the rest, and proves it.
func TestNightly(t *testing.T) {
	r := newRig(t)
	unverified := r.put(schedule.UnverifiedRequest, 3, 40)
	young := r.put(schedule.UnverifiedRequest, 2, 10)
	closed := r.put(schedule.ClosedRequest, 2, 800)
	logs := r.put(schedule.RequestLog, 1, 4000)
	evidence := r.put(schedule.OptOutEvidence, 120, 1200)
	soft := r.put(schedule.SoftBounces, 4, 100)
	rep := r.sweep(disposal.Task{})
	if !rep.Whole || !rep.Nightly || rep.DryRun {
		t.Errorf("%+v", rep)
	}
	r.states(slices.Concat(unverified, logs, soft), "gone")
	r.states(slices.Concat(closed, evidence), "reduced")
	r.states(young, "kept")
	if l := line(rep, schedule.UnverifiedRequest); l.Due != 3 || l.Deleted != 3 || l.Certificates != 1 {
		t.Errorf("%+v", l)
	}
	if l := line(rep, schedule.OptOutEvidence); l.Reduced != 120 || l.Deleted != 0 || l.Certificates != 2 {
		t.Errorf("%+v", l)
	}
	r.proven(slices.Concat(unverified, closed, logs, evidence, soft))
	next, err := r.sweeper(readOnly{r.store}).Forecast(background)
	if err != nil || !next[1].Next.After(r.clock) || next[1].Due != 0 || !next[4].Next.IsZero() || next[4].Class != schedule.OptOutEvidence {
		t.Errorf("what is left: %+v, %v", next, err)
	}
	all := r.certificates()
	if len(all) != 7 || !all[6].Last || all[6].Class != disposal.AllClasses || !all[6].Cutoff.Equal(r.clock) {
		t.Errorf("%d certificates: one for each transaction, and one that ends the night", len(all))
	}
	r.sweep(disposal.Task{})
	if all := r.certificates(); len(all) != 8 || all[7].Records() != 0 || !all[7].Last || all[7].Digest != disposal.Digest(nil) {
		t.Errorf("a night with nothing to do proves that there was nothing: %+v", all[7])
	}
}

// Exactly what began before the cutoff goes: on both sides of a change of the
// clocks, and around the leap day.
func TestSurvivors(t *testing.T) {
	for name, c := range map[string]struct {
		class    schedule.Class
		now      string // local, in New York
		goes     []string
		survives []string
	}{
		"an hour before midnight":   {schedule.UnverifiedRequest, "2026-11-22T23:00:00-05:00", []string{"2026-10-22T23:59:59.999-04:00"}, []string{"2026-10-23T00:00:00-04:00", "2026-11-22T22:00:00-05:00"}},
		"after the clocks go back":  {schedule.UnverifiedRequest, "2026-12-01T00:00:00-05:00", []string{"2026-10-31T23:59:59.999-04:00"}, []string{"2026-11-01T00:00:00-04:00", "2026-11-01T01:30:00-05:00"}},
		"after they go forward":     {schedule.SoftBounces, "2027-03-14T03:00:00-04:00", []string{"2026-12-13T23:59:59.999-05:00"}, []string{"2026-12-14T00:00:00-05:00"}},
		"24 months to a leap day":   {schedule.ClosedRequest, "2028-02-29T12:00:00-05:00", []string{"2026-02-27T23:59:59.999-05:00", "2026-02-28T10:00:00-05:00"}, []string{"2026-03-01T00:00:00-05:00"}},
		"the day after it":          {schedule.ClosedRequest, "2028-03-01T00:00:00-05:00", []string{"2026-02-28T23:59:59.999-05:00"}, []string{"2026-03-01T00:00:00-05:00"}},
		"24 months from a leap day": {schedule.ClosedRequest, "2030-03-01T00:00:00-05:00", []string{"2028-02-29T23:59:59.999-05:00", "2028-02-28T12:00:00-05:00"}, []string{"2028-03-01T00:00:00-05:00"}},
		"10 years of logs":          {schedule.RequestLog, "2037-07-05T00:00:00-04:00", []string{"2027-07-04T23:59:59.999-04:00"}, []string{"2027-07-05T00:00:00-04:00"}},
		"36 months of evidence":     {schedule.OptOutEvidence, "2029-11-23T00:00:00-05:00", []string{"2026-11-22T23:59:59.999-05:00"}, []string{"2026-11-23T00:00:00-05:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.clock = at(t, c.now)
			for _, start := range slices.Concat(c.goes, c.survives) {
				r.store.Put(testkit.Disposed{Item: disposal.Item{Class: c.class, ID: string(c.class) + "-" + start, Start: at(t, start)}})
			}
			rep := r.sweep(disposal.Task{Class: c.class})
			for _, start := range c.goes {
				if r.store.State(string(c.class)+"-"+start) == "kept" {
					t.Errorf("%s should have gone; cutoff %s", start, line(rep, c.class).Cutoff)
				}
			}
			for _, start := range c.survives {
				if r.store.State(string(c.class)+"-"+start) != "kept" {
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
	r.put(schedule.OptOutEvidence, 300, 1200)
	r.put(schedule.ClosedRequest, 3, 800)
	r.store.Put(testkit.Disposed{Rows: 500, Item: disposal.Item{Class: schedule.ClosedRequest, ID: "large", Start: r.clock.AddDate(-9, 0, 0)}})
	r.store.Put(testkit.Disposed{Item: disposal.Item{Class: schedule.ErasureOrder, ID: "order", Ref: "somebody", Start: r.clock}})
	r.store.Put(testkit.Disposed{Item: disposal.Item{Class: schedule.SoftBounces, ID: "pending", Pending: true, Start: r.clock.AddDate(-1, 0, 0)}})
	rep, err := r.sweeper(readOnly{Store: r.store}).Sweep(background, disposal.Task{DryRun: true}, never)
	if err != nil || !rep.DryRun || !rep.Ended || rep.Nightly {
		t.Fatalf("%+v, %v", rep, err)
	}
	for c, want := range map[schedule.Class]disposal.Counts{
		schedule.OptOutEvidence: {Reduced: 300}, schedule.ClosedRequest: {Reduced: 4},
		schedule.ErasureOrder: {Reduced: 1}, schedule.SoftBounces: {Waiting: 1}, schedule.RequestLog: {},
	} {
		if l := line(rep, c); l.Counts != want || l.Due != want.Due() || l.Certificates != 0 {
			t.Errorf("%s: %+v", c, l)
		}
	}
	if len(r.certificates()) > 0 || len(r.published) > 0 {
		t.Error("a dry run has told of itself")
	}
	later, err := r.sweeper(readOnly{Store: r.store}).Sweep(background, disposal.Task{DryRun: true, Until: r.clock.AddDate(1, 0, 0)}, never)
	if err != nil || !later.AsOf.Equal(r.clock.AddDate(1, 0, 0)) {
		t.Errorf("as of a day to come: %+v, %v", later, err)
	}
}

// readOnly panics for what writes.
type readOnly struct{ disposal.Store }

func (readOnly) Dispose(ctx, disposal.Batch) error { panic("Dispose") }

// By hand: one class, or as of an earlier day.
func TestByHand(t *testing.T) {
	r := newRig(t)
	evidence, soft := r.put(schedule.OptOutEvidence, 2, 1200), r.put(schedule.SoftBounces, 2, 100)
	rep := r.sweep(disposal.Task{Class: schedule.SoftBounces})
	if len(rep.Classes) != 1 || rep.Nightly {
		t.Errorf("%+v", rep)
	}
	r.states(soft, "gone")
	r.states(evidence, "kept")
	r.sweep(disposal.Task{Until: r.clock.AddDate(-1, 0, 0)})
	r.states(evidence, "kept")
	for name, task := range map[string]disposal.Task{
		"a class that TTL ends": {Class: schedule.Counters}, "no class": {Class: "feet"}, "a day to come": {Until: r.clock.Add(time.Hour)},
	} {
		if _, err := r.sweeper(r.store).Sweep(background, task, never); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The store may refuse single records and whole batches: what moved, was
// deleted or waits stays as it is and is counted, the rest goes.
func TestRecordsThatChangeMeanwhile(t *testing.T) {
	r := newRig(t)
	ids := r.put(schedule.OptOutEvidence, 8, 1200)
	r.store.Put(testkit.Disposed{Item: disposal.Item{Class: schedule.OptOutEvidence, ID: "waits", Pending: true, Start: r.clock.AddDate(-9, 0, 0)}})
	store := &hooked{Store: r.store, before: map[string]func(){"Dispose": func() {
		r.store.Touch(ids[2], r.clock) // a new choice
		r.store.Drop(ids[5])
	}}}
	rep, err := r.sweeper(store).Sweep(background, disposal.Task{Class: schedule.OptOutEvidence}, never)
	if want := (disposal.Counts{Reduced: 6, Changed: 1, Gone: 1, Waiting: 1}); err != nil || line(rep, schedule.OptOutEvidence).Counts != want {
		t.Errorf("%+v, %v", rep, err)
	}
	r.states([]string{ids[2], "waits"}, "kept")
	rest := slices.Delete(slices.Clone(ids), 5, 6)
	r.proven(slices.Delete(rest, 2, 3))
}

// One class failing does not stop the others. The night has not ended, so the
// next call goes on with it, and ends it.
func TestOneClassFails(t *testing.T) {
	r := newRig(t)
	closed := r.put(schedule.ClosedRequest, 3, 800)
	soft := r.put(schedule.SoftBounces, 3, 100)
	store := &hooked{Store: r.store, fail: map[string]error{"Due closed-request": errDown}}
	for _, task := range []disposal.Task{{}, {Continue: true}} {
		rep, err := r.sweeper(store).Sweep(background, task, never)
		if !fault.Is(err, fault.Unavailable) || rep.Ended || rep.Whole || !rep.Nightly || line(rep, schedule.ClosedRequest).Error != "unavailable" {
			t.Fatalf("%+v, %v", rep, err)
		}
	}
	r.states(soft, "gone")
	r.states(closed, "kept")
	for _, c := range r.certificates() {
		if c.Last {
			t.Errorf("it is said that the night has ended: %+v", c)
		}
	}
	if rep := r.sweep(disposal.Task{Continue: true}); line(rep, schedule.ClosedRequest).Reduced != 3 || !rep.Nightly {
		t.Errorf("%+v", rep)
	}
	if all := r.certificates(); !all[len(all)-1].Last {
		t.Error("the night has no end")
	}
	if rep, err := r.sweeper(readOnly{r.store}).Sweep(background, disposal.Task{Continue: true}, never); err != nil || rep.Run != "" {
		t.Errorf("it goes on after its end: %+v, %v", rep, err)
	}
}

// A period that was shortened finds its backlog, which goes over several
// calls, each of which stops when its time is over.
func TestBacklogOverSeveralCalls(t *testing.T) {
	r := newRig(t)
	ids := r.put(schedule.OptOutEvidence, 6000, 1000)
	if rep := r.sweep(disposal.Task{}); line(rep, schedule.OptOutEvidence).Due != 0 {
		t.Fatalf("%+v", rep)
	}
	calls := 0
	for ended := false; !ended; calls++ {
		s := r.sweeper(r.store)
		s.Schedule = periods(t, "opt-out-evidence", "24 months")
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
		r.store.Put(testkit.Disposed{Rows: rows, Item: disposal.Item{Class: schedule.ClosedRequest, ID: "closed-request-" + time.Duration(rows).String(), Start: r.clock.AddDate(-3, 0, 0)}})
	}
	if l := line(r.sweep(disposal.Task{}), schedule.ClosedRequest); l.Reduced != 3 {
		t.Errorf("%+v", l)
	}
}

func TestForecast(t *testing.T) {
	r := newRig(t)
	r.put(schedule.UnverifiedRequest, 2, 40)
	r.put(schedule.UnverifiedRequest, 3, 20)
	list, err := r.sweeper(readOnly{Store: r.store}).Forecast(background)
	if err != nil || len(list) != 6 {
		t.Fatalf("%+v, %v", list, err)
	}
	if u := list[1]; u.Class != schedule.UnverifiedRequest || u.Due != 2 || u.Soon != 5 || !u.Next.Before(r.clock) || u.Period != "30 days" {
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
	if slices.ContainsFunc(batch.Works, func(w disposal.Work) bool { return w.ID == b.id }) {
		return fmt.Errorf("%w: two parts are the same", disposal.ErrUnwritable)
	}
	return b.Store.Dispose(c, batch)
}

// A broken record fails, loudly, and keeps no other.
func TestBrokenRecordKeepsNoOther(t *testing.T) {
	r := newRig(t)
	ids := r.put(schedule.OptOutEvidence, 300, 1200)
	rep, err := r.sweeper(broken{r.store, ids[150]}).Sweep(background, disposal.Task{}, never)
	if l := line(rep, schedule.OptOutEvidence); err == nil || rep.Whole || l.Counts != (disposal.Counts{Reduced: 299, Failed: 1}) {
		t.Errorf("%+v, %v", l, err)
	}
	r.states(ids[:150], "reduced")
	r.states(ids[150:151], "kept")
	r.states(ids[151:], "reduced")
}

// A period that is made longer before a cut run goes on holds for the rest.
// What had gone is certified by the rule by which it went.
func TestLongerPeriodDuringARun(t *testing.T) {
	r := newRig(t)
	old, young := r.put(schedule.OptOutEvidence, 400, 2400), r.put(schedule.OptOutEvidence, 3, 1200)
	calls := 0
	first, err := r.sweeper(r.store).Sweep(background, disposal.Task{Class: schedule.OptOutEvidence}, func() bool { calls++; return calls > 1 })
	went := line(first, schedule.OptOutEvidence).Reduced
	if err != nil || first.Ended || went == 0 || went >= 400 {
		t.Fatalf("%+v, %v", first, err)
	}
	s := r.sweeper(r.store)
	s.Schedule = periods(t, "opt-out-evidence", "5 years")
	rep, err := s.Sweep(background, disposal.Task{Continue: true}, never)
	if err != nil || !rep.Whole || line(rep, schedule.OptOutEvidence).Period != "5 years" {
		t.Errorf("%+v, %v", rep, err)
	}
	r.states(old, "reduced")
	r.states(young, "kept")
	reduced := map[string]int{}
	for _, c := range r.certificates() {
		reduced[c.Period] += c.Reduced
	}
	if reduced["36 months"] != went || reduced["5 years"] != 400-went {
		t.Errorf("%+v", reduced)
	}
	r.proven(old)
}
