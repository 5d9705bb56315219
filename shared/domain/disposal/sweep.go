package disposal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/schedule"
)

// Sweeper disposes of what is due, class by class, with proof.
type Sweeper struct {
	Store     Store
	Publisher ErasurePublisher
	Releaser  Releaser
	Objects   interface { // what files hold, by their ids
		Delete(ctx context.Context, id string) error
	}
	Feed interface { // how far the systems have read that are told of choices
		Cursors(context.Context) ([]feed.Cursor, error)
	}
	Systems  []ledger.System // that hold people's data too; without any, Feed is not asked
	Schedule *schedule.Schedule
	Zone     *time.Location // whose days are counted
	Signer   interface {
		Sign(audit.Payload) ([]byte, error)
	}
	Issuer string // base URL of the deployment
	Build  string
	Now    func() time.Time
	NewID  func() string // of runs
	Random io.Reader     // salts of the histories
}

// sweep is one call at work.
type sweep struct {
	*Sweeper
	Report
	holds  *InForce                 // nil: they must be read
	unread func(optout.Record) bool // whether a system has still to read a choice; nil: none has
	head   *audit.Head              // of the history; nil: it must be read
	over   func() bool
	faults []error // of single records, the first of them
}

// maxFaults is how many errors of single records a call reports.
const maxFaults = 20

// Sweep disposes of what is due until over says that nothing more may be begun.
// It may be called again at any time, and by two at once: each record goes once.
// The error joins what went wrong, class by class; the report says the rest.
// Invalid: there is no such class, or the day is to come.
func (s *Sweeper) Sweep(ctx context.Context, t Task, over func() bool) (Report, error) {
	if err := s.check(t); err != nil {
		return Report{}, err
	}
	w := &sweep{Sweeper: s, over: over, Report: s.plan(t)}
	if t.Continue {
		if all, err := s.unfinished(ctx); err != nil {
			return Report{}, err
		} else if all {
			w.Report = s.plan(Task{})
		}
	}
	err := errors.Join(w.classes(ctx), errors.Join(w.faults...))
	if w.Ended && !w.DryRun && (!t.Continue || w.Nightly) {
		err = errors.Join(err, w.close(ctx))
	}
	w.Whole = w.Ended && err == nil
	if t.Continue && !w.Nightly && w.Ended && w.Classes[0].Due == 0 {
		return Report{Ended: true, Whole: true, Classes: []ClassLine{}}, err
	}
	return w.Report, err
}

func (s *Sweeper) check(t Task) error {
	switch {
	case t.Class != "" && t.Class != schedule.ErasureOrder && s.Schedule.Rule(t.Class).How != schedule.BySweep:
		return fault.Field("class", "unknown", "the sweep disposes of no such class")
	case !t.DryRun && t.Until.After(s.Now()):
		return fault.Field("until", "future", "a day to come is for a dry run only")
	}
	return nil
}

// plan is the report of a task before anything is done, with every cutoff.
func (s *Sweeper) plan(t Task) Report {
	now := s.Now().UTC().Truncate(time.Millisecond)
	r := Report{
		Run: now.Format(civil.Stamp) + "-" + s.NewID(), DryRun: t.DryRun, AsOf: now, Classes: []ClassLine{},
		Nightly: !t.DryRun && t.Class == "" && t.Until.IsZero() && !t.Continue,
	}
	if !t.Until.IsZero() {
		r.AsOf = t.Until.UTC().Truncate(time.Millisecond)
	}
	for _, rule := range s.rules() {
		if t.Class != "" && rule.Class != t.Class || t.Continue && rule.Class != schedule.ErasureOrder {
			continue
		}
		r.Classes = append(r.Classes, ClassLine{Class: rule.Class, Period: rule.Period.String(), Action: rule.Action, Cutoff: s.cutoff(rule, r.AsOf)})
	}
	return r
}

// rules are those that the sweep carries out, orders of erasure first.
func (s *Sweeper) rules() []schedule.Rule {
	return append([]schedule.Rule{s.Schedule.Rule(schedule.ErasureOrder)}, s.Schedule.Sweep()...)
}

// cutoff is exclusive; an order is carried out from its own moment on.
func (s *Sweeper) cutoff(rule schedule.Rule, asOf time.Time) time.Time {
	if rule.Class == schedule.ErasureOrder {
		return asOf.Add(time.Millisecond).UTC()
	}
	return rule.Period.Cutoff(asOf, s.Zone).UTC()
}

// day is the time whose holds and exports count: of a dry run of a night to
// come, that night.
func (w *sweep) day() time.Time {
	if now := w.Now(); !w.DryRun || w.AsOf.Before(now) {
		return now
	}
	return w.AsOf
}

// readHolds reads the holds anew.
func (w *sweep) readHolds(ctx context.Context) error {
	holds, err := w.Store.InForce(ctx)
	if err == nil {
		w.holds = &holds
	}
	return err
}

// needHolds reads the holds where nothing has asked for them before: most
// frequent calls find nothing due, and need none.
func (w *sweep) needHolds(ctx context.Context) error {
	if w.holds != nil {
		return nil
	}
	return w.readHolds(ctx)
}

// needFeed reads how far other systems have read, where nothing has asked for it before.
func (w *sweep) needFeed(ctx context.Context) error {
	if w.unread != nil || !slices.ContainsFunc(w.Systems, feed.Fed) {
		return nil
	}
	cursors, err := w.Feed.Cursors(ctx)
	if err == nil {
		w.unread = feed.Unread(w.Systems, cursors)
	}
	return err
}

// classes goes through the classes; one that fails does not stop the others.
func (w *sweep) classes(ctx context.Context) error {
	var faults []error
	w.Ended = true
	for i := range w.Classes {
		l := &w.Classes[i]
		if err := w.class(ctx, l); err != nil {
			l.Error = string(cmp.Or(fault.CodeOf(err), fault.Internal))
			faults = append(faults, fmt.Errorf("%s: %w", l.Class, err))
		}
		l.Due = l.Counts.Due()
		w.Ended = w.Ended && l.ended
	}
	return errors.Join(faults...)
}

// note counts a record that stays, and keeps its error.
func (w *sweep) note(l *ClassLine, work Work) {
	l.add(work.Outcome)
	if work.Err != nil && len(w.faults) < maxFaults {
		w.faults = append(w.faults, work.Err)
	}
}
