package testkit

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

// ShelfStore is all that the store of the sweep can do.
type ShelfStore interface {
	disposal.Store
	disposal.HoldStore
	Proofs(context.Context) ([][]byte, audit.History, error)
	HoldsHistory(context.Context) (audit.History, error)
	Certificates(ctx context.Context, before, most int) ([]disposal.Proven, error)
}

// ShelfTables is such a store and the hands of those who change what is in it.
type ShelfTables struct {
	Store  ShelfStore
	Plant  func(tb testing.TB, c disposal.Class, n int, start time.Time) []string // oldest first, a second apart
	Change func(tb testing.TB, id string)                                         // as a person's newer choice does
	Remove func(tb testing.TB, id string)
	State  func(tb testing.TB, id string) string // "kept", "reduced" or "gone"
}

// ShelfContract is what every store of the sweep must keep.
func ShelfContract(t *testing.T, open func(testing.TB) ShelfTables) {
	for name, check := range map[string]func(*testing.T, ShelfTables){
		"a run has one owner":                         oneOwner,
		"what is due is found oldest first":           dueInOrder,
		"a batch is done whole":                       wholeBatch,
		"a batch is refused whole":                    refusedBatch,
		"a hold that came meanwhile refuses":          heldBatch,
		"certificates are chained":                    chained,
		"holds are history":                           holdsChained,
		"a run disposes, and proves it":               wholeRun,
		"a large record goes in several transactions": largeRecord,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

var (
	always = context.Background()
	later  = T0.AddDate(10, 0, 0) // when everything planted at T0 is due
)

func run(version int, classes ...disposal.Class) disposal.Run {
	r := disposal.Run{ID: "run-1", Version: version, Started: T0, AsOf: T0, Owner: "me"}
	for _, c := range classes {
		r.Classes = append(r.Classes, disposal.Progress{Class: c, Period: "30 days", Action: disposal.Delete, Cutoff: T0})
	}
	return r
}

func oneOwner(t *testing.T, x ShelfTables) {
	code := func(want fault.Code, err error) {
		t.Helper()
		if got := fault.CodeOf(err); got != want {
			t.Errorf("%q, want %q: %v", got, want, err)
		}
	}
	_, err := x.Store.Run(always)
	code(fault.NotFound, err)
	code("", x.Store.SaveRun(always, run(1, disposal.SoftBounces)))
	code(fault.Conflict, x.Store.SaveRun(always, run(1)))
	code(fault.Conflict, x.Store.SaveRun(always, run(3)))
	code("", x.Store.SaveRun(always, run(2, disposal.SoftBounces)))
	other := run(3)
	other.ID = "run-2"
	code(fault.Conflict, x.Store.SaveRun(always, other))
	if r, err := x.Store.Run(always); err != nil || r.Version != 2 || r.Owner != "me" || len(r.Classes) != 1 || !r.AsOf.Equal(T0) {
		t.Errorf("%+v, %v", r, err)
	}
	code(fault.Conflict, x.Store.EndRun(always, run(1)))
	code("", x.Store.EndRun(always, run(2)))
	_, err = x.Store.Run(always)
	code(fault.NotFound, err)
	code("", x.Store.SaveRun(always, run(1)))
}

// Closed requests come last: what is left of one is a log.
var sweptClasses = []disposal.Class{disposal.UnverifiedRequest, disposal.RequestLog, disposal.OptOutEvidence, disposal.SoftBounces, disposal.ClosedRequest}

func dueInOrder(t *testing.T, x ShelfTables) {
	for _, c := range sweptClasses {
		start := T0.Truncate(24 * time.Hour) // soft bounces know days
		ids := x.Plant(t, c, 5, start)
		if c == disposal.SoftBounces {
			ids = ids[:0] // all of one day: in any order
		}
		items, more, err := x.Store.Due(always, c, later, "", 3)
		if err != nil || !more || len(items) != 3 || items[0].Version != 1 || items[0].Class != c || !items[0].Start.Equal(start) || items[0].Ref == "" || items[0].Pending {
			t.Fatalf("%s: %+v, %v, %v", c, items, more, err)
		}
		rest, more, err := x.Store.Due(always, c, later, items[2].Place, 3)
		if err != nil || more || len(rest) != 2 {
			t.Fatalf("%s: %+v, %v, %v", c, rest, more, err)
		}
		if all := append(items, rest...); len(ids) > 0 {
			for n, id := range ids {
				if all[n].ID != id {
					t.Errorf("%s: place %d has %s, not %s", c, n, all[n].ID, id)
				}
			}
		}
		if none, _, err := x.Store.Due(always, c, start, "", 3); err != nil || len(none) > 0 {
			t.Errorf("%s: what begins at the cutoff is not before it: %+v, %v", c, none, err)
		}
		if oldest, found, err := x.Store.Oldest(always, c); err != nil || !found || !oldest.Equal(start) {
			t.Errorf("%s: %v, %v, %v", c, oldest, found, err)
		}
		if n, err := x.Store.CountDue(always, c, start.Add(2*time.Second)); err != nil || n != 2 && c != disposal.SoftBounces {
			t.Errorf("%s: %d, %v", c, n, err)
		}
	}
	if _, found, err := x.Store.Oldest(always, disposal.ErasureOrder); found || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	if none, more, err := x.Store.Due(always, disposal.OptOutEvidence, time.Time{}, "", 3); len(none) > 0 || more || err != nil {
		t.Errorf("of a period that never ends: %v, %v, %v", none, more, err)
	}
}

// ready makes all that is due of a class ready.
func ready(t *testing.T, s disposal.Store, c disposal.Class, a disposal.Action) []disposal.Work {
	t.Helper()
	items, _, err := s.Due(always, c, later, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	made, err := s.Prepare(always, c, a, items, T0)
	if err != nil {
		t.Fatal(err)
	}
	var works []disposal.Work
	for n, r := range made {
		if r.Work == nil {
			t.Fatalf("%+v: %+v", items[n], r)
		}
		works = append(works, r.Work)
	}
	return works
}

func wholeBatch(t *testing.T, x ShelfTables) {
	version := 1
	if err := x.Store.SaveRun(always, run(1, sweptClasses...)); err != nil {
		t.Fatal(err)
	}
	for _, c := range sweptClasses {
		action, want, fate := disposal.Delete, "gone", disposal.Disposed
		if c == disposal.ClosedRequest || c == disposal.OptOutEvidence {
			action, want, fate = disposal.Reduce, "reduced", disposal.Reduced
		}
		ids := x.Plant(t, c, 3, T0)
		works := ready(t, x.Store, c, action)
		version++
		b := disposal.Batch{Run: run(version, sweptClasses...), Class: c, Part: 1, Works: works}
		if err := x.Store.Dispose(always, b); err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		for n, id := range ids {
			if got := x.State(t, id); got != want || works[n].Fate() != fate {
				t.Errorf("%s is %s, by %s", id, got, works[n].Fate())
			}
		}
		names, err := x.Store.Names(always, "run-1", c, 0, 1)
		if slices.Sort(names); err != nil || !slices.Equal(names, slices.Sorted(slices.Values(ids))) {
			t.Errorf("%q, %v", names, err)
		}
		if none, err := x.Store.Names(always, "run-1", c, 1, 1); len(none) > 0 || err != nil {
			t.Errorf("%q, %v", none, err)
		}
		if refused, _ := errors.AsType[*disposal.Refused](x.Store.Dispose(always, b)); refused == nil || !refused.Lost {
			t.Errorf("%s: the same batch again: %+v", c, refused)
		}
	}
	if r, err := x.Store.Run(always); err != nil || r.Version != version {
		t.Errorf("%d, %v", r.Version, err)
	}
}

func refusedBatch(t *testing.T, x ShelfTables) {
	if err := x.Store.SaveRun(always, run(1)); err != nil {
		t.Fatal(err)
	}
	for _, c := range sweptClasses {
		action := disposal.Delete
		if c == disposal.ClosedRequest || c == disposal.OptOutEvidence {
			action = disposal.Reduce
		}
		ids := x.Plant(t, c, 4, T0)
		works := ready(t, x.Store, c, action)
		x.Change(t, works[1].Item().ID)
		x.Remove(t, works[2].Item().ID)
		err := x.Store.Dispose(always, disposal.Batch{Run: run(2), Class: c, Part: 1, Works: works})
		refused, ok := errors.AsType[*disposal.Refused](err)
		if !ok || refused.Lost || refused.Holds || len(refused.Works) != 2 || refused.Works[2] != disposal.Gone || refused.Works[1] != disposal.Moved && refused.Works[1] != disposal.Waiting {
			t.Fatalf("%s: %+v, %v", c, refused, err)
		}
		for _, id := range ids {
			if id != works[2].Item().ID && x.State(t, id) != "kept" {
				t.Errorf("%s is %s", id, x.State(t, id))
			}
		}
		if names, _ := x.Store.Names(always, "run-1", c, 0, 1); len(names) > 0 {
			t.Errorf("%q", names)
		}
	}
	if r, err := x.Store.Run(always); err != nil || r.Version != 1 {
		t.Errorf("%d, %v", r.Version, err)
	}
}
