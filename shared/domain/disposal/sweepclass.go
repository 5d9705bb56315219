package disposal

import (
	"context"
	"errors"

	"privacydesk/shared/domain/fault"
)

const (
	pageSize    = 3 * mostWrites // records looked at together: whole transactions of opt-outs
	filesAtOnce = 97             // … of requests, each with its whole file
	mostWrites  = 97             // of the 100 rows of a transaction; the others are the run, the names and the holds
	mostNames   = 50_000         // of one certificate
	mostRefused = 10             // times that one batch is tried again
)

// class goes through what is due of one class, from where the run stands.
func (w *sweep) class(ctx context.Context, i int) error {
	if err := w.longer(ctx, i); err != nil {
		return err
	}
	for !w.run.Classes[i].Swept {
		if w.over() {
			return nil
		}
		p := w.run.Classes[i]
		items, more, err := w.Store.Due(ctx, p.Class, p.Cutoff, p.Place, pageOf(p.Class))
		if err != nil {
			return err
		}
		through, err := w.page(ctx, i, items)
		if err != nil {
			return err
		}
		w.tail.swept = through && !more
		if err := w.rest(ctx, i); err != nil {
			return err
		}
		if w.run.Classes[i].Open.ended() >= mostNames && more {
			if err := w.certify(ctx, i); err != nil {
				return err
			}
		}
	}
	return w.certify(ctx, i)
}

func pageOf(c Class) int {
	if c == OptOutEvidence || c == SoftBounces {
		return pageSize
	}
	return filesAtOnce
}

// longer has a period that was made longer since the run began hold for what
// is left of it. What had gone is certified by the rule by which it went.
func (w *sweep) longer(ctx context.Context, i int) error {
	p := w.run.Classes[i]
	rule := w.Schedule.Rule(p.Class)
	cutoff := w.cutoff(rule, w.run.AsOf)
	if p.Swept || !cutoff.Before(p.Cutoff) {
		return nil
	}
	if p.Open.ended() > 0 {
		if err := w.certify(ctx, i); err != nil {
			return err
		}
	}
	return w.save(ctx, func(r *Run) { r.Classes[i].Cutoff, r.Classes[i].Period = cutoff, rule.Period.String() })
}

// rest writes what is left of the tail, if there is anything to tell.
func (w *sweep) rest(ctx context.Context, i int) error {
	if w.tail == (tail{}) {
		return nil
	}
	return w.save(ctx, func(r *Run) { w.put(r, i, Counts{}) })
}

// put writes the tail and what a batch did into a run.
func (w *sweep) put(r *Run, i int, done Counts) {
	p := &r.Classes[i]
	seen := w.tail.counts.plus(done)
	p.Total, p.Open = p.Total.plus(seen), p.Open.plus(seen)
	if w.tail.place != "" {
		p.Place = w.tail.place
	}
	p.Swept = p.Swept || w.tail.swept
	if late := w.tail.late; !late.IsZero() && (p.Late.IsZero() || late.Before(p.Late)) {
		p.Late = late
	}
	w.tail = tail{}
}

// page disposes of the records of one page, in as few transactions as hold
// them. False: the time was over before its end.
func (w *sweep) page(ctx context.Context, i int, items []Item) (bool, error) {
	if w.run.Classes[i].Class == ErasureOrder {
		return w.orders(ctx, i, items)
	}
	ready, err := w.prepare(ctx, i, items)
	if err != nil {
		return false, err
	}
	var (
		batch  []Work
		writes int
	)
	for n, r := range ready {
		if r, err = w.fit(ctx, r); err != nil {
			return false, err
		}
		if r.Work != nil && writes+r.Work.Writes() > mostWrites {
			if err := w.dispose(ctx, i, batch); err != nil || w.over() {
				return false, err
			}
			batch, writes = nil, 0
		}
		if r.Work == nil {
			w.note(r)
		} else {
			batch, writes = append(batch, r.Work), writes+r.Work.Writes()
		}
		w.tail.place = items[n].Place
	}
	return true, w.dispose(ctx, i, batch)
}

// prepare sorts out what is held or pending and makes the rest ready.
func (w *sweep) prepare(ctx context.Context, i int, items []Item) ([]Ready, error) {
	p, now := w.run.Classes[i], w.day()
	ready := make([]Ready, len(items))
	var free []Item
	for n, item := range items {
		switch {
		case w.holds.Covers(item, now):
			ready[n].Fate = Held
		case item.Pending:
			ready[n].Fate = Waiting
		default:
			free = append(free, item)
		}
	}
	made, err := w.Store.Prepare(ctx, p.Class, p.Action, free, now)
	if err != nil {
		return nil, err
	}
	for n := range ready {
		if ready[n].Fate == "" {
			ready[n], made = made[0], made[1:]
		}
	}
	return ready, nil
}

// fit makes a record fit into a transaction that has more rows.
func (w *sweep) fit(ctx context.Context, r Ready) (Ready, error) {
	work := r.Work
	if work == nil || work.Writes() <= mostWrites || w.dry {
		return r, nil
	}
	for range mostRefused {
		lighter, err := w.Store.Lighten(ctx, work, mostWrites, w.holds.Seq)
		refused, ok := errors.AsType[*Refused](err)
		switch {
		case err == nil:
			return Ready{Work: lighter}, nil
		case errors.Is(err, ErrUnwritable):
			return brokenRecord(work, err), nil
		case !ok:
			return Ready{}, err
		case refused.Holds:
			if err := w.readHolds(ctx); err != nil {
				return Ready{}, err
			}
			if w.holds.Covers(work.Item(), w.Now()) {
				return Ready{Fate: Held}, nil
			}
		default:
			return Ready{Fate: Moved}, nil
		}
	}
	return Ready{}, errContended
}

var errContended = fault.New(fault.Unavailable, "a batch was refused again and again")

// dispose carries out one batch. What is refused of it is counted, and the
// rest is tried again; the tail is written with it.
func (w *sweep) dispose(ctx context.Context, i int, works []Work) error {
	for range mostRefused {
		var done Counts
		for _, work := range works {
			done.add(work.Fate(), 1)
		}
		if len(works) == 0 {
			return nil
		}
		seen := w.tail
		b := Batch{Class: w.run.Classes[i].Class, Part: w.run.Classes[i].Parts + 1, Works: works, Holds: w.holds.Seq}
		b.Run = w.advance(func(r *Run) {
			w.put(r, i, done)
			r.Classes[i].Parts++
		})
		if w.dry {
			w.run = b.Run
			return nil
		}
		err := w.Store.Dispose(ctx, b)
		refused, ok := errors.AsType[*Refused](err)
		switch {
		case err == nil:
			w.run = b.Run
			return nil
		case errors.Is(err, ErrUnwritable):
			w.tail = seen
			return w.apart(ctx, i, works, err)
		case !ok:
			return err
		case refused.Lost:
			w.lost = true
			return errLost
		}
		w.tail = seen
		if works, err = w.left(ctx, works, refused); err != nil {
			return err
		}
	}
	return errContended
}

// apart disposes one by one of what cannot go together, so that a broken
// record keeps no other. The place moves on with the last of them.
func (w *sweep) apart(ctx context.Context, i int, works []Work, cause error) error {
	if len(works) == 1 {
		w.note(brokenRecord(works[0], cause))
		return nil
	}
	place := w.tail.place
	w.tail.place = ""
	for n := range works {
		if n == len(works)-1 {
			w.tail.place = place
		}
		if err := w.dispose(ctx, i, works[n:n+1]); err != nil {
			return err
		}
	}
	return nil
}

func brokenRecord(work Work, cause error) Ready {
	return Ready{Fate: Failed, Err: fault.Wrap(fault.Internal, cause, "a broken record of "+string(work.Item().Class))}
}

// left are the works of a refused batch that may be tried again.
func (w *sweep) left(ctx context.Context, works []Work, refused *Refused) ([]Work, error) {
	if refused.Holds {
		if err := w.readHolds(ctx); err != nil {
			return nil, err
		}
	}
	now := w.Now()
	var left []Work
	for n, work := range works {
		fate, moved := refused.Works[n]
		switch {
		case moved:
			w.tail.counts.add(fate, 1)
		case w.holds.Covers(work.Item(), now):
			w.tail.counts.add(Held, 1)
		default:
			left = append(left, work)
		}
	}
	return left, nil
}
