package suppression_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

// bulkSES takes jobs, and does them when the test says so.
type bulkSES struct {
	list   *sesList
	jobs   map[string][]suppression.BulkItem
	done   map[string]suppression.BulkState
	refuse error
	looks  int

	unfound error // of Find
}

func (b *bulkSES) Start(_ context.Context, id string, items []suppression.BulkItem) (string, error) {
	if b.refuse != nil {
		return "", b.refuse
	}
	b.jobs["ses-"+id] = items
	return "ses-" + id, nil
}

func (b *bulkSES) Find(_ context.Context, id string, _ time.Time) (string, error) {
	if b.jobs["ses-"+id] == nil {
		return "", b.unfound
	}
	return "ses-" + id, b.unfound
}

func (b *bulkSES) Status(_ context.Context, id string) (suppression.BulkState, error) {
	b.looks++
	return b.done[id], nil
}

// finish does all jobs; what is named in failed is not taken.
func (b *bulkSES) finish(failed map[person.Address]string) {
	for id, items := range b.jobs {
		if b.done[id].Over {
			continue
		}
		for _, i := range items {
			if failed[i.Address] != "" {
				continue
			}
			if delete(b.list.held, i.Address.Reveal()); i.Reason != suppression.NotListed {
				b.list.held[i.Address.Reveal()] = held{i.Reason, b.list.now(), false}
			}
		}
		b.done[id] = suppression.BulkState{Over: true, Failed: failed}
	}
}

func newBulk(tb testing.TB) (*reconciliation, *bulkSES) {
	w := newReconciliation(tb)
	b := &bulkSES{list: w.ses, jobs: map[string][]suppression.BulkItem{}, done: map[string]suppression.BulkState{}}
	n := 0
	w.Syncer.Bulk = &suppression.Bulk{Queue: w.Table, List: b, Over: 10, NewID: func() string { n++; return fmt.Sprint("job", n) }}
	return w, b
}

func (w *reconciliation) people(tb testing.TB, n int) {
	for i := range n {
		w.Out(tb, fmt.Sprintf("p%02d@example.com", i), "email")
	}
}

func (w *reconciliation) jobsLeft(tb testing.TB) int {
	tb.Helper()
	jobs, err := w.Table.Jobs(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	return len(jobs)
}

func TestALargeBacklogGoesByOneJob(t *testing.T) {
	w, ses := newBulk(t)
	w.people(t, 30)
	w.Out(t, "zoë@example.com", "email")
	report := w.Sync(t)
	if report.Jobs != 1 || report.Put != 0 || report.Unsupported != 1 || report.Pending != 0 || len(ses.jobs["ses-job1"]) != 30 {
		t.Fatalf("%+v, job of %d", report, len(ses.jobs["ses-job1"]))
	}
	w.later(time.Minute)
	if report = w.Sync(t); report.InJobs != 30 || report.Imported != 0 {
		t.Errorf("under way: %+v", report)
	}
	ses.finish(map[person.Address]string{testkit.Address(t, "p07@example.com"): "Invalid email address"})
	w.later(time.Minute)
	report = w.Sync(t)
	if report.Imported != 29 || report.Put != 1 || report.AgeAtSync != 2*time.Minute || len(w.ses.held) != 30 || w.ses.total() != 1 {
		t.Errorf("done: %+v, %d held, %d single calls", report, len(w.ses.held), w.ses.total())
	}
	if r := w.Read(t, "p00@example.com", "email"); r.Projection.Status != optout.Listed || !r.Projection.DueAt.IsZero() || r.Projection.Job != "" {
		t.Errorf("synced: %+v", r.Projection)
	}
	w.later(2 * time.Minute)
	if looks := ses.looks; w.Sync(t) != (suppression.SyncReport{}) || w.jobsLeft(t) != 0 || ses.looks != looks {
		t.Errorf("%d jobs left, %d more looks", w.jobsLeft(t), ses.looks-looks)
	}
}

func TestAFewGoOneByOne(t *testing.T) {
	w, ses := newBulk(t)
	w.people(t, 10)
	if report := w.Sync(t); report.Put != 10 || len(ses.jobs) != 0 {
		t.Errorf("%+v", report)
	}
}

// A run that began with a few counts again once it has synced more than a few one
// by one: what has come meanwhile goes by a job.
func TestABacklogThatGrowsDuringARunGoesByAJob(t *testing.T) {
	for name, c := range map[string]struct {
		refuse       error
		puts, inJobs int
	}{
		"SES takes jobs": {puts: 5 + 11, inJobs: 40 - 11},
		"SES does not":   {refuse: suppression.ErrNoBulk, puts: 45},
	} {
		t.Run(name, func(t *testing.T) {
			w, ses := newBulk(t)
			ses.refuse = c.refuse
			w.people(t, 5)
			w.ses.fail = func() error {
				if w.ses.calls["put"] == 3 {
					for i := range 40 {
						w.Out(t, fmt.Sprintf("q%02d@example.com", i), "email")
					}
				}
				return nil
			}
			report := w.Sync(t)
			if report.Put != c.puts || report.Pending != 0 || len(ses.jobs["ses-job1"]) != c.inJobs || w.ses.total() != c.puts {
				t.Fatalf("%+v, %d in the job, %d calls", report, len(ses.jobs["ses-job1"]), w.ses.total())
			}
			ses.finish(nil)
			w.later(time.Minute)
			if w.Sync(t); len(w.ses.held) != 45 {
				t.Errorf("%d held", len(w.ses.held))
			}
		})
	}
}

func TestDeletesGoByAJobOfTheirOwn(t *testing.T) {
	w, ses := newBulk(t)
	w.people(t, 40)
	w.Sync(t)
	ses.finish(nil)
	w.later(5 * time.Minute)
	w.Sync(t)
	w.later(5 * time.Minute)
	w.Sync(t)
	for i := range 20 {
		w.in(t, fmt.Sprintf("p%02d@example.com", i))
	}
	for i := range 20 {
		w.Out(t, fmt.Sprintf("q%02d@example.com", i), "email")
	}
	if report := w.Sync(t); report.Jobs != 2 || report.Put+report.Deleted != 0 {
		t.Fatalf("%+v", report)
	}
	ses.finish(nil)
	w.later(time.Minute)
	if report := w.Sync(t); report.Imported != 40 || len(w.ses.held) != 40 || w.ses.holds("p00@example.com") {
		t.Errorf("%+v, %d held", report, len(w.ses.held))
	}
}

// A choice made while the job is under way is synced at once, and again once the
// job is over: the job may have undone it.
func TestAChoiceOvertakesAJob(t *testing.T) {
	w, ses := newBulk(t)
	w.people(t, 30)
	w.Sync(t)
	w.later(time.Minute)
	w.in(t, "p03@example.com")
	if report := w.Sync(t); report.Deleted != 1 {
		t.Fatalf("%+v", report)
	}
	w.later(30 * time.Second)
	ses.finish(nil)
	if !w.ses.holds("p03@example.com") {
		t.Fatal("the test's job did nothing")
	}
	for range 5 {
		w.later(time.Minute)
		w.Sync(t)
	}
	if r := w.Read(t, "p03@example.com", "email"); w.ses.holds("p03@example.com") || !r.Projection.DueAt.IsZero() || r.Projection.Job != "" {
		t.Errorf("still listed, or still pending: %+v", r.Projection)
	}
}

func TestABounceOvertakesADeleteJob(t *testing.T) {
	w, ses := newBulk(t)
	for i := range 20 {
		w.in(t, fmt.Sprintf("p%02d@example.com", i))
	}
	w.Sync(t)
	w.later(time.Minute)
	a := testkit.Address(t, "p03@example.com")
	_, err := w.Table.Apply(context.Background(), optout.Change{
		Key: optout.Key{Ref: testkit.Key(t).Ref(a), Scope: "bounce"}, To: optout.Out, Address: a,
		Evidence: optout.Evidence{Source: optout.FromBounce, At: w.Time}, Observed: &optout.Observation{At: w.Time, FirstAt: w.Time},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Sync(t)
	ses.finish(nil)
	for range 5 {
		w.later(time.Minute)
		w.Sync(t)
	}
	if len(w.ses.held) != 1 || !w.ses.holds("p03@example.com") {
		t.Errorf("held: %v", w.ses.held)
	}
}

func TestRefusedJobsFallBack(t *testing.T) {
	cases := map[string]struct {
		refuse error
		pause  time.Duration
	}{
		"sandbox":   {suppression.ErrNoBulk, 24 * time.Hour},
		"throttled": {suppression.ErrThrottled, 15 * time.Minute},
		"refused":   {fault.New(fault.Internal, "SES refused: AccessDeniedException"), 15 * time.Minute},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, ses := newBulk(t)
			ses.refuse = c.refuse
			w.people(t, 30)
			report := w.Sync(t)
			if report.BulkRefused != c.refuse.Error() || report.Put != 30 || report.Pending != 0 {
				t.Fatalf("%+v", report)
			}
			w.later(c.pause - time.Second)
			w.people(t, 30)
			if report := w.Sync(t); report.BulkRefused != "" || report.Put != 30 {
				t.Errorf("said twice: %+v", report)
			}
			w.later(time.Second)
			w.Sync(t)
			ses.refuse = nil
			w.people(t, 30)
			if report := w.Sync(t); report.Jobs != 1 {
				t.Errorf("never tried again: %+v", report)
			}
		})
	}
}

func TestAJobThatFailsAsAWhole(t *testing.T) {
	w, ses := newBulk(t)
	w.people(t, 30)
	w.Sync(t)
	ses.done["ses-job1"] = suppression.BulkState{Over: true, Fault: "SES ended the import job as failed"}
	w.later(time.Minute)
	if report := w.Sync(t); report.Put != 30 || report.BulkRefused == "" {
		t.Errorf("%+v", report)
	}
}

// A process that is killed before SES has the job leaves no record behind.
func TestAKillBeforeTheHandOver(t *testing.T) {
	w, ses := newBulk(t)
	ses.refuse = fault.Wrap(fault.Unavailable, fmt.Errorf("no answer"), "start an import job")
	w.people(t, 30)
	if report := w.Sync(t); report.Put != 0 {
		t.Fatalf("%+v", report)
	}
	for range 6 {
		w.later(time.Minute)
		w.Sync(t)
	}
	if len(w.ses.held) != 30 || w.jobsLeft(t) != 1 {
		t.Errorf("%d held, %d jobs", len(w.ses.held), w.jobsLeft(t))
	}
}
