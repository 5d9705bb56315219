package disposal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
)

// Sweeper disposes of what is due, class by class, with a certificate for each.
type Sweeper struct {
	Store    Store
	Herald   Herald
	Schedule *Schedule
	Zone     *time.Location // whose days are counted
	Signer   interface {
		Sign(audit.Payload) ([]byte, error)
	}
	Issuer string // base URL of the deployment
	Build  string
	Now    func() time.Time
	NewID  func() string // of calls
}

// sweep is one call at work on a run.
type sweep struct {
	*Sweeper
	run     Run
	resumed bool // the run was begun by an earlier call
	lost    bool // another call has taken it over
	holds   InForce
	over    func() bool
	dry     bool
	tail    tail
	faults  []error // of single records, the first of them
}

// tail is what a call has seen since it last wrote: records that it need not
// touch. It is written with the next batch, so that a crash loses no count.
type tail struct {
	counts Counts
	place  string
	swept  bool
	late   time.Time // start of an order that waits
}

var errLost = errors.New("another call has taken the run over")

// Sweep works on the run that is under way, and then begins the one that is
// asked for, until it has ended or over says that no more may be begun. The
// error joins what went wrong, class by class; the report tells the rest.
// Conflict: another run goes on first.
func (s *Sweeper) Sweep(ctx context.Context, t Task, over func() bool) (Report, error) {
	if err := s.refuse(t); err != nil {
		return Report{}, err
	}
	for {
		w := &sweep{Sweeper: s, over: over, dry: t.DryRun}
		rep, err := w.once(ctx, t)
		other := w.resumed && !t.Continue && (t.Class != "" || !t.Until.IsZero() || !w.run.Nightly)
		switch {
		case err != nil || !other:
			return rep, err
		case !rep.Ended:
			return rep, fault.New(fault.Conflict, "another run is under way and goes on by itself; ask again when it has ended")
		}
	}
}

// once works on one run.
func (w *sweep) once(ctx context.Context, t Task) (Report, error) {
	if w.dry {
		w.run = w.plan(t)
	} else if begun, err := w.take(ctx, t); err != nil || !begun {
		return Report{Ended: err == nil && !w.lost, Busy: w.lost, Classes: []ClassLine{}}, err
	}
	err := w.readHolds(ctx)
	if err == nil {
		err = errors.Join(w.work(ctx), errors.Join(w.faults...))
	}
	return w.told(ctx), errors.Join(err, w.leave(ctx))
}

func (s *Sweeper) refuse(t Task) error {
	switch {
	case t.Class != "" && t.Class != ErasureOrder && s.Schedule.Rule(t.Class).How != BySweep:
		return fault.Field("class", "unknown", "the sweep knows no such class")
	case !t.DryRun && t.Until.After(s.Now()):
		return fault.Field("until", "future", "a day to come is for a dry run only")
	}
	return nil
}

// plan is a run that has not begun, with its cutoffs.
func (s *Sweeper) plan(t Task) Run {
	now := s.Now().UTC().Truncate(time.Millisecond)
	r := Run{Started: now, AsOf: now, Nightly: !t.DryRun && t.Class == "" && t.Until.IsZero() && !t.Continue}
	if !t.Until.IsZero() {
		r.AsOf = t.Until.UTC().Truncate(time.Millisecond)
	}
	r.ID = now.Format(timeForm) + "-" + s.NewID()
	rules := append([]Rule{s.Schedule.Rule(ErasureOrder)}, s.Schedule.Sweep()...)
	for _, rule := range rules {
		if t.Class != "" && rule.Class != t.Class || t.Continue && rule.Class != ErasureOrder {
			continue
		}
		r.Classes = append(r.Classes, Progress{Class: rule.Class, Period: rule.Period.String(), Action: rule.Action, Cutoff: s.cutoff(rule, r.AsOf)})
	}
	return r
}

// cutoff is exclusive; an order is carried out from its own moment on.
func (s *Sweeper) cutoff(rule Rule, asOf time.Time) time.Time {
	if rule.Class == ErasureOrder {
		return asOf.Add(time.Millisecond).UTC()
	}
	return rule.Period.Cutoff(asOf, s.Zone).UTC()
}

// day is the time whose holds and exports count: of a dry run of a night to
// come, that night.
func (w *sweep) day() time.Time {
	if now := w.Now(); !w.dry || w.run.AsOf.Before(now) {
		return now
	}
	return w.run.AsOf
}

func (w *sweep) readHolds(ctx context.Context) (err error) {
	w.holds, err = w.Store.InForce(ctx)
	return err
}

// work goes through the classes; one that fails does not stop the others.
func (w *sweep) work(ctx context.Context) error {
	var faults []error
	for i := range w.run.Classes {
		if w.run.Classes[i].Done || w.over() {
			continue
		}
		w.tail = tail{}
		err := w.class(ctx, i)
		if err != nil && !w.lost {
			faults = append(faults, w.failed(ctx, i, err))
		}
		if w.lost {
			break
		}
	}
	return errors.Join(faults...)
}

// In how many calls a class may fail before it is left as it is, and before
// even its certificate is. The next run begins it anew.
const (
	triesToSweep = 4
	triesToProve = 8
)

// failed notes that a class has failed, and returns what is to be told of it:
// nothing, if it failed because another call has taken the run over. Whether
// the last write was done nobody knows, so the run is read again.
func (w *sweep) failed(ctx context.Context, i int, cause error) error {
	told := fmt.Errorf("%s: %w", w.run.Classes[i].Class, cause)
	if !w.dry {
		found, err := w.Store.Run(ctx)
		gone := fault.CodeOf(err) == fault.NotFound
		if w.lost = err != nil || found.Owner != w.run.Owner; w.lost && (gone || err == nil) {
			return nil
		}
		if err != nil { // nothing can be written on what is not known
			return errors.Join(told, err)
		}
		w.run = found
	}
	return errors.Join(told, w.save(ctx, func(r *Run) {
		p := &r.Classes[i]
		p.Tries++
		p.Why = string(fault.CodeOf(cause))
		if p.Tries >= triesToSweep {
			p.GaveUp, p.Swept = true, true
		}
		p.Done = p.Tries >= triesToProve
	}))
}

// mostFaults is how many errors of single records a call tells.
const mostFaults = 20

// note counts what becomes of a record that needs no write, and keeps its
// error.
func (w *sweep) note(r Ready) {
	w.tail.counts.add(r.Fate, 1)
	if r.Err != nil && len(w.faults) < mostFaults {
		w.faults = append(w.faults, r.Err)
	}
}

func (w *sweep) told(ctx context.Context) Report {
	rep := w.run.report()
	rep.DryRun = w.dry
	for i := range rep.Classes {
		c := &rep.Classes[i]
		if start, ok, err := w.Store.Oldest(ctx, c.Class); err == nil && ok {
			c.Next = w.next(w.Schedule.Rule(c.Class), start)
		}
	}
	return rep
}

// next is when what started then is due.
func (s *Sweeper) next(rule Rule, start time.Time) time.Time {
	if rule.Class == ErasureOrder {
		return start.UTC()
	}
	end, _ := rule.Period.End(start, s.Zone)
	return end.UTC()
}
