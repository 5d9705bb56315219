package feed_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
)

var (
	background = context.Background()
	down       = fault.New(fault.Unavailable, "the system is down")
	killed     = fault.New(fault.Unavailable, "killed")
	forever    = func() bool { return false }
)

// receiver is a system that keeps what it is told, by record.
type receiver struct {
	mu    sync.Mutex
	calls []feed.Batch
	knows map[optout.Key]feed.Change
	fails func(feed.Batch) error // asked before it keeps anything
}

func (r *receiver) Choices(_ context.Context, b feed.Batch) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, b)
	if r.fails != nil {
		if err := r.fails(b); err != nil {
			return err
		}
	}
	for _, c := range b.Changes {
		r.knows[optout.Key{Ref: c.Ref, Scope: c.Scope}] = c
	}
	return nil
}

// rig is a table, and systems that are each told by a way of their own.
type rig struct {
	*testing.T
	table *testkit.OptOuts
	now   time.Time
	ways  map[string]*receiver
	drain feed.Drain
}

func newRig(t *testing.T, systems ...ledger.System) *rig {
	r := &rig{T: t, table: testkit.NewOptOuts(), now: testkit.T0, ways: map[string]*receiver{}}
	r.drain = feed.Drain{Store: r.table, Systems: systems, Ways: map[string]feed.Way{}, Now: func() time.Time { return r.now }}
	for _, s := range systems {
		r.ways[s.ID] = &receiver{knows: map[optout.Key]feed.Change{}}
		r.drain.Ways[s.Way] = r.ways[s.ID]
	}
	return r
}

func system(id string) ledger.System {
	return settings.System{ID: id, Way: id, Told: []string{"opt_out", "opt_in"}, Needs: []string{"email"}}
}

func (r *rig) choose(address string, scope optout.Scope, to optout.State) optout.Change {
	r.Helper()
	a := testkit.Address(r, address)
	c := optout.Change{
		Key: optout.Key{Ref: testkit.Key(r).Ref(a), Scope: scope}, To: to, Address: a,
		Evidence: optout.Evidence{Source: optout.FromForm, At: r.now}, Until: r.now.AddDate(0, 1, 0),
	}
	if _, err := r.table.Apply(background, c); err != nil {
		r.Fatal(err)
	}
	return c
}

func (r *rig) run() feed.Report {
	r.Helper()
	report, err := r.drain.Run(background, forever)
	if err != nil {
		r.Fatal(err)
	}
	return report
}

// settle runs every minute, for so long; after an hour every quarter of one.
func (r *rig) settle(d time.Duration) {
	r.Helper()
	step := time.Minute
	if d > time.Hour {
		step = 15 * time.Minute
	}
	for end := r.now.Add(d); r.now.Before(end); r.now = r.now.Add(step) {
		r.run()
	}
}

// knowsAll holds what a system knows against the table.
func (r *rig) knowsAll(id string) {
	r.Helper()
	all, _, err := r.table.Changes(background, feed.Position{}, r.now.AddDate(9, 0, 0), 1e6)
	if err != nil {
		r.Fatal(err)
	}
	knows := r.ways[id].knows
	for _, o := range all {
		if c := knows[o.Key]; c.State != o.State || c.Address != o.Address || o.State == optout.Paused && !c.Until.Equal(o.Until) {
			r.Errorf("%s: the table has %s %s, the system %+v", id, o.Scope, o.State, c)
		}
	}
	if len(knows) != len(all) {
		r.Errorf("%s knows %d of %d", id, len(knows), len(all))
	}
}

func TestTenThousandInAHundredCalls(t *testing.T) {
	r := newRig(t, system("crm"))
	for i := range 10_000 {
		r.choose(fmt.Sprintf("a%d@example.com", i), "email", optout.Out)
		r.now = r.now.Add(time.Millisecond)
	}
	r.now = r.now.Add(time.Hour)
	if report := r.run(); report != (feed.Report{Batches: 100, Changes: 10_000}) {
		t.Errorf("%+v", report)
	}
	if n := len(r.ways["crm"].calls); n > 100 {
		t.Errorf("%d calls", n)
	}
	r.knowsAll("crm")
}

func TestAMinuteLate(t *testing.T) {
	r := newRig(t, system("crm"))
	r.choose("a@example.com", "email", optout.Out)
	r.now = r.now.Add(feed.Margin - time.Millisecond)
	if report := r.run(); report.Batches != 0 {
		t.Errorf("%+v", report)
	}
	r.now = r.now.Add(time.Millisecond)
	if report := r.run(); report.Changes != 1 {
		t.Errorf("%+v", report)
	}
	if report := r.run(); report != (feed.Report{}) {
		t.Errorf("again: %+v", report)
	}
}

// A system is told what desk.yaml says that it is told, with what it needs.
func TestToldWhatDeskYAMLSays(t *testing.T) {
	leavers, blind, nobody := system("leavers"), system("blind"), system("nobody")
	leavers.Told, blind.Needs, nobody.Told = []string{"opt_out"}, nil, []string{"erasure"}
	r := newRig(t, leavers, blind, nobody)
	r.choose("out@example.com", "email", optout.Out)
	r.choose("back@example.com", "email", optout.In)
	r.choose("pause@example.com", "sms", optout.Paused)
	r.now = r.now.Add(time.Hour)
	r.run()
	count := map[string]int{}
	for id, way := range r.ways {
		for _, c := range way.knows {
			count[id]++
			if id == "blind" != c.Address.IsZero() {
				t.Errorf("%s is told %+v", id, c)
			}
		}
	}
	if count["leavers"] != 2 || count["blind"] != 3 || count["nobody"] != 0 {
		t.Error(count)
	}
	r.choose("out@example.com", "email", optout.In)
	r.now = r.now.Add(time.Hour)
	if r.run(); len(r.ways["leavers"].calls) != 1 || len(r.ways["blind"].calls) != 2 {
		t.Error("whoever is not told of returns was called for one")
	}
}

func TestNewAndRemovedSystems(t *testing.T) {
	r := newRig(t, system("crm"), system("news"))
	both := r.drain.Systems
	r.choose("a@example.com", "email", optout.Out)
	r.drain.Systems = both[:1]
	r.settle(5 * time.Minute)
	r.drain.Systems = both
	r.settle(5 * time.Minute)
	r.knowsAll("crm")
	r.knowsAll("news")
	r.drain.Systems = both[1:]
	r.settle(time.Minute)
	if left, _ := r.table.Cursors(background); len(left) != 1 || left[0].System != "news" {
		t.Errorf("%+v", left)
	}
	r.drain.Systems = both // it begins at the beginning
	if r.settle(time.Minute); len(r.ways["crm"].calls) != 2 || len(r.ways["news"].calls) != 1 {
		t.Errorf("%d and %d calls", len(r.ways["crm"].calls), len(r.ways["news"].calls))
	}
}

// A system that is down for two days loses nothing, and holds up no other.
func TestDownForTwoDays(t *testing.T) {
	r := newRig(t, system("crm"), system("news"))
	r.ways["crm"].fails = func(feed.Batch) error { return down }
	for day := range 2 {
		for i := range 250 {
			r.choose(fmt.Sprintf("a%d@example.com", i), "email", []optout.State{optout.Out, optout.Paused}[(day+i)%2])
		}
		r.settle(24 * time.Hour)
		r.knowsAll("news")
	}
	if report := r.run(); report.Behind < 47*time.Hour || report.Failed > 1 {
		t.Errorf("%+v", report)
	}
	if n := len(r.ways["crm"].calls); n < 6 || n > 10 {
		t.Errorf("%d attempts in two days", n)
	}
	ids := map[string]bool{}
	for _, b := range r.ways["crm"].calls {
		ids[b.ID] = true
	}
	if len(ids) != 2 { // on the second day all of it had changed
		t.Errorf("%d batches were tried", len(ids))
	}
	r.ways["crm"].fails = nil
	r.settle(48 * time.Hour)
	r.knowsAll("crm")
	if report := r.run(); report != (feed.Report{}) {
		t.Errorf("%+v", report)
	}
}

func TestWhenAnAttemptIsMadeAgain(t *testing.T) {
	for name, c := range map[string]struct {
		because error
		want    []time.Duration
	}{
		"down":        {down, append(slices.Clone(ledger.Retry), 24*time.Hour, 24*time.Hour)},
		"gone":        {fault.New(fault.Invalid, "gone"), []time.Duration{24 * time.Hour, 24 * time.Hour}},
		"a bug":       {context.DeadlineExceeded, ledger.Retry[:2]},
		"Retry-After": {&fault.Error{Code: fault.TooMany, RetryAt: testkit.T0.Add(2 * time.Hour)}, []time.Duration{time.Hour, 5 * time.Minute, 30 * time.Minute}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, system("crm"))
			r.ways["crm"].fails = func(feed.Batch) error { return c.because }
			r.choose("a@example.com", "email", optout.Out)
			r.now = r.now.Add(time.Hour)
			for i, want := range c.want {
				r.run()
				r.now = r.now.Add(want - time.Millisecond)
				r.run()
				if r.now = r.now.Add(time.Millisecond); len(r.ways["crm"].calls) != i+1 {
					t.Fatalf("%d attempts before %v", len(r.ways["crm"].calls), want)
				}
			}
		})
	}
}
