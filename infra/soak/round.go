package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit/faults"
	"privacydesk/shared/testkit/template"
)

// parts are what a round tries. A test breaks one to see that it is noticed.
type parts struct {
	store feedback.EventStore
	queue suppression.Queue
	list  suppression.List
}

// world is one round: people, the desk in pieces, its table and its list, and
// a proxy with faults between them.
type world struct {
	*course
	*observer

	parts          parts
	raw            *optouts.Store // through the proxy, and never broken
	bulk           bool           // large backlogs go by import jobs
	repairs        bool           // somebody damages SES's list, and reconciliations repair that
	jobIDs         int
	runIDs         int
	warmReconciler *suppression.Reconciler // as warm
	lists          [][]backfill.Row        // that were imported
	damaged        map[string]bool         // addresses that the console has been at since the last check
	removed        map[string]bool         // and whom it has ever removed
	warm           *suppression.Syncer     // outlives a run, as a process of Lambda does; nil after a kill
	people         []person.Address
	subject        person.Address // whom the last call was about
	focus          person.Address // who acts now, if it is no matter of chance
	doing          []*op          // what is under way, the innermost last
	undo           []link
	confirm        []link
	mail           []delivery
	crm            *crm // another system; nil: there is none
}

// op is one thing that somebody does. Once it is dead none of its calls
// arrives any more.
type op struct {
	kind  string
	dead  bool
	lifts map[faults.Row]int // the versions of opt-outs that it may lawfully take back
	undo  string             // the page view whose opt-out it may
	left  []faults.Row       // who left what by it, as the calls went by
	erase bool               // an erasure is requested with it

	listed map[faults.Row]string // of an import: the latest date of each record
	even   bool                  // … which people do not escape who have come back since
}

// link is what a person holds in their hands: it is good for the versions
// that it names, or for the opt-out that a page view made.
type link struct {
	address  person.Address
	versions map[optout.Scope]int
	scope    optout.Scope // of an undo
	madeBy   string
	until    time.Time
}

// delivery is an event of SES on its way.
type delivery struct {
	at    time.Time
	event feedback.Finding
}

func newWorld(ctx context.Context, r run, seed uint64) (*world, error) {
	w := &world{bulk: seed%3 == 1 && !r.plain, repairs: seed%4 == 3 && !r.plain, damaged: map[string]bool{}, removed: map[string]bool{}}
	w.observer = newObserver(w)
	tables := slices.DeleteFunc(slices.Clone(r.tables), func(t template.Table) bool { return t.LogicalID != "OptOutsTable" })
	var err error
	if w.course, err = newCourse(ctx, r, seed, 0, tables, w.effect); err != nil {
		return nil, err
	}
	w.plan = &faults.Plan{Seed: seed, Clock: w.clock, Often: 0.12, Crowd: 0.08, Kill: w.kill, MayAct: w.mayAct, Act: w.actMeanwhile}
	for _, local := range []string{"päul", "p1", "p2", "p3", "p4", "p5"} { // SES cannot hold the first
		a, err := person.Parse(local + "@example.com")
		if err != nil {
			return nil, err
		}
		w.people = append(w.people, a)
	}
	if !r.plain {
		w.crm = newCRM(seed)
	}
	week := 7 * 24 * time.Hour
	w.raw = &optouts.Store{Table: dynamo.Table{DB: w.dynamoDB(), Name: w.table()}, Periods: optouts.Periods{Jobs: week, Runs: week, Drifts: week}}
	w.parts = parts{store: w.raw, queue: w.raw, list: ses.List{Client: ses.NewClient(w.ses())}}
	if r.breakIt != nil {
		r.breakIt(w)
	}
	return w, nil
}

func (w *world) table() string { return w.tables["OptOutsTable"] }

func (w *world) service() *optout.Service {
	return &optout.Service{Store: w.parts.store, Key: w.key, Now: w.clock.Now, Zone: time.UTC}
}

func (w *world) checker() *screening.Checker {
	return &screening.Checker{Store: w.parts.store, Key: w.key, Now: w.clock.Now}
}

func (w *world) recorder() *feedback.Recorder {
	return &feedback.Recorder{Store: w.parts.store, Key: w.key, Now: w.clock.Now, Soft: feedback.SoftBounces{Days: 3, Within: 7}}
}

// syncer is that of the warm process, or of a new one.
func (w *world) syncer(another bool) *suppression.Syncer {
	if w.warm != nil && !another {
		return w.warm
	}
	p := &suppression.Syncer{
		Queue: w.parts.queue, List: w.parts.list, Pace: rate.NewLimiter(rate.Inf, 1), Now: w.clock.Now,
		Sleep: func(_ context.Context, d time.Duration) { w.clock.Move(d) },
	}
	if w.bulk {
		p.Bulk = &suppression.Bulk{
			Queue: w.raw, Over: 3, NewID: w.jobID,
			List: ses.Bulk{Client: w.parts.list.(ses.List).Client, Bucket: "bulk", Objects: objects{w.front, aws.NewClient(once)}},
		}
	}
	if !another {
		w.warm = p
	}
	return p
}

// do does something as one op. Whatever it calls belongs to it.
func (w *world) do(o *op, f func() error) error {
	w.trace("%s %s", stamp(w.clock.Now()), o.kind)
	w.doing = append(w.doing, o)
	defer func() { w.doing = w.doing[:len(w.doing)-1] }()
	return f()
}

func (w *world) now() *op {
	if len(w.doing) == 0 {
		return &op{kind: "nobody"}
	}
	return w.doing[len(w.doing)-1]
}

func (w *world) kill(*faults.Call) { w.now().dead = true }

// mayAct keeps others from acting inside of what acts inside, and while a bulk
// job or a reconciliation writes rows at the same time, where the order would not be the
// seed's.
func (w *world) mayAct(c *faults.Call) bool {
	atOnce := w.now().kind == "reconcile" || w.bulk && w.now().kind == "sync"
	return len(w.doing) == 1 && !(atOnce && c.Operation == "UpdateItem")
}

func (w *world) outcome(c *faults.Call) faults.Outcome {
	if w.now().dead {
		return faults.Outcome{Lost: true}
	}
	if len(w.doing) == 1 && len(c.Rows) > 0 {
		for _, a := range w.people {
			if string(w.key.Ref(a)) == c.Rows[0].Ref {
				w.subject = a
			}
		}
	}
	f := w.plan.Outcome(c)
	if f.Lost || f.Stale || f.Meanwhile != nil || f.Refused.Status != 0 {
		w.trace("  %s: %s %v: lost %v, stale %v, refused %d, meanwhile %v, after %v", w.now().kind, c.Operation, c.Rows, f.Lost, f.Stale, f.Refused.Status, f.Meanwhile != nil, f.After)
	}
	return f
}

func (w *world) jobID() string {
	w.jobIDs++
	return fmt.Sprintf("job%d", w.jobIDs)
}
