package testkit

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// Requests is the table of rights requests in memory. It passes the same
// contract (RequestContract) as the real one.
type Requests struct {
	OptOuts *OptOuts
	Counts  *Counts
	mu      sync.Mutex
	files   map[string]request.File
	sent    map[string]string // what a sending has made
}

// NewRequests makes an empty table beside a table of opt-outs.
func NewRequests(o *OptOuts) *Requests {
	return &Requests{OptOuts: o, Counts: &Counts{Now: func() time.Time { return T0 }}, files: map[string]request.File{}, sent: map[string]string{}}
}

// Create implements request.Store.
func (m *Requests) Create(ctx context.Context, c request.Creation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := c.Sending; s != nil {
		if before := m.sent[s.Key]; before != "" && before != s.Instead {
			return &request.RepeatedError{ID: before}
		}
	}
	if err := m.check(c.Step); err != nil {
		return err
	}
	if err := m.Counts.Take(ctx, c.Limits...); err != nil {
		return err
	}
	m.save(c.Step)
	if s := c.Sending; s != nil {
		m.sent[s.Key] = c.Request.ID
	}
	return nil
}

// Save implements request.Store.
func (m *Requests) Save(_ context.Context, s request.Step) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.check(s); err != nil {
		return err
	}
	m.save(s)
	return nil
}

// OptOut implements request.Store.
func (m *Requests) OptOut(ctx context.Context, changes []optout.Change) error {
	return m.OptOuts.ApplyAll(ctx, changes, nil)
}

func (m *Requests) check(s request.Step) error {
	if s.Also != nil {
		if err := m.check(*s.Also); err != nil {
			return err
		}
	}
	file := m.files[s.Request.ID]
	if file.Request.Version != s.Request.Version-1 {
		return moved
	}
	if s.PendingErasure != nil && !m.OptOuts.erasurePending(*s.PendingErasure) {
		return moved
	}
	if slices.ContainsFunc(s.Done, func(l outbox.Letter) bool { return !m.OptOuts.Outbox.ends(l) }) {
		return moved
	}
	return nil
}

func (m *Requests) save(s request.Step) {
	if s.Also != nil {
		m.save(*s.Also)
	}
	file := m.files[s.Request.ID]
	file.Request = s.Request
	file.Events = append(slices.Clone(file.Events), s.Events...)
	for _, e := range s.Systems {
		file.Systems = ledger.Put(file.Systems, e)
	}
	for _, a := range s.Files {
		file.Files = append(slices.DeleteFunc(slices.Clone(file.Files), func(o attachment.File) bool { return o.ID == a.ID }), a)
	}
	m.OptOuts.Outbox.put(s.Letters...)
	for _, l := range s.Done {
		m.OptOuts.Outbox.settle(l)
	}
	m.files[s.Request.ID] = file
	if s.PendingErasure != nil {
		m.OptOuts.openErasure(*s.PendingErasure)
	}
	for _, c := range s.OptOuts {
		_, _ = m.OptOuts.Apply(context.Background(), c)
	}
}

// Load implements request.Store.
func (m *Requests) Load(ctx context.Context, id string) (request.Request, error) {
	f, err := m.File(ctx, id)
	return f.Request, err
}

// File implements request.Store.
func (m *Requests) File(_ context.Context, id string) (request.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, found := m.files[id]
	if !found {
		return f, fault.New(fault.NotFound, "There is no such request.")
	}
	f.Events, f.Letters, f.Systems, f.Files = slices.Clone(f.Events), m.OptOuts.Outbox.of(id), slices.Clone(f.Systems), slices.Clone(f.Files)
	return f, nil
}

// Systems implements request.Store.
func (m *Requests) Systems(_ context.Context, id string) ([]ledger.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.files[id].Systems), nil
}

// DueFiles is that of requests.Store.
func (m *Requests) DueFiles(_ context.Context, now time.Time) iter.Seq2[attachment.File, error] {
	return due(m, now, func(f request.File) []attachment.File { return f.Files }, func(a attachment.File) (time.Time, string) { return a.CheckAt, a.ID })
}

// Due implements ledger.Book.
func (m *Requests) Due(_ context.Context, now time.Time) iter.Seq2[ledger.Entry, error] {
	return due(m, now, func(f request.File) []ledger.Entry { return f.Systems }, func(e ledger.Entry) (time.Time, string) { return e.TellAt, e.ID() })
}

// due are the rows of all requests whose time has come, soonest first.
func due[T any](m *Requests, now time.Time, of func(request.File) []T, by func(T) (time.Time, string)) iter.Seq2[T, error] {
	m.mu.Lock()
	var found []T
	for _, f := range m.files {
		for _, row := range of(f) {
			if at, _ := by(row); !at.IsZero() && !at.After(now) {
				found = append(found, row)
			}
		}
	}
	m.mu.Unlock()
	slices.SortFunc(found, func(a, b T) int {
		at, id := by(a)
		bt, other := by(b)
		return cmp.Or(at.Compare(bt), cmp.Compare(id, other))
	})
	return func(yield func(T, error) bool) {
		for _, row := range found {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Try implements ledger.Book.
func (m *Requests) Try(_ context.Context, was, e ledger.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.files[e.Request]
	is, err := ledger.Find(f.Systems, e.System, e.Task)
	if err != nil || is.State != was.State || is.Attempts != was.Attempts || is.Round != was.Round || !is.TellAt.Equal(was.TellAt) {
		return moved
	}
	is.Attempts, is.Trouble, is.TellAt, is.Mark = e.Attempts, e.Trouble, e.TellAt, e.Mark
	f.Systems = ledger.Put(f.Systems, is)
	m.files[e.Request] = f
	return nil
}

// OfPerson implements request.Store.
func (m *Requests) OfPerson(_ context.Context, ref person.Ref) ([]request.Summary, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []request.Summary
	for _, f := range m.files {
		if r := f.Request; r.Ref == ref {
			found = append(found, r.Summary())
		}
	}
	slices.SortFunc(found, func(a, b request.Summary) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}

// ConfirmedOf implements request.Store.
func (m *Requests) ConfirmedOf(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	all, err := m.OfPerson(ctx, ref)
	return slices.DeleteFunc(all, func(s request.Summary) bool { return s.VerifiedAt.IsZero() }), err
}

// Random is a source of random bytes that gives the same in every run.
type Random struct{ N byte } // N is where it starts

// Read implements io.Reader.
func (r *Random) Read(p []byte) (int, error) {
	for i := range p {
		r.N += 7
		p[i] = r.N
	}
	return len(p), nil
}
