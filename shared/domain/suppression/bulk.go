package suppression

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// BulkList takes many entries of the suppression list at once.
type BulkList interface {
	// Start hands a job over and returns its id at SES: all items are put, or,
	// where their reason is NotListed, all deleted. ErrNoBulk, ErrThrottled.
	Start(ctx context.Context, id string, items []BulkItem) (sesID string, err error)
	// Find looks for a job whose Start got no answer, begun at the time
	// since: its id at SES, or "" if SES has none.
	Find(ctx context.Context, id string, since time.Time) (sesID string, err error)
	// Look says the state of a job.
	Status(ctx context.Context, sesID string) (BulkState, error)
}

// BulkItem is one address of a job.
type BulkItem struct {
	Address person.Address
	Reason  ListReason
}

// BulkState is the state of a job at SES.
type BulkState struct {
	Over   bool
	Fault  string                    // why all of it failed; "" if it did not
	Failed map[person.Address]string // what was not taken, and why
	Lost   int                       // further records not taken, which SES does not name
}

// ErrNoBulk: SES refuses bulk jobs to this account, which is in the
// sandbox.
var ErrNoBulk = errors.New("SES takes no bulk jobs from an account in the sandbox")

// Job is a bulk job. The row is there from before the first record is marked
// with it until after the last is synced, so that a kill leaves no orphan.
type Job struct {
	ID      string
	SESID   string // "" until SES has taken it
	Started time.Time
	Over    time.Time // when SES was found to be done
	Put     bool      // or delete
	Records int
}

// off is the id of a row that means "no bulk jobs until Over".
const off = "off"

// JobQueue is the table's part of bulk jobs. Every method's errors are faults.
type JobQueue interface {
	// Jobs returns all jobs.
	Jobs(context.Context) ([]Job, error)
	SaveJob(context.Context, Job) error
	ForgetJob(ctx context.Context, id string) error
	// Claim moves a pending record into a job; one that is there already is no
	// error. Conflict: its version has moved, or it is no longer pending.
	Claim(ctx context.Context, r optout.Record, job string) error
	// Claimed yields the records that are in a job.
	Claimed(ctx context.Context, job string) iter.Seq2[optout.Record, error]
	// Return makes a record of a job pending again, with a reason that keeps it
	// out of further jobs, or "". Conflict: it is no longer in the job.
	Return(ctx context.Context, r optout.Record, job, reason string) error
}

// Bulk hands a large backlog to SES in jobs, instead of one call a record.
type Bulk struct {
	Queue JobQueue
	List  BulkList
	Over  int // up to so many pending records are synced one by one
	NewID func() string

	jobs    []Job
	checked map[string]time.Time
}

// SES's limits of a job, and of jobs at once.
const (
	maxPuts    = 100_000
	maxDeletes = 10_000
	maxJobs    = 20
)

// Times of bulk jobs.
const (
	checkEvery    = 15 * time.Second // at one job
	deadAfter     = 2 * time.Minute  // a start that has not ended: longer than the function may run
	jobLimit      = 6 * time.Hour    // after which a job is given up
	findableFor   = time.Minute      // a job's records stay findable after it is over: the index lags
	handOver      = 5 * time.Second  // kept of a run's time for the upload and the call
	offFailed     = 15 * time.Minute // after a job that could not be started
	offSandbox    = 24 * time.Hour
	againAfterJob = time.Minute // a record that left an open job is synced again until the job is over
	jobGap        = time.Minute // between one start and the next: jobs shall be few and large
)

// run follows up the jobs under way and starts new ones for a large backlog.
func (b *Bulk) run(ctx context.Context, p *Syncer, stopAt time.Time, report *SyncReport) (err error) {
	if b.jobs, err = b.Queue.Jobs(ctx); err != nil {
		return err
	}
	for _, j := range b.jobs {
		if p.over(ctx, stopAt) {
			return nil
		}
		if err := b.follow(ctx, p, j, stopAt, report); err != nil {
			return err
		}
	}
	return b.startIfMany(ctx, p, stopAt, report)
}

// outgrown reports whether more records were synced one by one than a run without
// jobs begins with.
func (b *Bulk) outgrown(synced int) bool { return b != nil && synced > b.Over }

// startMore starts a job in the middle of a run if enough records have become due.
func (b *Bulk) startMore(ctx context.Context, p *Syncer, stopAt time.Time, report *SyncReport) (err error) {
	if b.jobs, err = b.Queue.Jobs(ctx); err != nil {
		return err
	}
	return b.startIfMany(ctx, p, stopAt, report)
}

func (b *Bulk) startIfMany(ctx context.Context, p *Syncer, stopAt time.Time, report *SyncReport) error {
	if !b.mayStart(p.Now()) {
		return nil
	}
	if count, _, err := p.Queue.Backlog(ctx, p.Now()); err != nil || count <= b.Over {
		return err
	}
	return b.start(ctx, p, stopAt, report)
}

func (b *Bulk) mayStart(now time.Time) bool {
	for _, j := range b.jobs {
		if j.ID == off && now.Before(j.Over) || j.ID != off && now.Sub(j.Started) < jobGap {
			return false
		}
	}
	return len(b.jobs) < maxJobs
}

// open reports whether a job may still change the list.
func (b *Bulk) open(id string) bool {
	return b != nil && id != "" && slices.ContainsFunc(b.jobs, func(j Job) bool { return j.ID == id && j.Over.IsZero() })
}
