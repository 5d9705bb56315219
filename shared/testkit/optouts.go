package testkit

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/optout"
	"privacydesk/shared/person"
)

// OptOuts is the table of opt-outs in memory. It passes the same contract
// (OptOutContract) as the real one.
type OptOuts struct {
	mu      sync.Mutex
	records map[optout.Key]optout.Record
	asks    map[askKey]pendingAsk
	walk    walk
	classes map[optout.Key]Disposable // the index Disposal
}

type askKey struct {
	person.Ref
	back bool
}

type pendingAsk struct {
	optout.Ask
	dueAt time.Time // zero once it is mailed
}

// NewOptOuts makes an empty table.
func NewOptOuts() *OptOuts {
	return &OptOuts{records: map[optout.Key]optout.Record{}, asks: map[askKey]pendingAsk{}, classes: map[optout.Key]Disposable{}}
}

var moved = fault.New(fault.Conflict, "the version has moved")

// Apply implements optout.Store.
func (m *OptOuts) Apply(_ context.Context, c optout.Change) (optout.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.apply(c)
}

// ApplyAll implements optout.Store.
func (m *OptOuts) ApplyAll(_ context.Context, changes []optout.Change, ask *optout.Ask) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	records, classes := maps.Clone(m.records), maps.Clone(m.classes)
	for i, c := range optout.Together(changes, records) {
		if changes[i].IfVersion != 0 {
			c = changes[i]
		}
		if _, err := m.apply(c); err != nil {
			m.records, m.classes = records, classes
			return err
		}
	}
	if ask != nil {
		m.ask(*ask)
	}
	return nil
}

func (m *OptOuts) ask(a optout.Ask) {
	k := askKey{a.Ref, a.Back}
	a.Versions = maps.Clone(a.Versions)
	for scope, v := range m.asks[k].Versions {
		a.Versions[scope] = max(v, a.Versions[scope])
	}
	m.asks[k] = pendingAsk{a, a.AskedAt}
}

func (m *OptOuts) apply(c optout.Change) (optout.Record, error) {
	r := m.records[c.Key]
	unrecorded := c.IfVersion == optout.Unrecorded && r.State == ""
	if c.IfVersion != 0 && r.Version != c.IfVersion && !unrecorded {
		return optout.Record{}, moved
	}
	if c.IfVersion == 0 {
		c = c.Over(r)
	}
	at := c.Evidence.At
	r.Version++
	if !c.ErasedAt.IsZero() {
		r = optout.Record{Key: c.Key, State: c.To, Version: 1, Evidence: optout.Evidence{At: at}, FirstAt: at, OutSince: at, ChangedAt: at, ReducedAt: at, ErasedAt: c.ErasedAt}
		m.records[c.Key] = r
		return r, nil
	}
	if c.DatesOnly {
		r.ChangedAt, r.Evidence.At = at, at
		m.records[c.Key] = r
		return r, nil
	}
	r.Key, r.State, r.Address, r.Evidence, r.ChangedAt, r.MadeBy = c.Key, c.To, c.Address, c.Evidence, at, c.MadeBy
	r.Name = cmp.Or(c.Name, r.Name)
	if c.EraseWanted {
		r.EraseWantedAt, r.EraseLanguage = orTime(r.EraseWantedAt, at), c.Language
	}
	switch {
	case c.Told != nil:
		tell(&r, c)
	case c.To == optout.Out:
		r.FirstAt, r.OutSince = orTime(r.FirstAt, at), orTime(r.OutSince, at)
	case c.To == optout.Paused:
		r.Until, r.OutSince = c.Until, time.Time{}
	default:
		r.Until, r.OutSince = time.Time{}, time.Time{}
	}
	if c.Scope.Projected() && (c.Told == nil || !c.Told.Quiet) {
		r.Projection.DueAt = c.KnownAt()
		delete(m.walk.claimed, c.Key)
	}
	r.ReducedAt, r.Trace = time.Time{}, c.Trace
	class, since := c.Disposal()
	m.classes[c.Key] = Disposable{Class: class, At: since, Key: c.Key, Version: r.Version}
	m.records[c.Key] = r
	return r, nil
}

func tell(r *optout.Record, c optout.Change) {
	r.FirstAt, r.SoftDays = orTime(c.Told.FirstAt, r.FirstAt), c.Told.SoftDays
	if r.OutSince = c.Evidence.At; c.To != optout.Out {
		r.Until, r.OutSince = time.Time{}, time.Time{}
	}
}

func orTime(t, other time.Time) time.Time {
	if t.IsZero() {
		return other
	}
	return t
}

// OfPerson implements optout.Store.
func (m *OptOuts) OfPerson(_ context.Context, ref person.Ref) ([]optout.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []optout.Record
	for k, r := range m.records {
		if k.Ref == ref && r.State != "" {
			found = append(found, r)
		}
	}
	return found, nil
}

// Records implements optout.Store.
func (m *OptOuts) Records(_ context.Context, keys []optout.Key) (map[optout.Key]optout.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[optout.Key]optout.Record{}
	for _, k := range keys {
		if r, ok := m.records[k]; ok {
			found[k] = r
		}
	}
	return found, nil
}

func (m *OptOuts) due(now time.Time) []optout.Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	var due []optout.Record
	for _, r := range m.records {
		if at := r.Projection.DueAt; !at.IsZero() && !at.After(now) && m.walk.claimed[r.Key] == "" {
			due = append(due, r)
		}
	}
	slices.SortFunc(due, func(a, b optout.Record) int { return a.Projection.DueAt.Compare(b.Projection.DueAt) })
	return due
}

// Pending implements optout.Queue.
func (m *OptOuts) Pending(_ context.Context, now time.Time) iter.Seq2[optout.Record, error] {
	return func(yield func(optout.Record, error) bool) {
		for _, r := range m.due(now) {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Backlog implements optout.Queue.
func (m *OptOuts) Backlog(_ context.Context, now time.Time) (int, time.Time, error) {
	due := m.due(now)
	if len(due) == 0 {
		return 0, time.Time{}, nil
	}
	return len(due), due[0].Projection.DueAt, nil
}

// Projected implements optout.Queue.
func (m *OptOuts) Projected(_ context.Context, r optout.Record, p optout.Projection) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now, found := m.records[r.Key]
	if !found || now.Version != r.Version || now.Tombstone() {
		return moved
	}
	if now.State == "" && p.DueAt.IsZero() {
		delete(m.records, r.Key)
		return nil
	}
	now.Projection = p
	delete(m.walk.claimed, r.Key)
	m.records[r.Key] = now
	return nil
}

// Requeue implements optout.Queue.
func (m *OptOuts) Requeue(_ context.Context, k optout.Key, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, found := m.records[k]
	if !found {
		return moved
	}
	if r.Tombstone() {
		return nil
	}
	r.Projection.DueAt = at
	delete(m.walk.claimed, k)
	m.records[k] = r
	return nil
}

// PendingAsks implements optout.AskQueue.
func (m *OptOuts) PendingAsks(_ context.Context, now time.Time) iter.Seq2[optout.Ask, error] {
	m.mu.Lock()
	var due []optout.Ask
	for _, a := range m.asks {
		if !a.dueAt.IsZero() && !a.dueAt.After(now) && (a.Back || now.Before(a.AskedAt.Add(optout.ConfirmWithin))) {
			due = append(due, a.Ask)
		}
	}
	m.mu.Unlock()
	return func(yield func(optout.Ask, error) bool) {
		for _, a := range due {
			if !yield(a, nil) {
				return
			}
		}
	}
}

// AsksOf returns the mails about coming back that are kept of a person, as they
// are stored: what is on again first.
func (m *OptOuts) AsksOf(_ context.Context, ref person.Ref) ([]optout.Ask, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var asks []optout.Ask
	for _, back := range []bool{true, false} {
		if a, found := m.asks[askKey{ref, back}]; found {
			asks = append(asks, a.Ask)
		}
	}
	return asks, nil
}

// ClaimAsk implements optout.AskQueue.
func (m *OptOuts) ClaimAsk(_ context.Context, a optout.Ask, now, until time.Time) error {
	return m.moveAsk(a, func(p pendingAsk) bool { return !p.dueAt.IsZero() && !p.dueAt.After(now) }, until)
}

// AskMailed implements optout.AskQueue.
func (m *OptOuts) AskMailed(_ context.Context, a optout.Ask) error {
	err := m.moveAsk(a, func(pendingAsk) bool { return true }, time.Time{})
	if err == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.asks, askKey{a.Ref, a.Back})
	}
	return err
}

// Forgotten implements optout.Ledger.
func (m *OptOuts) Forgotten(_ context.Context, k optout.Key) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.records[k]; r.Tombstone() {
		r.Projection.Status = optout.Untold
		m.records[k] = r
	}
	return nil
}

func (m *OptOuts) moveAsk(a optout.Ask, may func(pendingAsk) bool, dueAt time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := askKey{a.Ref, a.Back}
	p, found := m.asks[k]
	if !found || !p.AskedAt.Equal(a.AskedAt) || !may(p) {
		return moved
	}
	p.dueAt = dueAt
	m.asks[k] = p
	return nil
}

// ErasuresWanted implements rights.Wishes.
func (m *OptOuts) ErasuresWanted(context.Context) iter.Seq2[optout.Record, error] {
	m.mu.Lock()
	var found []optout.Record
	for _, r := range m.records {
		if !r.EraseWantedAt.IsZero() {
			found = append(found, r)
		}
	}
	m.mu.Unlock()
	return func(yield func(optout.Record, error) bool) {
		for _, r := range found {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (m *OptOuts) wanted(k optout.Key) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !m.records[k].EraseWantedAt.IsZero()
}

func (m *OptOuts) pickUp(k optout.Key) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.records[k]
	r.EraseWantedAt, r.EraseLanguage = time.Time{}, ""
	m.records[k] = r
}
