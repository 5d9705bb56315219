package testkit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/optout"
	"privacydesk/shared/person"
)

// OptOutTable is all that a table of opt-outs can do.
type OptOutTable interface {
	optout.Store
	optout.Queue
	optout.AskQueue
	optout.JobQueue
	optout.Ledger
	optout.Runs
	// Drifts returns the latest reports of finished walks, newest first.
	Drifts(ctx context.Context, most int) ([]optout.Drift, error)
}

// T0 is when the tests' stories begin.
var T0 = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Address parses a test's address.
func Address(tb testing.TB, text string) person.Address {
	tb.Helper()
	a, err := person.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// Key is the tests' reference key.
func Key(tb testing.TB) person.Key {
	tb.Helper()
	k, err := person.NewKey("a reference key for tests, 32 characters or more")
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

// OptOutContract is what every table of opt-outs must keep.
func OptOutContract(t *testing.T, open func(testing.TB) OptOutTable) {
	for name, check := range map[string]func(*testing.T, OptOutTable){
		"an opt-out repeated is one record":       oneRecord,
		"coming back is conditional":              conditional,
		"a pause keeps its end and its work":      pause,
		"a transaction is all or nothing":         allOrNothing,
		"a person's records are found":            ofPerson,
		"many keys are read":                      manyKeys,
		"work is found oldest first and ends":     work,
		"a mark does not hide a newer choice":     newerChoice,
		"a choice knows what it overtook":         overtakes,
		"an ask is claimed once and ends":         asks,
		"two at once are both counted":            concurrent,
		"evidence is the latest, whole":           evidence,
		"a wish to be erased survives the repeat": erase,
		"a bulk job holds its records":            bulkJob,
		"a choice leaves the bulk job":            leavesJob,
		"a walk is kept and reported":             walks,
		"when a walk ended last is known":         lastWalk,
		"a census has everybody once":             census,
		"news of SES brings its own times":        news,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

var background = context.Background()

func change(tb testing.TB, address string, scope optout.Scope, to optout.State, at time.Time) optout.Change {
	a := Address(tb, address)
	return optout.Change{
		Key: optout.Key{Ref: Key(tb).Ref(a), Scope: scope}, To: to, Address: a,
		Evidence: optout.Evidence{Source: optout.FromForm, At: at},
	}
}

func apply(tb testing.TB, s optout.Store, c optout.Change) optout.Record {
	tb.Helper()
	r, err := s.Apply(background, c)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func one(tb testing.TB, s optout.Store, k optout.Key) optout.Record {
	tb.Helper()
	found, err := s.Records(background, []optout.Key{k, k})
	if err != nil || len(found) != 1 {
		tb.Fatalf("records: %v, %v", found, err)
	}
	return found[k]
}

func isConflict(err error) bool { return errors.Is(err, &fault.Error{Code: fault.Conflict}) }

func oneRecord(t *testing.T, s OptOutTable) {
	c := change(t, "z@example.com", "email", optout.Out, T0)
	c.Name = "Zaphod"
	first := apply(t, s, c)
	c.Evidence.At, c.Name = T0.Add(time.Hour), ""
	again := apply(t, s, c)
	if first.Version != 1 || again.Version != 2 || !again.FirstAt.Equal(T0) || !again.OutSince.Equal(T0) ||
		!again.ChangedAt.Equal(T0.Add(time.Hour)) || again.Name != "Zaphod" {
		t.Errorf("first %+v, again %+v", first, again)
	}
	if r := one(t, s, c.Key); fmt.Sprint(r) != fmt.Sprint(again) || r.Address != c.Address {
		t.Errorf("read %+v, wrote %+v", r, again)
	}
	if again.Projection.Status != optout.Untold || again.Projection.DueAt.IsZero() {
		t.Errorf("not pending: %+v", again.Projection)
	}
}

func conditional(t *testing.T, s OptOutTable) {
	out := apply(t, s, change(t, "z@example.com", "email", optout.Out, T0))
	back := change(t, "z@example.com", "email", optout.In, T0.Add(time.Minute))
	back.IfVersion = out.Version + 1
	if _, err := s.Apply(background, back); !isConflict(err) {
		t.Errorf("wrong version: %v", err)
	}
	never := change(t, "never@example.com", "email", optout.In, T0)
	never.IfVersion = 1
	if _, err := s.Apply(background, never); !isConflict(err) {
		t.Errorf("no record: %v", err)
	}
	never.IfVersion = optout.Unrecorded
	apply(t, s, never)
	if _, err := s.Apply(background, never); !isConflict(err) {
		t.Errorf("recorded meanwhile: %v", err)
	}
	back.IfVersion = out.Version
	in := apply(t, s, back)
	if in.State != optout.In || !in.OutSince.IsZero() || !in.FirstAt.Equal(T0) {
		t.Errorf("in: %+v", in)
	}
	again := apply(t, s, change(t, "z@example.com", "email", optout.Out, T0.Add(time.Hour)))
	if !again.FirstAt.Equal(T0) || !again.OutSince.Equal(T0.Add(time.Hour)) {
		t.Errorf("out again: %+v", again)
	}
}

func pause(t *testing.T, s OptOutTable) {
	c := change(t, "z@example.com", "email", optout.Paused, T0)
	c.Until = T0.AddDate(0, 0, 30)
	r := apply(t, s, c)
	if !r.Until.Equal(c.Until) || !r.Suppresses(T0) || r.Suppresses(c.Until) {
		t.Errorf("paused: %+v", r)
	}
	if err := s.Projected(background, r, optout.Projection{Status: optout.Listed, At: T0, DueAt: c.Until}); err != nil {
		t.Fatal(err)
	}
	if n := len(due(t, s, c.Until.Add(-time.Millisecond))); n != 0 {
		t.Errorf("%d due before the end", n)
	}
	if n := len(due(t, s, c.Until)); n != 1 {
		t.Errorf("%d due at the end", n)
	}
	out := apply(t, s, change(t, "z@example.com", "email", optout.Out, T0.Add(time.Minute)))
	if !out.Until.Equal(c.Until) || len(due(t, s, T0.Add(time.Minute))) != 1 {
		t.Errorf("out while paused: %+v", out)
	}
}

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

func allOrNothing(t *testing.T, s OptOutTable) {
	sms, email := change(t, "z@example.com", "sms", optout.Out, T0), change(t, "z@example.com", "email", optout.In, T0)
	email.IfVersion = 7
	ask := optout.Ask{Ref: sms.Ref, Address: sms.Address, AskedAt: T0, Versions: map[optout.Scope]int{"post": 1}}
	if err := s.ApplyAll(background, []optout.Change{sms, email}, &ask); !isConflict(err) {
		t.Errorf("conflict: %v", err)
	}
	if found, err := s.OfPerson(background, sms.Ref); err != nil || len(found) != 0 || len(askDue(t, s, T0)) != 0 {
		t.Errorf("half done: %v %v", found, err)
	}
	email.IfVersion, email.To = 0, optout.Out
	if err := s.ApplyAll(background, []optout.Change{sms, email}, &ask); err != nil {
		t.Fatal(err)
	}
	if found, _ := s.OfPerson(background, sms.Ref); len(found) != 2 || len(askDue(t, s, T0)) != 1 {
		t.Errorf("not done: %v", found)
	}
	if len(due(t, s, T0)) != 1 {
		t.Error("SMS is no work for SES, e-mail is")
	}
}

func ofPerson(t *testing.T, s OptOutTable) {
	for i := range 150 {
		apply(t, s, change(t, "z@example.com", optout.Email.About(fmt.Sprintf("topic-%d", i)), optout.Out, T0))
	}
	apply(t, s, change(t, "other@example.com", "email", optout.Out, T0))
	found, err := s.OfPerson(background, Key(t).Ref(Address(t, "z@example.com")))
	if err != nil || len(found) != 150 {
		t.Errorf("found %d, %v", len(found), err)
	}
}

func manyKeys(t *testing.T, s OptOutTable) {
	var keys []optout.Key
	for i := range 230 {
		c := change(t, fmt.Sprintf("z%d@example.com", i), "email", optout.Out, T0)
		if keys = append(keys, c.Key, c.Key); i%2 == 0 {
			apply(t, s, c)
		}
	}
	found, err := s.Records(background, keys)
	if err != nil || len(found) != 115 {
		t.Errorf("found %d, %v", len(found), err)
	}
	if found, err := s.Records(background, nil); err != nil || len(found) != 0 {
		t.Errorf("no keys: %v %v", found, err)
	}
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
	if len(askDue(t, s, T0)) != 0 || len(askDue(t, s, T0.Add(time.Minute))) != 1 {
		t.Error("a claim hides the ask until it ends, no longer")
	}
	anew := ask
	anew.AskedAt = T0.Add(30 * time.Second)
	if err := s.ApplyAll(background, nil, &anew); err != nil {
		t.Fatal(err)
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

func concurrent(t *testing.T, s OptOutTable) {
	const n = 8
	faults := make(chan error, n)
	for i := range n {
		go func() {
			c := change(t, "z@example.com", "email", optout.Out, T0.Add(time.Duration(i)*time.Second))
			if i%2 == 0 {
				_, err := s.Apply(background, c)
				faults <- err
				return
			}
			faults <- s.ApplyAll(background, []optout.Change{c, change(t, "z@example.com", "sms", optout.Out, T0)}, nil)
		}()
	}
	for range n {
		if err := <-faults; err != nil {
			t.Error(err)
		}
	}
	if r := one(t, s, change(t, "z@example.com", "email", optout.Out, T0).Key); r.Version != n {
		t.Errorf("version %d after %d choices", r.Version, n)
	}
}

func evidence(t *testing.T, s OptOutTable) {
	c := change(t, "z@example.com", "email", optout.Out, T0)
	c.Evidence = optout.Evidence{Source: optout.FromOneClick, At: T0, Campaign: "spring", Form: "www.example.com"}
	apply(t, s, c)
	c.Evidence = optout.Evidence{Source: optout.FromLink, At: T0.Add(time.Second)}
	if r := apply(t, s, c); r.Evidence != c.Evidence {
		t.Errorf("evidence %+v, want %+v", r.Evidence, c.Evidence)
	}
}

func erase(t *testing.T, s OptOutTable) {
	c := change(t, "z@example.com", "email", optout.Out, T0)
	c.EraseWanted = true
	apply(t, s, c)
	c.EraseWanted, c.Evidence.At = false, T0.Add(time.Hour)
	if r := apply(t, s, c); !r.EraseWantedAt.Equal(T0) {
		t.Errorf("erase wanted at %v", r.EraseWantedAt)
	}
}

func news(t *testing.T, s OptOutTable) {
	now := T0.Add(time.Hour)
	c := change(t, "z@example.com", optout.Bounce.Scope(), optout.Out, T0)
	c.Evidence.Source, c.Evidence.Detail = optout.FromBounce, "General"
	c.Told = &optout.Told{At: now, FirstAt: T0.Add(-time.Hour), SoftDays: []string{"2026-11-01", "2026-11-02"}}
	c.IfVersion = optout.Unrecorded
	r := apply(t, s, c)
	if !r.FirstAt.Equal(T0.Add(-time.Hour)) || !r.OutSince.Equal(T0) || !r.ChangedAt.Equal(T0) || !slices.Equal(r.SoftDays, c.Told.SoftDays) ||
		r.Evidence != c.Evidence || !r.Projection.DueAt.Equal(now) {
		t.Errorf("told: %+v", r)
	}
	if read := one(t, s, c.Key); fmt.Sprint(read) != fmt.Sprint(r) {
		t.Errorf("read %+v, wrote %+v", read, r)
	}
	if err := s.Projected(background, r, optout.Projection{Status: optout.Listed, At: now}); err != nil {
		t.Fatal(err)
	}
	c.IfVersion, c.Evidence.At, c.Told = r.Version, T0.Add(time.Minute), &optout.Told{At: now, FirstAt: T0.Add(-2 * time.Hour), Quiet: true}
	quiet := apply(t, s, c)
	if !quiet.FirstAt.Equal(T0.Add(-2*time.Hour)) || !quiet.OutSince.Equal(T0.Add(time.Minute)) || len(quiet.SoftDays) != 0 || len(due(t, s, now)) != 0 {
		t.Errorf("told quietly: %+v", quiet)
	}
	c.IfVersion, c.To, c.Told = quiet.Version, optout.In, &optout.Told{At: now}
	if in := apply(t, s, c); in.State != optout.In || !in.OutSince.IsZero() || !in.FirstAt.Equal(quiet.FirstAt) || len(due(t, s, now)) != 1 {
		t.Errorf("lifted: %+v", in)
	}
}
