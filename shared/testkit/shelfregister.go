package testkit

import (
	"context"
	"slices"
	"strconv"

	"privacydesk/shared/fault"
	"privacydesk/shared/person"
	"privacydesk/shared/register"
	"privacydesk/shared/retention"
)

// Names implements retention.Register.
func (m *Shelf) Names(_ context.Context, run string, c retention.Class, from, to int) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for n := from + 1; n <= to; n++ {
		names = append(names, m.parts[part(run, c, n)]...)
	}
	return names, nil
}

// Head implements retention.Register.
func (m *Shelf) Head(context.Context) (register.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.head(retention.DisposalsSubject, m.entries), nil
}

func (*Shelf) head(subject string, entries []register.Entry) register.Head {
	if len(entries) == 0 {
		return register.Genesis(subject)
	}
	return entries[len(entries)-1].Head()
}

// Certify implements retention.Register.
func (m *Shelf) Certify(_ context.Context, p retention.Proof) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.follows(p.Run) || p.Entry.Seq != len(m.entries)+1 {
		return moved
	}
	m.entries, m.proofs = append(m.entries, p.Entry), append(m.proofs, p.Certificate)
	m.keep(p.Run)
	return nil
}

// Certificates returns certificates, newest first, from the one before a
// number on; 0 is the end.
func (m *Shelf) Certificates(_ context.Context, before, most int) ([]retention.Proven, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []retention.Proven
	for seq := len(m.proofs); seq > 0 && len(list) < most; seq-- {
		if before == 0 || seq < before {
			list = append(list, retention.Proven{Seq: seq, Signed: m.proofs[seq-1]})
		}
	}
	return list, nil
}

// InForce implements retention.Shelf.
func (m *Shelf) InForce(context.Context) (retention.InForce, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	open := slices.DeleteFunc(slices.Clone(m.holds), func(h retention.Hold) bool { return !h.LiftedAt.IsZero() })
	return retention.InForce{Seq: len(m.held), List: open}, nil
}

// AllHolds implements retention.HoldStore.
func (m *Shelf) AllHolds(context.Context) ([]retention.Hold, register.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.holds), m.head(retention.HoldsSubject, m.held), nil
}

// HoldsHistory returns the entries of placing and lifting.
func (m *Shelf) HoldsHistory(context.Context) (register.History, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return register.History{Head: m.head(retention.HoldsSubject, m.held), Entries: slices.Clone(m.held)}, nil
}

// Hold implements retention.HoldStore.
func (m *Shelf) Hold(_ context.Context, id string) (retention.Hold, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range m.holds {
		if h.ID == id {
			return h, nil
		}
	}
	return retention.Hold{}, fault.New(fault.NotFound, "There is no such hold.")
}

// SaveHold implements retention.HoldStore.
func (m *Shelf) SaveHold(_ context.Context, h retention.Hold, e register.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e.Seq != len(m.held)+1 {
		return moved
	}
	m.held = append(m.held, e)
	if i := slices.IndexFunc(m.holds, func(o retention.Hold) bool { return o.ID == h.ID }); i >= 0 {
		m.holds[i] = h
		return nil
	}
	m.holds = append(m.holds, h)
	return nil
}

// Ref is a keyed reference for tests, told apart by a number.
func Ref(n int) person.Ref { return person.Ref("ref" + strconv.Itoa(n)) }
