package contract

import (
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

func collect(tb testing.TB, records iter.Seq2[optout.Record, error]) []optout.Record {
	tb.Helper()
	var all []optout.Record
	for r, err := range records {
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func bulkJob(t *testing.T, s OptOutTable) {
	first := apply(t, s, change(t, "a@example.com", "email", optout.Out, testkit.T0))
	second := apply(t, s, change(t, "b@example.com", "email", optout.Out, testkit.T0))
	j := suppression.Job{ID: "j1", Started: testkit.T0, Put: true}
	if err := s.SaveJob(background, j); err != nil {
		t.Fatal(err)
	}
	stale := first
	stale.Version++
	if err := s.Claim(background, stale, "j1"); !isConflict(err) {
		t.Errorf("claimed with another version: %v", err)
	}
	for _, r := range []optout.Record{first, second} {
		if err := s.Claim(background, r, "j1"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Claim(background, first, "j1"); err != nil {
		t.Errorf("claimed again for the same job, as a client does that has got no answer: %v", err)
	}
	if err := s.Claim(background, first, "j2"); !isConflict(err) {
		t.Errorf("claimed twice: %v", err)
	}
	if pending := collect(t, s.Pending(background, testkit.T0.Add(time.Hour))); len(pending) != 0 {
		t.Errorf("pending beside the job: %v", pending)
	}
	claimed := collect(t, s.Claimed(background, "j1"))
	if len(claimed) != 2 || claimed[0].Projection.Job != "j1" || !claimed[0].Projection.DueAt.Equal(testkit.T0) {
		t.Fatalf("claimed: %+v", claimed)
	}
	if err := s.Return(background, first, "j1", "not taken"); err != nil {
		t.Fatal(err)
	}
	if err := s.Return(background, first, "j1", "not taken"); !isConflict(err) {
		t.Errorf("returned twice: %v", err)
	}
	back := collect(t, s.Pending(background, testkit.T0.Add(time.Hour)))
	if len(back) != 1 || back[0].Projection.Reason != "not taken" || back[0].Projection.Job != "" || !back[0].Projection.DueAt.Equal(testkit.T0) {
		t.Errorf("returned: %+v", back)
	}
	if err := s.MarkSynced(background, second, optout.Projection{Status: optout.Listed, At: testkit.T0}); err != nil {
		t.Fatal(err)
	}
	if r := one(t, s, second.Key); r.Projection.Job != "" || !r.Projection.DueAt.IsZero() || len(collect(t, s.Claimed(background, "j1"))) != 0 {
		t.Errorf("told: %+v", r.Projection)
	}
	if jobs, err := s.Jobs(background); err != nil || len(jobs) != 1 || !jobs[0].Started.Equal(testkit.T0) || !jobs[0].Put || !jobs[0].Over.IsZero() {
		t.Errorf("jobs: %+v, %v", jobs, err)
	}
	if err := s.ForgetJob(background, "j1"); err != nil {
		t.Fatal(err)
	}
	if jobs, err := s.Jobs(background); err != nil || len(jobs) != 0 {
		t.Errorf("forgotten: %+v, %v", jobs, err)
	}
}

func leavesJob(t *testing.T, s OptOutTable) {
	r := apply(t, s, change(t, "a@example.com", "email", optout.Out, testkit.T0))
	if err := s.SaveJob(background, suppression.Job{ID: "j1", Started: testkit.T0}); err != nil {
		t.Fatal(err)
	}
	if err := s.Claim(background, r, "j1"); err != nil {
		t.Fatal(err)
	}
	apply(t, s, change(t, "a@example.com", "email", optout.In, testkit.T0.Add(time.Minute)))
	if len(collect(t, s.Claimed(background, "j1"))) != 0 {
		t.Error("the job still has it")
	}
	pending := collect(t, s.Pending(background, testkit.T0.Add(time.Hour)))
	if len(pending) != 1 || pending[0].Projection.Job != "j1" {
		t.Fatalf("pending: %+v", pending)
	}
	again := optout.Projection{Status: optout.Unlisted, At: testkit.T0, DueAt: testkit.T0.Add(time.Hour), Job: "j1"}
	if err := s.MarkSynced(background, pending[0], again); err != nil {
		t.Fatal(err)
	}
	if r := one(t, s, r.Key); r.Projection.Job != "j1" || !r.Projection.DueAt.Equal(again.DueAt) {
		t.Errorf("told for now: %+v", r.Projection)
	}
}

func runs(t *testing.T, s OptOutTable) {
	if _, err := s.Run(background); fault.CodeOf(err) != fault.NotFound {
		t.Fatalf("no run: %v", err)
	}
	for i := range 2 {
		run := suppression.Run{Drift: suppression.Drift{ID: fmt.Sprint("r", i), Started: testkit.T0.AddDate(0, 0, i)}, Phase: suppression.ReadingList, Token: "next", Parts: 1}
		if err := s.SaveRun(background, run); err != nil {
			t.Fatal(err)
		}
		marks := []uint64{1, 1 << 63, 7}
		if err := s.SaveSeen(background, run.ID, 0, marks, testkit.T0); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Seen(background, run.ID, 0); err != nil || !slices.Equal(got, marks) {
			t.Errorf("seen: %v, %v", got, err)
		}
		if got, err := s.Run(background); err != nil || got.ID != run.ID || got.Token != "next" || got.Parts != 1 || !got.Started.Equal(run.Started) {
			t.Errorf("run: %+v, %v", got, err)
		}
		run.Ended, run.Counts = run.Started.Add(time.Hour), map[suppression.Cause]int{suppression.Missing: i + 1}
		if err := s.Finish(background, run); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Run(background); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("after the end: %v", err)
	}
	drifts, err := s.Drifts(background, 1)
	if err != nil || len(drifts) != 1 || drifts[0].ID != "r1" || drifts[0].Counts[suppression.Missing] != 2 {
		t.Errorf("reports: %+v, %v", drifts, err)
	}
}

func scan(t *testing.T, s OptOutTable) {
	want := map[optout.Key]bool{}
	for i := range 20 {
		r := apply(t, s, change(t, fmt.Sprintf("p%02d@example.com", i), "email", optout.Out, testkit.T0))
		want[r.Key] = true
	}
	if err := s.SaveRun(background, suppression.Run{Drift: suppression.Drift{ID: "r", Started: testkit.T0}}); err != nil {
		t.Fatal(err)
	}
	got := map[optout.Key]bool{}
	for cursor := ""; ; {
		page, next, err := s.ScanRecords(background, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			if got[r.Key] || r.State != optout.Out || !r.Projection.DueAt.Equal(testkit.T0) || !r.Address.IsZero() {
				t.Errorf("twice, or not as asked: %+v", r)
			}
			got[r.Key] = true
		}
		if cursor = next; next == "" {
			break
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d of %d records", len(got), len(want))
	}
}

func lastRun(t *testing.T, s OptOutTable) {
	asked := func(now, want time.Time) {
		t.Helper()
		if at, err := s.LastCompleted(background, now); err != nil || !at.Equal(want) {
			t.Errorf("completed %v, want %v, %v", at, want, err)
		}
	}
	finish := func(day int, dry, givenUp bool) {
		t.Helper()
		run := suppression.Run{Drift: suppression.Drift{ID: fmt.Sprint("r", day), DryRun: dry, Abandoned: givenUp, Started: testkit.T0.AddDate(0, 0, day), Ended: testkit.T0.AddDate(0, 0, day)}}
		if err := s.Finish(background, run); err != nil {
			t.Fatal(err)
		}
	}
	asked(testkit.T0, testkit.T0)
	asked(testkit.T0.Add(time.Hour), testkit.T0)
	finish(1, false, false)
	finish(2, true, false)
	finish(3, false, true)
	asked(testkit.T0.AddDate(0, 0, 4), testkit.T0.AddDate(0, 0, 1))
	if drifts, err := s.Drifts(background, 9); err != nil || len(drifts) != 3 || !drifts[0].Abandoned {
		t.Errorf("%+v, %v", drifts, err)
	}
}
