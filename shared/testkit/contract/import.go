package contract

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

// ImportTable is what taking lists over and handing them out needs.
type ImportTable interface {
	backfill.Store
	backfill.UndoStore
	suppression.Queue
	screening.Listing
}

// ImportContract is what every table of opt-outs must keep for imports.
func ImportContract(t *testing.T, open func(testing.TB) ImportTable) {
	for name, check := range map[string]func(*testing.T, ImportTable){
		"a list's own date is kept":           ownDate,
		"an arrival is due once it is read":   arrived,
		"a first date is only made earlier":   onlyEarlier,
		"a listing pages through everything":  everything,
		"many are made in one write, or none": created,
		"a trace goes with the next choice":   traced,
		"an import is undone to nothing":      undoneToNothing,
		"an import is undone to what was":     undoneToWhatWas,
		"a choice after an undo stays":        chosenAfterUndo,
		"a cursor of nobody's is told as one": foreignCursor,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

func ownDate(t *testing.T, s ImportTable) {
	c := change(t, "z@example.com", "email", optout.Out, testkit.T0)
	then := testkit.T0.AddDate(-3, 0, 0)
	c.Evidence.At, c.Observed, c.IfVersion = then, &optout.Observation{At: testkit.T0, FirstAt: then}, optout.Unrecorded
	r, err := s.Apply(background, c)
	if err != nil || !r.FirstAt.Equal(then) || !r.OutSince.Equal(then) || !r.ChangedAt.Equal(then) || !r.Projection.DueAt.Equal(testkit.T0) {
		t.Errorf("%+v, %v", r, err)
	}
}

func arrived(t *testing.T, s ImportTable) {
	c := change(t, "z@example.com", "email", optout.Out, testkit.T0)
	for n, at := range []time.Time{testkit.T0.AddDate(0, 0, -2), testkit.T0.AddDate(0, 0, -1)} {
		c.Evidence.At, c.ObservedAt = at, testkit.T0.Add(time.Duration(n)*time.Hour)
		r, err := s.Apply(background, c)
		if first := testkit.T0.AddDate(0, 0, -2); err != nil || !r.FirstAt.Equal(first) || !r.OutSince.Equal(first) || !r.ChangedAt.Equal(at) || !r.Projection.DueAt.Equal(c.ObservedAt) {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func onlyEarlier(t *testing.T, s ImportTable) {
	c := change(t, "z@example.com", "email", optout.Out, testkit.T0)
	if err := s.Predate(background, c.Key, testkit.T0, optout.Trace{}); err != nil {
		t.Fatal(err)
	}
	if found, _ := s.Records(background, []optout.Key{c.Key}); len(found) != 0 {
		t.Fatal("a record out of nothing")
	}
	if _, err := s.Apply(background, c); err != nil {
		t.Fatal(err)
	}
	for _, days := range []int{1, -2, -1, -2} {
		if err := s.Predate(background, c.Key, testkit.T0.AddDate(0, 0, days), optout.Trace{}); err != nil {
			t.Fatal(err)
		}
	}
	found, err := s.Records(background, []optout.Key{c.Key})
	if r := found[c.Key]; err != nil || !r.FirstAt.Equal(testkit.T0.AddDate(0, 0, -2)) || !r.OutSince.Equal(testkit.T0) || r.Version != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func everything(t *testing.T, s ImportTable) {
	for i := range 5 {
		if _, err := s.Apply(background, change(t, fmt.Sprintf("z%d@example.com", i), "email", optout.Out, testkit.T0)); err != nil {
			t.Fatal(err)
		}
	}
	seen, cursor := map[optout.Key]int{}, ""
	for pages := 0; pages < 10; pages++ {
		page, next, err := s.List(background, cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			seen[r.Key]++
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if len(seen) != 5 || cursor != "" {
		t.Errorf("%d records, cursor %q", len(seen), cursor)
	}
}

func foreignCursor(t *testing.T, s ImportTable) {
	if _, _, err := s.List(background, "not a cursor"); fault.CodeOf(err) != fault.Invalid {
		t.Error(err)
	}
}

// createdBy is a change as an import makes it of somebody unknown.
func createdBy(t *testing.T, address, imported string) optout.Change {
	c := change(t, address, "email", optout.Out, testkit.T0)
	c.Observed, c.IfVersion, c.Trace = &optout.Observation{At: testkit.T0, FirstAt: testkit.T0}, optout.Unrecorded, optout.Trace{Import: imported}
	return c
}

func created(t *testing.T, s ImportTable) {
	var changes []optout.Change
	for i := range backfill.MaxCreated {
		changes = append(changes, createdBy(t, fmt.Sprintf("z%d@example.com", i), "a"))
	}
	if err := s.Create(background, changes); err != nil {
		t.Fatal(err)
	}
	one := createdBy(t, "one@example.com", "b")
	applied, err := s.Apply(background, one)
	if err != nil {
		t.Fatal(err)
	}
	found, _ := s.Records(background, []optout.Key{changes[7].Key})
	r := found[changes[7].Key]
	if r.Key, r.Address, r.Trace = one.Key, one.Address, one.Trace; !reflect.DeepEqual(r, applied) {
		t.Errorf("made together %+v, alone %+v", r, applied)
	}
	fresh := createdBy(t, "fresh@example.com", "a")
	if err := s.Create(background, []optout.Change{fresh, changes[3]}); fault.CodeOf(err) != fault.Conflict {
		t.Error(err)
	}
	if found, _ := s.Records(background, []optout.Key{fresh.Key}); len(found) != 0 {
		t.Error("one was made although another was there")
	}
}

func imported(t *testing.T, s ImportTable, id string) []optout.Record {
	t.Helper()
	var all []optout.Record
	for cursor, more := "", true; more; more = cursor != "" {
		page, next, err := s.Imported(background, id, cursor)
		if err != nil {
			t.Fatal(err)
		}
		all, cursor = append(all, page...), next
	}
	return all
}

func traced(t *testing.T, s ImportTable) {
	for _, c := range []optout.Change{createdBy(t, "a@example.com", "a"), createdBy(t, "b@example.com", "a"), createdBy(t, "c@example.com", "b")} {
		if _, err := s.Apply(background, c); err != nil {
			t.Fatal(err)
		}
	}
	a, b := createdBy(t, "a@example.com", "a").Key, createdBy(t, "b@example.com", "a").Key
	if got := imported(t, s, "a"); len(got) != 2 {
		t.Errorf("%d records", len(got))
	}
	if err := s.Disown(background, b, "b"); err != nil || len(imported(t, s, "a")) != 2 {
		t.Errorf("another import's trace: %v", err)
	}
	if err := s.Disown(background, b, "a"); err != nil || len(imported(t, s, "a")) != 1 {
		t.Errorf("disowned: %v", err)
	}
	if err := s.Predate(background, b, testkit.T0.AddDate(0, 0, -1), optout.Trace{Import: "a", FirstAt: testkit.T0}); err != nil || len(imported(t, s, "a")) != 2 {
		t.Errorf("predated: %v", err)
	}
	for _, k := range []optout.Key{a, b} {
		c := change(t, "a@example.com", "email", optout.Out, testkit.T0)
		c.Key = k
		if _, err := s.Apply(background, c); err != nil {
			t.Fatal(err)
		}
	}
	if got := imported(t, s, "a"); len(got) != 0 || len(imported(t, s, "b")) != 1 {
		t.Errorf("%+v", got)
	}
}

func undoneToNothing(t *testing.T, s ImportTable) {
	c := createdBy(t, "z@example.com", "a")
	r, err := s.Apply(background, c)
	if err != nil {
		t.Fatal(err)
	}
	nothing := optout.Record{Key: r.Key, Version: r.Version, Address: r.Address}
	moved := nothing
	moved.Version++
	if err := s.Restore(background, moved, "a", testkit.T0); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("another version: %v", err)
	}
	if err := s.Restore(background, nothing, "b", testkit.T0); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("another import: %v", err)
	}
	if err := s.Restore(background, nothing, "a", testkit.T0.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	found, _ := s.Records(background, []optout.Key{r.Key})
	now := found[r.Key]
	if now.State != "" || !now.FirstAt.IsZero() || !now.ChangedAt.IsZero() || now.Evidence.Source != "" || now.Address != r.Address || !now.Projection.DueAt.Equal(testkit.T0.Add(time.Hour)) {
		t.Errorf("%+v", now)
	}
	if err := s.MarkSynced(background, now, optout.Projection{At: testkit.T0, DueAt: testkit.T0.AddDate(0, 0, 1)}); err != nil {
		t.Fatal(err)
	}
	if found, _ := s.Records(background, []optout.Key{r.Key}); len(found) != 1 {
		t.Error("forgotten while SES is still to be told")
	}
	if err := s.MarkSynced(background, r, optout.Projection{At: testkit.T0}); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("of an older version: %v", err)
	}
	if err := s.MarkSynced(background, now, optout.Projection{At: testkit.T0}); err != nil {
		t.Fatal(err)
	}
	if found, _ := s.Records(background, []optout.Key{r.Key}); len(found) != 0 {
		t.Errorf("%+v", found)
	}
}

// Until SES knows, the row of an import that was undone is there. What the
// person chooses meanwhile is a first choice, and is not forgotten with it.
func chosenAfterUndo(t *testing.T, s ImportTable) {
	r, err := s.Apply(background, createdBy(t, "z@example.com", "a"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Restore(background, optout.Record{Key: r.Key, Version: r.Version, Address: r.Address}, "a", testkit.T0); err != nil {
		t.Fatal(err)
	}
	undone, err := s.Records(background, []optout.Key{r.Key})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Create(background, []optout.Change{createdBy(t, "z@example.com", "b")}); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("made blindly: %v", err)
	}
	if _, err := s.Apply(background, createdBy(t, "z@example.com", "b")); err != nil {
		t.Fatal(err)
	}
	if err := s.MarkSynced(background, undone[r.Key], optout.Projection{At: testkit.T0}); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("the newer choice is forgotten: %v", err)
	}
	if found, _ := s.Records(background, []optout.Key{r.Key}); found[r.Key].State != optout.Out || !found[r.Key].FirstAt.Equal(testkit.T0) {
		t.Errorf("%+v", found)
	}
}

func undoneToWhatWas(t *testing.T, s ImportTable) {
	c := change(t, "z@example.com", "email", optout.Paused, testkit.T0)
	c.Until, c.Name, c.Evidence.Form, c.Evidence.Campaign = testkit.T0.AddDate(0, 1, 0), "Z", "shop.example", "spring"
	was, err := s.Apply(background, c)
	if err != nil {
		t.Fatal(err)
	}
	over := createdBy(t, "z@example.com", "a")
	over.IfVersion, over.Evidence.Source, over.Trace.Before = was.Version, optout.FromImport, &was
	taken, err := s.Apply(background, over)
	if err != nil || taken.Trace.Before == nil {
		t.Fatalf("%+v, %v", taken, err)
	}
	before := *taken.Trace.Before
	before.Key, before.Version = taken.Key, taken.Version
	if err := s.Restore(background, before, "a", testkit.T0.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	found, _ := s.Records(background, []optout.Key{was.Key})
	got := found[was.Key]
	if !got.Projection.DueAt.Equal(testkit.T0.Add(time.Hour)) || !got.FedAt.Equal(got.Projection.DueAt) || got.Version != taken.Version+1 {
		t.Errorf("%+v", got)
	}
	got.Version, got.Projection, got.FedAt = was.Version, was.Projection, was.FedAt
	if !reflect.DeepEqual(got, was) {
		t.Errorf("%+v\nwant %+v", got, was)
	}
}
