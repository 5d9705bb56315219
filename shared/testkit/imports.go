package testkit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

// Create implements backfill.Store.
func (m *OptOuts) Create(_ context.Context, changes []optout.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.ContainsFunc(changes, func(c optout.Change) bool { return m.rows[c.Key] != nil }) {
		return moved
	}
	for _, c := range changes {
		row, _ := c.Patch().Apply(nil)
		put(m.rows, c.Key, row)
	}
	return nil
}

// Predate implements backfill.Store.
func (m *OptOuts) Predate(_ context.Context, k optout.Key, firstAt time.Time, t optout.Trace) error {
	return fault.Unless(fault.Conflict, m.patch(k, optout.PredatePatch(firstAt, t)))
}

// Disown implements backfill.Store.
func (m *OptOuts) Disown(_ context.Context, k optout.Key, imported string) error {
	return fault.Unless(fault.Conflict, m.patch(k, optout.DisownPatch(imported)))
}

// Imported implements backfill.UndoStore, two records of the table a page.
func (m *OptOuts) Imported(ctx context.Context, imported, cursor string) ([]optout.Record, string, error) {
	page, next, err := m.List(ctx, cursor)
	return slices.DeleteFunc(page, func(r optout.Record) bool { return r.Trace.Import != imported }), next, err
}

// Restore implements backfill.UndoStore.
func (m *OptOuts) Restore(_ context.Context, was optout.Record, imported string, syncAt time.Time) error {
	return m.patch(was.Key, was.RestorePatch(imported, syncAt))
}

// List implements screening.Listing, two records a page.
func (m *OptOuts) List(_ context.Context, cursor string) ([]optout.Record, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []optout.Record
	for k := range m.rows {
		all = append(all, m.record(k))
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
