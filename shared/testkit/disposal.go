package testkit

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/schedule"
)

// Disposable is what the index Disposal holds of a row: an opt-out's, which
// has a Key and Pending, or a request's, which has ID, Ref and State.
type Disposable struct {
	Class   schedule.Class
	At      time.Time // starts the period
	Version int

	optout.Key
	Pending bool

	ID     string
	Person person.Ref
	State  lifecycle.State
}

// Disposable lists the opt-outs of a class, the oldest first.
func (m *OptOuts) Disposable(class schedule.Class) ([]Disposable, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Disposable
	for k, row := range m.rows {
		if row.Text("disposal") == string(class) {
			found = append(found, Disposable{Class: class, At: row.Time("disposal_at"), Version: int(row.Int("version")), Key: k, Pending: row["pending"] != nil})
		}
	}
	return oldestFirst(found), nil
}

// MakeTombstone makes a tombstone of an opt-out. Conflict: it has another version, or
// SES is still to be synced.
func (m *OptOuts) MakeTombstone(_ context.Context, k optout.Key, version int, at time.Time, erased bool) error {
	p := optout.TombstonePatch(at, erased)
	p.If(patch.Is("version", version))
	return m.patch(k, p)
}

// Remove deletes an opt-out of a class. Conflict: it has another version, is
// of another class, or SES is still to be synced.
func (m *OptOuts) Remove(k optout.Key, version int, class schedule.Class) error {
	return m.patch(k, optout.RemovalPatch(version, class))
}

// Disposable lists the requests of a class, the oldest first.
func (m *Requests) Disposable(class schedule.Class) ([]Disposable, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Disposable
	for _, f := range m.files {
		if c, at := requestlog.Disposal(&f.Request); c == class {
			found = append(found, Disposable{Class: c, At: at, Version: f.Request.Version, ID: f.Request.ID, Person: f.Request.Ref, State: f.Request.State})
		}
	}
	return oldestFirst(found), nil
}

// Reduce stores what is left of a request. Conflict: it has another version.
func (m *Requests) Reduce(r requestlog.Reduction) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.files[r.Request.ID]
	if f.Request.Version != r.Request.Version-1 || len(f.Events) == 0 {
		return moved
	}
	f.Letters = m.OptOuts.Outbox.of(f.Request.ID)
	f = r.Apply(f)
	m.OptOuts.Outbox.put(f.Letters...)
	m.files[r.Request.ID] = f
	return nil
}

// Delete deletes a request and all that belongs to it. Conflict: it has
// another version.
func (m *Requests) Delete(f request.File) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.files[f.Request.ID].Request.Version != f.Request.Version {
		return moved
	}
	delete(m.files, f.Request.ID)
	m.OptOuts.Outbox.remove(f.Request.ID)
	return nil
}

func oldestFirst(d []Disposable) []Disposable {
	slices.SortFunc(d, func(a, b Disposable) int { return a.At.Compare(b.At) })
	return d
}
