package disposal

import (
	"context"

	"privacydesk/shared/domain/fault"
)

// orders carries out orders of erasure. One that fails does not stop the next.
func (w *sweep) orders(ctx context.Context, l *ClassLine, items []Item) error {
	for _, item := range items {
		err := w.order(ctx, l, item)
		if fault.Is(err, fault.Unavailable) {
			return err
		}
		if err != nil {
			w.note(l, failed(Record{Item: item}, err))
			l.late(item)
		}
	}
	return nil
}

// late keeps the start of the oldest order that waits; orders come oldest first.
func (l *ClassLine) late(order Item) {
	if l.Late.IsZero() {
		l.Late = order.Start
	}
}

// order erases a person: first what is kept of them here, then the other systems
// hear of it, and last the order's own request is reduced, which ends the order.
// While something must wait, the order waits; what can go goes.
func (w *sweep) order(ctx context.Context, l *ClassLine, item Item) error {
	if w.holds.coversOrder(item, w.day()) {
		l.add(Held)
		return nil
	}
	all, err := w.Store.OfPerson(ctx, item)
	if err != nil {
		return err
	}
	e := w.decide().erase(item, all)
	if waits, err := w.released(ctx, l, item, e); waits || err != nil {
		return err
	}
	held, late, err := w.pieces(ctx, l, e.pieces)
	if err == nil {
		err = w.readHolds(ctx) // nobody hears of an order that a hold has stopped meanwhile
	}
	switch {
	case err != nil:
		return err
	case e.own.disposes() && w.holds.Covers(item, w.day()):
		l.add(Held)
		return nil
	case held || late || e.waits || !e.own.disposes():
		w.note(l, e.kept(held || late || e.waits))
		if late || e.waits || !e.own.disposes() {
			l.late(item)
		}
		return nil
	}
	if !w.DryRun {
		if err := w.Publisher.Erased(ctx, item.ID, item.Ref, w.day()); err != nil {
			return err
		}
	}
	_, err = w.dispose(ctx, l, []Work{e.own})
	return err
}

// kept is the order's own request when the order is not carried out.
func (e erasure) kept(waits bool) Work {
	if e.own.disposes() || waits {
		e.own.Outcome = Waiting
	}
	return e.own
}

// pieces erases what can be erased of a person, and reports whether something is
// left: held, or late for another reason.
func (w *sweep) pieces(ctx context.Context, l *ClassLine, pieces []Work) (held, late bool, err error) {
	var free []Work
	for _, piece := range pieces {
		if piece.disposes() && w.held(piece) {
			l.add(Held)
			held = true
			continue
		}
		free = append(free, piece)
	}
	ended, err := w.dispose(ctx, l, free)
	return held, ended < len(free), err
}
