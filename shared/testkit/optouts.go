package testkit

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
)

// OptOuts is the table of opt-outs in memory: rows that patches change. It
// passes the same contract (OptOutContract) as the real one.
type OptOuts struct {
	mu             sync.Mutex
	rows           map[optout.Key]patch.Row
	Outbox         *Outbox
	reconciliation reconciliation
	cursors        map[string]feed.Cursor
}

// NewOptOuts makes an empty table.
func NewOptOuts() *OptOuts {
	return &OptOuts{rows: map[optout.Key]patch.Row{}, Outbox: newOutbox(), cursors: map[string]feed.Cursor{}}
}

var moved = fault.New(fault.Conflict, "the version has moved")

// patch changes one row. Conflict: a condition does not hold.
func (m *OptOuts) patch(k optout.Key, p patch.Patch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	after, ok := p.Apply(m.rows[k])
	if !ok {
		return moved
	}
	put(m.rows, k, after)
	return nil
}

func put(rows map[optout.Key]patch.Row, k optout.Key, row patch.Row) {
	if len(row) == 0 {
		delete(rows, k)
		return
	}
	row["ref"], row["scope"] = string(k.Ref), string(k.Scope)
	rows[k] = row
}

// commit writes changes, all or none.
func (m *OptOuts) commit(changes []optout.Change) error {
	return optout.Commit(changes, func(patches []patch.Patch) (map[int]patch.Row, error) {
		rows, refused := maps.Clone(m.rows), map[int]patch.Row{}
		for i, p := range patches {
			k := changes[i].Key
			if after, ok := p.Apply(rows[k]); ok {
				put(rows, k, after)
			} else {
				refused[i] = rows[k]
			}
		}
		if len(refused) > 0 {
			return refused, moved
		}
		m.rows = rows
		return nil, nil
	})
}

// Apply implements optout.Store.
func (m *OptOuts) Apply(_ context.Context, c optout.Change) (optout.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.commit([]optout.Change{c}); err != nil {
		return optout.Record{}, err
	}
	return m.record(c.Key), nil
}

// ApplyAll implements optout.Store.
func (m *OptOuts) ApplyAll(_ context.Context, changes []optout.Change, c *optout.OptInConfirmation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.commit(changes); err != nil {
		return err
	}
	if c != nil {
		m.Outbox.confirm(*c)
	}
	return nil
}

func (m *OptOuts) record(k optout.Key) optout.Record { return optout.FromRow(m.rows[k]) }

// find returns the records that fit, oldest in the queue first.
func (m *OptOuts) find(fits func(patch.Row) bool) []optout.Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []optout.Record
	for _, row := range m.rows {
		if fits(row) {
			found = append(found, optout.FromRow(row))
		}
	}
	slices.SortFunc(found, func(a, b optout.Record) int { return a.Projection.DueAt.Compare(b.Projection.DueAt) })
	return found
}

func each(records []optout.Record) iter.Seq2[optout.Record, error] {
	return func(yield func(optout.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// OfPerson implements optout.Store.
func (m *OptOuts) OfPerson(_ context.Context, ref person.Ref) ([]optout.Record, error) {
	return m.find(func(row patch.Row) bool { return row.Text("ref") == string(ref) && row.Text("state") != "" }), nil
}

// Records implements optout.Store.
func (m *OptOuts) Records(_ context.Context, keys []optout.Key) (map[optout.Key]optout.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[optout.Key]optout.Record{}
	for _, k := range keys {
		if m.rows[k] != nil {
			found[k] = m.record(k)
		}
	}
	return found, nil
}

func (m *OptOuts) due(now time.Time) []optout.Record {
	return m.find(func(row patch.Row) bool {
		return row.Text("pending") == optout.PendingSync && row.Text("pending_at") <= patch.Time(now)
	})
}

// Pending implements suppression.Queue.
func (m *OptOuts) Pending(_ context.Context, now time.Time) iter.Seq2[optout.Record, error] {
	return each(m.due(now))
}

// Backlog implements suppression.Queue.
func (m *OptOuts) Backlog(_ context.Context, now time.Time) (int, time.Time, error) {
	due := m.due(now)
	if len(due) == 0 {
		return 0, time.Time{}, nil
	}
	return len(due), due[0].Projection.DueAt, nil
}

// MarkSynced implements suppression.Queue.
func (m *OptOuts) MarkSynced(_ context.Context, r optout.Record, p optout.Projection) error {
	return m.patch(r.Key, suppression.SyncedPatch(r, p))
}

// Requeue implements suppression.Queue.
func (m *OptOuts) Requeue(_ context.Context, k optout.Key, at time.Time) error {
	err := m.patch(k, suppression.RequeuePatch(at))
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.record(k).Tombstone() {
		return nil
	}
	return err
}

// Forgotten implements suppression.Ledger.
func (m *OptOuts) Forgotten(_ context.Context, k optout.Key) error {
	return fault.Unless(fault.Conflict, m.patch(k, suppression.ForgottenPatch()))
}

// PendingErasures yields the opt-outs whose wish to be erased is no request yet.
func (m *OptOuts) PendingErasures(context.Context) iter.Seq2[optout.Record, error] {
	return each(m.find(func(row patch.Row) bool { return row["erase_wanted_at"] != nil }))
}

func (m *OptOuts) erasurePending(k optout.Key) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rows[k]["erase_wanted_at"] != nil
}

func (m *OptOuts) openErasure(k optout.Key) { _ = m.patch(k, optout.OpenedPatch()) }

// Changes implements feed.Source.
func (m *OptOuts) Changes(_ context.Context, after feed.Position, until time.Time, most int) ([]optout.Record, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	from, to := patch.Time(after.At), patch.Time(until)
	var fed []patch.Row
	for _, row := range m.rows {
		if at := row.Text("feed_at"); row.Text("feed") == optout.Fed && at >= from && at <= to {
			fed = append(fed, row)
		}
	}
	slices.SortFunc(fed, func(a, b patch.Row) int { return strings.Compare(a.Text("feed_at"), b.Text("feed_at")) })
	return feed.Take(func(yield func(optout.Record, error) bool) {
		for _, row := range fed {
			if !yield(optout.FromRow(row), nil) {
				return
			}
		}
	}, after, most)
}

// Cursors implements feed.Store.
func (m *OptOuts) Cursors(context.Context) ([]feed.Cursor, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Values(m.cursors)), nil
}

// SaveCursor implements feed.Store.
func (m *OptOuts) SaveCursor(_ context.Context, c feed.Cursor) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cursors[c.System].Version != c.Version-1 {
		return moved
	}
	m.cursors[c.System] = c
	return nil
}

// EndCursor implements feed.Store.
func (m *OptOuts) EndCursor(_ context.Context, system string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.cursors, system)
	return nil
}
