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
	// ScanRecords reads the whole table in pages: of each record its key, state,
	// pause and projection, and nothing else. "" begins and ends.
	ScanRecords(ctx context.Context, cursor string) (page []optout.Record, next string, err error)
}

// Runs keeps how far a run has come, so that it goes on after any end of the
// process, and what the finished ones have found.
type Runs interface {
	// Run returns the run under way. NotFound: there is none.
	Run(context.Context) (Run, error)
	SaveRun(context.Context, Run) error
	// SaveSeen keeps part n of the people that a run has seen, which is written
	// at a time, longer than a run may last; Seen reads it.
	SaveSeen(ctx context.Context, run string, n int, people []uint64, at time.Time) error
	Seen(ctx context.Context, run string, n int) ([]uint64, error)
	// Finish keeps the report and deletes the run.
	Finish(context.Context, Run) error
	// LastCompleted returns when a Whole run was last finished. Where none ever
	// was, that is when it was asked for first: now, and from then on.
	LastCompleted(ctx context.Context, now time.Time) (time.Time, error)
}

// Phase is what a run is about to do.
type Phase string

// The phases of a run.
const (
	ReadingList  Phase = "reading_list"  // page by page through SES's list
	ReadingTable Phase = "reading_table" // through the table, for what was not seen
	Ending       Phase = "ending"        // the report is to be kept
)

// Run is a reconciliation run under way.
type Run struct {
	Drift
	Phase  Phase  `json:"phase"`
	Token  string `json:"token,omitempty"`  // of SES's next page
	Parts  int    `json:"parts"`            // of the people kept by SaveSeen
	Cursor string `json:"cursor,omitempty"` // of the table's next page, in ReadingTable
}

// Reconciler compares the whole SES suppression list with the table and repairs
// what differs. Bounce and complaint entries that SES made itself are never
// deleted.
//
// It first reads the table into a bitmap, 8 bytes a person, then the list once,
// page by page, then reads the table again if something was not seen. Only an
// entry that the bitmap does not expect costs a read of its records. It may be
// killed at any point and goes on from the last checkpoint.
type Reconciler struct {
	Ledger Ledger
	Runs   Runs
	List   PagedList
	Pace   Pace
	Key    func(context.Context) (person.Key, error) // asked for when there is a run
	Now    func() time.Time
	Sleep  func(context.Context, time.Duration)
	NewID  func() string

	key       *person.Key
	memo      *memo
	completed time.Time // as LastCompleted has it; zero: not read yet
}

// memo is what a process knows of a run beside its row. It outlives an
// invocation; lost, it is made anew.
type memo struct {
	run       Run
	bitmap    bitmap
	cursor    string   // of the scan
	scanned   bool     // the scan is complete
	newlySeen []uint64 // people seen since the last checkpoint
	unsaved   int      // pages since then

	counted map[string]bool // entries of the page at hand that are counted and done
}

// stale is how old a run may become before a new one may take its place.
const stale = 3 * 24 * time.Hour

// Start begins a run, unless one is under way. One that repairs takes the place
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

// Work goes on with the run under way until it ends or stopAt has come (zero:
// never). Between two steps it calls between, so that opt-outs do not wait for
// the run. It returns the report once the run has ended, nil before.
func (c *Reconciler) Work(ctx context.Context, stopAt time.Time, between func(context.Context) error) (*Drift, error) {
	run, err := c.Runs.Run(ctx)
	if err != nil {
		if fault.CodeOf(err) == fault.NotFound {
			err = nil
		}
		return nil, err
	}
	if err := c.loadKey(ctx); err != nil {
		return nil, err
	}
	c.resume(run)
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
	if errors.Is(err, errNotNow) || errors.Is(err, errRefused) {
		err = nil
	}
	return nil, errors.Join(err, c.checkpoint(ctx))
}

// loadKey gets the reference key, once a process: most runs of the function
// need none.
func (c *Reconciler) loadKey(ctx context.Context) error {
	if c.key != nil {
		return nil
	}
	key, err := c.Key(ctx)
	if err == nil {
		c.key = &key
	}
	return err
}

// resume keeps what this process knows of the run if the row has not moved on
// without it.
func (c *Reconciler) resume(run Run) {
	m := c.memo
	if m == nil || m.run.ID != run.ID || m.run.Pages-m.unsaved != run.Pages || m.run.Phase != run.Phase || m.run.Restarts != run.Restarts {
		c.memo = &memo{run: run}
	}
}

func (c *Reconciler) step(ctx context.Context, stopAt time.Time) error {
	switch {
	case !c.memo.scanned:
		return c.scan(ctx)
	case c.memo.run.Phase == ReadingList:
		return c.readList(ctx, stopAt)
	}
	return c.repair(ctx)
}

// pagesBetween is how many pages are read from checkpoint to checkpoint: so
// many, at most, are read again after a kill. Their people fit into one row.
const pagesBetween = 25

// checkpoint keeps what the run has seen, then how far it has come.
func (c *Reconciler) checkpoint(ctx context.Context) error {
	m := c.memo
	if m.unsaved == 0 {
		return nil
	}
	run := m.run
	if len(m.newlySeen) > 0 {
		if err := c.Runs.SaveSeen(ctx, run.ID, run.Parts, m.newlySeen, c.Now()); err != nil {
			return err
		}
		run.Parts++
	}
	if err := c.Runs.SaveRun(ctx, run); err != nil {
		return err
	}
	m.run, m.newlySeen, m.unsaved = run, m.newlySeen[:0], 0
	return nil
}

func (c *Reconciler) end(ctx context.Context) (*Drift, error) {
	run := c.memo.run
	run.Ended = c.Now()
	if err := c.Runs.Finish(ctx, run); err != nil {
		return nil, err
	}
	c.memo, c.completed = nil, time.Time{}
	return &run.Drift, nil
}

// SinceReconciliation is how long no Whole run has ended.
func (c *Reconciler) SinceReconciliation(ctx context.Context) (time.Duration, error) {
	if c.completed.IsZero() {
		var err error
		if c.completed, err = c.Runs.LastCompleted(ctx, c.Now()); err != nil {
			return 0, err
		}
	}
	return max(0, c.Now().Sub(c.completed)), nil
}

func (c *Reconciler) calls(stopAt time.Time) calls { return calls{c.Pace, c.Now, c.Sleep, stopAt} }

func (c *Reconciler) over(ctx context.Context, stopAt time.Time) bool {
	return c.calls(stopAt).over(ctx, 0)
}

// call makes one call to SES and counts it. errNotNow, errRefused.
func (c *Reconciler) call(ctx context.Context, stopAt time.Time, do func() error) error {
	return c.calls(stopAt).call(ctx, func() error {
		c.memo.run.Calls++
		return do()
	})
}
