package feed

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
)

// Cursor is how far one system has been told. A system without one begins at the
// beginning.
type Cursor struct {
	System   string   // its id
	Done     Position // it was told all up to here
	To       Position // where the batch ends that is under way; zero: none is
	Attempts int      // to tell that batch
	Since    time.Time
	NextAt   time.Time // when it may be tried next; zero: at once
	Trouble  string    // why the last attempt failed (fault.Code); empty: it did not
	Version  int       // one more with each change
}

// Store keeps the cursors beside the records.
type Store interface {
	Source
	Cursors(context.Context) ([]Cursor, error)
	// SaveCursor writes a cursor over the one with the version before; of version 1,
	// where there is none. Conflict: another run has changed it.
	SaveCursor(context.Context, Cursor) error
	// EndCursor forgets how far a system was told.
	EndCursor(ctx context.Context, system string) error
}

// How long an attempt is a run's own, and when one is made again that no sooner one
// could help.
const (
	attemptFor = 2 * time.Minute
	giveUpFor  = 24 * time.Hour
)

// Unread tells of a record whether a system that is told of choices has still to read
// it: it must not leave the feed before.
func Unread(systems []ledger.System, cursors []Cursor) func(optout.Record) bool {
	var done []Position
	for _, s := range systems {
		if !Fed(s) {
			continue
		}
		to := Position{}
		if i := slices.IndexFunc(cursors, func(c Cursor) bool { return c.System == s.ID }); i >= 0 {
			to = cursors[i].Done
		}
		done = append(done, to)
	}
	return func(r optout.Record) bool {
		return !r.FedAt.IsZero() && slices.ContainsFunc(done, func(to Position) bool { return PositionOf(r).Compare(to) > 0 })
	}
}

// begin takes a batch for an attempt. If the run ends within it, another one makes
// the next attempt later.
func (c *Cursor) begin(now time.Time, to Position) {
	if c.To, c.NextAt = to, now.Add(attemptFor); c.Attempts == 0 {
		c.Since = now
	}
	c.Attempts++
	c.Version++
}

// end notes that the system was told.
func (c *Cursor) end(to Position) {
	*c = Cursor{System: c.System, Done: to, Version: c.Version + 1}
}

// pass goes on to the next batch, since the system need not be told this one. It may
// be down as before.
func (c *Cursor) pass(to Position) {
	c.Done, c.To = to, Position{}
	c.Version++
}

// fail notes why the system was not told. Choices never end by themselves, so after
// the last step there is an attempt a day.
func (c *Cursor) fail(now time.Time, because error) {
	wait := giveUpFor
	if n := c.Attempts - 1; !fault.Is(because, fault.Invalid) && n < len(ledger.Retry) {
		wait = ledger.Retry[n]
	}
	c.NextAt, c.Trouble = now.Add(wait), string(fault.CodeOf(because))
	if later := fault.RetryAt(because); later.After(c.NextAt) {
		c.NextAt = later
	}
	c.Version++
}
