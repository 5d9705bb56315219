package testkit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

// Shelf is a disposal.Store and a disposal.HoldStore in memory, of
// records that are nothing but due. It passes the same contract
// (ShelfContract) as the real one.
type Shelf struct {
	mu      sync.Mutex
	records map[string]Planted
	run     *disposal.Run
	parts   map[string][]string // of names
	entries []audit.Entry
	proofs  [][]byte
	holds   []disposal.Hold
	held    []audit.Entry
}

// Planted is a record of Shelf.
type Planted struct {
	disposal.Item
	Rows  int    // of a transaction
	State string // "kept", "reduced" or "gone"
	Mail  bool   // a mail is under way, which only Prepare sees
	Open  bool   // a request that is not closed: no index knows it
}

// NewShelf makes an empty store.
func NewShelf() *Shelf {
	return &Shelf{records: map[string]Planted{}, parts: map[string][]string{}}
}

// Plant puts a record there.
func (m *Shelf) Plant(p Planted) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.State, p.Rows = "kept", max(p.Rows, 1)
	p.Version = max(p.Version, 1)
	m.records[p.ID] = p
}

// Touch changes a record, as a person's newer choice does.
func (m *Shelf) Touch(id string, start time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.records[id]
	p.Version++
	p.Start = start
	m.records[id] = p
}

// Drop deletes a record, as anybody may.
func (m *Shelf) Drop(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.records[id]
	p.State = "gone"
	m.records[id] = p
}

// State returns what became of a record.
func (m *Shelf) State(id string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.records[id].State
}

// Proofs returns all certificates, and the history that they are chained in.
func (m *Shelf) Proofs(context.Context) ([][]byte, audit.History, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.proofs), audit.History{Head: m.head(disposal.DisposalsSubject, m.entries), Entries: slices.Clone(m.entries)}, nil
}

// Run implements disposal.Runs.
func (m *Shelf) Run(context.Context) (disposal.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.run == nil {
		return disposal.Run{}, fault.New(fault.NotFound, "no run is under way")
	}
	r := *m.run
	r.Classes = slices.Clone(r.Classes)
	return r, nil
}

func (m *Shelf) follows(r disposal.Run) bool {
	if m.run == nil {
		return r.Version == 1
	}
	return m.run.ID == r.ID && m.run.Version == r.Version-1
}

func (m *Shelf) keep(r disposal.Run) {
	r.Classes = slices.Clone(r.Classes)
	m.run = &r
}

// SaveRun implements disposal.Runs.
func (m *Shelf) SaveRun(_ context.Context, r disposal.Run) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.follows(r) {
		return moved
	}
	m.keep(r)
	return nil
}

// EndRun implements disposal.Runs.
func (m *Shelf) EndRun(_ context.Context, r disposal.Run) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.run == nil || m.run.ID != r.ID || m.run.Version != r.Version {
		return moved
	}
	for _, p := range r.Classes {
		for n := range p.Proven {
			delete(m.parts, part(r.ID, p.Class, n+1))
		}
	}
	m.run = nil
	return nil
}

// LeftParts is how many rows of names there are.
func (m *Shelf) LeftParts() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.parts)
}

func part(run string, c disposal.Class, n int) string { return fmt.Sprintf("%s %s %d", run, c, n) }

func place(p Planted) string { return p.Start.UTC().Format(time.RFC3339Nano) + " " + p.ID }

func (m *Shelf) due(c disposal.Class, before time.Time) []disposal.Item {
	var due []disposal.Item
	for _, p := range m.records {
		if p.Class == c && p.State == "kept" && !p.Open && p.Start.Before(before) {
			p.Place = place(p)
			due = append(due, p.Item)
		}
	}
	slices.SortFunc(due, func(a, b disposal.Item) int { return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID)) })
	return due
}

// Due implements disposal.Shelf.
func (m *Shelf) Due(_ context.Context, c disposal.Class, before time.Time, after string, most int) ([]disposal.Item, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	due := m.due(c, before)
	due = slices.DeleteFunc(due, func(i disposal.Item) bool { return i.Place <= after })
	return due[:min(most, len(due))], len(due) > most, nil
}

type plantedWork struct {
	Planted
	fate disposal.Fate
}

func (w plantedWork) Item() disposal.Item { return w.Planted.Item }
func (w plantedWork) Fate() disposal.Fate { return w.fate }
func (w plantedWork) Writes() int         { return w.Rows }

// Prepare implements disposal.Shelf.
func (m *Shelf) Prepare(_ context.Context, _ disposal.Class, a disposal.Action, items []disposal.Item, _ time.Time) ([]disposal.Ready, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ready := make([]disposal.Ready, len(items))
	for n, i := range items {
		ready[n] = m.ready(i, a)
	}
	return ready, nil
}

func (m *Shelf) ready(i disposal.Item, a disposal.Action) disposal.Ready {
	p := m.records[i.ID]
	switch {
	case p.State != "kept":
		return disposal.Ready{Fate: disposal.Gone}
	case p.Version != i.Version:
		return disposal.Ready{Fate: disposal.Moved}
	case p.Pending || p.Mail:
		return disposal.Ready{Fate: disposal.Waiting}
	case a == disposal.Delete:
		return disposal.Ready{Work: plantedWork{p, disposal.Disposed}}
	}
	return disposal.Ready{Work: plantedWork{p, disposal.Reduced}}
}

// Order implements disposal.Shelf.
func (m *Shelf) Order(_ context.Context, i disposal.Item, _ time.Time) (disposal.Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var o disposal.Order
	for id, p := range m.records {
		switch {
		case p.Ref != i.Ref || id == i.ID || p.State != "kept" || p.Class == disposal.RequestLog:
		case p.Open:
			o.Rest = true
		default:
			o.Pieces = append(o.Pieces, m.ready(p.Item, disposal.Reduce))
		}
	}
	o.Own = m.ready(i, disposal.Reduce)
	return o, nil
}

// Lighten implements disposal.Shelf.
func (m *Shelf) Lighten(_ context.Context, w disposal.Work, most, holds int) (disposal.Work, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := w.(plantedWork)
	switch now := m.records[p.ID]; {
	case len(m.held) != holds:
		return nil, &disposal.Refused{Holds: true}
	case now.State != "kept" || now.Version != p.Version:
		return nil, &disposal.Refused{Works: map[int]disposal.Fate{0: disposal.Moved}}
	}
	p.Rows = min(p.Rows, most)
	return p, nil
}

// Dispose implements disposal.Shelf.
func (m *Shelf) Dispose(_ context.Context, b disposal.Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	refused := disposal.Refused{Lost: !m.follows(b.Run), Holds: b.Holds != len(m.held), Works: map[int]disposal.Fate{}}
	rows := 0
	for n, w := range b.Works {
		rows += w.Writes()
		switch p := m.records[w.Item().ID]; {
		case p.State != "kept":
			refused.Works[n] = disposal.Gone
		case p.Pending:
			refused.Works[n] = disposal.Waiting
		case p.Version != w.Item().Version:
			refused.Works[n] = disposal.Moved
		}
	}
	if rows > 97 {
		return fault.New(fault.Internal, "a transaction of %d rows", rows)
	}
	if refused.Lost || refused.Holds || len(refused.Works) > 0 {
		return &refused
	}
	for _, w := range b.Works {
		p := m.records[w.Item().ID]
		p.State = map[disposal.Fate]string{disposal.Disposed: "gone", disposal.Reduced: "reduced"}[w.Fate()]
		m.records[p.ID] = p
	}
	m.parts[part(b.Run.ID, b.Class, b.Part)] = b.IDs()
	m.keep(b.Run)
	return nil
}

// Oldest implements disposal.Shelf.
func (m *Shelf) Oldest(_ context.Context, c disposal.Class) (time.Time, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	due := m.due(c, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	if len(due) == 0 {
		return time.Time{}, false, nil
	}
	return due[0].Start, true, nil
}

// CountDue implements disposal.Shelf.
func (m *Shelf) CountDue(_ context.Context, c disposal.Class, before time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.due(c, before)), nil
}
