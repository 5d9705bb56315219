package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
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
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/faults"
	"privacydesk/shared/testkit/template"
)

// epoch is when every round begins. It is later than any real clock, so that
// DynamoDB Local takes no row as expired.
var epoch = time.Date(2035, 1, 1, 0, 0, 0, 0, time.UTC)

// parts are what a round tries. A test breaks one to see that it is noticed.
type parts struct {
	store feedback.EventStore
	queue suppression.Queue
	list  suppression.List
}

// world is one round: people, the desk in pieces, its table and its list, and
// a proxy with faults between them.
type world struct {
	seed   uint64
	random *rand.Rand // of the course of the round; what calls suffer is drawn elsewhere
	clock  *faults.Clock
	plan   *faults.Plan
	frozen *rand.Rand
	direct *dynamodb.Client // without faults
	table  string
	key    person.Key
	*wire
	*witness

	parts          parts
	raw            *optouts.Store // through the proxy, and never broken
	bulk           bool           // large backlogs go by import jobs
	repairs        bool           // somebody damages SES's list, and reconciliations repair that
	jobIDs         int
	runIDs         int
	warmReconciler *suppression.Reconciler // as warm
	lists          [][]backfill.Row        // that were taken over
	damaged        map[string]bool         // addresses that the console has been at since all was settled
	removed        map[string]bool         // and whom it has ever removed
	warm           *suppression.Syncer     // outlives a run, as a process of Lambda does; nil after a kill
	people         []person.Address
	subject        person.Address // whom the last call was about
	focus          person.Address // who acts now, if it is no matter of chance
	doing          []*op          // what is under way, the innermost last
	undo           []link
	confirm        []link
	mail           []delivery
	closers        []func()
	trace          func(format string, args ...any)
}

// op is one thing that somebody does. Once it is dead none of its calls
// arrives any more.
type op struct {
	kind  string
	dead  bool
	lifts map[faults.Row]int // the versions of opt-outs that it may lawfully take back
	undo  string             // the page view whose opt-out it may
	left  []faults.Row       // who left what by it, as the calls went by
	erase bool               // with the wish to be erased

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

const folks = 6

func newWorld(ctx context.Context, endpoint string, tables []template.Table, seed uint64, breakIt func(*world)) (*world, error) {
	w := &world{
		seed: seed, random: rand.New(rand.NewPCG(seed, 0)), frozen: rand.New(rand.NewPCG(seed, 1)), clock: faults.NewClock(epoch), direct: database.Client(endpoint),
		bulk: seed%3 == 1, repairs: seed%4 == 3, damaged: map[string]bool{}, removed: map[string]bool{}, trace: func(string, ...any) {},
	}
	w.plan = &faults.Plan{Seed: seed, Clock: w.clock, Often: 0.12, Crowd: 0.08, Kill: w.kill, MayAct: w.mayAct, Act: w.actMeanwhile}
	var err error
	if w.key, err = person.NewKey("a reference key for tests, 32 characters or more"); err != nil {
		return nil, err
	}
	for i := range folks {
		local := fmt.Sprintf("p%d", i)
		if i == 0 {
			local = "päul" // whom SES cannot hold
		}
		a, err := person.Parse(local + "@example.com")
		if err != nil {
			return nil, err
		}
		w.people = append(w.people, a)
	}
	if err := w.tables(ctx, tables); err != nil {
		return nil, err
	}
	w.witness = newWitness(w)
	if err := w.connect(endpoint); err != nil {
		return nil, err
	}
	if breakIt != nil {
		breakIt(w)
	}
	return w, nil
}

var made atomic.Int64

func (w *world) tables(ctx context.Context, tables []template.Table) error {
	for _, table := range tables {
		if table.LogicalID != "OptOutsTable" {
			continue
		}
		table.Stream = "" // its records are hints, which the round itself loses
		prefix := fmt.Sprintf("soak-%d-%d-", time.Now().UnixNano(), made.Add(1))
		w.table = prefix + table.Name
		w.closers = append(w.closers, func() {
			_, _ = w.direct.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &w.table})
		})
		return database.CreateTables(ctx, w.direct, []template.Table{table}, prefix)
	}
	return errors.New("template.yaml has no OptOutsTable")
}

// connect puts the desk together, every call of it through the proxy.
func (w *world) connect(endpoint string) error {
	var err error
	if w.wire, err = newWire(endpoint, w.clock.Now, w.effect); err != nil {
		return err
	}
	w.closers = append(w.closers, w.wire.close...)
	week := 7 * 24 * time.Hour
	w.raw = &optouts.Store{Table: dynamo.Table{DB: w.dynamoDB(), Name: w.table}, Periods: optouts.Periods{Jobs: week, Runs: week, Drifts: week}}
	w.parts = parts{store: w.raw, queue: w.raw, list: ses.List{Client: ses.NewClient(w.ses())}}
	return nil
}

func (w *world) end() {
	for _, f := range w.closers {
		f()
	}
}

func (w *world) service() *optout.Service {
	return &optout.Service{Store: w.parts.store, Key: w.key, Now: w.clock.Now, Zone: time.UTC}
}

func (w *world) checker() *screening.Checker {
	return &screening.Checker{Store: w.parts.store, Key: w.key, Now: w.clock.Now}
}

func (w *world) listener() *feedback.Recorder {
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
// job or a walk writes rows at the same time, where the order would not be the
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
