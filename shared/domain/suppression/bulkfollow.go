package suppression

import (
	"context"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

// follow brings one job forward: what SES has done is marked as synced, what it
// has not done comes back.
func (b *Bulk) follow(ctx context.Context, p *Syncer, j Job, stopAt time.Time, report *SyncReport) error {
	now := p.Now()
	switch {
	case j.ID == off && now.Before(j.Over):
		return nil
	case j.ID == off:
		return b.Queue.ForgetJob(ctx, j.ID)
	case now.Sub(j.Started) > jobLimit && j.Over.IsZero():
		report.BulkRefused = "SES does not end a bulk job"
		return b.giveUp(ctx, p, j, report.BulkRefused, stopAt)
	case now.Sub(b.checked[j.ID]) < checkEvery, j.SESID == "" && now.Sub(j.Started) <= deadAfter:
		report.InJobs += j.Records
		return nil
	case j.SESID == "":
		return b.find(ctx, p, j, stopAt, report)
	case now.Sub(j.Over) >= findableFor && !j.Over.IsZero():
		if left, err := b.anyClaimed(ctx, j); err != nil {
			return err
		} else if !left {
			return b.Queue.ForgetJob(ctx, j.ID)
		}
	}
	return b.check(ctx, p, j, stopAt, report)
}

// find asks SES for a job that may have been handed over: the process died
// meanwhile, or the answer got lost. Until SES denies it, the job counts as open,
// because it may still undo what people choose now.
func (b *Bulk) find(ctx context.Context, p *Syncer, j Job, stopAt time.Time, report *SyncReport) error {
	if !b.mayCheck(ctx, p, j, stopAt) {
		return nil
	}
	sesID, err := b.List.Find(ctx, j.ID, j.Started)
	switch {
	case err != nil:
		report.countFault(err)
		return nil
	case sesID == "":
		return b.giveUp(ctx, p, j, "", stopAt)
	}
	j.SESID = sesID
	b.replace(j)
	return b.Queue.SaveJob(ctx, j)
}

// mayCheck waits for SES's pace and notes when the job was checked.
func (b *Bulk) mayCheck(ctx context.Context, p *Syncer, j Job, stopAt time.Time) bool {
	if p.Pace.Wait(ctx) != nil || p.over(ctx, stopAt) {
		return false
	}
	if b.checked == nil {
		b.checked = map[string]time.Time{}
	}
	b.checked[j.ID] = p.Now()
	return true
}

func (b *Bulk) check(ctx context.Context, p *Syncer, j Job, stopAt time.Time, report *SyncReport) error {
	if !b.mayCheck(ctx, p, j, stopAt) {
		return nil
	}
	state, err := b.List.Status(ctx, j.SESID)
	if err != nil {
		report.countFault(err)
		return nil
	}
	if !state.Over {
		report.InJobs += j.Records
		return nil
	}
	if j.Over.IsZero() {
		j.Over = p.Now()
		b.replace(j)
		if err := b.Queue.SaveJob(ctx, j); err != nil {
			return err
		}
	}
	report.BulkLost += state.Lost
	if state.Fault != "" {
		report.BulkRefused = state.Fault
		return b.giveUp(ctx, p, j, state.Fault, stopAt)
	}
	return b.markDone(ctx, p, j, state, stopAt, report)
}

// markDone marks a job's records as synced, and lets those come back that SES has
// not taken.
func (b *Bulk) markDone(ctx context.Context, p *Syncer, j Job, state BulkState, stopAt time.Time, report *SyncReport) error {
	return b.eachClaimed(ctx, p, j, stopAt, func(some []optout.Record) error {
		items, err := bulkItems(ctx, p, some)
		if err != nil {
			return err
		}
		done := make([]bool, len(some))
		err = eachOf(len(some), func(i int) (err error) {
			done[i], err = b.markOne(ctx, p, some[i], items[i].item.Reason, j, state)
			return err
		})
		for i, r := range some {
			if done[i] {
				report.Imported++
				report.AgeAtSync = max(report.AgeAtSync, p.Now().Sub(r.Projection.DueAt))
			}
		}
		return err
	})
}

func (b *Bulk) markOne(ctx context.Context, p *Syncer, r optout.Record, reason ListReason, j Job, state BulkState) (bool, error) {
	if why, failed := state.Failed[r.Address]; failed {
		return false, fault.Unless(fault.Conflict, b.Queue.Return(ctx, r, j.ID, why))
	}
	if put := reason != NotListed; put != j.Put {
		// Another record of the person has changed while the job was under way.
		return false, p.Queue.Requeue(ctx, r.Key, p.Now())
	}
	err := p.Queue.MarkSynced(ctx, r, synced(r, reason, p.Now()))
	if fault.Is(err, fault.Conflict) {
		return false, fault.Unless(fault.Conflict, p.Queue.Requeue(ctx, r.Key, p.Now()))
	}
	return err == nil, err
}

// giveUp lets all records of a job come back. A reason keeps them out of
// further jobs: one by one SES gives the reason for each.
func (b *Bulk) giveUp(ctx context.Context, p *Syncer, j Job, why string, stopAt time.Time) error {
	if err := b.giveBack(ctx, p, j, why, stopAt); err != nil {
		return err
	}
	if j.Over.IsZero() {
		j.Over = p.Now()
		b.replace(j)
	}
	if p.Now().Sub(j.Started) <= deadAfter+findableFor {
		return nil
	}
	return b.Queue.ForgetJob(ctx, j.ID)
}

func (b *Bulk) giveBack(ctx context.Context, p *Syncer, j Job, why string, stopAt time.Time) error {
	return b.eachClaimed(ctx, p, j, stopAt, func(some []optout.Record) error {
		return each(some, func(r optout.Record) error { return fault.Unless(fault.Conflict, b.Queue.Return(ctx, r, j.ID, why)) })
	})
}

// eachClaimed hands the records of a job to f, a page at a time.
func (b *Bulk) eachClaimed(ctx context.Context, p *Syncer, j Job, stopAt time.Time, f func([]optout.Record) error) error {
	var some []optout.Record
	for r, err := range b.Queue.Claimed(ctx, j.ID) {
		if err != nil {
			return err
		}
		if some = append(some, r); len(some) < page {
			continue
		}
		if p.over(ctx, stopAt) {
			return nil
		}
		if err := f(some); err != nil {
			return err
		}
		some = some[:0]
	}
	if len(some) == 0 {
		return nil
	}
	return f(some)
}

func (b *Bulk) anyClaimed(ctx context.Context, j Job) (bool, error) {
	for _, err := range b.Queue.Claimed(ctx, j.ID) {
		return true, err
	}
	return false, nil
}
