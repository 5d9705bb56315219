package testkit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
)

func due(tb testing.TB, s optout.Queue, now time.Time) []optout.Record {
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
		apply(t, s, change(t, fmt.Sprintf("z%d@example.com", i), "email", optout.Out, T0.Add(time.Duration(5-i)*time.Minute)))
		apply(t, s, change(t, fmt.Sprintf("z%d@example.com", i), "email/news", optout.Out, T0))
	}
	found := due(t, s, T0.Add(4*time.Minute))
	if len(found) != 4 || !slices.IsSortedFunc(found, func(a, b optout.Record) int { return a.ChangedAt.Compare(b.ChangedAt) }) {
		t.Errorf("due: %v", found)
	}
	count, oldest, err := s.Backlog(background, T0.Add(4*time.Minute))
	if err != nil || count != 4 || !oldest.Equal(T0.Add(time.Minute)) {
		t.Errorf("backlog %d since %v, %v", count, oldest, err)
	}
	for _, r := range found {
		if err := s.Projected(background, r, optout.Projection{Status: optout.Listed, At: T0}); err != nil {
			t.Fatal(err)
		}
	}
	if left := due(t, s, T0.Add(time.Hour)); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
	told := one(t, s, found[0].Key)
	if told.Projection.Status != optout.Listed || !told.Projection.DueAt.IsZero() || told.Version != found[0].Version {
		t.Errorf("told: %+v", told)
	}
	if err := s.Requeue(background, told.Key, T0); err != nil || len(due(t, s, T0)) != 1 {
		t.Errorf("requeue: %v", err)
	}
	if err := s.Requeue(background, optout.Key{Ref: "nobody", Scope: "email"}, T0); !isConflict(err) {
		t.Errorf("requeue of nothing: %v", err)
	}
	if count, _, err := s.Backlog(background, T0.Add(-time.Hour)); count != 0 || err != nil {
		t.Errorf("backlog of the past: %d %v", count, err)
	}
}

func newerChoice(t *testing.T, s OptOutTable) {
	old := apply(t, s, change(t, "z@example.com", "email", optout.Out, T0))
	undo := change(t, "z@example.com", "email", optout.In, T0.Add(time.Second))
	undo.IfVersion = old.Version
	apply(t, s, undo)
	if err := s.Projected(background, old, optout.Projection{Status: optout.Listed, At: T0}); !isConflict(err) {
		t.Errorf("mark of an old version: %v", err)
	}
	if left := due(t, s, T0.Add(time.Second)); len(left) != 1 || left[0].State != optout.In {
		t.Errorf("left: %v", left)
	}
}

func askDue(tb testing.TB, s optout.AskQueue, now time.Time) []optout.Ask {
	tb.Helper()
	var asks []optout.Ask
	for a, err := range s.PendingAsks(background, now) {
		if err != nil {
			tb.Fatal(err)
		}
		asks = append(asks, a)
	}
	return asks
}

func asks(t *testing.T, s OptOutTable) {
	a := Address(t, "z@example.com")
	ask := optout.Ask{Ref: Key(t).Ref(a), Address: a, Language: "de", AskedAt: T0, Versions: map[optout.Scope]int{"email": 3, "email/news": 1}}
	if err := s.ApplyAll(background, nil, &ask); err != nil {
		t.Fatal(err)
	}
	found := askDue(t, s, T0)
	if len(found) != 1 || fmt.Sprint(found[0]) != fmt.Sprint(ask) {
		t.Fatalf("found %+v, want %+v", found, ask)
	}
	if records, _ := s.OfPerson(background, ask.Ref); len(records) != 0 {
		t.Errorf("an ask is no record: %v", records)
	}
	if err := s.ClaimAsk(background, ask, T0, T0.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if err := s.ClaimAsk(background, ask, T0, T0.Add(2*time.Minute)); !isConflict(err) {
		t.Errorf("claimed twice: %v", err)
	}
	if again := askDue(t, s, T0.Add(time.Minute)); len(askDue(t, s, T0)) != 0 || len(again) != 1 {
		t.Error("a claim hides the ask until it ends, and no longer", again)
	}
	anew := ask
	anew.AskedAt, anew.Versions = T0.Add(30*time.Second), map[optout.Scope]int{"email": 4}
	if err := s.ApplyAll(background, nil, &anew); err != nil {
		t.Fatal(err)
	}
	if again := askDue(t, s, T0.Add(time.Minute)); len(again) != 1 || !again[0].AskedAt.Equal(anew.AskedAt) || fmt.Sprint(again[0].Versions) != "map[email:4 email/news:1]" {
		t.Error("asked anew joins what was asked", again)
	}
	if err := s.AskMailed(background, ask); !isConflict(err) {
		t.Errorf("the old ask's mail ends the new one: %v", err)
	}
	if err := s.AskMailed(background, anew); err != nil || len(askDue(t, s, T0.Add(time.Hour))) != 0 {
		t.Errorf("mailed: %v", err)
	}
	if err := s.ApplyAll(background, nil, &ask); err != nil || len(askDue(t, s, T0.Add(optout.ConfirmWithin))) != 0 {
		t.Errorf("an expired ask is work: %v", err)
	}
}
