package testkit

import (
	"context"
	"slices"
	"sync"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/staff"
)

// Sessions keeps the sessions of the desk in memory. It passes the same contract
// (SessionContract) as the table.
type Sessions struct {
	Now func() time.Time
	Err error // what every call fails with
	mu  sync.Mutex
	all map[[2]string]staff.Session // by account and id
}

var _ staff.Sessions = (*Sessions)(nil)

// Start implements staff.Sessions.
func (m *Sessions) Start(_ context.Context, s staff.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Err != nil {
		return m.Err
	}
	if m.all == nil {
		m.all = map[[2]string]staff.Session{}
	}
	m.all[[2]string{s.Account.ID, s.ID}] = s
	return nil
}

// Read implements staff.Sessions.
func (m *Sessions) Read(_ context.Context, account, id string) (staff.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.all[[2]string{account, id}]
	if m.Err == nil && !s.Live(m.Now()) {
		return staff.Session{}, fault.New(fault.NotFound, "There is no such session.")
	}
	return s, m.Err
}

// Touch implements staff.Sessions.
func (m *Sessions) Touch(_ context.Context, s staff.Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := [2]string{s.Account.ID, s.ID}
	was, there := m.all[k]
	if m.Err == nil && !there {
		return fault.New(fault.NotFound, "There is no such session.")
	}
	if m.Err == nil {
		was.SeenAt = s.SeenAt
		m.all[k] = was
	}
	return m.Err
}

// End implements staff.Sessions.
func (m *Sessions) End(_ context.Context, account, id string) error {
	return m.end(func(s staff.Session) bool { return s.Account.ID == account && s.ID == id })
}

// EndAll implements staff.Sessions.
func (m *Sessions) EndAll(_ context.Context, account string) error {
	return m.end(func(s staff.Session) bool { return s.Account.ID == account })
}

func (m *Sessions) end(which func(staff.Session) bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, s := range m.all {
		if m.Err == nil && which(s) {
			delete(m.all, k)
		}
	}
	return m.Err
}

// Of implements staff.Sessions.
func (m *Sessions) Of(_ context.Context, account string) ([]staff.Session, error) {
	return m.live(func(s staff.Session) bool { return s.Account.ID == account })
}

// All implements staff.Sessions.
func (m *Sessions) All(context.Context) ([]staff.Session, error) {
	return m.live(func(staff.Session) bool { return true })
}

func (m *Sessions) live(which func(staff.Session) bool) ([]staff.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var live []staff.Session
	for _, s := range m.all {
		if which(s) && s.Live(m.Now()) {
			s.ID = ""
			live = append(live, s)
		}
	}
	slices.SortFunc(live, func(a, b staff.Session) int { return a.StartedAt.Compare(b.StartedAt) })
	return live, m.Err
}
