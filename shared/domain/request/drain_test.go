package request_test

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"sync"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
)

// wires are the systems of a desk, what each was told, and a drain whose run can die.
type wires struct {
	*desk
	mutex sync.Mutex
	told  map[string][]string // ids of notices, by system
	says  map[string]func(n int) (ledger.Answer, error)
	left  int  // calls until the run dies; negative: it lives
	after bool // it dies once the call has had its effect
}

var errDead = fault.New(fault.Unavailable, "the run is dead")

func newWires(t *testing.T) *wires {
	w := &wires{desk: newDeskWithSystems(t), told: map[string][]string{}, says: map[string]func(int) (ledger.Answer, error){}, left: -1}
	return w
}

// call makes a call that the run may not survive.
func (w *wires) call(f func() error) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	switch {
	case w.left == 0:
		return errDead
	case w.left > 0:
		w.left--
	}
	if w.left == 0 && !w.after {
		return errDead
	}
	err := f()
	if w.left == 0 {
		return errDead
	}
	return err
}

func (w *wires) Due(ctx context.Context, now time.Time) iter.Seq2[ledger.Entry, error] {
	return w.store.Due(ctx, now)
}

func (w *wires) Try(ctx context.Context, was, is ledger.Entry) error {
	return w.call(func() error { return w.store.Try(ctx, was, is) })
}

func (w *wires) Tell(_ context.Context, n ledger.Notice) (a ledger.Answer, err error) {
	dead := w.call(func() error {
		id := n.System.ID
		w.told[id] = append(w.told[id], n.ID)
		a = ledger.Answer{State: ledger.Told}
		if say := w.says[id]; say != nil {
			a, err = say(len(w.told[id]))
		}
		return nil
	})
	if dead != nil {
		return ledger.Answer{}, dead
	}
	return a, err
}

func (w *wires) drain() *ledger.Drain {
	ways := map[string]ledger.Way{}
	for _, s := range w.Settings.Systems {
		ways[s.Way] = w
	}
	return &ledger.Drain{
		Book: w, Systems: w.Settings.Systems, Ways: ways, Whom: w.Whom, Now: func() time.Time { return w.now },
		Do: func(ctx context.Context, id string, d ledger.Deed) error {
			return w.call(func() error { _, err := w.Ledger(ctx, id, d); return err })
		},
	}
}

func (w *wires) run() ledger.Report {
	w.t.Helper()
	report, err := w.drain().Run(background, func() bool { return false })
	if err != nil && w.left < 0 {
		w.t.Errorf("%v", err)
	}
	return report
}

func (w *wires) erasure() string {
	return w.grant(w.opened(w.asks(germany, deadline.Erasure)).ID).ID
}

// entries counts the entries of a history of a kind, by system.
func (w *wires) entries(id string, kind lifecycle.Event) map[string]int {
	count := map[string]int{}
	for _, e := range w.file(id).Events {
		if e.Kind == string(kind) {
			count[e.Facts["system"]]++
		}
	}
	return count
}

// Wherever a run dies, the next one goes on: each system has the same notice, once or more
// often, and the ledger says once that it was told.
func TestARunThatDiesLosesNothing(t *testing.T) {
	for _, after := range []bool{false, true} {
		for step := 1; step <= 13; step++ {
			w := newWires(t)
			id := w.erasure()
			w.left, w.after = step, after
			w.run()
			w.left = -1
			for range 3 {
				w.later(3 * time.Minute)
				w.run()
			}
			name := fmt.Sprintf("dead at call %d, after it: %v", step, after)
			if got := w.ledgerOf(id); strings.Contains(got, "due") {
				t.Errorf("%s: %s", name, got)
			}
			for _, s := range w.Settings.Systems {
				if n := w.entries(id, lifecycle.EventSystemTold)[s.ID]; n != 1 {
					t.Errorf("%s: %s was told %d times by the ledger", name, s.ID, n)
				}
				for _, notice := range w.told[s.ID] {
					if notice != id+".erasure."+s.ID {
						t.Errorf("%s: %s heard %s", name, s.ID, notice)
					}
				}
				if n := len(w.told[s.ID]); n < 1 || n > 2 {
					t.Errorf("%s: %s was called %d times", name, s.ID, n)
				}
			}
		}
	}
}

func TestTwoRunsAtOnceTellOnce(t *testing.T) {
	w := newWires(t)
	var ids []string
	for range 5 {
		ids = append(ids, w.erasure())
		w.later(time.Minute)
	}
	var runs sync.WaitGroup
	for range 2 {
		runs.Go(func() { w.run() })
	}
	runs.Wait()
	for _, s := range w.Settings.Systems {
		if len(w.told[s.ID]) != len(ids) {
			t.Errorf("%s was called %d times for %d requests", s.ID, len(w.told[s.ID]), len(ids))
		}
	}
}

// One that is down holds up no other, and is tried by the steps. After the last its owner
// has the task, and answers.
func TestASystemThatIsDown(t *testing.T) {
	w := newWires(t)
	down := fault.New(fault.Unavailable, "502")
	w.says["crm"] = func(int) (ledger.Answer, error) { return ledger.Answer{}, down }
	w.says["newsletter"] = func(int) (ledger.Answer, error) { return ledger.Answer{State: ledger.Done, Records: 1}, nil }
	id := w.erasure()
	if r := w.run(); r.Failed != 1 || r.Answered != 1 || r.Told != 2 {
		t.Errorf("%+v", r)
	}
	if got := w.ledgerOf(id); got != "erasure/crm=due erasure/newsletter=done erasure/contracts=told erasure/warehouse=told" {
		t.Error(got)
	}
	for n, step := range ledger.Retry {
		e := w.entry(id, "crm", ledger.Erasure)
		if e.Attempts != n+1 || e.Trouble != "unavailable" || !e.TellAt.Equal(w.now.Add(step)) {
			t.Fatalf("after attempt %d: %+v", n+1, e)
		}
		w.later(step - time.Millisecond)
		if w.run(); len(w.told["crm"]) != n+1 {
			t.Fatalf("too early after attempt %d", n+1)
		}
		w.later(time.Millisecond)
		w.run()
	}
	if e := w.entry(id, "crm", ledger.Erasure); !e.ByOwner || e.State != ledger.Due || w.entries(id, lifecycle.EventSystemHandedOver)["crm"] != 1 {
		t.Fatalf("%+v", e)
	}
	w.says["crm"] = nil // now its owner is mailed
	w.run()
	w.finish(id)
}

func (w *wires) finish(id string) {
	w.t.Helper()
	w.desk.answer(id, "crm", ledger.Erasure, "done")
	if r := w.desk.answer(id, "contracts", ledger.Erasure, "not_found"); r.State != lifecycle.Fulfilled {
		w.t.Errorf("%s: %s", r.State, w.ledgerOf(id))
	}
}

// What a system answers in other ways, and what follows.
func TestOtherAnswers(t *testing.T) {
	w := newWires(t)
	w.says["crm"] = func(int) (ledger.Answer, error) { return ledger.Answer{Gone: true}, nil }
	w.says["newsletter"] = func(n int) (ledger.Answer, error) {
		if n == 1 {
			return ledger.Answer{State: ledger.Told, RetryAt: w.now.Add(time.Hour)}, nil
		}
		return ledger.Answer{State: ledger.NotFound}, nil
	}
	w.says["contracts"] = func(int) (ledger.Answer, error) {
		return ledger.Answer{}, &fault.Error{Code: fault.TooMany, Message: "slow", RetryAt: w.now.Add(2 * time.Hour)}
	}
	w.says["warehouse"] = func(int) (ledger.Answer, error) { return ledger.Answer{State: "garbage"}, nil }
	id := w.erasure()
	began := w.now
	w.run()
	if e := w.entry(id, "crm", ledger.Erasure); !e.ByOwner {
		t.Errorf("410: %+v", e)
	}
	if e := w.entry(id, "newsletter", ledger.Erasure); e.State != ledger.Told || !e.TellAt.Equal(began.Add(time.Hour)) {
		t.Errorf("in an hour: %+v", e)
	}
	if e := w.entry(id, "contracts", ledger.Erasure); !e.TellAt.Equal(began.Add(2*time.Hour)) || e.Trouble != "too_many" {
		t.Errorf("429: %+v", e)
	}
	if e := w.entry(id, "warehouse", ledger.Erasure); e.State != ledger.Due || e.Trouble != "unavailable" {
		t.Errorf("garbage: %+v", e)
	}
	w.later(time.Hour)
	w.run()
	if e := w.entry(id, "newsletter", ledger.Erasure); e.State != ledger.NotFound {
		t.Errorf("asked: %+v", e)
	}
}

// Nobody waits for ever for one that need not answer.
func TestOneThatNeedNotAnswerLapses(t *testing.T) {
	w := newWires(t)
	id := w.erasure()
	w.run()
	w.later(15 * 24 * time.Hour)
	if r := w.run(); r.Lapsed != 1 {
		t.Errorf("%+v", r)
	}
	if e := w.entry(id, "warehouse", ledger.Erasure); e.State != ledger.Failed || e.Ground != ledger.NoAnswer || !e.Ended() {
		t.Errorf("%+v", e)
	}
	if e := w.entry(id, "crm", ledger.Erasure); e.State != ledger.Told || !e.Late(w.now) {
		t.Errorf("one that must: %+v", e)
	}
}
