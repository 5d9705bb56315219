package optout

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/person"
)

// BulkList takes many entries of the suppression list at once.
type BulkList interface {
	// Start hands a job over and returns its id at SES: all items are put, or,
	// where their reason is NotListed, all deleted. ErrNoBulk, ErrThrottled.
	Start(ctx context.Context, id string, items []BulkItem) (sesID string, err error)
	// Look says how a job stands.
	Look(ctx context.Context, sesID string) (BulkState, error)
}

// BulkItem is one address of a job.
type BulkItem struct {
	Address person.Address
	Reason  ListReason
}

// BulkState is how a job stands at SES.
type BulkState struct {
	Over   bool
	Fault  string                    // why all of it failed; "" if it did not
	Failed map[person.Address]string // what was not taken, and why
	Lost   int                       // further records not taken, which SES does not name
}

// ErrNoBulk says that SES refuses bulk jobs to this account: it is in the
// sandbox.
var ErrNoBulk = errors.New("SES takes no bulk jobs from an account in the sandbox")

// Job is a bulk job. The row is there from before the first record is marked
// with it until after the last is told, so that a kill leaves no orphan.
type Job struct {
	ID      string
	SESID   string // "" until SES has taken it
	Started time.Time
	Over    time.Time // when SES was found to be done
	Put     bool      // or delete
	Records int
}

// off is the job that stands for "no bulk jobs until Over".
const off = "off"

// JobQueue is the table's part of bulk jobs. Every method's errors are faults.
type JobQueue interface {
	// Jobs returns all jobs.
	Jobs(context.Context) ([]Job, error)
	SaveJob(context.Context, Job) error
	ForgetJob(ctx context.Context, id string) error
	// Claim moves a pending record into a job; one that is there already is no
	// error. Conflict: its version has moved, or it is no longer pending.
	Claim(ctx context.Context, r Record, job string) error
	// Claimed yields the records that are in a job.
	Claimed(ctx context.Context, job string) iter.Seq2[Record, error]
	// Return makes a record of a job pending again, with a reason that keeps it
	// out of further jobs, or "". Conflict: it is no longer in the job.
	Return(ctx context.Context, r Record, job, reason string) error
}

// Bulk hands a large backlog to SES in jobs, instead of one call a record.
type Bulk struct {
	Queue JobQueue
	List  BulkList
	Over  int // so many pending records are told one by one
	NewID func() string

	jobs   []Job
	looked map[string]time.Time
}

// SES's limits of a job, and of jobs at once.
const (
	mostPuts    = 100_000
	mostDeletes = 10_000
	mostJobs    = 20
)

// Times of bulk jobs.
const (
	lookEvery     = 15 * time.Second // at one job
	deadAfter     = 2 * time.Minute  // a job that was never handed over
	jobLimit      = 6 * time.Hour    // after which a job is given up
	settleFor     = time.Minute      // a job's records stay findable after it is over: the index lags
	handOver      = 5 * time.Second  // kept of a run's time for the upload and the call
	offInVain     = 15 * time.Minute // after a job that could not be started
	offSandbox    = 24 * time.Hour
	againAfterJob = time.Minute // a record that left an open job is told again and again until the job is over
	jobGap        = time.Minute // between one start and the next: jobs shall be few and large
)

// run follows up the jobs under way and starts new ones for a large backlog.
func (b *Bulk) run(ctx context.Context, p *Projector, stopAt time.Time, report *Report) (err error) {
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
	return len(b.jobs) < mostJobs
}

// open reports whether a job may still change the list.
func (b *Bulk) open(id string) bool {
	return b != nil && id != "" && slices.ContainsFunc(b.jobs, func(j Job) bool { return j.ID == id && j.Over.IsZero() })
}

// start gathers what is pending into one job of puts and, if they are many
// too, one of deletes.
func (b *Bulk) start(ctx context.Context, p *Projector, stopAt time.Time, report *Report) error {
	if !stopAt.IsZero() {
		stopAt = stopAt.Add(-handOver)
	}
	puts, deletes, err := b.gather(ctx, p, stopAt)
	if err != nil {
		return err
	}
	for _, all := range [][]bulkRecord{puts, deletes} {
		if len(all) > b.Over && report.BulkRefused == "" && len(b.jobs) < mostJobs {
			if err := b.handOver(ctx, p, all, stopAt, report); err != nil {
				return err
			}
		}
	}
	return nil
}

// bulkRecord is a record on its way into a job: 100,000 of them must fit into
// the function's memory.
type bulkRecord struct {
	key     Key
	version int
	item    BulkItem
}

// page is how many records are looked at together.
const page = 500

func (b *Bulk) gather(ctx context.Context, p *Projector, stopAt time.Time) (puts, deletes []bulkRecord, err error) {
	var some []Record
	take := func() error {
		items, err := bulkItems(ctx, p, some)
		for _, r := range items {
			if r.item.Reason != NotListed && len(puts) < mostPuts {
				puts = append(puts, r)
			} else if r.item.Reason == NotListed && len(deletes) < mostDeletes {
				deletes = append(deletes, r)
			}
		}
		some = some[:0]
		return err
	}
	for r, err := range p.Queue.Pending(ctx, p.Now()) {
		if err != nil {
			return nil, nil, err
		}
		if p.over(ctx, stopAt) || len(puts) == mostPuts {
			break
		}
		if !b.takes(r) {
			continue
		}
		if some = append(some, r); len(some) == page {
			if err := take(); err != nil {
				return nil, nil, err
			}
		}
	}
	return puts, deletes, take()
}

// takes reports whether a record may go by a job: not what SES cannot hold,
// nor what a job has failed on, nor what has left a job that is still open.
func (b *Bulk) takes(r Record) bool {
	return !r.Address.IsZero() && r.Address.ASCII() && r.Projection.Reason == "" && !b.open(r.Projection.Job)
}

// bulkItems says what the list must hold of each record's person, by all that
// is recorded of them.
func bulkItems(ctx context.Context, p *Projector, some []Record) ([]bulkRecord, error) {
	var keys []Key
	for _, r := range some {
		keys = append(keys, r.Siblings()...)
	}
	others, err := p.Queue.Records(ctx, keys)
	if err != nil {
		return nil, err
	}
	items := make([]bulkRecord, len(some))
	for i, r := range some {
		all := []Record{r}
		for _, k := range r.Siblings() {
			if other, found := others[k]; found {
				all = append(all, other)
			}
		}
		items[i] = bulkRecord{r.Key, r.Version, BulkItem{r.Address, ListingOf(p.Now(), all...)}}
	}
	return items, nil
}

// handOver marks the records with a new job and hands it to SES.
func (b *Bulk) handOver(ctx context.Context, p *Projector, all []bulkRecord, stopAt time.Time, report *Report) error {
	j := Job{ID: b.NewID(), Started: p.Now(), Put: all[0].item.Reason != NotListed}
	if err := b.Queue.SaveJob(ctx, j); err != nil {
		return err
	}
	b.jobs = append(b.jobs, j)
	items, err := b.claim(ctx, p, j, all, stopAt)
	if err != nil {
		return err
	}
	if err = p.Pace.Wait(ctx); err == nil {
		j.SESID, err = b.List.Start(ctx, j.ID, items)
	}
	if err != nil {
		return b.startedInVain(ctx, p, j, err, report)
	}
	j.Records = len(items)
	report.Jobs++
	b.replace(j)
	return b.Queue.SaveJob(ctx, j)
}

func (b *Bulk) claim(ctx context.Context, p *Projector, j Job, all []bulkRecord, stopAt time.Time) ([]BulkItem, error) {
	var items []BulkItem
	for some := range slices.Chunk(all, page) {
		if p.over(ctx, stopAt) {
			break
		}
		claimed := make([]bool, len(some))
		err := eachOf(len(some), func(i int) error {
			err := b.Queue.Claim(ctx, Record{Key: some[i].key, Version: some[i].version}, j.ID)
			claimed[i] = err == nil
			return unlessConflict(err)
		})
		if err != nil {
			return nil, err
		}
		for i, r := range some {
			if claimed[i] {
				items = append(items, r.item)
			}
		}
	}
	return items, nil
}

func unlessConflict(err error) error {
	if fault.CodeOf(err) == fault.Conflict {
		return nil
	}
	return err
}

// startedInVain gives the records back and holds off further jobs for a while:
// what the account cannot do, it cannot do a minute later either.
func (b *Bulk) startedInVain(ctx context.Context, p *Projector, j Job, why error, report *Report) error {
	pause := offInVain
	if errors.Is(why, ErrNoBulk) {
		pause = offSandbox
	}
	report.BulkRefused = why.Error()
	stop := Job{ID: off, Started: p.Now(), Over: p.Now().Add(pause)}
	b.jobs = append(b.jobs, stop)
	if err := b.Queue.SaveJob(ctx, stop); err != nil {
		return err
	}
	refused := errors.Is(why, ErrNoBulk) || errors.Is(why, ErrThrottled) || errors.Is(why, &fault.Error{Code: fault.Internal})
	if !refused {
		return nil // SES may have taken it all the same: the records come back once the job is found dead
	}
	if err := b.giveBack(ctx, p, j, "", time.Time{}); err != nil {
		return err
	}
	b.jobs = slices.DeleteFunc(b.jobs, func(o Job) bool { return o.ID == j.ID })
	return b.Queue.ForgetJob(ctx, j.ID)
}

func (b *Bulk) replace(j Job) {
	for i := range b.jobs {
		if b.jobs[i].ID == j.ID {
			b.jobs[i] = j
		}
	}
}
