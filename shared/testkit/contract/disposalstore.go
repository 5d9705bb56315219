package contract

import (
	"context"
	"errors"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// DisposalStore is all that the store of disposals can do.
type DisposalStore interface {
	disposal.Store
	disposal.HoldStore
	HoldsHistory(context.Context) (audit.History, error)
}

// DisposalStoreTables are such a store and the hands of those who change what
// is in it.
type DisposalStoreTables struct {
	Store  DisposalStore
	Put    func(tb testing.TB, c schedule.Class, n int, start time.Time) []string  // oldest first, a second apart
	Large  func(tb testing.TB, c schedule.Class, rows int, start time.Time) string // a request of so many rows or a few more
	Change func(tb testing.TB, id string)                                          // as a person's newer choice does
	Remove func(tb testing.TB, id string)
	State  func(tb testing.TB, id string) string // "kept", "reduced" or "gone"
}

// DisposalStoreContract is what every store of disposals must keep.
func DisposalStoreContract(t *testing.T, open func(testing.TB) DisposalStoreTables) {
	for name, check := range map[string]func(*testing.T, DisposalStoreTables){
		"what is due is found oldest first":              dueInOrder,
		"a transaction is done whole":                    wholeBatch,
		"a transaction is refused whole":                 refusedBatch,
		"a hold that came meanwhile refuses":             heldBatch,
		"an entry that came meanwhile refuses":           overtakenBatch,
		"proofs are chained":                             chained,
		"holds are history":                              holdsChained,
		"a run disposes, and proves it":                  wholeRun,
		"a large request goes in several transactions":   largeRequest,
		"a large request stays where a hold came":        heldLargeRequest,
		"a transaction of as many rows as it may have":   fullBatch,
		"a request of as many rows as a transaction has": fullRequest,
		"a request that has one row more than that, too": oneRowMore,
		"a transaction without records is a proof alone": proofAlone,
		"two sweeps at once dispose of each record once": twoSweeps,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

var (
	always = context.Background()
	later  = testkit.T0.AddDate(10, 0, 0) // when everything put there at T0 is due
)

// Closed requests come last: what is left of one is a log.
var sweptClasses = []schedule.Class{schedule.UnverifiedRequest, schedule.RequestLog, schedule.OptOutEvidence, schedule.SoftBounces, schedule.ClosedRequest}

// outcomes are what becomes of a class.
func outcomes(c schedule.Class) (disposal.Outcome, string) {
	if c == schedule.ClosedRequest || c == schedule.OptOutEvidence {
		return disposal.Reduced, "reduced"
	}
	return disposal.Deleted, "gone"
}

func dueItems(t *testing.T, s disposal.Store, c schedule.Class, before time.Time) (items []disposal.Item) {
	t.Helper()
	for i, err := range s.Due(always, c, before) {
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, i)
	}
	return items
}

func dueInOrder(t *testing.T, x DisposalStoreTables) {
	for _, c := range sweptClasses {
		start := testkit.T0.Truncate(24 * time.Hour) // soft bounces know days
		ids := x.Put(t, c, 5, start)
		items := dueItems(t, x.Store, c, later)
		if len(items) != 5 || items[0].Version != 1 || items[0].Class != c || !items[0].Start.Equal(start) || items[0].Ref == "" || items[0].Pending {
			t.Fatalf("%s: %+v", c, items)
		}
		for n, id := range ids {
			if c != schedule.SoftBounces && items[n].ID != id { // all of one day: in any order
				t.Errorf("%s: place %d has %s, not %s", c, n, items[n].ID, id)
			}
		}
		for range x.Store.Due(always, c, later) {
			break // nobody has to read on
		}
		if none := dueItems(t, x.Store, c, start); len(none) > 0 {
			t.Errorf("%s: what begins at the cutoff is not before it: %+v", c, none)
		}
		if oldest, found, err := x.Store.Oldest(always, c); err != nil || !found || !oldest.Equal(start) {
			t.Errorf("%s: %v, %v, %v", c, oldest, found, err)
		}
		if n, err := x.Store.CountDue(always, c, start.Add(2*time.Second)); err != nil || n != 2 && c != schedule.SoftBounces {
			t.Errorf("%s: %d, %v", c, n, err)
		}
	}
	if _, found, err := x.Store.Oldest(always, schedule.ErasureOrder); found || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	if none := dueItems(t, x.Store, schedule.OptOutEvidence, time.Time{}); len(none) > 0 {
		t.Errorf("of a period that never ends: %v", none)
	}
}

// captured is a store that keeps the first batch, and does nothing of it.
type captured struct {
	disposal.Store
	batch *disposal.Batch
}

func (c captured) Dispose(_ context.Context, b disposal.Batch) error {
	if c.batch.Certificate == nil {
		*c.batch = b
	}
	return errors.New("captured")
}

// batch is the first transaction of a sweep of a class.
func (x DisposalStoreTables) batch(t *testing.T, c schedule.Class) disposal.Batch {
	t.Helper()
	b := disposal.Batch{}
	s := x.sweeper(t, later.AddDate(0, 0, 2))
	s.Store = captured{x.Store, &b}
	if _, err := s.Sweep(always, disposal.Task{Class: c}, func() bool { return false }); err == nil || b.Certificate == nil {
		t.Fatalf("%s: %+v, %v", c, b, err)
	}
	return b
}

func (x DisposalStoreTables) head(t *testing.T) audit.Head {
	t.Helper()
	head, err := x.Store.Head(always)
	must(t, err)
	return head
}

func wholeBatch(t *testing.T, x DisposalStoreTables) {
	for _, c := range sweptClasses {
		outcome, want := outcomes(c)
		ids := x.Put(t, c, 3, testkit.T0)
		b := x.batch(t, c)
		must(t, x.Store.Dispose(always, b))
		for n, id := range ids {
			if got := x.State(t, id); got != want || b.Works[n].Outcome != outcome {
				t.Errorf("%s is %s, by %s", id, got, b.Works[n].Outcome)
			}
		}
		if head := x.head(t); head != b.Entry.Head() {
			t.Errorf("%s: the history ends with %+v", c, head)
		}
		if proofs, err := x.Store.Proofs(always, 0, 1); err != nil || len(proofs) != 1 || string(proofs[0].Certificate) != string(b.Certificate) || proofs[0].Entry.Hash != b.Entry.Hash {
			t.Errorf("%s: %+v, %v", c, proofs, err)
		}
		if refused, _ := errors.AsType[*disposal.Refused](x.Store.Dispose(always, b)); refused == nil || !refused.History {
			t.Errorf("%s: the same again: %+v", c, refused)
		}
	}
}

func refusedBatch(t *testing.T, x DisposalStoreTables) {
	for _, c := range sweptClasses {
		ids := x.Put(t, c, 4, testkit.T0)
		b := x.batch(t, c)
		x.Change(t, b.Works[1].ID)
		x.Remove(t, b.Works[2].ID)
		err := x.Store.Dispose(always, b)
		refused, ok := errors.AsType[*disposal.Refused](err)
		if !ok || refused.History || refused.Holds || len(refused.Works) != 2 || refused.Works[2] != disposal.Gone || refused.Works[1] != disposal.Changed && refused.Works[1] != disposal.Waiting {
			t.Fatalf("%s: %+v, %v", c, refused, err)
		}
		for _, id := range ids {
			if id != b.Works[2].ID && x.State(t, id) != "kept" {
				t.Errorf("%s is %s", id, x.State(t, id))
			}
		}
		if proofs, err := x.Store.Proofs(always, 0, 9); err != nil || len(proofs) > 0 {
			t.Errorf("%q, %v", proofs, err)
		}
		for _, id := range ids {
			x.Remove(t, id)
		}
	}
}

func heldBatch(t *testing.T, x DisposalStoreTables) {
	ids := x.Put(t, schedule.OptOutEvidence, 2, testkit.T0)
	b := x.batch(t, schedule.OptOutEvidence)
	if _, err := x.keeper().Place(always, disposal.Hold{Class: schedule.SoftBounces, Reason: "x"}); err != nil {
		t.Fatal(err)
	}
	refused, ok := errors.AsType[*disposal.Refused](x.Store.Dispose(always, b))
	if !ok || !refused.Holds || refused.History || len(refused.Works) > 0 || x.State(t, ids[0]) != "kept" {
		t.Fatalf("%+v", refused)
	}
	held, err := x.Store.InForce(always)
	if err != nil || held.Seq != 1 || len(held.List) != 1 {
		t.Fatalf("%+v, %v", held, err)
	}
	b.Holds = held.Seq
	must(t, x.Store.Dispose(always, b))
}

func overtakenBatch(t *testing.T, x DisposalStoreTables) {
	ids := x.Put(t, schedule.OptOutEvidence, 2, testkit.T0)
	b := x.batch(t, schedule.OptOutEvidence)
	x.Put(t, schedule.SoftBounces, 1, testkit.T0)
	must(t, x.Store.Dispose(always, x.batch(t, schedule.SoftBounces)))
	refused, ok := errors.AsType[*disposal.Refused](x.Store.Dispose(always, b))
	if !ok || !refused.History || refused.Holds || len(refused.Works) > 0 || x.State(t, ids[0]) != "kept" {
		t.Fatalf("%+v", refused)
	}
}
