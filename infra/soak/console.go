package main

import (
	"context"
	"math/rand/v2"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
)

// console is a colleague who removes an entry from SES's list, or adds one, by
// hand. A reconciliation must repair it: an entry of somebody of whom
// nothing was known becomes a record, one of somebody who came back goes.
func (w *world) console(random *rand.Rand) {
	if !w.repairs {
		return
	}
	a := w.somebody(random)
	if !a.ASCII() {
		return
	}
	w.damaged[a.Reveal()] = true
	w.plan.Count("the console")
	reason := suppression.ListedComplaint
	switch what := random.IntN(8); {
	case what < 4:
		w.trace("  the console removes %s", a.Reveal())
		w.removed[a.Reveal()] = true
		w.sesUnlists(a)
		return
	case what == 4:
		reason = suppression.ListedBounce
	}
	w.trace("  the console adds %s as %s", a.Reveal(), reason)
	w.added[string(w.key.Ref(a))] = true
	_ = ses.List{Client: ses.NewClient(client(w.stand.URL, once))}.Put(context.Background(), a, reason)
}

// reconcile goes a piece of the way through a run, and begins one if none is
// under way. A run that is killed goes on as another process.
func (w *world) reconcile(random *rand.Rand) {
	if !w.repairs || len(w.doing) > 0 {
		return
	}
	o := &op{kind: "reconcile"}
	_ = w.do(o, func() error {
		c := w.reconciler()
		if err := c.Start(context.Background(), random.IntN(6) == 0); err != nil {
			return err
		}
		_, err := c.Work(context.Background(), w.clock.Now().Add(time.Duration(1+random.IntN(45))*time.Second), func(context.Context) error { return nil })
		return err
	})
	if o.dead {
		w.warmReconciler = nil
	}
}

func (w *world) reconciler() *suppression.Reconciler {
	if w.warmReconciler == nil {
		w.warmReconciler = &suppression.Reconciler{
			Ledger: w.raw, Runs: w.raw, List: ses.List{Client: w.parts.list.(ses.List).Client}, Pace: rate.NewLimiter(rate.Inf, 1),
			Key: func(context.Context) (person.Key, error) { return w.key, nil },
			Now: w.clock.Now, Sleep: func(_ context.Context, d time.Duration) { w.clock.Move(d) }, NewID: w.runID,
		}
	}
	return w.warmReconciler
}

func (w *world) runID() string {
	w.runIDs++
	return "run" + strconv.Itoa(w.runIDs)
}

// repair ends the run under way, and makes one more, without faults.
func (w *world) repair(ctx context.Context) {
	for range 2 {
		err := w.do(&op{kind: "reconcile"}, func() error {
			c := w.reconciler()
			if err := c.Start(ctx, false); err != nil {
				return err
			}
			_, err := c.Work(ctx, time.Time{}, func(context.Context) error { return nil })
			return err
		})
		if err != nil {
			w.reportDrift("the reconciliation fails without a fault: %v", err)
		}
		w.clock.Move(time.Second)
	}
	clear(w.damaged)
}
