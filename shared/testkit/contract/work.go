package contract

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

func due(tb testing.TB, s suppression.Queue, now time.Time) []optout.Record {
	tb.Helper()
	var records []optout.Record
	for r, err := range s.Pending(background, now) {
		if err != nil {
			tb.Fatal(err)
		}
		records = append(records, r)
	}
	return records
}

func work(t *testing.T, s OptOutTable) {
	for i := range 5 {
		apply(t, s, change(t, fmt.Sprintf("z%d@example.com", i), "email", optout.Out, testkit.T0.Add(time.Duration(5-i)*time.Minute)))
		apply(t, s, change(t, fmt.Sprintf("z%d@example.com", i), "email/news", optout.Out, testkit.T0))
	}
	found := due(t, s, testkit.T0.Add(4*time.Minute))
	if len(found) != 4 || !slices.IsSortedFunc(found, func(a, b optout.Record) int { return a.ChangedAt.Compare(b.ChangedAt) }) {
		t.Errorf("due: %v", found)
	}
	count, oldest, err := s.Backlog(background, testkit.T0.Add(4*time.Minute))
	if err != nil || count != 4 || !oldest.Equal(testkit.T0.Add(time.Minute)) {
		t.Errorf("backlog %d since %v, %v", count, oldest, err)
	}
	for _, r := range found {
		if err := s.MarkSynced(background, r, optout.Projection{Status: optout.Listed, At: testkit.T0}); err != nil {
			t.Fatal(err)
		}
	}
	if left := due(t, s, testkit.T0.Add(time.Hour)); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	told := one(t, s, found[0].Key)
	if told.Projection.Status != optout.Listed || !told.Projection.DueAt.IsZero() || told.Version != found[0].Version {
		t.Errorf("told: %+v", told)
	}
	if err := s.Requeue(background, told.Key, testkit.T0); err != nil || len(due(t, s, testkit.T0)) != 1 {
		t.Errorf("requeue: %v", err)
	}
	if err := s.Requeue(background, optout.Key{Ref: "nobody", Scope: "email"}, testkit.T0); !isConflict(err) {
		t.Errorf("requeue of nothing: %v", err)
	}
	if count, _, err := s.Backlog(background, testkit.T0.Add(-time.Hour)); count != 0 || err != nil {
		t.Errorf("backlog of the past: %d %v", count, err)
	}
}

func newerChoice(t *testing.T, s OptOutTable) {
	old := apply(t, s, change(t, "z@example.com", "email", optout.Out, testkit.T0))
	undo := change(t, "z@example.com", "email", optout.In, testkit.T0.Add(time.Second))
	undo.IfVersion = old.Version
	apply(t, s, undo)
	if err := s.MarkSynced(background, old, optout.Projection{Status: optout.Listed, At: testkit.T0}); !isConflict(err) {
		t.Errorf("mark of an old version: %v", err)
	}
	if left := due(t, s, testkit.T0.Add(time.Second)); len(left) != 1 || left[0].State != optout.In {
		t.Errorf("left: %v", left)
	}
}
