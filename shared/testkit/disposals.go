package testkit

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

// Disposals is a disposal.Store and a disposal.HoldStore in memory. It passes
// the same contract (DisposalStoreContract) as the real one.
type Disposals struct {
	mu      sync.Mutex
	records map[string]Disposed
	proofs  []disposal.Proof
	holds   []disposal.Hold
	held    []audit.Entry
}

// Disposed is a record of Disposals.
type Disposed struct {
	HeldBack bool // of an order: its person was told that a hold keeps it back
	disposal.Item
	Rows  int       // of a request: how many it takes of a transaction
	State string    // "kept", "reduced" or "gone"
	Mail  bool      // a mail is under way, which the index does not show
	Open  bool      // a request that is not closed: no index has it
	FedAt time.Time // of an opt-out: where it stands in the feed of changes

	reducedAt, erasedAt time.Time // of a tombstone
}

// NewDisposals makes an empty store.
func NewDisposals() *Disposals { return &Disposals{records: map[string]Disposed{}} }

// Put puts a record there.
func (m *Disposals) Put(p Disposed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.State, p.Version = "kept", max(p.Version, 1)
	m.records[p.ID] = p
}

// Touch changes a record, as a person's newer choice does.
func (m *Disposals) Touch(id string, start time.Time) {
	m.change(id, func(p *Disposed) { p.Version++; p.Start = start })
}

// Drop deletes a record, as anybody may.
func (m *Disposals) Drop(id string) { m.change(id, func(p *Disposed) { p.State = "gone" }) }

func (m *Disposals) change(id string, f func(*Disposed)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.records[id]
	f(&p)
	m.records[id] = p
}

// State returns what became of a record.
func (m *Disposals) State(id string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.records[id].State
}

func (m *Disposals) due(c schedule.Class, before time.Time) []disposal.Item {
	m.mu.Lock()
	defer m.mu.Unlock()
	var due []disposal.Item
	for _, p := range m.records {
		if p.Class == c && p.State == "kept" && !p.Open && p.Start.Before(before) {
			due = append(due, p.Item)
		}
	}
	slices.SortFunc(due, func(a, b disposal.Item) int { return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID)) })
	return due
}

// Due implements disposal.Store.
func (m *Disposals) Due(_ context.Context, c schedule.Class, before time.Time) iter.Seq2[disposal.Item, error] {
	return func(yield func(disposal.Item, error) bool) {
		for _, i := range m.due(c, before) {
			if !yield(i, nil) {
				return
			}
		}
	}
}

// Read implements disposal.Store.
func (m *Disposals) Read(_ context.Context, items []disposal.Item) ([]disposal.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := make([]disposal.Record, len(items))
	for n, i := range items {
		found[n] = m.records[i.ID].record()
	}
	return found, nil
}

// OfPerson implements disposal.Store.
func (m *Disposals) OfPerson(_ context.Context, order disposal.Item) ([]disposal.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []disposal.Record
	for _, p := range m.records {
		if p.Ref == order.Ref && p.Class != schedule.RequestLog {
			found = append(found, p.record())
		}
	}
	return found, nil
}

// record is the record as its table has it.
func (p Disposed) record() disposal.Record {
	r := disposal.Record{Item: p.Item, Missing: p.State != "kept"}
	if p.Class == schedule.OptOutEvidence || p.Class == schedule.SoftBounces {
		r.OptOut = &optout.Record{
			Key: optout.Key{Ref: p.Ref, Scope: "email"}, State: optout.Out, Version: p.Version, ChangedAt: p.Start, FedAt: p.FedAt, ReducedAt: p.reducedAt, ErasedAt: p.erasedAt,
		}
		r.Missing = p.State == "gone"
		return r
	}
	q := request.Request{HeldBack: p.HeldBack,
		ID: p.ID, Ref: p.Ref, Version: p.Version, State: lifecycle.Fulfilled, ReceivedAt: p.Start, VerifiedAt: p.Start, ClosedAt: p.Start, Head: audit.Genesis(p.ID),
	}
	switch p.Class {
	case schedule.UnverifiedRequest:
		q.State, q.VerifiedAt = lifecycle.Expired, time.Time{}
	case schedule.RequestLog:
		q.ReducedAt = p.Start
	case schedule.ErasureOrder:
		q.EraseFrom = p.Start
	}
	if p.Open {
		q.State, q.ClosedAt = lifecycle.Open, time.Time{}
	}
	r.Request = &request.File{Request: q}
	for n := 2; n < p.Rows; n++ {
		e, _ := audit.Append(r.Request.Request.Head, audit.Entry{At: p.Start, Kind: "noted", Actor: "officer", Private: map[string]audit.Private{"note": audit.Personal("x")}}, &Random{})
		r.Request.Request.Head, r.Request.Events = e.Head(), append(r.Request.Events, e)
	}
	if p.Mail || p.Pending {
		r.Request.Letters = []outbox.Letter{{SubjectID: p.ID, Seq: 1, State: outbox.Pending}}
	}
	return r
}

// Dispose implements disposal.Store.
func (m *Disposals) Dispose(_ context.Context, b disposal.Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	rows, refused := 0, disposal.Refused{History: b.Entry.Seq != len(m.proofs)+1, Holds: b.Holds != len(m.held), Works: map[int]disposal.Outcome{}}
	for n, w := range b.Works {
		rows += w.Writes()
		switch p := m.records[w.ID]; {
		case p.State != "kept" && (w.OptOut == nil || !w.OptOut.Tombstone()):
			refused.Works[n] = disposal.Gone
		case p.Pending:
			refused.Works[n] = disposal.Waiting
		case p.Version != w.Version:
			refused.Works[n] = disposal.Changed
		}
	}
	if rows > disposal.MaxWrites && len(b.Works) > 1 {
		return fault.New(fault.Internal, "a transaction of %d rows", rows)
	}
	if refused.History || refused.Holds || len(refused.Works) > 0 {
		return &refused
	}
	for _, w := range b.Works {
		p := m.records[w.ID]
		p.State = map[disposal.Outcome]string{disposal.Deleted: "gone", disposal.Reduced: "reduced"}[w.Outcome]
		if p.reducedAt = w.At; w.Erased {
			p.erasedAt = w.At
		}
		m.records[p.ID] = p
	}
	m.proofs = append(m.proofs, b.Proof)
	return nil
}

// Oldest implements disposal.Store.
func (m *Disposals) Oldest(_ context.Context, c schedule.Class) (time.Time, bool, error) {
	due := m.due(c, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	if len(due) == 0 {
		return time.Time{}, false, nil
	}
	return due[0].Start, true, nil
}

// CountDue implements disposal.Store.
func (m *Disposals) CountDue(_ context.Context, c schedule.Class, before time.Time) (int, error) {
	return len(m.due(c, before)), nil
}

// Head implements disposal.Store.
func (m *Disposals) Head(context.Context) (audit.Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.proofs) == 0 {
		return audit.Genesis(disposal.DisposalsSubject), nil
	}
	return m.proofs[len(m.proofs)-1].Entry.Head(), nil
}

// Proofs implements disposal.Store.
func (m *Disposals) Proofs(_ context.Context, before, limit int) ([]disposal.Proof, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []disposal.Proof
	for _, p := range slices.Backward(m.proofs) {
		if (before == 0 || p.Entry.Seq < before) && len(list) < limit {
			list = append(list, p)
		}
	}
	return list, nil
}

// Ref is a keyed reference for tests, told apart by a number.
func Ref(n int) person.Ref { return person.Ref("ref" + strconv.Itoa(n)) }
