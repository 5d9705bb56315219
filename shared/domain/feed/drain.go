package feed

import (
	"context"
	"errors"
	"sync"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
)

// Drain tells the systems of desk.yaml what people have chosen. Each system has a
// cursor and a line of its own, so that one that is slow, or down, holds up no other.
type Drain struct {
	Store   Store
	Systems []ledger.System
	Ways    map[string]Way // by System.Way; a system without one is not told
	Now     func() time.Time
	// Failed hears why an attempt failed; the cursor keeps the code alone. nil: nobody does.
	Failed func(ctx context.Context, system string, because error)
}

// Report counts what one run did.
type Report struct {
	Batches int // that systems have taken
	Changes int // in them
	Failed  int // attempts
	// Behind is for how long one system has not taken its batch, the longest of all.
	Behind time.Duration
}

func (r *Report) add(o Report) {
	r.Batches, r.Changes, r.Failed, r.Behind = r.Batches+o.Batches, r.Changes+o.Changes, r.Failed+o.Failed, max(r.Behind, o.Behind)
}

// Run works until each system knows all, has failed, or over says that no more may be
// begun. Two runs at once tell each system once. A system that desk.yaml has no longer
// is forgotten. The error is the store's.
func (d *Drain) Run(ctx context.Context, over func() bool) (Report, error) {
	cursors, failed := d.cursors(ctx)
	var (
		wait  sync.WaitGroup
		mutex sync.Mutex
		total Report
	)
	for s, c := range cursors {
		wait.Go(func() {
			did, err := d.line(ctx, d.Systems[s], c, over)
			mutex.Lock()
			defer mutex.Unlock()
			total.add(did)
			failed = errors.Join(failed, err)
		})
	}
	wait.Wait()
	return total, failed
}

// cursors are those of the systems that are told of choices, by the system's place.
func (d *Drain) cursors(ctx context.Context) (map[int]Cursor, error) {
	kept, err := d.Store.Cursors(ctx)
	if err != nil {
		return nil, err
	}
	cursors, places := map[int]Cursor{}, map[string]int{}
	for i, s := range d.Systems {
		if Fed(s) && d.Ways[s.Way] != nil {
			cursors[i], places[s.ID] = Cursor{System: s.ID}, i
		}
	}
	var failed error
	for _, c := range kept {
		if i, fed := places[c.System]; fed {
			cursors[i] = c
		} else {
			failed = errors.Join(failed, d.Store.EndCursor(ctx, c.System))
		}
	}
	return cursors, failed
}

func (d *Drain) now() time.Time { return d.Now().UTC().Truncate(time.Millisecond) }

// line tells one system, a batch at a time.
func (d *Drain) line(ctx context.Context, s ledger.System, c Cursor, over func() bool) (did Report, err error) {
	for more := true; more && err == nil && !over() && !d.now().Before(c.NextAt); {
		more, err = d.next(ctx, s, &c, &did)
	}
	if c.Attempts > 0 {
		did.Behind = d.now().Sub(c.Since)
	}
	if fault.Is(err, fault.Conflict) { // another run goes on with it
		err = nil
	}
	return did, err
}

// next tells a system the next batch, or the one that was under way. It reports
// whether there may be more to tell now. The error is the store's.
func (d *Drain) next(ctx context.Context, s ledger.System, c *Cursor, did *Report) (more bool, err error) {
	b, more, err := d.batch(ctx, s, *c)
	switch {
	case err != nil || b.To == c.Done:
		return false, err
	case len(b.Changes) == 0: // nothing that this system is told, or all has changed since
		c.pass(b.To)
		return more, d.Store.SaveCursor(ctx, *c)
	}
	c.begin(d.now(), b.To)
	if err := d.Store.SaveCursor(ctx, *c); err != nil {
		return false, err
	}
	if err := d.tell(ctx, b); err != nil {
		did.Failed++
		if d.Failed != nil {
			d.Failed(ctx, s.ID, err)
		}
		c.fail(d.now(), err)
		return false, d.Store.SaveCursor(ctx, *c)
	}
	did.Batches, did.Changes = did.Batches+1, did.Changes+len(b.Changes)
	c.end(b.To)
	return more, d.Store.SaveCursor(ctx, *c)
}

// batch is what a system is told next; one that is under way keeps its end.
func (d *Drain) batch(ctx context.Context, s ledger.System, c Cursor) (b Batch, more bool, err error) {
	r := &Reader{Source: d.Store, Now: d.Now}
	if !c.To.IsZero() {
		b, err = r.Batch(ctx, s, c.Done, c.To)
		return b, true, err
	}
	page, err := r.page(ctx, c.Done, BatchSize)
	return batchOf(s, c.Done, page.Next, page.Changes), page.More, err
}

// tell makes one attempt, which ends before another run may make one.
func (d *Drain) tell(ctx context.Context, b Batch) error {
	ctx, cancel := context.WithTimeout(ctx, attemptFor*3/4)
	defer cancel()
	return d.Ways[b.System.Way].Choices(ctx, b)
}
