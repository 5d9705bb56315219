package disposal

import (
	"context"

	"privacydesk/shared/domain/fault"
)

// orders carries out orders of erasure, one after the other. One that cannot
// be carried out does not stop the next. False: the time was over first.
func (w *sweep) orders(ctx context.Context, i int, items []Item) (bool, error) {
	for _, item := range items {
		if w.over() {
			return false, nil
		}
		err := w.order(ctx, i, item)
		if fault.CodeOf(err) == fault.Unavailable || w.lost {
			return false, err
		}
		if err != nil {
			w.note(Ready{Fate: Failed, Err: err})
			w.tail.late = item.Start
		}
		w.tail.place = item.Place
		if err := w.rest(ctx, i); err != nil {
			return false, err
		}
	}
	return true, nil
}

// order erases a person: first what is kept of them here, then word to the
// other systems, and last the order's own request, which ends it. While
// something must wait, the order waits; what can go goes.
func (w *sweep) order(ctx context.Context, i int, item Item) error {
	now := w.day()
	if w.holds.coversOrder(item, now) {
		w.tail.counts.add(Held, 1)
		return nil
	}
	o, err := w.Store.Order(ctx, item, now)
	if err != nil {
		return err
	}
	waits, late, err := w.pieces(ctx, i, o.Pieces)
	if err != nil {
		return err
	}
	if o.Own.Work != nil && w.holds.Covers(item, now) {
		w.note(Ready{Fate: Held})
		return nil
	}
	if waits = waits || o.Rest; waits || o.Own.Work == nil {
		w.note(kept(o.Own, waits))
		if late || o.Rest || o.Own.Work == nil {
			w.tail.late = item.Start
		}
		return nil
	}
	if !w.dry {
		if err := w.Herald.Erased(ctx, item.ID, item.Ref, now); err != nil {
			return err
		}
	}
	_, err = w.each(ctx, i, o.Own)
	return err
}

// kept is an order that was not carried out.
func kept(own Ready, waits bool) Ready {
	if own.Work != nil || waits {
		return Ready{Fate: Waiting, Err: own.Err}
	}
	return own
}

// pieces erases what can be erased of a person, and reports whether something
// is left, and late: not for a hold alone.
func (w *sweep) pieces(ctx context.Context, i int, pieces []Ready) (left, late bool, err error) {
	for _, piece := range pieces {
		held := piece.Work != nil && w.holds.Covers(piece.Work.Item(), w.day())
		ended, err := w.each(ctx, i, piece)
		if err != nil {
			return true, true, err
		}
		left, late = left || !ended, late || !ended && !held
	}
	return left, late, nil
}

// each disposes of one record by itself, and reports whether it is no longer
// there as it was.
func (w *sweep) each(ctx context.Context, i int, r Ready) (ended bool, err error) {
	if r.Work != nil && w.holds.Covers(r.Work.Item(), w.day()) {
		r = Ready{Fate: Held}
	}
	if r, err = w.fit(ctx, r); err != nil {
		return false, err
	}
	if r.Work == nil {
		w.note(r)
		return r.Fate == Gone, nil
	}
	before := w.run.Classes[i].Total.ended()
	err = w.dispose(ctx, i, []Work{r.Work})
	return w.run.Classes[i].Total.ended() > before, err
}
