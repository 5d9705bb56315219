package health_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/health"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/suppression"
)

var (
	now   = time.Date(2026, time.November, 28, 9, 0, 0, 0, time.UTC)
	never time.Time
)

func ago(d time.Duration) time.Time { return now.Add(-d) }

// tables are all that a checker reads.
type tables struct {
	open, look []request.Summary
	letters    []outbox.Letter
	pending    int
	oldest     time.Time
	drifts     []suppression.Drift
	ordered    time.Time
	proofs     []disposal.Proof
	down       error
}

func each[T any](all []T, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
		if err != nil {
			yield(*new(T), err)
		}
	}
}

func (t tables) Watched(_ context.Context, w lifecycle.Watch, _ time.Time) iter.Seq2[request.Summary, error] {
	if w == lifecycle.WatchOpen {
		return each(t.open, t.down)
	}
	return each(t.look, t.down)
}

func (t tables) Pending(context.Context, time.Time) iter.Seq2[outbox.Letter, error] {
	return each(t.letters, t.down)
}

func (t tables) Backlog(context.Context, time.Time) (int, time.Time, error) {
	return t.pending, t.oldest, t.down
}

func (t tables) Drifts(context.Context, int) ([]suppression.Drift, error) { return t.drifts, t.down }

func (t tables) Oldest(context.Context, schedule.Class) (time.Time, bool, error) {
	return t.ordered, !t.ordered.IsZero(), t.down
}

func (t tables) Proofs(context.Context, int, int) ([]disposal.Proof, error) { return t.proofs, t.down }

func (t tables) check(tb testing.TB) (map[health.Code]health.Line, []error) {
	tb.Helper()
	lines, errs := health.Checker{Requests: t, Letters: t, OptOuts: t, Disposals: t, Now: func() time.Time { return now }}.Check(tb.Context())
	byCode := map[health.Code]health.Line{}
	for _, l := range lines {
		byCode[l.Code] = l
	}
	return byCode, errs
}

func night(ended time.Time, class schedule.Class, last string) disposal.Proof {
	return disposal.Proof{Entry: audit.Entry{At: ended, Facts: map[string]string{"class": string(class), "last": last}}}
}

func TestStates(t *testing.T) {
	run := func(ended time.Time, counts map[suppression.Cause]int) []suppression.Drift {
		return []suppression.Drift{{DryRun: true, Ended: now}, {Ended: ended, Counts: counts}}
	}
	for name, c := range map[string]struct {
		tables
		code  health.Code
		state health.State
		n     int
		since time.Time
	}{
		"no date is over":                  {tables{}, health.Overdue, health.Good, 0, never},
		"two dates are over":               {tables{open: []request.Summary{{DueAt: ago(time.Hour)}, {DueAt: ago(2 * time.Hour)}}}, health.Overdue, health.Act, 2, ago(2 * time.Hour)},
		"a letter did not go":              {tables{look: []request.Summary{{Look: &lifecycle.Look{Why: lifecycle.LookUndelivered, Since: ago(time.Hour)}}, {Look: &lifecycle.Look{Why: lifecycle.LookReply}}}}, health.Unsent, health.Act, 1, ago(time.Hour)},
		"a letter has just been put there": {tables{letters: []outbox.Letter{{QueuedAt: ago(time.Minute)}}}, health.Letters, health.Good, 1, ago(time.Minute)},
		"a letter waits for hours":         {tables{letters: []outbox.Letter{{QueuedAt: ago(2 * time.Hour)}}}, health.Letters, health.Look, 1, ago(2 * time.Hour)},
		"a letter waits for days":          {tables{letters: []outbox.Letter{{QueuedAt: ago(25 * time.Hour)}}}, health.Letters, health.Act, 1, ago(25 * time.Hour)},
		"an erasure of today":              {tables{ordered: ago(time.Hour)}, health.Erasures, health.Good, 1, ago(time.Hour)},
		"an erasure is to come":            {tables{ordered: now.Add(time.Hour)}, health.Erasures, health.Good, 0, never},
		"an erasure waits":                 {tables{ordered: ago(73 * time.Hour)}, health.Erasures, health.Act, 1, ago(73 * time.Hour)},
		"opt-outs on their way":            {tables{pending: 3, oldest: ago(time.Minute)}, health.Sync, health.Good, 3, ago(time.Minute)},
		"an opt-out waits for days":        {tables{pending: 3, oldest: ago(25 * time.Hour)}, health.Sync, health.Act, 3, ago(25 * time.Hour)},
		"no comparison yet":                {tables{}, health.Reconciliation, health.Look, 0, never},
		"a comparison of tonight":          {tables{drifts: run(ago(5*time.Hour), map[suppression.Cause]int{suppression.Missing: 9})}, health.Reconciliation, health.Good, 9, ago(5 * time.Hour)},
		"a comparison found many":          {tables{drifts: run(ago(5*time.Hour), map[suppression.Cause]int{suppression.Missing: 10})}, health.Reconciliation, health.Look, 10, ago(5 * time.Hour)},
		"an old comparison":                {tables{drifts: run(ago(73*time.Hour), nil)}, health.Reconciliation, health.Act, 0, ago(73 * time.Hour)},
		"no night yet":                     {tables{proofs: []disposal.Proof{night(ago(time.Hour), schedule.ErasureOrder, "true"), night(ago(time.Hour), disposal.AllClasses, "false")}}, health.Disposal, health.Look, 0, never},
		"a night":                          {tables{proofs: []disposal.Proof{night(ago(time.Hour), schedule.ClosedRequest, "true"), night(ago(30*time.Hour), disposal.AllClasses, "true")}}, health.Disposal, health.Good, 0, ago(30 * time.Hour)},
		"nights are missing":               {tables{proofs: []disposal.Proof{night(ago(49*time.Hour), disposal.AllClasses, "true")}}, health.Disposal, health.Act, 0, ago(49 * time.Hour)},
	} {
		lines, errs := c.check(t)
		if l := lines[c.code]; len(errs) > 0 || l.State != c.state || l.N != c.n || !l.Since.Equal(c.since) {
			t.Errorf("%s: %+v, %v", name, l, errs)
		}
	}
}

func TestManyAreNotCounted(t *testing.T) {
	lines, _ := tables{open: make([]request.Summary, 300), letters: make([]outbox.Letter, 250)}.check(t)
	if l := lines[health.Overdue]; l.N != 250 || !l.More {
		t.Errorf("of 300: %+v", l)
	}
	if l := lines[health.Letters]; l.N != 250 || l.More {
		t.Errorf("of 250: %+v", l)
	}
}

func TestWhatCannotBeReadIsNotGood(t *testing.T) {
	lines, errs := tables{down: errors.New("throttled")}.check(t)
	if len(lines) != 7 || len(errs) != 7 {
		t.Errorf("%d lines, %v", len(lines), errs)
	}
	for code, l := range lines {
		if l.State != health.Unknown || l.Runbook == "" {
			t.Errorf("%s: %+v", code, l)
		}
	}
}
