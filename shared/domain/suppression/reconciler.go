package suppression

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Ledger is what a Reconciler needs of the table of opt-outs.
type Ledger interface {
	// Records, Apply and Requeue are those of Store and Queue.
	Records(context.Context, []optout.Key) (map[optout.Key]optout.Record, error)
	Apply(context.Context, optout.Change) (optout.Record, error)
	Requeue(ctx context.Context, k optout.Key, at time.Time) error
	// Forgotten marks a tombstone as one that SES does not list, so that the
	// person's next opt-out brings the address along. Other records stay.
	Forgotten(context.Context, optout.Key) error
	// Census reads the whole table in pages: of each record its key, state,
	// pause and projection, and nothing else. "" begins and ends.
	ScanRecords(ctx context.Context, cursor string) (page []optout.Record, next string, err error)
}

// Runs keeps how far a walk has come, so that it goes on after any end of the
// process, and what the finished ones have found.
type Runs interface {
	// Run returns the walk under way. NotFound: there is none.
	Run(context.Context) (Run, error)
	SaveRun(context.Context, Run) error
	// SaveSeen keeps part n of the marks that a walk has seen, which is written
	// at a time, longer than a walk may last; Seen reads it.
	SaveSeen(ctx context.Context, run string, n int, marks []uint64, at time.Time) error
	Seen(ctx context.Context, run string, n int) ([]uint64, error)
	// Finish keeps the report and forgets the walk.
	Finish(context.Context, Run) error
	// Walked returns when a Whole walk was last finished. Where none ever
	// was, that is when it was asked for first: now, and from then on.
	LastCompleted(ctx context.Context, now time.Time) (time.Time, error)
}

// Phase is what a walk is about to do.
type Phase string

// The phases of a walk.
const (
	ReadingList  Phase = "walking" // page by page through SES's list
	ReadingTable Phase = "mending" // through the table, for what was not seen
	Ending       Phase = "ending"  // the report is to be kept
)

// Run is a walk under way.
type Run struct {
	Drift
	Phase  Phase  `json:"phase"`
	Token  string `json:"token,omitempty"`  // of SES's next page
	Parts  int    `json:"parts"`            // of the marks kept
	Cursor string `json:"cursor,omitempty"` // of the table's next page, when mending
}

// Reconciler compares the whole SES suppression list with the table and mends
// what differs. Bounce and complaint entries that SES made itself are never
// deleted.
//
// It first reads the table into marks of 8 bytes, then walks the list once,
// page by page, then reads the table again if something was not seen. Only an
// entry that the marks do not expect costs a look at its records. It may be
// killed at any point and goes on from the last checkpoint.
type Reconciler struct {
	Ledger Ledger
	Runs   Runs
	List   PagedList
	Pace   Pace
	Key    func(context.Context) (person.Key, error) // asked for when there is a walk
	Now    func() time.Time
	Sleep  func(context.Context, time.Duration)
	NewID  func() string

	key    *person.Key
	memo   *memo
	walked time.Time // as Walked has it; zero: to be asked for
}

// memo is what a process knows of a run beside its row. It outlives an
// invocation; lost, it is made anew.
type memo struct {
	run     Run
	marks   marks
	cursor  string   // of the census
	counted bool     // the census is complete
	fresh   []uint64 // marks seen since the last checkpoint
	unsaved int      // pages since then

	settled map[string]bool // entries of the page at hand that are counted and done
}

// stale is how old a walk may become before a new one may take its place.
const stale = 3 * 24 * time.Hour

// Start begins a walk, unless one is under way. One that mends takes the place
// of a dry run: who wants to know may ask again, and the list must not wait.
func (c *Reconciler) Start(ctx context.Context, dryRun bool) error {
	run, err := c.Runs.Run(ctx)
	if err == nil && c.Now().Sub(run.Started) < stale && (dryRun || !run.DryRun) {
		return nil
	}
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return err
	}
	return c.Runs.SaveRun(ctx, Run{Drift: Drift{ID: c.NewID(), DryRun: dryRun, Started: c.Now()}, Phase: ReadingList})
}

// errNotNow ends the work of this invocation: SES does not answer. The next
// one goes on.
var errNotNow = errors.New("SES does not answer now")

// Work goes on with the walk under way until it ends or stopAt has come (zero:
// never). Between two steps it calls between, so that opt-outs do not wait for
// the walk. It returns the report once the walk has ended, nil before.
func (c *Reconciler) Work(ctx context.Context, stopAt time.Time, between func(context.Context) error) (*Drift, error) {
	run, err := c.Runs.Run(ctx)
	if err != nil {
		if fault.CodeOf(err) == fault.NotFound {
			err = nil
		}
		return nil, err
	}
	if err := c.unlock(ctx); err != nil {
		return nil, err
	}
	c.recall(run)
	for !c.over(ctx, stopAt) {
		if c.memo.run.Phase == Ending { // what it has seen may be forgotten already
			return c.end(ctx)
		}
		if err = c.step(ctx, stopAt); err == nil {
			err = between(ctx)
		}
		if err != nil {
			break
		}
	}
	if errors.Is(err, errNotNow) {
		err = nil
	}
	return nil, errors.Join(err, c.checkpoint(ctx))
}

// unlock gets the reference key, once a process: most runs of the function
// need none.
func (c *Reconciler) unlock(ctx context.Context) error {
	if c.key != nil {
		return nil
	}
	key, err := c.Key(ctx)
	if err == nil {
		c.key = &key
	}
	return err
}

// recall takes up what this process knows of the run, if that is where the
// run stands.
func (c *Reconciler) recall(run Run) {
	m := c.memo
	if m == nil || m.run.ID != run.ID || m.run.Pages-m.unsaved != run.Pages || m.run.Phase != run.Phase || m.run.Restarts != run.Restarts {
		c.memo = &memo{run: run}
	}
}

func (c *Reconciler) step(ctx context.Context, stopAt time.Time) error {
	switch {
	case !c.memo.counted:
		return c.scan(ctx)
	case c.memo.run.Phase == ReadingList:
		return c.readList(ctx, stopAt)
	}
	return c.repair(ctx)
}

// pagesBetween is how many pages are walked from checkpoint to checkpoint: so
// many, at most, are walked again after a kill. Their marks fit into one row.
const pagesBetween = 25

// checkpoint keeps what the walk has seen, then how far it has come.
func (c *Reconciler) checkpoint(ctx context.Context) error {
	m := c.memo
	if m.unsaved == 0 {
		return nil
	}
	run := m.run
	if len(m.fresh) > 0 {
		if err := c.Runs.SaveSeen(ctx, run.ID, run.Parts, m.fresh, c.Now()); err != nil {
			return err
		}
		run.Parts++
	}
	if err := c.Runs.SaveRun(ctx, run); err != nil {
		return err
	}
	m.run, m.fresh, m.unsaved = run, m.fresh[:0], 0
	return nil
}

func (c *Reconciler) end(ctx context.Context) (*Drift, error) {
	run := c.memo.run
	run.Ended = c.Now()
	if err := c.Runs.Finish(ctx, run); err != nil {
		return nil, err
	}
	c.memo, c.walked = nil, time.Time{}
	return &run.Drift, nil
}

// SinceReconciliation is how long no Whole walk has ended.
func (c *Reconciler) SinceReconciliation(ctx context.Context) (time.Duration, error) {
	if c.walked.IsZero() {
		var err error
		if c.walked, err = c.Runs.LastCompleted(ctx, c.Now()); err != nil {
			return 0, err
		}
	}
	return max(0, c.Now().Sub(c.walked)), nil
}

func (c *Reconciler) over(ctx context.Context, stopAt time.Time) bool {
	return ctx.Err() != nil || !stopAt.IsZero() && !c.Now().Before(stopAt)
}

// call makes one call to SES at its pace, waiting longer after every "too many
// requests". errNotNow: it could not be made before stopAt.
func (c *Reconciler) call(ctx context.Context, stopAt time.Time, do func() error) error {
	for wait := firstBackoff; ; wait = min(2*wait, lastBackoff) {
		if c.Pace.Wait(ctx) != nil || c.over(ctx, stopAt) {
			return errNotNow
		}
		c.memo.run.Calls++
		err := do()
		if !errors.Is(err, ErrThrottled) {
			return err
		}
		if !stopAt.IsZero() && !c.Now().Add(wait).Before(stopAt) {
			return errNotNow
		}
		c.Sleep(ctx, wait)
	}
}
