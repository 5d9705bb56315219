package suppression_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/suppression"
)

// halfway forgets the marks of a run that ends, and dies before the run.
type halfway struct {
	suppression.Runs
	died bool
}

func (r *halfway) Finish(ctx context.Context, run suppression.Run) error {
	if !r.died {
		r.died = true
		return errors.New("killed")
	}
	return r.Runs.Finish(ctx, run)
}

func (r *halfway) Seen(ctx context.Context, run string, n int) ([]uint64, error) {
	if r.died {
		return nil, fault.New(fault.Internal, "part %d is gone", n)
	}
	return r.Runs.Seen(ctx, run, n)
}

// A run that dies while it is being forgotten ends all the same (found by the
// soak, seed 7): what it had seen is gone, and is not needed any more.
func TestARunThatDiesAtItsEndEnds(t *testing.T) {
	w := newReconciliation(t)
	w.Out(t, "a@example.com", "email")
	w.Sync(t)
	w.later(time.Hour)
	runs := &halfway{Runs: w.Runs}
	w.Runs = runs
	if err := w.Start(ctx, false); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Work(ctx, time.Time{}, nothing); err == nil || !runs.died {
		t.Fatal("it did not die at its end:", err)
	}
	w.restart(t)
	w.Runs = runs
	if drift, err := w.Work(ctx, time.Time{}, nothing); err != nil || drift == nil {
		t.Errorf("%+v, %v", drift, err)
	}
}

// A run that SES keeps forgetting is given up at once: it reports so, it counts
// as no comparison, and the next one begins anew.
func TestARunIsAbandonedAfterItsRestarts(t *testing.T) {
	w := newReconciliation(t)
	w.Out(t, "a@example.com", "email")
	w.Sync(t)
	w.reconcile(t, false)
	w.later(24 * time.Hour)
	w.ses.fail = func() error { return suppression.ErrTokenExpired }
	pages := w.ses.calls["page"]
	given := w.reconcile(t, false)
	if !given.Abandoned || given.Restarts != 3 || given.Ended.IsZero() || w.ses.calls["page"]-pages != 4 {
		t.Errorf("%+v after %d pages", given, w.ses.calls["page"]-pages)
	}
	if _, err := w.Runs.Run(ctx); fault.CodeOf(err) != fault.NotFound {
		t.Error("it is still under way:", err)
	}
	if drift, err := w.Work(ctx, time.Time{}, nothing); drift != nil || err != nil || w.ses.calls["page"]-pages != 4 {
		t.Errorf("the next minute: %+v, %v", drift, err)
	}
	if since, err := w.SinceReconciliation(ctx); err != nil || since != 24*time.Hour {
		t.Errorf("the list was compared %s ago, %v", since, err)
	}
	w.ses.fail = nil
	if next := w.reconcile(t, false); next.Abandoned || next.Restarts != 0 || next.Entries != 1 {
		t.Errorf("%+v", next)
	}
}
