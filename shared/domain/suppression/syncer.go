package suppression

import (
	"context"
	"errors"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

// Syncer makes the SES suppression list equal to the records, at SES's
// pace. It reads what is pending and nothing else, so that a lost, doubled
// or late hint loses nothing; it may be stopped or killed at any point.
type Syncer struct {
	Queue Queue
	List  List
	Bulk  *Bulk // nil: everything is synced one by one
	Pace  Pace
	Now   func() time.Time
	Sleep func(context.Context, time.Duration)
}

// SyncReport counts what one run did.
type SyncReport struct {
	Put, Deleted, Unsupported int
	Throttled                 int           // answers "too many requests"
	Failed                    int           // calls that failed otherwise
	Refused                   string        // why the last of those did
	Moved                     int           // records that changed under our hands
	Pending                   int           // still due at the end
	OldestPending             time.Duration // age of the oldest of them
	AgeAtSync                 time.Duration // greatest age of a record when it was synced
	Jobs                      int           // bulk jobs started
	InJobs                    int           // records in jobs that SES has not ended
	Imported                  int           // records synced by a job
	BulkLost                  int           // records that a job has not taken and not named
	BulkRefused               string        // why a job could not be started, or failed
}

// Drain works until nothing is due, nothing more succeeds, or the time stopAt
// has come (zero: never); the rest stays pending. The error is the queue's:
// SES's faults are counted and tried again by the next run.
func (p *Syncer) Drain(ctx context.Context, stopAt time.Time) (SyncReport, error) {
	var report SyncReport
	if p.Bulk != nil {
		if err := p.Bulk.run(ctx, p, stopAt, &report); err != nil {
			return report, err
		}
	}
	for again := true; again && !p.over(ctx, stopAt); {
		synced, err := p.pass(ctx, stopAt, &report)
		if again = synced > 0; err == nil && p.Bulk.outgrown(synced) {
			err = p.Bulk.startMore(ctx, p, stopAt, &report)
		}
		if err != nil {
			return report, err
		}
	}
	count, oldest, err := p.Queue.Backlog(ctx, p.Now())
	report.Pending = count
	if count > 0 {
		report.OldestPending = p.Now().Sub(oldest)
	}
	return report, err
}

// pass syncs once what is due and returns how many records it has synced. Another
// pass is worth while if there were any: there may be new work, or what failed may
// succeed now. It stops early where a bulk job may be better.
func (p *Syncer) pass(ctx context.Context, stopAt time.Time, report *SyncReport) (count int, err error) {
	for r, err := range p.Queue.Pending(ctx, p.Now()) {
		if err != nil {
			return 0, err
		}
		if p.over(ctx, stopAt) || p.Bulk.outgrown(count) {
			break
		}
		synced, err := p.syncOne(ctx, r, stopAt, report)
		if errors.Is(err, errRefused) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		if synced {
			count++
		}
	}
	return count, nil
}

// syncOne syncs one record with SES and marks it so.
func (p *Syncer) syncOne(ctx context.Context, found optout.Record, stopAt time.Time, report *SyncReport) (bool, error) {
	r, err := p.read(ctx, found.Key)
	if err != nil || !pending(r.Record, p.Now()) {
		return false, err
	}
	projection, synced, err := p.retry(ctx, r, stopAt, report)
	if !synced {
		return false, err
	}
	if p.Bulk.open(r.Projection.Job) { // it has left a job that may still change the list after this call
		projection.DueAt, projection.Job = p.Now().Add(againAfterJob), r.Projection.Job
	}
	if err = p.unmoved(ctx, r); err == nil {
		err = p.Queue.MarkSynced(ctx, r.Record, projection)
	}
	if fault.Is(err, fault.Conflict) {
		// The person has chosen anew while the old choice was on its way to
		// SES. Another run may even have synced the new one before our
		// call arrived, so it must be synced once more.
		report.Moved++
		return false, fault.Unless(fault.Conflict, p.Queue.Requeue(ctx, r.Key, p.Now())) // an import that was undone may be gone
	}
	if err != nil {
		return false, err
	}
	report.count(projection.Status)
	report.AgeAtSync = max(report.AgeAtSync, p.Now().Sub(r.Projection.DueAt))
	return true, nil
}

// retry syncs one record. It reports false when that was not possible; the only
// error is errRefused.
func (p *Syncer) retry(ctx context.Context, r current, stopAt time.Time, report *SyncReport) (projection optout.Projection, synced bool, err error) {
	err = p.calls(stopAt).call(ctx, func() (err error) {
		projection, err = p.sync(ctx, r)
		report.countFault(err)
		return err
	})
	if !errors.Is(err, errRefused) {
		return projection, err == nil, nil
	}
	return projection, false, err
}

func (p *Syncer) calls(stopAt time.Time) calls { return calls{p.Pace, p.Now, p.Sleep, stopAt} }

func (p *Syncer) over(ctx context.Context, stopAt time.Time) bool {
	return p.calls(stopAt).over(ctx, 0)
}

func (r *SyncReport) countFault(err error) {
	if errors.Is(err, ErrThrottled) {
		r.Throttled++
	} else if err != nil {
		r.Failed, r.Refused = r.Failed+1, err.Error()
	}
}

func (r *SyncReport) count(s optout.ListStatus) {
	switch s {
	case optout.Listed:
		r.Put++
	case optout.Unlisted:
		r.Deleted++
	case optout.Unsupported:
		r.Unsupported++
	}
}
