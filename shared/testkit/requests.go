package testkit

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
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
	digest  request.Digesting
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
	steps := []request.Step{c.Step}
	if c.About != nil {
		steps = append(steps, *c.About)
	}
	for _, s := range steps {
		if err := m.check(s); err != nil {
			return err
		}
	}
	if err := m.Counts.Take(ctx, c.Limits...); err != nil {
		return err
	}
	for _, s := range steps {
		m.save(s)
	}
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
	file := m.files[s.Request.ID]
	if file.Request.Version != s.Request.Version-1 {
		return moved
	}
	if s.PendingErasure != nil && !m.OptOuts.wanted(*s.PendingErasure) {
		return moved
	}
	if s.Done != nil {
		if i := m.notice(file, *s.Done); i < 0 || file.Notices[i].State != request.NoticeTrying {
			return moved
		}
	}
	return nil
}

func (m *Requests) save(s request.Step) {
	file := m.files[s.Request.ID]
	file.Request = s.Request
	file.Events = append(slices.Clone(file.Events), s.Events...)
	file.Notices = append(slices.Clone(file.Notices), s.Notices...)
	if s.Done != nil {
		file.Notices[m.notice(file, *s.Done)] = *s.Done
	}
	m.files[s.Request.ID] = file
	if s.PendingErasure != nil {
		m.OptOuts.pickUp(*s.PendingErasure)
	}
	for _, c := range s.OptOuts {
		_, _ = m.OptOuts.Apply(context.Background(), c)
	}
}

func (*Requests) notice(f request.File, n request.Notice) int {
	return slices.IndexFunc(f.Notices, func(o request.Notice) bool { return o.Seq == n.Seq && o.Template == n.Template })
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
	f.Events, f.Notices = slices.Clone(f.Events), slices.Clone(f.Notices)
	return f, nil
}

// OfPerson implements request.Store.
func (m *Requests) OfPerson(_ context.Context, ref person.Ref) ([]request.Summary, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []request.Summary
	for _, f := range m.files {
		if r := f.Request; r.Ref == ref {
			found = append(found, request.Summary{
				ID: r.ID, Kinds: r.Kinds, State: r.State, ReceivedAt: r.ReceivedAt, ClockFrom: r.ClockFrom, VerifiedAt: r.VerifiedAt, AppealOf: r.AppealOf,
			})
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

// PendingNotices implements request.NoticeQueue.
func (m *Requests) PendingNotices(_ context.Context, now time.Time) iter.Seq2[request.Notice, error] {
	m.mu.Lock()
	var due []request.Notice
	for _, f := range m.files {
		for _, n := range f.Notices {
			if (n.State == request.NoticePending || n.State == request.NoticeTrying) && !n.DueAt.After(now) {
				due = append(due, n)
			}
		}
	}
	m.mu.Unlock()
	slices.SortFunc(due, func(a, b request.Notice) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.RequestID, b.RequestID), a.Seq-b.Seq)
	})
	return func(yield func(request.Notice, error) bool) {
		for _, n := range due {
			if !yield(n, nil) {
				return
			}
		}
	}
}

// TryNotice implements request.NoticeQueue.
func (m *Requests) TryNotice(_ context.Context, n request.Notice, until time.Time) error {
	return m.move(n, request.NoticePending, request.NoticeTrying, until)
}

// ReleaseNotice implements request.NoticeQueue.
func (m *Requests) ReleaseNotice(_ context.Context, n request.Notice, at time.Time) error {
	return m.move(n, n.State, request.NoticePending, at)
}

func (m *Requests) move(n request.Notice, from, to request.NoticeState, due time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.files[n.RequestID]
	i := m.notice(f, n)
	if i < 0 || f.Notices[i].State != from {
		return moved
	}
	f.Notices = slices.Clone(f.Notices)
	f.Notices[i].State, f.Notices[i].DueAt = to, due
	m.files[n.RequestID] = f
	return nil
}

// Random is a source of random bytes that gives the same in every run.
type Random struct{ n byte }

// Read implements io.Reader.
func (r *Random) Read(p []byte) (int, error) {
	for i := range p {
		r.n += 7
		p[i] = r.n
	}
	return len(p), nil
}
