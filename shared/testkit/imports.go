package testkit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/optout"
)

// Predate implements optout.ImportStore.
func (m *OptOuts) Predate(_ context.Context, k optout.Key, firstAt time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, found := m.records[k]; found && firstAt.Before(r.FirstAt) {
		r.FirstAt = firstAt
		m.records[k] = r
	}
	return nil
}

// List implements optout.Listing, two records a page.
func (m *OptOuts) List(_ context.Context, cursor string) ([]optout.Record, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []optout.Record
	for _, r := range m.records {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b optout.Record) int {
		return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Scope, b.Scope))
	})
	start := 0
	if _, err := fmt.Sscan(cursor, &start); cursor != "" && (err != nil || start > len(all)) {
		return nil, "", fault.Field("cursor", "unknown", "cursor must be one that this route has given")
	}
	end := min(start+2, len(all))
	if end == len(all) {
		return all[start:end], "", nil
	}
	return all[start:end], fmt.Sprint(end), nil
}

// ImportTable is what taking lists over and handing them out needs.
type ImportTable interface {
	optout.ImportStore
	optout.Listing
}

// ImportContract is what every table of opt-outs must keep for imports.
func ImportContract(t *testing.T, open func(testing.TB) ImportTable) {
	for name, check := range map[string]func(*testing.T, ImportTable){
		"a list's own date is kept":           ownDate,
		"an arrival is due once it is read":   arrived,
		"a first date is only made earlier":   onlyEarlier,
		"a listing pages through everything":  everything,
		"a cursor of nobody's is told as one": foreignCursor,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

func ownDate(t *testing.T, s ImportTable) {
	c := change(t, "z@example.com", "email", optout.Out, T0)
	then := T0.AddDate(-3, 0, 0)
	c.Evidence.At, c.Told, c.IfVersion = then, &optout.Told{At: T0, FirstAt: then}, optout.Unrecorded
	r, err := s.Apply(background, c)
	if err != nil || !r.FirstAt.Equal(then) || !r.OutSince.Equal(then) || !r.ChangedAt.Equal(then) || !r.Projection.DueAt.Equal(T0) {
		t.Errorf("%+v, %v", r, err)
	}
}

func arrived(t *testing.T, s ImportTable) {
	c := change(t, "z@example.com", "email", optout.Out, T0)
	for n, at := range []time.Time{T0.AddDate(0, 0, -2), T0.AddDate(0, 0, -1)} {
		c.Evidence.At, c.HeardAt = at, T0.Add(time.Duration(n)*time.Hour)
		r, err := s.Apply(background, c)
		if first := T0.AddDate(0, 0, -2); err != nil || !r.FirstAt.Equal(first) || !r.OutSince.Equal(first) || !r.ChangedAt.Equal(at) || !r.Projection.DueAt.Equal(c.HeardAt) {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func onlyEarlier(t *testing.T, s ImportTable) {
	c := change(t, "z@example.com", "email", optout.Out, T0)
	if err := s.Predate(background, c.Key, T0); err != nil {
		t.Fatal(err)
	}
	if found, _ := s.Records(background, []optout.Key{c.Key}); len(found) != 0 {
		t.Fatal("a record out of nothing")
	}
	if _, err := s.Apply(background, c); err != nil {
		t.Fatal(err)
	}
	for _, days := range []int{1, -2, -1, -2} {
		if err := s.Predate(background, c.Key, T0.AddDate(0, 0, days)); err != nil {
			t.Fatal(err)
		}
	}
	found, err := s.Records(background, []optout.Key{c.Key})
	if r := found[c.Key]; err != nil || !r.FirstAt.Equal(T0.AddDate(0, 0, -2)) || !r.OutSince.Equal(T0) || r.Version != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func everything(t *testing.T, s ImportTable) {
	for i := range 5 {
		if _, err := s.Apply(background, change(t, fmt.Sprintf("z%d@example.com", i), "email", optout.Out, T0)); err != nil {
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
