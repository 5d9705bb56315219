package disposal

import (
	"context"
	"time"

	"privacydesk/shared/domain/fault"
)

// take gets hold of the run that is under way, or begins one. False: there is
// nothing to do, or another call does it.
func (w *sweep) take(ctx context.Context, t Task) (bool, error) {
	found, err := w.Store.Run(ctx)
	switch code := fault.CodeOf(err); {
	case code == fault.NotFound && t.Continue:
		due, _, err := w.Store.Due(ctx, ErasureOrder, w.cutoff(Rule{Class: ErasureOrder}, w.Now()), "", 1)
		if err != nil || len(due) == 0 {
			return false, err
		}
		found = w.plan(t)
	case code == fault.NotFound:
		found = w.plan(t)
	case err != nil:
		return false, err
	case !found.free(w.Now()):
		w.run, w.lost, w.resumed = found, true, true
		return false, nil
	default:
		w.resumed = true
	}
	w.run = found
	owner := w.NewID()
	err = w.save(ctx, func(r *Run) { r.Owner = owner })
	return !w.lost, err
}

// leave gives the run back, or ends it.
func (w *sweep) leave(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	switch {
	case w.lost || w.dry:
		return nil
	case !w.run.ended():
		return w.save(ctx, func(r *Run) { r.Lease = time.Time{} })
	}
	err := w.Store.EndRun(ctx, w.run)
	if fault.CodeOf(err) == fault.Conflict {
		return nil // another call has ended it
	}
	if err == nil && !w.run.whole() {
		return fault.New(fault.Internal, "run %s has ended, and something in it failed", w.run.ID)
	}
	return err
}

// advance is the run after a change, one version on and leased anew.
func (w *sweep) advance(change func(*Run)) Run {
	next := w.run.clone()
	next.Version++
	next.Lease = w.Now().Add(leaseFor).UTC().Truncate(time.Millisecond)
	change(&next)
	return next
}

func (w *sweep) save(ctx context.Context, change func(*Run)) error {
	next := w.advance(change)
	if w.dry {
		w.run = next
		return nil
	}
	err := w.Store.SaveRun(ctx, next)
	if fault.CodeOf(err) == fault.Conflict {
		w.lost = true
		return errLost
	}
	if err == nil {
		w.run = next
	}
	return err
}
