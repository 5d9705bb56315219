package feed_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/optout"
)

// life ends at a step: before or after a call of the store or of a system.
type life struct {
	feed.Store
	step, killAt int
}

func (l *life) alive() error {
	if l.step++; l.killAt > 0 && l.step >= l.killAt {
		return killed
	}
	return nil
}

func (l *life) SaveCursor(ctx context.Context, c feed.Cursor) error {
	if err := l.alive(); err != nil {
		return err
	}
	err := l.Store.SaveCursor(ctx, c)
	if dead := l.alive(); dead != nil {
		return dead
	}
	return err
}

// A run that is killed at any step loses nothing and is not in the way of the next.
func TestKilledAtEveryStep(t *testing.T) {
	for killAt := 1; ; killAt++ {
		r := newRig(t, system("crm"))
		for i := range 150 {
			r.choose(fmt.Sprintf("a%d@example.com", i), "email", optout.Out)
		}
		r.now = r.now.Add(time.Hour)
		one := &life{Store: r.table, killAt: killAt}
		told := map[string]int{}
		r.ways["crm"].fails = func(b feed.Batch) error {
			if err := one.alive(); err != nil {
				return err
			}
			told[b.ID]++
			return nil
		}
		r.drain.Store = one
		_, err := r.drain.Run(background, forever)
		over := err == nil && one.step < killAt
		one.killAt = 0
		r.settle(10 * time.Minute)
		r.knowsAll("crm")
		for id, n := range told {
			if n > 2 {
				t.Errorf("killed at %d: %s was told %d times", killAt, id, n)
			}
		}
		if over {
			if killAt < 9 {
				t.Fatalf("a run has only %d steps", killAt)
			}
			return
		}
	}
}

func TestTwoRunsAtOnce(t *testing.T) {
	r := newRig(t, system("crm"), system("news"))
	for i := range 950 {
		r.choose(fmt.Sprintf("a%d@example.com", i), "email", optout.Out)
	}
	r.now = r.now.Add(time.Hour)
	var runs sync.WaitGroup
	for range 4 {
		runs.Go(func() {
			if _, err := r.drain.Run(background, forever); err != nil {
				t.Error(err)
			}
		})
	}
	runs.Wait()
	r.settle(5 * time.Minute)
	for id, way := range r.ways {
		r.knowsAll(id)
		if len(way.calls) != 10 {
			t.Errorf("%s has had %d calls", id, len(way.calls))
		}
	}
}

// Whatever fails and whenever people choose: each system ends knowing what holds.
func TestSystemsEndKnowingAll(t *testing.T) {
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 14))
		r := newRig(t, system("crm"), system("news"))
		one := &life{Store: r.table}
		r.drain.Store = one
		for _, way := range r.ways {
			way.fails = func(feed.Batch) error {
				if random.IntN(3) == 0 {
					return down
				}
				return nil
			}
		}
		for range 300 {
			for range random.IntN(9) {
				to := []optout.State{optout.Out, optout.In, optout.Paused}[random.IntN(3)]
				r.choose(fmt.Sprintf("a%d@example.com", random.IntN(300)), []optout.Scope{"email", "email/news", "sms"}[random.IntN(3)], to)
				r.now = r.now.Add(time.Duration(random.IntN(20_000)) * time.Millisecond)
			}
			if one.killAt = 0; random.IntN(4) == 0 {
				one.step, one.killAt = 0, 1+random.IntN(8)
			}
			_, _ = r.drain.Run(background, forever)
		}
		one.killAt = 0
		for _, way := range r.ways {
			way.fails = nil
		}
		r.settle(48 * time.Hour)
		r.knowsAll("crm")
		r.knowsAll("news")
	}
}
