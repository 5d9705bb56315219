package suppression

import (
	"context"
	"errors"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

// start gathers what is pending into one job of puts and, if they are many
// too, one of deletes.
func (b *Bulk) start(ctx context.Context, p *Syncer, stopAt time.Time, report *SyncReport) error {
	if !stopAt.IsZero() {
		stopAt = stopAt.Add(-handOver)
	}
	puts, deletes, err := b.gather(ctx, p, stopAt)
	if err != nil {
		return err
	}
	for _, all := range [][]bulkRecord{puts, deletes} {
		if len(all) > b.Over && report.BulkRefused == "" && len(b.jobs) < maxJobs {
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
	key     optout.Key
	version int
	item    BulkItem
}

// page is how many records are read together.
const page = 500

func (b *Bulk) gather(ctx context.Context, p *Syncer, stopAt time.Time) (puts, deletes []bulkRecord, err error) {
	var some []optout.Record
	take := func() error {
		items, err := bulkItems(ctx, p, some)
		for _, r := range items {
			if r.item.Reason != NotListed && len(puts) < maxPuts {
				puts = append(puts, r)
			} else if r.item.Reason == NotListed && len(deletes) < maxDeletes {
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
		if p.over(ctx, stopAt) || len(puts) == maxPuts {
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
func (b *Bulk) takes(r optout.Record) bool {
	return unsupported(r) == nil && r.Projection.Reason == "" && !b.open(r.Projection.Job)
}

// bulkItems returns what the list must hold of each record's person, by all of
// the person's records.
func bulkItems(ctx context.Context, p *Syncer, some []optout.Record) ([]bulkRecord, error) {
	var keys []optout.Key
	for _, r := range some {
		keys = append(keys, siblings(r.Key)...)
	}
	others, err := p.Queue.Records(ctx, keys)
	if err != nil {
		return nil, err
	}
	items := make([]bulkRecord, len(some))
	for i, r := range some {
		all := []optout.Record{r}
		for _, k := range siblings(r.Key) {
			if other, found := others[k]; found {
				all = append(all, other)
			}
		}
		items[i] = bulkRecord{r.Key, r.Version, BulkItem{r.Address, ListingOf(p.Now(), all...)}}
	}
	return items, nil
}

// handOver marks the records with a new job and hands it to SES.
func (b *Bulk) handOver(ctx context.Context, p *Syncer, all []bulkRecord, stopAt time.Time, report *SyncReport) error {
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
		return b.startFailed(ctx, p, j, err, report)
	}
	j.Records = len(items)
	report.Jobs++
	b.replace(j)
	return b.Queue.SaveJob(ctx, j)
}

func (b *Bulk) claim(ctx context.Context, p *Syncer, j Job, all []bulkRecord, stopAt time.Time) ([]BulkItem, error) {
	var items []BulkItem
	for some := range slices.Chunk(all, page) {
		if p.over(ctx, stopAt) {
			break
		}
		claimed := make([]bool, len(some))
		err := eachOf(len(some), func(i int) error {
			err := b.Queue.Claim(ctx, optout.Record{Key: some[i].key, Version: some[i].version}, j.ID)
			claimed[i] = err == nil
			return fault.Unless(fault.Conflict, err)
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

// startFailed gives the records back and holds off further jobs for a while:
// what the account cannot do, it cannot do a minute later either.
func (b *Bulk) startFailed(ctx context.Context, p *Syncer, j Job, why error, report *SyncReport) error {
	pause := offFailed
	if errors.Is(why, ErrNoBulk) {
		pause = offSandbox
	}
	report.BulkRefused = why.Error()
	stop := Job{ID: off, Started: p.Now(), Over: p.Now().Add(pause)}
	b.jobs = append(b.jobs, stop)
	if err := b.Queue.SaveJob(ctx, stop); err != nil {
		return err
	}
	refused := errors.Is(why, ErrNoBulk) || errors.Is(why, ErrThrottled) || fault.Is(why, fault.Internal)
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
