package health

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/suppression"
)

// How long something may wait or lie back. The longer ones are those of the alarms
// OldestPendingAlarm, ReconcileOverdueAlarm, DisposalOverdueAlarm and ErasureOverdueAlarm.
const (
	anHour = time.Hour
	aDay   = 24 * time.Hour
	nights = 48 * time.Hour
	days   = 72 * time.Hour
)

const (
	maxCounted  = 250 // of what is read one by one
	driftLimit  = 10  // people, as DriftAlarm has it
	driftsBack  = 5   // reports of runs, trials among them
	proofsBack  = 50  // certificates in which the end of a night is looked for
	closingFact = "true"
)

func (c Checker) overdue(ctx context.Context, l *Line) error {
	for s, err := range c.Requests.Watched(ctx, lifecycle.WatchOpen, c.Now()) {
		if err != nil {
			return err
		}
		if l.full() {
			break
		}
		l.add(s.DueAt)
	}
	l.State = worst(l.N > 0, Act)
	return nil
}

func (c Checker) unsent(ctx context.Context, l *Line) error {
	read := 0
	for s, err := range c.Requests.Watched(ctx, lifecycle.WatchLook, c.Now()) {
		if err != nil {
			return err
		}
		if read++; read > maxCounted {
			l.More = true
			break
		}
		if s.Look != nil && (s.Look.Why == lifecycle.LookUnsent || s.Look.Why == lifecycle.LookUndelivered) {
			l.add(s.Look.Since)
		}
	}
	l.State = worst(l.N > 0, Act)
	return nil
}

func (c Checker) letters(ctx context.Context, l *Line) error {
	for letter, err := range c.Letters.Pending(ctx, c.Now()) {
		if err != nil {
			return err
		}
		if l.full() {
			break
		}
		l.add(letter.QueuedAt)
	}
	c.waits(l, anHour, aDay)
	return nil
}

func (c Checker) erasures(ctx context.Context, l *Line) error {
	from, any, err := c.Disposals.Oldest(ctx, schedule.ErasureOrder)
	if err == nil && any && from.Before(c.Now()) {
		l.add(from)
		l.More = true // one is read, however many there are
	}
	c.waits(l, aDay, days)
	return err
}

func (c Checker) sync(ctx context.Context, l *Line) (err error) {
	l.N, l.Since, err = c.OptOuts.Backlog(ctx, c.Now())
	c.waits(l, anHour, aDay)
	return err
}

func (c Checker) reconciliation(ctx context.Context, l *Line) error {
	drifts, err := c.OptOuts.Drifts(ctx, driftsBack)
	drifts = slices.DeleteFunc(drifts, func(d suppression.Drift) bool { return d.DryRun })
	if err != nil || len(drifts) == 0 {
		l.State = Look // a desk that is younger than a day has none
		return err
	}
	last := drifts[0]
	l.N, l.Repaired, l.Since = last.Total(), last.Repaired(), last.Ended
	l.State = worst(l.N >= driftLimit || last.Abandoned, Look)
	if c.Now().Sub(last.Ended) > days {
		l.State = Act
	}
	return nil
}

func (c Checker) disposal(ctx context.Context, l *Line) error {
	proofs, err := c.Disposals.Proofs(ctx, 0, proofsBack)
	l.State = Look // a desk that is younger than a day has had no night
	for _, p := range proofs {
		if p.Entry.Facts["last"] == closingFact && p.Entry.Facts["class"] == string(disposal.AllClasses) {
			l.Since, l.State = p.Entry.At, worst(c.Now().Sub(p.Entry.At) > nights, Act)
			break
		}
	}
	return err
}

// waits judges by how long the oldest waits.
func (c Checker) waits(l *Line, look, act time.Duration) {
	waited := c.Now().Sub(l.Since)
	switch {
	case l.Since.IsZero() || waited <= look:
		l.State = Good
	case waited <= act:
		l.State = Look
	default:
		l.State = Act
	}
}

func worst(bad bool, s State) State {
	if bad {
		return s
	}
	return Good
}

func (l *Line) full() bool {
	l.More = l.N == maxCounted
	return l.More
}

// add counts one more, which waits since a time.
func (l *Line) add(since time.Time) {
	if l.N++; l.Since.IsZero() || since.Before(l.Since) {
		l.Since = since
	}
}
