package main

import (
	"context"
	"flag"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/optout"
	"privacydesk/shared/person"
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
	breakIt func(*parts)
	lost    bool   // or drift
	seed    uint64 // of a round that notices it; later ones do too
}{
	"an opt-out is accepted and not written": {func(p *parts) { p.store = &forgetful{HearStore: p.store} }, true, 2},
	"coming back asks for no version":        {func(p *parts) { p.store = careless{p.store} }, true, 2},
	"the first date is the last":             {func(p *parts) { p.store = rewriting{p.store} }, true, 2},
	"the other records are not looked at":    {func(p *parts) { p.queue = lonely{p.queue} }, false, 2},
	"a throttled call counts as done":        {func(p *parts) { p.list = hopeful{p.list} }, false, 13},
	"news overtake each other":               {func(p *parts) { p.store = hasty{p.store} }, true, 3},
}

func TestBrokenDesksAreCaught(t *testing.T) {
	for name, c := range broken {
		t.Run(name, func(t *testing.T) {
			r := newRun(t, c.seed)
			r.breakIt, r.say = c.breakIt, new(strings.Builder)
			r.plain = true
			s, err := r.until(t.Context(), time.Now().Add(time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			if got := s.lost > 0; !s.failed() || got != c.lost {
				t.Errorf("%v\n%v", s, r.say)
			}
			t.Logf("caught in round %d: %v", s.rounds, s)
		})
	}
}

// forgetful loses every eighth opt-out.
type forgetful struct {
	optout.HearStore
	n int
}

func (f *forgetful) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	if f.n++; f.n%8 == 0 && c.To == optout.Out && c.Told == nil {
		return optout.Record{Key: c.Key, State: c.To, Version: 1, Address: c.Address}, nil
	}
	return f.HearStore.Apply(ctx, c)
}

type careless struct{ optout.HearStore }

func (s careless) ApplyAll(ctx context.Context, all []optout.Change, ask *optout.Ask) error {
	for i := range all {
		all[i].IfVersion = 0
	}
	return s.HearStore.ApplyAll(ctx, all, ask)
}

type rewriting struct{ optout.HearStore }

func (s rewriting) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	if c.To == optout.Out && c.Told == nil {
		c.Told = &optout.Told{At: c.Evidence.At, FirstAt: c.Evidence.At}
	}
	return s.HearStore.Apply(ctx, c)
}

type hasty struct{ optout.HearStore }

func (s hasty) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	if c.Told != nil {
		c.IfVersion = 0
	}
	return s.HearStore.Apply(ctx, c)
}

type lonely struct{ optout.Queue }

func (lonely) Records(context.Context, []optout.Key) (map[optout.Key]optout.Record, error) {
	return nil, nil
}

type hopeful struct{ optout.List }

func (l hopeful) Put(ctx context.Context, a person.Address, reason optout.ListReason) error {
	_ = l.List.Put(ctx, a, reason)
	return nil
}

func (l hopeful) Delete(ctx context.Context, a person.Address) error {
	_ = l.List.Delete(ctx, a)
	return nil
}
