package testkit

import (
	"context"
	"slices"
	"strconv"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// Names implements disposal.Register.
func (m *Shelf) Names(_ context.Context, run string, c disposal.Class, from, to int) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for n := from + 1; n <= to; n++ {
		names = append(names, m.parts[part(run, c, n)]...)
	}
	return names, nil
}

// Head implements disposal.Register.
func (m *Shelf) Head(context.Context) (audit.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.head(disposal.DisposalsSubject, m.entries), nil
}

func (*Shelf) head(subject string, entries []audit.Entry) audit.Head {
	if len(entries) == 0 {
		return audit.Genesis(subject)
	}
	return entries[len(entries)-1].Head()
}

// Certify implements disposal.Register.
func (m *Shelf) Certify(_ context.Context, p disposal.Proof) error {
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
func (m *Shelf) Certificates(_ context.Context, before, most int) ([]disposal.Proven, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []disposal.Proven
	for seq := len(m.proofs); seq > 0 && len(list) < most; seq-- {
		if before == 0 || seq < before {
			list = append(list, disposal.Proven{Seq: seq, Signed: m.proofs[seq-1]})
		}
	}
	return list, nil
}

// InForce implements disposal.Shelf.
func (m *Shelf) InForce(context.Context) (disposal.InForce, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	open := slices.DeleteFunc(slices.Clone(m.holds), func(h disposal.Hold) bool { return !h.LiftedAt.IsZero() })
	return disposal.InForce{Seq: len(m.held), List: open}, nil
}

// AllHolds implements disposal.HoldStore.
func (m *Shelf) AllHolds(context.Context) ([]disposal.Hold, audit.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.holds), m.head(disposal.HoldsSubject, m.held), nil
}

// HoldsHistory returns the entries of placing and lifting.
func (m *Shelf) HoldsHistory(context.Context) (audit.History, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return audit.History{Head: m.head(disposal.HoldsSubject, m.held), Entries: slices.Clone(m.held)}, nil
}

// Hold implements disposal.HoldStore.
func (m *Shelf) Hold(_ context.Context, id string) (disposal.Hold, error) {
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
func (m *Shelf) SaveHold(_ context.Context, h disposal.Hold, e audit.Entry) error {
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

// Ref is a keyed reference for tests, told apart by a number.
func Ref(n int) person.Ref { return person.Ref("ref" + strconv.Itoa(n)) }
