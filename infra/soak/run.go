package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/testkit/template"
)

// stepsOfRound is how many acts a round has before its people, its table and
// its list are made anew under the next seed.
const stepsOfRound = 240

// settleEvery is how often the round comes to rest in between.
const settleEvery = 60

// run is rounds one after the other until the time is up.
type run struct {
	endpoint  string
	tables    []template.Table
	seed      uint64
	now       func() time.Time
	say       io.Writer
	trace     bool // say everything that happens
	breakIt   func(*world)
	breakPost func(*post)
	plain     bool // no bulk jobs, no letters, and nobody damages SES's list
}

// sum is what a run comes to.
type sum struct {
	steps, accepted, lost, drift, choices, rounds int
	letters                                       letterSum
	faults                                        map[string]int
	first                                         uint64 // seed of the first round that failed
}

// letterSum counts letters by what became of them. What is unknown rang.
type letterSum struct{ due, sent, unknown, obsolete, lost int }

func (s sum) failed() bool { return s.lost+s.drift+s.letters.lost > 0 }

// String is the line that a soak ends with.
func (s sum) String() string {
	n := 0
	for _, c := range s.faults {
		n += c
	}
	return fmt.Sprintf("steps %d, faults %d, accepted %d, lost %d, drift %d, letters %d due, %d sent, %d unknown and told, %d obsolete, %d lost",
		s.steps, n, s.accepted, s.lost, s.drift, s.letters.due, s.letters.sent, s.letters.unknown, s.letters.obsolete, s.letters.lost)
}

// until runs rounds until the time end, at least one, and ends with the first
// that fails.
func (r run) until(ctx context.Context, end time.Time) (sum, error) {
	s := sum{faults: map[string]int{}}
	for seed := r.seed; s.rounds == 0 || r.now().Before(end) && !s.failed(); seed++ {
		if err := r.round(ctx, seed, &s); err != nil {
			return s, fmt.Errorf("seed %d: %w", seed, err)
		}
	}
	return s, nil
}

func (r run) round(ctx context.Context, seed uint64, s *sum) error {
	w, err := newWorld(ctx, r.endpoint, r.tables, seed, r.breakIt)
	if err != nil {
		return err
	}
	defer w.end()
	w.bulk, w.repairs = w.bulk && !r.plain, w.repairs && !r.plain
	if r.trace {
		w.trace = func(format string, args ...any) { fmt.Fprintf(r.say, format+"\n", args...) }
	}
	step := w.play(ctx)
	s.rounds++
	s.steps += step
	s.accepted += w.accepted
	s.choices += w.seen
	s.lost += len(w.lost)
	s.drift += len(w.drift)
	for name, n := range w.plan.Counts() {
		s.faults[name] += n
	}
	if s.failed() {
		r.fails(s, seed, step, slices.Concat(w.lost, w.drift))
		return nil
	}
	if r.plain {
		return nil
	}
	return r.post(ctx, seed, s)
}

// post plays the letters' part of the round.
func (r run) post(ctx context.Context, seed uint64, s *sum) error {
	p, err := newPost(ctx, r.endpoint, r.tables, seed, r.breakPost)
	if err != nil {
		return err
	}
	defer p.end()
	if r.trace {
		p.trace = func(format string, args ...any) { fmt.Fprintf(r.say, format+"\n", args...) }
	}
	step := p.play(ctx)
	s.steps += step
	l := &s.letters
	l.due, l.sent, l.unknown, l.obsolete, l.lost = l.due+p.due, l.sent+p.sent, l.unknown+p.unknown, l.obsolete+p.obsolete, l.lost+len(p.lost)
	for name, n := range p.plan.Counts() {
		s.faults[name] += n
	}
	if s.failed() {
		r.fails(s, seed, step, p.lost)
	}
	return nil
}

func (r run) fails(s *sum, seed uint64, step int, lines []string) {
	s.first = seed
	fmt.Fprintf(r.say, "seed %d, by step %d:\n", seed, step)
	for _, line := range lines {
		fmt.Fprintln(r.say, "  "+line)
	}
	fmt.Fprintf(r.say, "again: make soak SEED=%d SECONDS=1\n", seed)
}

// play plays the round until its end or until something is wrong.
func (w *world) play(ctx context.Context) (step int) {
	w.proxy.Decide(w.outcome)
	for step = 1; step <= stepsOfRound; step++ {
		w.plan.Begin(uint64(step))
		w.trace("step %d", step)
		w.freeze(w.frozen, w.plan)
		w.act(w.random)
		if step%settleEvery == 0 {
			w.settle(ctx)
		}
		if len(w.lost)+len(w.drift) > 0 {
			return step
		}
	}
	w.clock.Move(100 * 24 * time.Hour) // all pauses are over
	w.settle(ctx)
	return stepsOfRound
}

func (s sum) table() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s.faults)) {
		fmt.Fprintf(&b, "%6d  %s\n", s.faults[name], name)
	}
	return b.String()
}
