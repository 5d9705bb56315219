package disposal

import (
	"cmp"
	"context"
	"errors"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/schedule"
)

const (
	optOutsAtOnce = 3 * MaxWrites // records read together: whole transactions of opt-outs
	filesAtOnce   = MaxWrites     // … of requests, each with its whole file
	maxTries      = 10            // of one transaction
)

// class disposes of what is due of one class, oldest first.
func (w *sweep) class(ctx context.Context, l *ClassLine) error {
	page, items := filesAtOnce, []Item(nil)
	if l.Class == schedule.OptOutEvidence || l.Class == schedule.SoftBounces {
		page = optOutsAtOnce
	}
	if l.Class == schedule.ErasureOrder {
		page = 1
	}
	for item, err := range w.Store.Due(ctx, l.Class, l.Cutoff) {
		if err != nil {
			return err
		}
		if items = append(items, item); len(items) < page {
			continue
		}
		if w.over() {
			return nil
		}
		if err := w.page(ctx, l, items); err != nil {
			return err
		}
		items = items[:0]
	}
	if len(items) > 0 && w.over() {
		return nil
	}
	err := w.page(ctx, l, items)
	l.ended = err == nil
	return err
}

// page disposes of some records together.
func (w *sweep) page(ctx context.Context, l *ClassLine, items []Item) error {
	if len(items) == 0 {
		return nil
	}
	if err := cmp.Or(w.needHolds(ctx), w.needFeed(ctx)); err != nil {
		return err
	}
	if l.Class == schedule.ErasureOrder {
		return w.orders(ctx, l, items)
	}
	var free []Item
	for _, item := range items {
		switch {
		case w.holds.Covers(item, w.day()):
			l.add(Held)
		case item.Pending:
			l.add(Waiting)
		default:
			free = append(free, item)
		}
	}
	if len(free) == 0 {
		return nil
	}
	found, err := w.Store.Read(ctx, free)
	if err != nil {
		return err
	}
	var works []Work
	for n, item := range free {
		works = append(works, w.decide().due(item, l.Action, found[n]))
	}
	_, err = w.dispose(ctx, l, works)
	return err
}

func (w *sweep) decide() rules { return rules{w.day(), w.Random, w.unread} }

// dispose carries works out in as few transactions as hold them, and says how
// many of the records are no longer what they were.
func (w *sweep) dispose(ctx context.Context, l *ClassLine, works []Work) (ended int, err error) {
	var batch []Work
	writes := 0
	flush := func() error {
		n, err := w.transact(ctx, l, batch)
		ended, batch, writes = ended+n, nil, 0
		return err
	}
	for _, work := range works {
		if !work.disposes() {
			w.note(l, work)
			if work.Outcome == Gone {
				ended++
			}
			continue
		}
		if writes+work.Writes() > MaxWrites {
			if err := flush(); err != nil {
				return ended, err
			}
		}
		batch, writes = append(batch, work), writes+work.Writes()
	}
	return ended, flush()
}

var errContended = fault.New(fault.Unavailable, "a disposal transaction kept conflicting (%d attempts)", maxTries)

// transact carries out one transaction with its proof. Records that turn out to
// have changed, or to be held, are counted, and the rest is tried again.
func (w *sweep) transact(ctx context.Context, l *ClassLine, works []Work) (ended int, err error) {
	for range maxTries {
		if len(works) == 0 {
			return ended, nil
		}
		err := w.prove(ctx, l.certificate(works), works)
		refused, ok := errors.AsType[*Refused](err)
		switch {
		case err == nil:
			for _, work := range works {
				l.add(work.Outcome)
			}
			if !w.DryRun {
				l.Certificates++
			}
			return ended + len(works), nil
		case errors.Is(err, ErrUnwritable):
			n, err := w.apart(ctx, l, works, err)
			return ended + n, err
		case !ok:
			return ended, err
		}
		var gone int
		if works, gone, err = w.left(ctx, l, works, refused); err != nil {
			return ended, err
		}
		ended += gone
	}
	return ended, errContended
}

// empty deletes what the files of requests hold, before their rows go: what a crash
// leaves is rows, which lead here again.
func (w *sweep) empty(ctx context.Context, works []Work) error {
	for _, work := range works {
		if work.Request == nil {
			continue
		}
		for _, a := range work.Request.Files {
			if err := w.Objects.Delete(ctx, a.ID); err != nil { // of one that is gone too: its form may have been used again
				return err
			}
		}
	}
	return nil
}

// apart disposes one by one of what cannot go together, so that a broken record
// keeps no other.
func (w *sweep) apart(ctx context.Context, l *ClassLine, works []Work, cause error) (ended int, err error) {
	if len(works) == 1 {
		w.note(l, failed(works[0].Record, fault.Wrap(fault.Internal, cause, "a broken record of "+string(works[0].Class))))
		return 0, nil
	}
	for n := range works {
		one, err := w.transact(ctx, l, works[n:n+1])
		if ended += one; err != nil {
			return ended, err
		}
	}
	return ended, nil
}

// left are the works of a refused transaction that may be tried again, and how
// many records have gone meanwhile.
func (w *sweep) left(ctx context.Context, l *ClassLine, works []Work, refused *Refused) (left []Work, gone int, err error) {
	if refused.Holds {
		if err := w.readHolds(ctx); err != nil {
			return nil, 0, err
		}
	}
	for n, work := range works {
		outcome, changed := refused.Works[n]
		switch {
		case changed:
			l.add(outcome)
			if outcome == Gone {
				gone++
			}
		case w.held(work):
			l.add(Held)
		default:
			left = append(left, work)
		}
	}
	return left, gone, nil
}

// held reports whether a hold keeps a record, or the order that it would go by.
func (w *sweep) held(work Work) bool {
	return w.holds.Covers(work.Item, w.day()) || work.Order != nil && w.holds.coversOrder(*work.Order, w.day())
}
