package contract

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// FeedTable is a table of opt-outs that others read the changes of.
type FeedTable interface {
	OptOutTable
	backfill.Store
	backfill.UndoStore
	feed.Store
	MakeTombstone(ctx context.Context, k optout.Key, version int, at time.Time, erased bool) error
}

// FeedContract is what every table of opt-outs must keep for the feed.
func FeedContract(t *testing.T, open func(testing.TB) FeedTable) {
	for name, check := range map[string]func(*testing.T, FeedTable){
		"the feed has each record once, in order":      feedInOrder,
		"what others must know enters the feed":        enters,
		"a change that is no news stays where it was":  noNews,
		"a tombstone has left the feed":                tombstoneLeaves,
		"an import enters the feed, and so its undo":   importFed,
		"nothing is skipped while writes are slow":     nothingSkipped,
		"a position is good after its record has gone": movedPosition,
		"a cursor is changed by one run at a time":     cursors,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

var endOfFeed = testkit.T0.AddDate(1, 0, 0)

// fed reads the feed from a position to its end, so many at once.
func fed(tb testing.TB, s feed.Source, after feed.Position, until time.Time, most int) (all []optout.Record, next feed.Position) {
	tb.Helper()
	for more := true; more; {
		var page []optout.Record
		var err error
		if page, more, err = s.Changes(background, after, until, most); err != nil {
			tb.Fatal(err)
		}
		if len(page) > most || more && len(page) == 0 {
			tb.Fatalf("a page of %d with more: %v", len(page), more)
		}
		if all = append(all, page...); len(page) > 0 {
			after = feed.PositionOf(page[len(page)-1])
		}
	}
	return all, after
}

func feedInOrder(t *testing.T, s FeedTable) {
	for i := range 60 { // many at one time
		apply(t, s, change(t, fmt.Sprintf("z%d@example.com", i), "email", optout.Out, testkit.T0.Add(time.Duration(i/25)*time.Minute)))
	}
	apply(t, s, change(t, "z3@example.com", "sms", optout.Out, testkit.T0.Add(3*time.Minute)))
	apply(t, s, change(t, "z4@example.com", "email", optout.Out, testkit.T0.Add(3*time.Minute))) // moves to the end
	for _, most := range []int{1, 7, 61, 1000} {
		all, end := fed(t, s, feed.Position{}, endOfFeed, most)
		seen := map[optout.Key]bool{}
		for _, r := range all {
			seen[r.Key] = true
		}
		ordered := slices.IsSortedFunc(all, func(a, b optout.Record) int { return feed.PositionOf(a).Compare(feed.PositionOf(b)) })
		if len(all) != 61 || len(seen) != 61 || !ordered {
			t.Fatalf("pages of %d: %d rows of %d records, in order: %v", most, len(all), len(seen), ordered)
		}
		if rest, _ := fed(t, s, end, endOfFeed, most); len(rest) != 0 {
			t.Errorf("after the end: %v", rest)
		}
	}
	if early, _ := fed(t, s, feed.Position{}, testkit.T0.Add(time.Minute), 10); len(early) != 49 {
		t.Errorf("%d up to a minute, want 49", len(early))
	}
	if none, more, err := s.Changes(background, feed.Position{At: endOfFeed}, testkit.T0, 10); len(none) > 0 || more || err != nil {
		t.Errorf("after what is to come: %v %v %v", none, more, err)
	}
}

func movedPosition(t *testing.T, s FeedTable) {
	for i := range 9 {
		apply(t, s, change(t, fmt.Sprintf("z%d@example.com", i), "email", optout.Out, testkit.T0))
	}
	all, _ := fed(t, s, feed.Position{}, endOfFeed, 9)
	again := change(t, all[4].Address.Reveal(), "email", optout.Out, testkit.T0.Add(time.Minute))
	apply(t, s, again)
	rest, _ := fed(t, s, feed.PositionOf(all[4]), endOfFeed, 2)
	if len(rest) != 5 || rest[0].Key != all[5].Key || rest[4].Key != again.Key {
		t.Errorf("%v", rest)
	}
}

// entered is when a record entered the feed.
func entered(tb testing.TB, s FeedTable, k optout.Key) time.Time {
	tb.Helper()
	all, _ := fed(tb, s, feed.Position{}, endOfFeed, 100)
	if i := slices.IndexFunc(all, func(r optout.Record) bool { return r.Key == k }); i >= 0 {
		return all[i].FedAt
	}
	return time.Time{}
}

func enters(t *testing.T, s FeedTable) {
	at := testkit.T0
	later := func() time.Time { at = at.Add(time.Hour); return at }
	out := change(t, "z@example.com", "email/news", optout.Out, later())
	wants := func(what string, r optout.Record, want optout.State) {
		t.Helper()
		all, _ := fed(t, s, feed.Position{}, endOfFeed, 100)
		got := all[len(all)-1]
		if got.Key != r.Key || got.State != want || !got.FedAt.Equal(at) || got.Address != r.Address || got.Suppresses(at) != r.Suppresses(at) {
			t.Errorf("%s: %+v", what, got)
		}
		if own := one(t, s, r.Key); !own.FedAt.Equal(at) {
			t.Errorf("%s: the record says %v", what, own.FedAt)
		}
	}
	r := apply(t, s, out)
	wants("out", r, optout.Out)
	back := change(t, "z@example.com", "email/news", optout.In, later())
	back.IfVersion, back.Evidence.Source = r.Version, optout.FromUndo
	r = apply(t, s, back)
	wants("undone", r, optout.In)
	pause := change(t, "z@example.com", "email/news", optout.Paused, later())
	pause.Until, pause.IfVersion = at.AddDate(0, 1, 0), r.Version
	r = apply(t, s, pause)
	wants("paused", r, optout.Paused)
	// SES need not change, and others would go on when the pause ends.
	quiet := change(t, "z@example.com", "email/news", optout.Out, later())
	quiet.IfVersion, quiet.Observed = r.Version, &optout.Observation{At: at, Quiet: true}
	wants("out, no longer paused", apply(t, s, quiet), optout.Out)
	arrived := change(t, "z@example.com", "sms", optout.Out, at.AddDate(0, 0, -9))
	arrived.ObservedAt = later()
	wants("arrived days ago", apply(t, s, arrived), optout.Out)
	bounce := change(t, "z@example.com", "bounce", optout.Out, at.AddDate(0, 0, -9))
	bounce.Observed = &optout.Observation{At: later(), FirstAt: at}
	wants("bounced", apply(t, s, bounce), optout.Out)
}

func noNews(t *testing.T, s FeedTable) {
	r := apply(t, s, change(t, "z@example.com", "email", optout.Out, testkit.T0))
	must(t, s.MarkSynced(background, r, optout.Projection{Status: optout.Listed, At: testkit.T0.Add(time.Minute)}))
	must(t, s.Requeue(background, r.Key, testkit.T0.Add(time.Hour)))
	must(t, s.Predate(background, r.Key, testkit.T0.AddDate(-1, 0, 0), optout.Trace{}))
	if at := entered(t, s, r.Key); !at.Equal(testkit.T0) {
		t.Errorf("the feed has it at %v", at)
	}
	soft := change(t, "z@example.com", "bounce", optout.In, testkit.T0)
	soft.Evidence.Source, soft.Observed = optout.FromSoftBounces, &optout.Observation{At: testkit.T0, SoftDays: []string{"2026-11-22"}, Quiet: true, NoNews: true}
	apply(t, s, soft)
	if at := entered(t, s, soft.Key); !at.IsZero() {
		t.Error("a temporary bounce is in the feed")
	}
}

func tombstoneLeaves(t *testing.T, s FeedTable) {
	r := apply(t, s, change(t, "z@example.com", "email", optout.Out, testkit.T0))
	must(t, s.MarkSynced(background, r, optout.Projection{Status: optout.Listed, At: testkit.T0}))
	must(t, s.MakeTombstone(background, r.Key, r.Version, testkit.T0.Add(time.Hour), true))
	again := change(t, "z@example.com", "email", optout.Out, testkit.T0.Add(2*time.Hour)) // moves dates only
	apply(t, s, again)
	sms := change(t, "z@example.com", "sms", optout.Out, testkit.T0.Add(3*time.Hour))
	again.Evidence.At = sms.Evidence.At
	must(t, s.ApplyAll(background, []optout.Change{again, sms}, nil)) // begins as a tombstone
	if all, _ := fed(t, s, feed.Position{}, endOfFeed, 100); len(all) != 0 {
		t.Errorf("in the feed: %+v", all)
	}
	back := change(t, "z@example.com", "email", optout.In, testkit.T0.Add(4*time.Hour))
	back.IfVersion = one(t, s, back.Key).Version
	apply(t, s, back)
	all, _ := fed(t, s, feed.Position{}, endOfFeed, 100)
	if len(all) != 1 || !all[0].ErasedAt.Equal(testkit.T0.Add(time.Hour)) {
		t.Errorf("back, and erased before: %+v", all)
	}
}

func importFed(t *testing.T, s FeedTable) {
	created := createdBy(t, "new@example.com", "a")
	must(t, s.Create(background, []optout.Change{created}))
	if at := entered(t, s, created.Key); !at.Equal(testkit.T0) {
		t.Errorf("imported: %v", at)
	}
	c := change(t, "z@example.com", "email", optout.Paused, testkit.T0)
	c.Until = testkit.T0.AddDate(0, 1, 0)
	was := apply(t, s, c)
	over := createdBy(t, "z@example.com", "a")
	over.IfVersion, over.Trace.Before = was.Version, &was
	taken := apply(t, s, over)
	before := *taken.Trace.Before
	before.Key, before.Version = taken.Key, taken.Version
	must(t, s.Restore(background, before, "a", testkit.T0.Add(time.Hour)))
	all, _ := fed(t, s, feed.Position{}, endOfFeed, 100)
	if got := all[len(all)-1]; got.Key != c.Key || got.State != optout.Paused || !got.Until.Equal(c.Until) || !got.FedAt.Equal(testkit.T0.Add(time.Hour)) {
		t.Errorf("undone to what was: %+v", got)
	}
	must(t, s.Restore(background, optout.Record{Key: created.Key, Version: 1, Address: created.Address}, "a", testkit.T0.Add(time.Hour)))
	if at := entered(t, s, created.Key); !at.IsZero() {
		t.Errorf("undone to nothing: %v", at)
	}
}

// nothingSkipped lets writers and a reader work at once: each with a clock of its
// own that is off, each write done some time after it took its own time.
func nothingSkipped(t *testing.T, s FeedTable) {
	const off, slowest = 2 * time.Second, 40 * time.Second
	random := rand.New(rand.NewPCG(14, 1))
	upTo := func(d time.Duration) time.Duration {
		return time.Duration(random.Int64N(int64(d))).Truncate(time.Millisecond)
	}
	clock := func(at time.Duration) time.Time { return testkit.T0.Add(at + upTo(2*off) - off) }
	type event struct {
		at   time.Duration
		what func()
	}
	var events []event
	for at := time.Duration(0); at < 20*time.Minute; at += upTo(5 * time.Second) {
		to := []optout.State{optout.Out, optout.Out, optout.In, optout.Paused}[random.IntN(4)]
		c := change(t, fmt.Sprintf("z%d@example.com", random.IntN(400)), "email", to, clock(at))
		c.Until = c.Evidence.At.AddDate(0, 1, 0)
		events = append(events, event{at + upTo(slowest), func() { apply(t, s, c) }})
	}
	mirror, after, reads := map[optout.Key]optout.Record{}, feed.Position{}, 0
	read := func(at time.Duration) func() {
		return func() {
			var page []optout.Record
			page, after = fed(t, s, after, clock(at).Add(-feed.Margin), 10)
			for _, r := range page {
				mirror[r.Key] = r
			}
			reads += len(page)
		}
	}
	for at := time.Duration(0); at < 25*time.Minute; at += upTo(20 * time.Second) {
		events = append(events, event{at, read(at)})
	}
	slices.SortStableFunc(events, func(a, b event) int { return int(a.at - b.at) })
	for _, e := range events {
		e.what()
	}
	read(time.Hour)()
	whole, _ := fed(t, s, feed.Position{}, endOfFeed, 100)
	for _, r := range whole {
		if got := mirror[r.Key]; got.State != r.State || !got.FedAt.Equal(r.FedAt) || !got.Until.Equal(r.Until) {
			t.Errorf("the table has %s at %v, whoever reads on %s at %v", r.State, r.FedAt, got.State, got.FedAt)
		}
	}
	if len(whole) < 30 || len(mirror) != len(whole) || reads < len(whole) {
		t.Errorf("%d records, %d in the mirror, %d read", len(whole), len(mirror), reads)
	}
}

func cursors(t *testing.T, s FeedTable) {
	at := feed.Position{At: testkit.T0, Key: optout.Key{Ref: "r", Scope: "email/a b"}}
	crm := feed.Cursor{System: "crm", To: at, Attempts: 1, Since: testkit.T0, NextAt: testkit.T0.Add(time.Minute), Trouble: "unavailable", Version: 1}
	must(t, s.SaveCursor(background, crm))
	must(t, s.SaveCursor(background, feed.Cursor{System: "news", Version: 1}))
	if err := s.SaveCursor(background, crm); !isConflict(err) {
		t.Errorf("made again: %v", err)
	}
	next := feed.Cursor{System: "crm", Done: at, Version: 2}
	must(t, s.SaveCursor(background, next))
	for _, version := range []int{2, 4} {
		next.Version = version
		if err := s.SaveCursor(background, next); !isConflict(err) {
			t.Errorf("version %d: %v", version, err)
		}
	}
	must(t, s.EndCursor(background, "news"))
	must(t, s.EndCursor(background, "news"))
	next.Version = 2
	if all, err := s.Cursors(background); err != nil || len(all) != 1 || all[0] != next {
		t.Errorf("%+v, %v", all, err)
	}
	if err := s.SaveCursor(background, feed.Cursor{System: "news", Version: 2}); !isConflict(err) {
		t.Errorf("forgotten: %v", err)
	}
	apply(t, s, change(t, "z@example.com", "email", optout.Out, testkit.T0))
	if all, _ := fed(t, s, feed.Position{}, endOfFeed, 10); len(all) != 1 {
		t.Errorf("a cursor is in the feed: %v", all)
	}
}
