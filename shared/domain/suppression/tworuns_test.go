package suppression_test

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
// another run syncs that; then the old call arrives, and its run can
// do nothing more. The next reconciliation repairs what is wrong then.
func TestTwoRunsAtOnce(t *testing.T) {
	const who = "a@example.com"
	undo := func(t *testing.T, d *reconciliation) {
		r := d.Email(t, who)
		if err := d.Undo(ctx, r.Address, "en", r.MadeBy, "email"); err != nil {
			t.Fatal(err)
		}
	}
	bounce := func(t *testing.T, d *reconciliation) { d.Observe(t, who, optout.Bounce.Scope(), optout.Out) }
	leave := func(t *testing.T, d *reconciliation) { d.Out(t, who, "email") }
	type step = func(*testing.T, *reconciliation)
	settled := func(t *testing.T, d *reconciliation) { d.Sync(t); d.Time = d.Time.Add(time.Hour) }
	for name, c := range map[string]struct {
		before, meanwhile, then step // then makes the old call right again: no reconciliation is needed
		want                    suppression.ListReason
	}{
		"back before the first call":     {leave, undo, nil, suppression.NotListed},
		"back, and out again":            {leave, undo, leave, suppression.ListedComplaint},
		"out while being taken off":      {func(t *testing.T, d *reconciliation) { leave(t, d); settled(t, d); undo(t, d) }, leave, nil, suppression.ListedComplaint},
		"a bounce while being taken off": {func(t *testing.T, d *reconciliation) { leave(t, d); settled(t, d); undo(t, d) }, bounce, nil, suppression.ListedBounce},
		"a bounce while being put":       {leave, bounce, nil, suppression.ListedBounce},
		"synced twice, and back":         {leave, func(t *testing.T, d *reconciliation) { d.Sync(t); undo(t, d) }, nil, suppression.NotListed},
		"queued by a run, and then back": {func(t *testing.T, d *reconciliation) { leave(t, d); settled(t, d); requeue(t, d.desk, who) }, undo, nil, suppression.NotListed},
		"a pause ends, and out meanwhile": {func(t *testing.T, d *reconciliation) {
			pause(t, d.desk, who)
			d.Sync(t)
			d.Time = d.Time.AddDate(0, 0, 31)
		}, leave, nil, suppression.ListedComplaint},
	} {
		for end, killed := range map[string]bool{"its answer is lost": false, "it is killed": true} {
			t.Run(name+", "+end, func(t *testing.T) {
				d := newReconciliation(t)
				c.before(t, d)
				dead, old := false, *d.Syncer
				old.Queue = mortal{d.Table, &dead}
				old.List = &late{d.ses, func() error {
					c.meanwhile(t, d)
					d.Time = d.Time.Add(5 * time.Second)
					d.Sync(t) // the other run
					if c.then != nil {
						c.then(t, d)
						d.Sync(t)
					}
					dead = killed
					return map[bool]error{false: errors.New("connection reset")}[killed]
				}}
				if _, err := old.Drain(ctx, time.Time{}); err != nil && !errors.Is(err, errDead) {
					t.Fatal(err)
				}
				for range 5 { // the schedule's
					d.Time = d.Time.Add(time.Minute)
					d.Sync(t)
				}
				if got := d.ses.held[who].reason; c.then != nil && got != c.want {
					t.Errorf("before the reconciliation SES holds %q, want %q", got, c.want)
				}
				d.reconcile(t, false)
				d.Sync(t)
				if got := d.ses.held[who].reason; got != c.want {
					t.Errorf("SES holds %q, want %q", got, c.want)
				}
				d.Time = d.Time.AddDate(0, 0, 1)
				if drift := d.reconcile(t, false); drift.Total() != 0 {
					t.Errorf("reconciled again: %+v", drift)
				}
				calls := d.ses.total()
				if report := d.Sync(t); report != (suppression.SyncReport{}) || d.ses.total() != calls {
					t.Errorf("it does not come to rest: %+v", report)
				}
			})
		}
	}
}

func requeue(t *testing.T, d *desk, who string) {
	t.Helper()
	if err := d.Table.Requeue(ctx, d.Email(t, who).Key, d.Time); err != nil {
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
func TestAnOldIndexSyncsNothing(t *testing.T) {
	d := newDesk(t)
	old := d.Out(t, "a@example.com", "email")
	if err := d.Undo(ctx, old.Address, "en", old.MadeBy, "email"); err != nil {
		t.Fatal(err)
	}
	d.Sync(t)
	d.Time = d.Time.Add(time.Hour)
	d.Sync(t)
	dead, calls := true, d.SES.Calls
	run := *d.Syncer
	run.Queue = laggard{mortal{d.Table, &dead}, []optout.Record{old}}
	if _, err := run.Drain(ctx, time.Time{}); err != nil || d.SES.Calls != calls || len(d.SES.Held) > 0 {
		t.Errorf("%d calls, SES holds %v: %v", d.SES.Calls-calls, d.SES.Held, err)
	}
}

// A call of a run that is not over may arrive after a job has synced the
// present choice. The next reconciliation repairs that too.
func TestAJobOfTwoRuns(t *testing.T) {
	w, ses := newBulk(t)
	w.people(t, 20)
	late := w.Out(t, "p00@example.com", "email") // the choice before was still due
	w.Sync(t)
	ses.finish(nil)
	w.later(time.Minute)
	if report := w.Sync(t); report.Imported != 20 {
		t.Fatalf("%+v", report)
	}
	delete(w.ses.held, late.Address.Reveal()) // the old call arrives
	w.later(5 * time.Minute)
	w.reconcile(t, false)
	if report := w.Sync(t); report.Put != 1 || len(w.ses.held) != 20 {
		t.Errorf("%+v, %d held", report, len(w.ses.held))
	}
}
