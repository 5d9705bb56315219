package testkit

import (
	"errors"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

func (x ShelfTables) keeper() *disposal.HoldKeeper {
	n := 0
	return &disposal.HoldKeeper{Store: x.Store, Now: func() time.Time { n++; return T0.Add(time.Duration(n) * time.Second) }, NewID: func() string { return string(rune('a' + n)) }, Random: &Random{}}
}

func heldBatch(t *testing.T, x ShelfTables) {
	if err := x.Store.SaveRun(always, run(1)); err != nil {
		t.Fatal(err)
	}
	ids := x.Plant(t, disposal.OptOutEvidence, 2, T0)
	works := ready(t, x.Store, disposal.OptOutEvidence, disposal.Reduce)
	if _, err := x.keeper().Place(always, disposal.Hold{Class: disposal.SoftBounces, Reason: "x"}); err != nil {
		t.Fatal(err)
	}
	b := disposal.Batch{Run: run(2), Class: disposal.OptOutEvidence, Part: 1, Works: works}
	refused, ok := errors.AsType[*disposal.Refused](x.Store.Dispose(always, b))
	if !ok || !refused.Holds || refused.Lost || len(refused.Works) > 0 || x.State(t, ids[0]) != "kept" {
		t.Fatalf("%+v", refused)
	}
	held, err := x.Store.InForce(always)
	if err != nil || held.Seq != 1 || len(held.List) != 1 {
		t.Fatalf("%+v, %v", held, err)
	}
	b.Holds = held.Seq
	if err := x.Store.Dispose(always, b); err != nil {
		t.Error(err)
	}
}

func chained(t *testing.T, x ShelfTables) {
	r := run(1)
	if err := x.Store.SaveRun(always, r); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 12; n++ {
		head, err := x.Store.Head(always)
		if err != nil || head.Seq != n-1 {
			t.Fatalf("%+v, %v", head, err)
		}
		e, err := audit.Append(head, audit.Entry{At: T0, Kind: "disposed", Actor: "system"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Version++
		p := disposal.Proof{Run: r, Entry: e, Certificate: []byte{byte('a' + n)}}
		if err := x.Store.Certify(always, p); err != nil {
			t.Fatal(err)
		}
		if p.Run.Version++; fault.CodeOf(x.Store.Certify(always, p)) != fault.Conflict {
			t.Error("an entry takes a place that is taken")
		}
		p.Run.Version += 5
		p.Entry, _ = audit.Append(e.Head(), e, nil)
		if fault.CodeOf(x.Store.Certify(always, p)) != fault.Conflict {
			t.Error("another call has the run")
		}
	}
	signed, h, err := x.Store.Proofs(always)
	if err != nil || h.Verify() != nil || len(signed) != 12 || string(signed[11]) != string(rune('a'+12)) {
		t.Errorf("%q, %v, %v", signed, h.Verify(), err)
	}
	for before, want := range map[int][]int{0: {12, 11, 10}, 12: {11, 10, 9}, 3: {2, 1}, 1: nil} {
		list, err := x.Store.Certificates(always, before, 3)
		var seqs []int
		for _, p := range list {
			seqs = append(seqs, p.Seq)
			if string(p.Signed) != string(rune('a'+p.Seq)) {
				t.Errorf("%d: %q", p.Seq, p.Signed)
			}
		}
		if err != nil || !slices.Equal(seqs, want) {
			t.Errorf("before %d: %v, %v", before, seqs, err)
		}
	}
}

func holdsChained(t *testing.T, x ShelfTables) {
	k := x.keeper()
	var ids []string
	for _, h := range []disposal.Hold{{Ref: "r", Reason: "one", By: "dpo"}, {Request: "PD-1", Reason: "two", Until: later}, {Class: disposal.ClosedRequest, Reason: "three"}} {
		placed, err := k.Place(always, h)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, placed.ID)
	}
	if h, err := k.Lift(always, ids[1], "dpo-2", "over"); err != nil || h.LiftedAt.IsZero() {
		t.Fatalf("%+v, %v", h, err)
	}
	all, head, err := x.Store.AllHolds(always)
	if err != nil || head.Seq != 4 || len(all) != 3 || all[0].Ref != "r" || all[1].LiftedBy != "dpo-2" || all[1].LiftReason != "over" || !all[1].Until.Equal(later) || all[2].Class != disposal.ClosedRequest {
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
func (x ShelfTables) sweeper(tb testing.TB, now time.Time) *disposal.Sweeper {
	signer, err := audit.ParseSigner(`{"current":"k1","k1":"a key for the tests of certificates, long enough"}`)
	if err != nil {
		tb.Fatal(err)
	}
	desk := Desk(tb)
	schedule, err := disposal.New(desk)
	if err != nil {
		tb.Fatal(err)
	}
	return &disposal.Sweeper{
		Store: x.Store, Schedule: schedule, Zone: time.UTC, Signer: signer, Issuer: "https://privacy.example.com", Build: "test",
		Now: func() time.Time { return now }, NewID: func() string { return "C" },
	}
}

func wholeRun(t *testing.T, x ShelfTables) {
	old, young := map[disposal.Class][]string{}, map[disposal.Class][]string{}
	for _, c := range sweptClasses {
		start := T0
		if c == disposal.ClosedRequest {
			start = later.AddDate(-3, 0, 0) // else its log would go in the same run
		}
		old[c] = x.Plant(t, c, 7, start)
		young[c] = x.Plant(t, c, 2, later.AddDate(0, 0, -3))
	}
	s := x.sweeper(t, later.AddDate(0, 0, 2))
	rep, err := s.Sweep(always, disposal.Task{}, func() bool { return false })
	if err != nil || !rep.Whole {
		t.Fatalf("%+v, %v", rep, err)
	}
	for _, l := range rep.Classes {
		if l.Class != disposal.ErasureOrder && (l.Due != 7 || l.Disposed+l.Reduced != 7 || l.Certificates != 1 || l.Next.IsZero()) {
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
	signed, h, err := x.Store.Proofs(always)
	if err != nil || h.Verify() != nil || len(signed) != len(sweptClasses) {
		t.Fatalf("%d, %v, %v", len(signed), h.Verify(), err)
	}
	for _, text := range signed {
		c, err := disposal.CheckCertificate(text, s.Signer.(*audit.Signer).PublicKeys())
		if err != nil || c.Digest != disposal.Digest(old[c.Class]) {
			t.Errorf("%v, %+v", err, c)
		}
	}
	if names, err := x.Store.Names(always, rep.Run, disposal.OptOutEvidence, 0, 99); err != nil || len(names) > 0 {
		t.Errorf("names are left: %q, %v", names, err)
	}
}

func largeRecord(t *testing.T, x ShelfTables) {
	if err := x.Store.SaveRun(always, run(1)); err != nil {
		t.Fatal(err)
	}
	for n, c := range []disposal.Class{disposal.ClosedRequest, disposal.RequestLog} {
		ids := x.Plant(t, c, 1, T0)
		all := ready(t, x.Store, c, map[int]disposal.Action{0: disposal.Reduce, 1: disposal.Delete}[n])
		work := all[slices.IndexFunc(all, func(w disposal.Work) bool { return w.Item().ID == ids[0] })] // what was reduced is a log now, too
		if work.Writes() < 2 {
			return // records have one row here
		}
		var refused *disposal.Refused
		if _, err := x.Store.Lighten(always, work, 2, 5); !errors.As(err, &refused) || !refused.Holds {
			t.Errorf("holds have moved: %v", err)
		}
		lighter, err := x.Store.Lighten(always, work, 2, 0)
		if err != nil || lighter.Writes() > 2 || x.State(t, ids[0]) != "kept" {
			t.Fatalf("%v, %s", err, x.State(t, ids[0]))
		}
		if err := x.Store.Dispose(always, disposal.Batch{Run: run(2 + n), Class: c, Part: 1, Works: []disposal.Work{lighter}}); err != nil || x.State(t, ids[0]) == "kept" {
			t.Errorf("%v, %s", err, x.State(t, ids[0]))
		}
	}
}
