package optout_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/optout"
)

// halfway forgets the marks of a walk that ends, and dies before the walk.
type halfway struct {
	optout.Runs
	died bool
}

func (r *halfway) Finish(ctx context.Context, run optout.Run) error {
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

// A walk that dies while it is being forgotten ends all the same (found by the
// soak, seed 7): what it had seen is gone, and is not needed any more.
func TestAWalkThatDiesAtItsEndEnds(t *testing.T) {
	w := newWalker(t)
	w.out(t, "a@example.com", "email")
	w.drain(t)
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
