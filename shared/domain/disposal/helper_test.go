package disposal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

var background = context.Background()

// rig is the sweep with a store in memory and a clock that is moved by hand.
type rig struct {
	releaser  releaser
	t         testing.TB
	store     *testkit.Disposals
	clock     time.Time
	published []string // orders that other systems were told of
	busDown   error    // what the publisher answers
	signer    *audit.Signer
	calls     int
}

var t0 = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

func newRig(t testing.TB) *rig {
	signer, err := audit.ParseSigner(`{"current":"k1","k1":"a key for the tests of certificates, long enough"}`)
	if err != nil {
		t.Fatal(err)
	}
	return &rig{t: t, store: testkit.NewDisposals(), clock: t0, signer: signer}
}

func (r *rig) Erased(_ context.Context, request string, _ person.Ref, _ time.Time) error {
	if r.busDown == nil {
		r.published = append(r.published, request)
	}
	return r.busDown
}

// schedule is the tests' own, with other periods for some classes.
func periods(t testing.TB, periods ...string) *schedule.Schedule {
	t.Helper()
	shipped := testkit.Desk(t)
	d := *shipped
	d.Retention = slices.Clone(d.Retention)
	for i := 0; i < len(periods); i += 2 {
		for n := range d.Retention {
			if d.Retention[n].Class == periods[i] {
				d.Retention[n].After = periods[i+1]
			}
		}
	}
	s, err := schedule.New(&d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (r *rig) sweeper(store disposal.Store) *disposal.Sweeper {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		r.t.Fatal(err)
	}
	return &disposal.Sweeper{
		Store: store, Publisher: r, Releaser: &r.releaser, Schedule: periods(r.t), Zone: zone, Signer: r.signer, Issuer: "https://privacy.example.com", Build: "test",
		Now: func() time.Time { return r.clock }, NewID: func() string { r.calls++; return fmt.Sprintf("C%04d", r.calls) },
		Random: &testkit.Random{},
	}
}

func never() bool { return false }

// plant puts n records of a class there whose periods began so many days ago.
func (r *rig) put(c schedule.Class, n, daysAgo int) []string {
	var ids []string
	for i := range n {
		id := fmt.Sprintf("%s-%d-%d", c, daysAgo, i)
		r.store.Put(testkit.Disposed{Item: disposal.Item{Class: c, ID: id, Ref: testkit.Ref(i), Start: r.clock.AddDate(0, 0, -daysAgo).Add(time.Duration(i) * time.Second)}})
		ids = append(ids, id)
	}
	return ids
}

// sweep runs until the run has ended.
func (r *rig) sweep(t disposal.Task) disposal.Report {
	r.t.Helper()
	rep, err := r.sweeper(r.store).Sweep(background, t, never)
	if err != nil || !rep.Ended {
		r.t.Fatalf("%+v, %v", rep, err)
	}
	return rep
}

func line(rep disposal.Report, c schedule.Class) disposal.ClassLine {
	for _, l := range rep.Classes {
		if l.Class == c {
			return l
		}
	}
	return disposal.ClassLine{}
}

// certificates opens all certificates and checks them, their chain and that
// each stands in the history as it says.
func (r *rig) certificates() []disposal.Certificate {
	r.t.Helper()
	return testkit.Certificates(r.t, r.store, r.signer)
}

// proven checks that the certificates cover these records, each exactly once:
// whatever the run and however it was cut.
func (r *rig) proven(ids []string) {
	r.t.Helper()
	sum, left := 0, slices.Clone(ids)
	for _, c := range r.certificates() {
		n := c.Records()
		sum += n
		if n == 0 {
			continue
		}
		// Records go oldest first, so a certificate covers the next ones of its class.
		var mine []string
		left = slices.DeleteFunc(left, func(id string) bool {
			if len(mine) < n && strings.HasPrefix(id, string(c.Class)+"-") {
				mine = append(mine, id)
				return true
			}
			return false
		})
		if c.Digest != disposal.Digest(mine) {
			r.t.Errorf("certificate %d of %s is not about %q", c.Position.Seq, c.Class, mine)
		}
	}
	if sum != len(ids) || len(left) > 0 {
		r.t.Errorf("certificates cover %d of %d; not %q", sum, len(ids), left)
	}
}

func (r *rig) states(ids []string, want string) {
	r.t.Helper()
	for _, id := range ids {
		if got := r.store.State(id); got != want {
			r.t.Errorf("%s is %s, not %s", id, got, want)
		}
	}
}

var errDown = fault.Wrap(fault.Unavailable, errors.New("no answer"), "call the table")
