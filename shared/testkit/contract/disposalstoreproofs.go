package contract

import (
	"errors"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

func (x DisposalStoreTables) keeper() *disposal.HoldKeeper {
	n := 0
	return &disposal.HoldKeeper{Store: x.Store, Now: func() time.Time { n++; return testkit.T0.Add(time.Duration(n) * time.Second) }, NewID: func() string { return string(rune('a' + n)) }, Random: &testkit.Random{}}
}

func chained(t *testing.T, x DisposalStoreTables) {
	for n := 1; n <= 12; n++ {
		head := x.head(t)
		if head.Seq != n-1 {
			t.Fatalf("%+v", head)
		}
		e, err := audit.Append(head, audit.Entry{At: testkit.T0, Kind: "disposed", Actor: "system"}, nil)
		must(t, err)
		b := disposal.Batch{Proof: disposal.Proof{Entry: e, Certificate: []byte{byte('a' + n)}}}
		must(t, x.Store.Dispose(always, b))
		if refused, ok := errors.AsType[*disposal.Refused](x.Store.Dispose(always, b)); !ok || !refused.History {
			t.Error("an entry takes a place that is taken")
		}
	}
	for before, want := range map[int][]int{0: {12, 11, 10}, 12: {11, 10, 9}, 3: {2, 1}, 1: nil} {
		list, err := x.Store.Proofs(always, before, 3)
		var seqs []int
		for _, p := range list {
			seqs = append(seqs, p.Entry.Seq)
			if string(p.Certificate) != string(rune('a'+p.Entry.Seq)) {
				t.Errorf("%d: %q", p.Entry.Seq, p.Certificate)
			}
		}
		if err != nil || !slices.Equal(seqs, want) {
			t.Errorf("before %d: %v, %v", before, seqs, err)
		}
	}
}

func holdsChained(t *testing.T, x DisposalStoreTables) {
	k := x.keeper()
	var ids []string
	for _, h := range []disposal.Hold{{Ref: "r", Reason: "one", By: "dpo"}, {Request: "PD-1", Reason: "two", Until: later}, {Class: schedule.ClosedRequest, Reason: "three"}} {
		placed, err := k.Place(always, h)
		must(t, err)
		ids = append(ids, placed.ID)
	}
	if h, err := k.Lift(always, ids[1], "dpo-2", "over"); err != nil || h.LiftedAt.IsZero() {
		t.Fatalf("%+v, %v", h, err)
	}
	all, head, err := x.Store.AllHolds(always)
	if err != nil || head.Seq != 4 || len(all) != 3 || all[0].Ref != "r" || all[1].LiftedBy != "dpo-2" || all[1].LiftReason != "over" || !all[1].Until.Equal(later) || all[2].Class != schedule.ClosedRequest {
		t.Errorf("%+v, %+v, %v", all, head, err)
	}
	if held, err := x.Store.InForce(always); err != nil || held.Seq != 4 || len(held.List) != 2 {
		t.Errorf("%+v, %v", held, err)
	}
	if _, err := x.Store.Hold(always, "none"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("%v", err)
	}
	h, err := x.Store.HoldsHistory(always)
	if err != nil || h.Verify() != nil || len(h.Entries) != 4 {
		t.Errorf("%d entries: %v, %v", len(h.Entries), h.Verify(), err)
	}
	if err := x.Store.SaveHold(always, all[0], h.Entries[2]); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("an entry takes a place that is taken: %v", err)
	}
}

// sweeper runs on the store at a time, for every class.
func (x DisposalStoreTables) sweeper(tb testing.TB, now time.Time) *disposal.Sweeper {
	signer, err := audit.ParseSigner(`{"current":"k1","k1":"a key for the tests of certificates, long enough"}`)
	must(tb, err)
	rules, err := schedule.New(testkit.Desk(tb))
	must(tb, err)
	return &disposal.Sweeper{
		Store: x.Store, Schedule: rules, Zone: time.UTC, Signer: signer, Issuer: "https://privacy.example.com", Build: "test",
		Now: func() time.Time { return now }, NewID: func() string { return "C" }, Random: &testkit.Random{},
	}
}

func wholeRun(t *testing.T, x DisposalStoreTables) {
	old, young := map[schedule.Class][]string{}, map[schedule.Class][]string{}
	for _, c := range sweptClasses {
		start := testkit.T0
		if c == schedule.ClosedRequest {
			start = later.AddDate(-3, 0, 0) // else its log would go in the same run
		}
		old[c] = x.Put(t, c, 7, start)
		young[c] = x.Put(t, c, 2, later.AddDate(0, 0, -3))
	}
	s := x.sweeper(t, later.AddDate(0, 0, 2))
	rep, err := s.Sweep(always, disposal.Task{}, func() bool { return false })
	if err != nil || !rep.Whole {
		t.Fatalf("%+v, %v", rep, err)
	}
	for _, l := range rep.Classes {
		if l.Class != schedule.ErasureOrder && (l.Due != 7 || l.Deleted+l.Reduced != 7 || l.Certificates != 1) {
			t.Errorf("%+v", l)
		}
		for _, id := range old[l.Class] {
			if x.State(t, id) == "kept" {
				t.Errorf("%s is kept", id)
			}
		}
		for _, id := range young[l.Class] {
			if x.State(t, id) != "kept" {
				t.Errorf("%s is %s", id, x.State(t, id))
			}
		}
	}
	certificates := testkit.Certificates(t, x.Store, s.Signer.(*audit.Signer))
	if len(certificates) != len(sweptClasses)+1 {
		t.Fatalf("%d certificates", len(certificates))
	}
	for _, c := range certificates {
		if c.Digest != disposal.Digest(old[c.Class]) || c.Last != (c.Class == disposal.AllClasses) {
			t.Errorf("%+v", c)
		}
	}
}

func largeRequest(t *testing.T, x DisposalStoreTables) {
	for _, c := range []schedule.Class{schedule.ClosedRequest, schedule.UnverifiedRequest} {
		_, want := outcomes(c)
		id := x.Large(t, c, 2*disposal.MaxWrites+50, testkit.T0)
		b := x.batch(t, c)
		if len(b.Works) != 1 || b.Works[0].Writes() <= 2*disposal.MaxWrites {
			t.Fatalf("%d works", len(b.Works))
		}
		must(t, x.Store.Dispose(always, b))
		if got := x.State(t, id); got != want {
			t.Errorf("%s is %s", id, got)
		}
		x.Remove(t, id)
	}
}

func heldLargeRequest(t *testing.T, x DisposalStoreTables) {
	id := x.Large(t, schedule.ClosedRequest, 2*disposal.MaxWrites, testkit.T0)
	b := x.batch(t, schedule.ClosedRequest)
	if _, err := x.keeper().Place(always, disposal.Hold{Request: id, Reason: "x"}); err != nil {
		t.Fatal(err)
	}
	if refused, ok := errors.AsType[*disposal.Refused](x.Store.Dispose(always, b)); !ok || !refused.Holds || x.State(t, id) != "kept" {
		t.Errorf("%+v, %s", refused, x.State(t, id))
	}
	b.Holds = 1
	x.Change(t, id)
	if refused, ok := errors.AsType[*disposal.Refused](x.Store.Dispose(always, b)); !ok || refused.Holds || refused.Works[0] != disposal.Changed || x.State(t, id) != "kept" {
		t.Errorf("it has changed: %+v, %s", refused, x.State(t, id))
	}
}

// fullBatch is one of 96 opt-outs: with what proves it, DynamoDB takes it.
func fullBatch(t *testing.T, x DisposalStoreTables) {
	ids := x.Put(t, schedule.OptOutEvidence, disposal.MaxWrites+1, testkit.T0)
	b := x.batch(t, schedule.OptOutEvidence)
	if len(b.Works) != disposal.MaxWrites {
		t.Fatalf("%d works", len(b.Works))
	}
	must(t, x.Store.Dispose(always, b))
	if got := x.State(t, ids[disposal.MaxWrites-1]) + " " + x.State(t, ids[disposal.MaxWrites]); got != "reduced kept" {
		t.Errorf("the last and the one after it: %s", got)
	}
}

func fullRequest(t *testing.T, x DisposalStoreTables) { sizedRequest(t, x, disposal.MaxWrites) }
func oneRowMore(t *testing.T, x DisposalStoreTables)  { sizedRequest(t, x, disposal.MaxWrites+1) }

func sizedRequest(t *testing.T, x DisposalStoreTables, rows int) {
	id := x.Large(t, schedule.ClosedRequest, rows, testkit.T0)
	b := x.batch(t, schedule.ClosedRequest)
	if len(b.Works) != 1 || b.Works[0].Writes() != rows {
		t.Fatalf("%d rows", b.Works[0].Writes())
	}
	must(t, x.Store.Dispose(always, b))
	if got := x.State(t, id); got != "reduced" {
		t.Errorf("%s is %s", id, got)
	}
}

func proofAlone(t *testing.T, x DisposalStoreTables) {
	s := x.sweeper(t, later)
	rep, err := s.Sweep(always, disposal.Task{}, func() bool { return false })
	all := testkit.Certificates(t, x.Store, s.Signer.(*audit.Signer))
	if err != nil || !rep.Whole || len(all) != 1 || !all[0].Last || all[0].Records() != 0 || all[0].Class != disposal.AllClasses {
		t.Errorf("%+v, %v, %+v", rep, err, all)
	}
}

func twoSweeps(t *testing.T, x DisposalStoreTables) {
	ids := x.Put(t, schedule.OptOutEvidence, 2*disposal.MaxWrites+8, testkit.T0)
	s := x.sweeper(t, later.AddDate(0, 0, 2))
	errs := make(chan error, 2)
	for _, s := range []*disposal.Sweeper{s, x.sweeper(t, later.AddDate(0, 0, 2))} {
		go func() {
			_, err := s.Sweep(always, disposal.Task{}, func() bool { return false })
			errs <- err
		}()
	}
	failed := 0
	for range 2 {
		if err := <-errs; fault.CodeOf(err) == fault.Unavailable {
			failed++ // the other was always quicker
		} else if err != nil {
			t.Error(err)
		}
	}
	sum, kept := 0, 0
	for _, c := range testkit.Certificates(t, x.Store, s.Signer.(*audit.Signer)) {
		sum += c.Records()
	}
	for _, id := range ids {
		if x.State(t, id) == "kept" {
			kept++
		}
	}
	if sum+kept != len(ids) || failed < 2 && kept > 0 {
		t.Errorf("%d are certified, %d kept, of %d; %d sweeps gave up", sum, kept, len(ids), failed)
	}
}
