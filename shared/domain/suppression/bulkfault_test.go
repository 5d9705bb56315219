package suppression_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

// spoiled is the table and SES's bulk jobs, with something that happens at the
// n-th call of a run, before or after its effect.
type spoiled struct {
	*testkit.OptOuts
	*bulkSES
	calls, at int
	after     bool
	happens   func() error
}

func (s *spoiled) do(call func() error) error {
	s.calls++
	hit := s.calls == s.at
	if hit && !s.after {
		if err := s.happens(); err != nil {
			return err
		}
	}
	err := call()
	if hit && s.after && err == nil {
		err = s.happens()
	}
	return err
}

func (s *spoiled) Jobs(ctx context.Context) (jobs []suppression.Job, err error) {
	err = s.do(func() (err error) { jobs, err = s.OptOuts.Jobs(ctx); return err })
	return jobs, err
}

func (s *spoiled) SaveJob(ctx context.Context, j suppression.Job) error {
	return s.do(func() error { return s.OptOuts.SaveJob(ctx, j) })
}

func (s *spoiled) ForgetJob(ctx context.Context, id string) error {
	return s.do(func() error { return s.OptOuts.ForgetJob(ctx, id) })
}

func (s *spoiled) Claimed(ctx context.Context, id string) iter.Seq2[optout.Record, error] {
	if err := s.do(func() error { return nil }); err != nil {
		return func(yield func(optout.Record, error) bool) { yield(optout.Record{}, err) }
	}
	return s.OptOuts.Claimed(ctx, id)
}

func (s *spoiled) Start(ctx context.Context, id string, items []suppression.BulkItem) (sesID string, err error) {
	err = s.do(func() (err error) { sesID, err = s.bulkSES.Start(ctx, id, items); return err })
	return sesID, err
}

func (s *spoiled) Find(ctx context.Context, id string, since time.Time) (sesID string, err error) {
	err = s.do(func() (err error) { sesID, err = s.bulkSES.Find(ctx, id, since); return err })
	return sesID, err
}

func (s *spoiled) Status(ctx context.Context, id string) (state suppression.BulkState, err error) {
	err = s.do(func() (err error) { state, err = s.bulkSES.Status(ctx, id); return err })
	return state, err
}

// Whatever happens at whichever call: nobody's record stays behind in a job,
// and SES's list ends as the table says.
func TestAnythingAtAnyCallOfABulkJob(t *testing.T) {
	died := fault.Wrap(fault.Unavailable, errors.New("no answer"), "test")
	chooseAnew := func(t *testing.T, w *reconciliation) {
		for i := range 15 {
			w.in(t, fmt.Sprintf("p%02d@example.com", i))
			w.Out(t, fmt.Sprintf("q%02d@example.com", i), "email")
		}
	}
	mishaps := map[string]func(*testing.T, *reconciliation) error{
		"no answer":                          func(*testing.T, *reconciliation) error { return died },
		"everybody chooses anew":             func(t *testing.T, w *reconciliation) error { chooseAnew(t, w); return nil },
		"no answer, everybody chooses anew":  func(t *testing.T, w *reconciliation) error { chooseAnew(t, w); return died },
		"SES does it, everybody chooses":     func(t *testing.T, w *reconciliation) error { w.finish(); chooseAnew(t, w); return nil },
		"a fault of ours, everybody chooses": func(t *testing.T, w *reconciliation) error { chooseAnew(t, w); return errors.New("bug") },
	}
	for name, mishap := range mishaps {
		for _, after := range []bool{false, true} {
			for _, slow := range []int{1, 9} {
				for at, reached := 1, true; reached; at++ {
					t.Run(fmt.Sprint(name, " after=", after, " slow=", slow, " at ", at), func(t *testing.T) { reached = bulkMishap(t, at, slow, after, mishap) })
				}
			}
		}
	}
}

// slow is how many minutes a job takes SES at least.
func bulkMishap(t *testing.T, at, slow int, after bool, mishap func(*testing.T, *reconciliation) error) bool {
	w, ses := newBulk(t)
	bulk := w.Syncer.Bulk
	w.Syncer.Bulk = nil
	for i := range 15 {
		w.Out(t, fmt.Sprintf("q%02d@example.com", i), "email")
	}
	w.Sync(t)
	w.later(time.Hour)
	w.people(t, 15)
	for i := range 15 {
		w.in(t, fmt.Sprintf("q%02d@example.com", i))
	}
	s := &spoiled{OptOuts: w.Table, bulkSES: ses, at: at, after: after}
	w.finish = func() { ses.finish(nil) }
	s.happens = func() error { return mishap(t, w) }
	process := func() { w.Syncer.Bulk = &suppression.Bulk{Queue: s, List: s, Over: 10, NewID: bulk.NewID} }
	process()
	reached := false
	for minutes := range 30 {
		if minutes == 8+slow { // later ones only wait for nothing
			reached, s.at = s.calls >= at, 0
		}
		if _, err := w.Drain(context.Background(), time.Time{}); err != nil {
			process() // what it had in memory is lost
		}
		if minutes%2 == 1 && minutes >= slow {
			ses.finish(nil)
		}
		w.later(time.Minute)
	}
	for i := range 15 {
		for _, letter := range "pq" {
			name := fmt.Sprintf("%c%02d@example.com", letter, i)
			r := w.Read(t, name, "email")
			if w.ses.holds(name) != r.Suppresses(w.Time) || !r.Projection.DueAt.IsZero() || r.Projection.Job != "" {
				t.Errorf("%s: held %v, %+v", name, w.ses.holds(name), r)
			}
		}
	}
	jobs, _ := w.Table.Jobs(context.Background())
	for _, j := range jobs {
		if j.ID != "off" {
			t.Errorf("left: %+v", j)
		}
	}
	return reached
}

// While it is unknown whether SES has the job, its records are synced again and
// again, because it may undo what people choose. Once SES confirms the job, they are synced.
func TestAJobIsOpenUntilSESSaysThatThereIsNone(t *testing.T) {
	w, ses := newBulk(t)
	s := &spoiled{OptOuts: w.Table, bulkSES: ses}
	s.happens = func() error { return fault.Wrap(fault.Unavailable, errors.New("no answer"), "test") }
	s.after = true
	w.Syncer.Bulk.List, w.Syncer.Bulk.Queue = s, s
	w.people(t, 30)
	s.at = 3 // Jobs, SaveJob, Start
	if report := w.Sync(t); len(ses.jobs) != 1 || report.Jobs != 0 {
		t.Fatalf("the answer was to get lost: %+v", report)
	}
	s.at, ses.unfound = 0, fault.New(fault.Unavailable, "no answer")
	w.in(t, "p03@example.com")
	for range 5 {
		w.later(time.Minute)
		w.Sync(t)
	}
	if left := w.Read(t, "p03@example.com", "email"); left.Projection.DueAt.IsZero() || w.jobsLeft(t) == 0 {
		t.Fatalf("SES was not asked, and all is held for done: %+v", left.Projection)
	}
	ses.finish(nil)
	ses.unfound = nil
	for range 5 {
		w.later(time.Minute)
		w.Sync(t)
	}
	if len(ses.jobs) != 1 || w.ses.holds("p03@example.com") || len(w.ses.held) != 29 || w.ses.calls["put"] > 0 {
		t.Errorf("%d jobs, %d held, %d put one by one", len(ses.jobs), len(w.ses.held), w.ses.calls["put"])
	}
}
