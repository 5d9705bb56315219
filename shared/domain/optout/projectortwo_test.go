package optout_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

// errDead ends whatever a killed run still does.
var errDead = errors.New("the process is gone")

// mortal is the queue of a run that may be killed.
type mortal struct {
	suppression.Queue
	dead *bool
}

func (q mortal) MarkSynced(ctx context.Context, r optout.Record, p optout.Projection) error {
	if *q.dead {
		return errDead
	}
	return q.Queue.MarkSynced(ctx, r, p)
}

func (q mortal) Requeue(ctx context.Context, k optout.Key, at time.Time) error {
	if *q.dead {
		return errDead
	}
	return q.Queue.Requeue(ctx, k, at)
}

// late is SES's list for a run whose first call is on its way while something
// else happens.
type late struct {
	*sesList
	meanwhile func() error // what the run hears of its call
}

func (l *late) Put(ctx context.Context, a person.Address, r suppression.ListReason) error {
	err := l.apply()
	return errors.Join(l.sesList.Put(ctx, a, r), err)
}

func (l *late) Delete(ctx context.Context, a person.Address) error {
	err := l.apply()
	return errors.Join(l.sesList.Delete(ctx, a), err)
}

func (l *late) apply() error {
	meanwhile := l.meanwhile
	if l.meanwhile = nil; meanwhile == nil {
		return nil
	}
	return meanwhile()
}

// Reserved concurrency keeps runs apart, but for one that Lambda has given up
// and that goes on. While its call is on its way somebody chooses anew and
// another run tells SES of that; then the old call arrives, and its run can
// say nothing more. The next reconciliation repairs what is wrong then.
func TestTwoRunsAtOnce(t *testing.T) {
	const who = "a@example.com"
	undo := func(t *testing.T, d *walker) {
		r := d.email(t, who)
		if _, err := d.Undo(ctx, r.Address, "en", "email", r.MadeBy); err != nil {
			t.Fatal(err)
		}
	}
	bounce := func(t *testing.T, d *walker) { d.tell(t, who, optout.Bounce.Scope(), optout.Out) }
	leave := func(t *testing.T, d *walker) { d.out(t, who, "email") }
	type step = func(*testing.T, *walker)
	none := func(*testing.T, *walker) {}
	settled := func(t *testing.T, d *walker) { d.drain(t); d.now = d.now.Add(time.Hour) }
	for name, c := range map[string]struct {
		before, meanwhile, then step
		want                    suppression.ListReason
	}{
		"back before the first call":      {leave, undo, none, suppression.NotListed},
		"back, and out again":             {leave, undo, leave, suppression.ListedComplaint},
		"out while being taken off":       {func(t *testing.T, d *walker) { leave(t, d); settled(t, d); undo(t, d) }, leave, none, suppression.ListedComplaint},
		"a bounce while being taken off":  {func(t *testing.T, d *walker) { leave(t, d); settled(t, d); undo(t, d) }, bounce, none, suppression.ListedBounce},
		"a bounce while being put":        {leave, bounce, none, suppression.ListedBounce},
		"told twice, and back":            {leave, func(t *testing.T, d *walker) { d.drain(t); undo(t, d) }, none, suppression.NotListed},
		"queued by a walk, and then back": {func(t *testing.T, d *walker) { leave(t, d); settled(t, d); requeue(t, d.desk, who) }, undo, none, suppression.NotListed},
		"a pause ends, and out meanwhile": {func(t *testing.T, d *walker) { pause(t, d.desk, who); d.drain(t); d.now = d.now.AddDate(0, 0, 31) }, leave, none, suppression.ListedComplaint},
	} {
		for end, killed := range map[string]bool{"its answer is lost": false, "it is killed": true} {
			t.Run(name+", "+end, func(t *testing.T) {
				d := newWalker(t)
				c.before(t, d)
				dead, old := false, *d.Syncer
				old.Queue = mortal{d.table, &dead}
				old.List = &late{d.ses, func() error {
					c.meanwhile(t, d)
					d.now = d.now.Add(5 * time.Second)
					d.drain(t) // the other run
					c.then(t, d)
					d.drain(t)
					dead = killed
					return map[bool]error{false: errors.New("connection reset")}[killed]
				}}
				if _, err := old.Drain(ctx, time.Time{}); err != nil && !errors.Is(err, errDead) {
					t.Fatal(err)
				}
				for range 5 { // the schedule's
					d.now = d.now.Add(time.Minute)
					d.drain(t)
				}
				d.now = d.now.AddDate(0, 0, 1)
				d.reconcile(t, false)
				d.drain(t)
				if got := d.ses.held[who].reason; got != c.want {
					t.Errorf("SES holds %q, want %q", got, c.want)
				}
				d.now = d.now.AddDate(0, 0, 1)
				if drift := d.reconcile(t, false); drift.Total() != 0 {
					t.Errorf("reconciled again: %+v", drift)
				}
				calls := d.ses.total()
				if report := d.drain(t); report != (suppression.Report{}) || d.ses.total() != calls {
					t.Errorf("it does not come to rest: %+v", report)
				}
			})
		}
	}
}

func requeue(t *testing.T, d *desk, who string) {
	t.Helper()
	if err := d.table.Requeue(ctx, d.email(t, who).Key, d.now); err != nil {
		t.Fatal(err)
	}
}

func pause(t *testing.T, d *desk, who string) {
	t.Helper()
	_, err := d.Choose(ctx, testkit.Address(t, who), "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}})
	if err != nil {
		t.Fatal(err)
	}
}

// laggard is an index that shows what has long been settled, and a run that is
// killed before it can learn better.
type laggard struct {
	mortal
	old []optout.Record
}

func (q laggard) Pending(context.Context, time.Time) iter.Seq2[optout.Record, error] {
	return func(yield func(optout.Record, error) bool) {
		for _, r := range q.old {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// What the index shows may be old; the record itself decides.
func TestAnOldIndexTellsNothing(t *testing.T) {
	d := newDesk(t)
	old := d.out(t, "a@example.com", "email")
	if _, err := d.Undo(ctx, old.Address, "en", "email", old.MadeBy); err != nil {
		t.Fatal(err)
	}
	d.drain(t)
	d.now = d.now.Add(time.Hour)
	d.drain(t)
	dead, calls := true, d.list.calls
	run := *d.Syncer
	run.Queue = laggard{mortal{d.table, &dead}, []optout.Record{old}}
	if _, err := run.Drain(ctx, time.Time{}); err != nil || d.list.calls != calls || len(d.list.held) > 0 {
		t.Errorf("%d calls, SES holds %v: %v", d.list.calls-calls, d.list.held, err)
	}
}

// A call of a run that is not over may arrive after a job has told SES of the
// present choice. The next reconciliation repairs that too.
func TestAJobOfTwoRuns(t *testing.T) {
	w, ses := newBulk(t)
	w.people(t, 20)
	late := w.out(t, "p00@example.com", "email") // the choice before was still to be told
	w.drain(t)
	ses.finish(nil)
	w.later(time.Minute)
	if report := w.drain(t); report.Imported != 20 {
		t.Fatalf("%+v", report)
	}
	delete(w.ses.held, late.Address.Reveal()) // the old call arrives
	w.later(24 * time.Hour)
	w.reconcile(t, false)
	if report := w.drain(t); report.Put != 1 || len(w.ses.held) != 20 {
		t.Errorf("%+v, %d held", report, len(w.ses.held))
	}
}
