package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

var seed = flag.Uint64("seed", 0, "seed of the first round; 0: the clock")

// runFor is how long the people are driven: with the tests of the test itself
// that makes about a minute, and less under -short.
func runFor(t *testing.T) time.Duration {
	if testing.Short() {
		return 8 * time.Second
	}
	return 50 * time.Second
}

func newRun(t *testing.T, seed uint64) run {
	endpoint := testkit.DynamoDBEndpoint(t)
	return run{endpoint: endpoint, tables: testkit.Template(t).Tables, seed: seed, now: time.Now, say: t.Output()}
}

// Whatever happens, no opt-out is lost and SES's list is the table's.
func TestNothingIsLostUnderFaults(t *testing.T) {
	first := *seed
	if first == 0 {
		first = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", first)
	s, err := newRun(t, first).until(t.Context(), time.Now().Add(runFor(t)))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v\n%s", s, s.table())
	if s.failed() {
		t.Errorf("%v; again: make soak SEED=%d SECONDS=1", s, s.first)
	}
	if len(s.faults) < 15 {
		t.Errorf("only %d kinds of faults have happened: nothing was tried", len(s.faults))
	}
}

// The same seed makes the same course of events, to the last write.
func TestTheSeedReplays(t *testing.T) {
	var told [2]strings.Builder
	for i := range told {
		r := newRun(t, 6) // without bulk jobs, which write at the same time
		r.say, r.trace = &told[i], true
		if _, err := r.until(t.Context(), time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	a, b := strings.Split(told[0].String(), "\n"), strings.Split(told[1].String(), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("line %d:\n%s\n%s", i, a[i], b[i])
		}
	}
	if len(a) != len(b) || len(a) < 500 {
		t.Errorf("%d and %d lines", len(a), len(b))
	}
}

// broken are desks with one mistake each, and what must notice it.
var broken = map[string]struct {
	breakIt func(*world)
	lost    bool   // or drift
	seed    uint64 // of a round that notices it; later ones do too
}{
	"an opt-out is accepted and not written": {func(w *world) { w.parts.store = &forgetful{EventStore: w.parts.store} }, true, 2},
	"coming back asks for no version":        {func(w *world) { w.parts.store = careless{w.parts.store} }, true, 2},
	"the first date is the last":             {func(w *world) { w.parts.store = rewriting{w.parts.store} }, true, 2},
	"the other records are not looked at":    {func(w *world) { w.parts.queue = lonely{w.parts.queue} }, false, 2},
	"a throttled call counts as done":        {func(w *world) { w.parts.list = hopeful{w.parts.list} }, false, 13},
	"a mark hides a newer choice":            {func(w *world) { w.parts.queue = fickle{hiding{w.parts.queue}, w} }, false, 5},
	"events overtake each other":             {func(w *world) { w.parts.store = hasty{w.parts.store} }, true, 3},
	"bounces are not in the feed":            {func(w *world) { w.parts.store = hushed{w.parts.store} }, true, 3},
}

func TestBrokenDesksAreCaught(t *testing.T) {
	for name, c := range broken {
		t.Run(name, func(t *testing.T) {
			r := newRun(t, c.seed)
			r.breakIt, r.say = c.breakIt, new(strings.Builder)
			r.plain, r.keep = true, t.TempDir()
			s, err := r.until(t.Context(), time.Now().Add(time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			kept, err := os.ReadFile(filepath.Join(r.keep, fmt.Sprintf("seed-%d.txt", s.first)))
			if err != nil || !strings.Contains(string(kept), "step ") || !strings.HasSuffix(string(kept), fmt.Sprintf("again: make soak SEED=%d SECONDS=1\n", s.first)) {
				t.Errorf("kept %d bytes: %v", len(kept), err)
			}
			if got := s.lost > 0; !s.failed() || got != c.lost {
				t.Errorf("%v\n%v", s, r.say)
			}
			t.Logf("caught in round %d: %v", s.rounds, s)
		})
	}
}

// A choice that falls between the call to SES and its mark is told as well.
func TestAChoiceBeforeTheMarkIsTold(t *testing.T) {
	r := newRun(t, 2)
	r.plain, r.breakIt = true, func(w *world) { w.parts.queue = fickle{w.parts.queue, w} }
	for range 3 {
		s, err := r.until(t.Context(), time.Time{})
		if err != nil || s.failed() {
			t.Fatal(s, err)
		}
		r.seed++
	}
}

// forgetful loses every eighth opt-out.
type forgetful struct {
	feedback.EventStore
	n int
}

func (f *forgetful) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	if f.n++; f.n%8 == 0 && c.To == optout.Out && c.Observed == nil {
		return optout.Record{Key: c.Key, State: c.To, Version: 1, Address: c.Address}, nil
	}
	return f.EventStore.Apply(ctx, c)
}

type careless struct{ feedback.EventStore }

func (s careless) ApplyAll(ctx context.Context, all []optout.Change, confirmation *optout.OptInConfirmation) error {
	for i := range all {
		all[i].IfVersion = 0
	}
	return s.EventStore.ApplyAll(ctx, all, confirmation)
}

type rewriting struct{ feedback.EventStore }

func (s rewriting) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	if c.To == optout.Out && c.Observed == nil {
		c.Observed = &optout.Observation{At: c.Evidence.At, FirstAt: c.Evidence.At}
	}
	return s.EventStore.Apply(ctx, c)
}

type hasty struct{ feedback.EventStore }

func (s hasty) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	if c.Observed != nil {
		c.IfVersion = 0
	}
	return s.EventStore.Apply(ctx, c)
}

// hushed tells no other system what SES reports.
type hushed struct{ feedback.EventStore }

func (s hushed) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	if c.Observed != nil {
		observed := *c.Observed
		observed.NoNews, c.Observed = true, &observed
	}
	return s.EventStore.Apply(ctx, c)
}

// fickle has the person choose again in the moment before the mark is written,
// one time in four: too rare a moment to wait for.
type fickle struct {
	suppression.Queue
	w *world
}

func (q fickle) MarkSynced(ctx context.Context, r optout.Record, p optout.Projection) error {
	for _, a := range q.w.people {
		if q.w.key.Ref(a) == r.Ref && len(q.w.doing) == 1 && q.w.random.IntN(4) == 0 {
			q.w.focus = a
			changesOfMind[q.w.random.IntN(len(changesOfMind))](q.w, q.w.random)
			q.w.focus = person.Address{}
		}
	}
	return q.Queue.MarkSynced(ctx, r, p)
}

// hiding marks whatever version the record has come to as told.
type hiding struct{ suppression.Queue }

func (q hiding) MarkSynced(ctx context.Context, r optout.Record, p optout.Projection) error {
	now, err := q.Records(ctx, []optout.Key{r.Key})
	if err != nil {
		return err
	}
	if v := now[r.Key].Version; v != r.Version {
		r.Version, p.DueAt = v, time.Time{}
	}
	return q.Queue.MarkSynced(ctx, r, p)
}

type lonely struct{ suppression.Queue }

func (lonely) Records(context.Context, []optout.Key) (map[optout.Key]optout.Record, error) {
	return nil, nil
}

type hopeful struct{ suppression.List }

func (l hopeful) Put(ctx context.Context, a person.Address, reason suppression.ListReason) error {
	_ = l.List.Put(ctx, a, reason)
	return nil
}

func (l hopeful) Delete(ctx context.Context, a person.Address) error {
	_ = l.List.Delete(ctx, a)
	return nil
}
