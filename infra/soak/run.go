package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/testkit/template"
)

// stepsOfRound is how many acts a round has before its people, its table and
// its list are made anew under the next seed.
const stepsOfRound = 240

// checkEvery is after how many steps everything is drained and checked.
const checkEvery = 60

// run is rounds one after the other until the time is up.
type run struct {
	endpoint   string
	tables     []template.Table
	seed       uint64
	now        func() time.Time
	say        io.Writer
	keep       string // folder for the last steps of a round that fails; "": they are not kept
	trace      bool   // say everything that happens
	breakIt    func(*world)
	breakPost  func(*post)
	breakTasks func(*tasks)
	plain      bool // no bulk jobs, no letters, and nobody damages SES's list
}

// sum is what a run comes to.
type sum struct {
	steps, accepted, lost, drift, choices, rounds int
	letters                                       letterSum
	tasks                                         taskSum
	faults                                        map[string]int
	first                                         uint64 // seed of the first round that failed
}

// letterSum counts letters by what became of them. What is unknown raised an alarm.
type letterSum struct{ due, sent, unknown, obsolete, lost int }

func (s sum) failed() bool { return s.lost+s.drift+s.letters.lost+s.tasks.lost > 0 }

// String is the line that a soak ends with.
func (s sum) String() string {
	n := 0
	for _, c := range s.faults {
		n += c
	}
	return fmt.Sprintf("steps %d, faults %d, accepted %d, lost %d, drift %d, letters %d due, %d sent, %d unknown and reported, %d obsolete, %d lost, "+
		"tasks of other systems %d done, %d set by hand, %d without an answer, %d lost",
		s.steps, n, s.accepted, s.lost, s.drift, s.letters.due, s.letters.sent, s.letters.unknown, s.letters.obsolete, s.letters.lost,
		s.tasks.done, s.tasks.setByHand, s.tasks.lapsed, s.tasks.lost)
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
	w, err := newWorld(ctx, r, seed)
	if err != nil {
		return err
	}
	defer w.end()
	step := w.run(ctx)
	s.rounds++
	s.accepted, s.choices, s.lost, s.drift = s.accepted+w.accepted, s.choices+w.seen, s.lost+len(w.lost), s.drift+len(w.drift)
	if err := r.add(s, seed, step, w.course, slices.Concat(w.lost, w.drift)); err != nil || s.failed() || r.plain {
		return err
	}
	if err := r.post(ctx, seed, s); err != nil || s.failed() {
		return err
	}
	return r.tell(ctx, seed, s)
}

// tell plays the other systems' part of the round.
func (r run) tell(ctx context.Context, seed uint64, s *sum) error {
	t, err := newTasks(ctx, r, seed)
	if err != nil {
		return err
	}
	defer t.end()
	step, did, all := t.run(ctx), t.sum, &s.tasks
	did.lost = len(t.lost)
	all.done, all.setByHand, all.lapsed, all.lost = all.done+did.done, all.setByHand+did.setByHand, all.lapsed+did.lapsed, all.lost+did.lost
	return r.add(s, seed, step, t.course, t.lost)
}

// post plays the letters' part of the round.
func (r run) post(ctx context.Context, seed uint64, s *sum) error {
	p, err := newPost(ctx, r, seed)
	if err != nil {
		return err
	}
	defer p.end()
	step, l := p.run(ctx), &s.letters
	l.due, l.sent, l.unknown, l.obsolete, l.lost = l.due+p.due, l.sent+p.sent, l.unknown+p.unknown, l.obsolete+p.obsolete, l.lost+len(p.lost)
	return r.add(s, seed, step, p.course, p.lost)
}

// add counts a part of a round. It prints what failed in it, and keeps the last steps.
func (r run) add(s *sum, seed uint64, step int, c *course, failures []string) error {
	s.steps += step
	for name, n := range c.plan.Counts() {
		s.faults[name] += n
	}
	if !s.failed() {
		return nil
	}
	s.first = seed
	again := fmt.Sprintf("again: make soak SEED=%d SECONDS=1", seed)
	wrong := fmt.Sprintf("seed %d, by step %d:\n  %s", seed, step, strings.Join(failures, "\n  "))
	fmt.Fprintf(r.say, "%s\n%s\n", wrong, again)
	if r.keep == "" {
		return nil
	}
	file := filepath.Join(r.keep, fmt.Sprintf("seed-%d.txt", seed))
	fmt.Fprintln(r.say, "its last steps:", file)
	if err := os.MkdirAll(r.keep, 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(strings.Join(append(c.said, wrong, again, ""), "\n")), 0o644)
}

// run plays the opt-outs' part of the round.
func (w *world) run(ctx context.Context) (steps int) {
	w.proxy.Decide(w.outcome)
	failed := func() bool { return len(w.lost)+len(w.drift) > 0 }
	steps = w.play(stepsOfRound, func() { w.act(w.random); w.sometimesTellCRM(ctx) }, func() { w.drainAndCheck(ctx) }, failed)
	if !failed() {
		w.clock.Move(100 * 24 * time.Hour) // all pauses are over
		w.drainAndCheck(ctx)
	}
	return steps
}

func (s sum) table() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s.faults)) {
		fmt.Fprintf(&b, "%6d  %s\n", s.faults[name], name)
	}
	return b.String()
}
