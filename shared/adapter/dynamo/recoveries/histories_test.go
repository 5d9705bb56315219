package recoveries_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// keeper places holds in the table in service.
func (l *lost) keeper() *disposal.HoldKeeper {
	return &disposal.HoldKeeper{
		Store: &disposals.Store{Requests: l.isReq, OptOuts: l.is}, Now: func() time.Time { return l.Now }, NewID: rand.Text, Random: &testkit.Random{},
	}
}

func (l *lost) place(tb testing.TB) string {
	tb.Helper()
	h, err := l.keeper().Place(tb.Context(), disposal.Hold{Class: schedule.SoftBounces, Reason: "a dispute"})
	if err != nil {
		tb.Fatal(err)
	}
	return h.ID
}

func TestHoldsComeBack(t *testing.T) {
	cases := map[string]struct {
		lost   func(ids []string) []string // rows
		anew   bool                        // a hold is placed before the copy is brought back
		lifted bool                        // the second hold, after the copy
		force  int                         // holds in force in the end
		says   string
	}{
		"nothing is lost": {lost: func([]string) []string { return nil }, force: 2},
		"all of them": {lost: func(ids []string) []string {
			return []string{"hold#" + ids[0], "hold#" + ids[1], "event#00000001", "event#00000002", "head"}
		}, force: 2},
		"one, and a part of the history":                   {lost: func(ids []string) []string { return []string{"hold#" + ids[0], "event#00000001"} }, force: 2},
		"one that was lifted since, which nobody can know": {lost: func(ids []string) []string { return []string{"hold#" + ids[1]} }, lifted: true, force: 2},
		"all, and one is placed before they are back": {
			lost: func(ids []string) []string {
				return []string{"hold#" + ids[0], "hold#" + ids[1], "event#00000001", "event#00000002", "head"}
			},
			anew: true, force: 3, says: "history of holds in the table does not go on",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLost(t)
			applied(t, l.is, choice(t, "zaphod@example.com", "email", optout.Out, testkit.T0))
			ids := []string{l.place(t), l.place(t)}
			l.copied(t)
			if c.lifted {
				if _, err := l.keeper().Lift(t.Context(), ids[1], "officer", "settled"); err != nil {
					t.Fatal(err)
				}
			}
			drop(t, l.isReq, "#holds", c.lost(ids)...)
			if c.anew {
				l.place(t)
			}
			for range 2 {
				if named := strings.Join(l.bring(t).Refused, " "); !strings.Contains(named, c.says) || (c.says == "") != (named == "") {
					t.Errorf("%q", named)
				}
			}
			d := &disposals.Store{Requests: l.isReq, OptOuts: l.is}
			held, err := d.InForce(t.Context())
			if err != nil || len(held.List) != c.force {
				t.Errorf("%d in force: %+v, %v", len(held.List), held, err)
			}
			h, err := d.HoldsHistory(t.Context())
			if err == nil {
				err = audit.Verify(h.Entries, h.Head)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCertificatesComeBack(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	applied(t, l.is, choice(t, "zaphod@example.com", "email", optout.Out, testkit.T0))
	d := &disposals.Store{Requests: l.isReq, OptOuts: l.is}
	for n := range 3 {
		head, _ := d.Head(t.Context())
		e, err := audit.Append(head, audit.Entry{At: testkit.T0, Kind: "disposed", Actor: "system"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Dispose(t.Context(), disposal.Batch{Proof: disposal.Proof{Entry: e, Certificate: fmt.Append(nil, n)}}); err != nil {
			t.Fatal(err)
		}
	}
	l.copied(t)
	drop(t, l.isReq, "#disposals", "head", "event#00000001", "event#00000003")
	got := l.bring(t)
	proofs, err := d.Proofs(t.Context(), 0, 10)
	var entries []audit.Entry
	for _, p := range slices.Backward(proofs) {
		entries = append(entries, p.Entry)
	}
	head, _ := d.Head(t.Context())
	if err == nil {
		err = audit.Verify(entries, head)
	}
	if err != nil || len(proofs) != 3 || string(proofs[0].Certificate) != "2" || len(got.Refused) != 0 {
		t.Errorf("%d certificates, %v, %q", len(proofs), err, got.Refused)
	}
}
