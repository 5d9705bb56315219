package testkit

import (
	"context"
	"slices"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
)

// InForce implements disposal.Store.
func (m *Disposals) InForce(context.Context) (disposal.InForce, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	open := slices.DeleteFunc(slices.Clone(m.holds), func(h disposal.Hold) bool { return !h.LiftedAt.IsZero() })
	return disposal.InForce{Seq: len(m.held), List: open}, nil
}

// AllHolds implements disposal.HoldStore.
func (m *Disposals) AllHolds(ctx context.Context) ([]disposal.Hold, audit.Head, error) {
	h, _ := m.HoldsHistory(ctx)
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.holds), h.Head, nil
}

// HoldsHistory returns the entries of placing and lifting.
func (m *Disposals) HoldsHistory(context.Context) (audit.History, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := audit.History{Head: audit.Genesis(disposal.HoldsSubject), Entries: slices.Clone(m.held)}
	if len(m.held) > 0 {
		h.Head = m.held[len(m.held)-1].Head()
	}
	return h, nil
}

// Hold implements disposal.HoldStore.
func (m *Disposals) Hold(_ context.Context, id string) (disposal.Hold, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range m.holds {
		if h.ID == id {
			return h, nil
		}
	}
	return disposal.Hold{}, fault.New(fault.NotFound, "There is no such hold.")
}

// SaveHold implements disposal.HoldStore.
func (m *Disposals) SaveHold(_ context.Context, h disposal.Hold, e audit.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e.Seq != len(m.held)+1 {
		return moved
	}
	m.held = append(m.held, e)
	if i := slices.IndexFunc(m.holds, func(o disposal.Hold) bool { return o.ID == h.ID }); i >= 0 {
		m.holds[i] = h
		return nil
	}
	m.holds = append(m.holds, h)
	return nil
}
