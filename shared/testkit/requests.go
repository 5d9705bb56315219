package testkit

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/optout"
	"privacydesk/shared/person"
	"privacydesk/shared/rights"
)

// Requests is the table of rights requests in memory. It passes the same
// contract (RequestContract) as the real one.
type Requests struct {
	OptOuts *OptOuts
	Counts  *Counts
	mu      sync.Mutex
	files   map[string]rights.File
	sent    map[string]string // what a sending has made
	digest  rights.Digesting
}

// NewRequests makes an empty table beside a table of opt-outs.
func NewRequests(o *OptOuts) *Requests {
	return &Requests{OptOuts: o, Counts: &Counts{Now: func() time.Time { return T0 }}, files: map[string]rights.File{}, sent: map[string]string{}}
}

// Create implements rights.Store.
func (m *Requests) Create(ctx context.Context, c rights.Creation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := c.Sending; s != nil {
		if before := m.sent[s.Key]; before != "" && before != s.Instead {
			return &rights.RepeatedError{ID: before}
		}
	}
	steps := []rights.Step{c.Step}
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

// Save implements rights.Store.
func (m *Requests) Save(_ context.Context, s rights.Step) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.check(s); err != nil {
		return err
	}
	m.save(s)
	return nil
}

// OptOut implements rights.Store.
func (m *Requests) OptOut(ctx context.Context, changes []optout.Change) error {
	return m.OptOuts.ApplyAll(ctx, changes, nil)
}

func (m *Requests) check(s rights.Step) error {
	file := m.files[s.Request.ID]
	if file.Request.Version != s.Request.Version-1 {
		return moved
	}
	if s.PickedUp != nil && !m.OptOuts.wanted(*s.PickedUp) {
		return moved
	}
	if s.Done != nil {
		if i := m.notice(file, *s.Done); i < 0 || file.Notices[i].State != rights.NoticeTrying {
			return moved
		}
	}
	return nil
}

func (m *Requests) save(s rights.Step) {
	file := m.files[s.Request.ID]
	file.Request = s.Request
	file.Events = append(slices.Clone(file.Events), s.Events...)
	file.Notices = append(slices.Clone(file.Notices), s.Notices...)
	if s.Done != nil {
		file.Notices[m.notice(file, *s.Done)] = *s.Done
	}
	m.files[s.Request.ID] = file
	if s.PickedUp != nil {
		m.OptOuts.pickUp(*s.PickedUp)
	}
	for _, c := range s.OptOuts {
		_, _ = m.OptOuts.Apply(context.Background(), c)
	}
}

func (*Requests) notice(f rights.File, n rights.Notice) int {
	return slices.IndexFunc(f.Notices, func(o rights.Notice) bool { return o.Seq == n.Seq && o.Template == n.Template })
}

// Load implements rights.Store.
func (m *Requests) Load(ctx context.Context, id string) (rights.Request, error) {
	f, err := m.File(ctx, id)
	return f.Request, err
}

// File implements rights.Store.
func (m *Requests) File(_ context.Context, id string) (rights.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, found := m.files[id]
	if !found {
		return f, fault.New(fault.NotFound, "There is no such request.")
	}
	f.Events, f.Notices = slices.Clone(f.Events), slices.Clone(f.Notices)
	return f, nil
}

// OfPerson implements rights.Store.
func (m *Requests) OfPerson(_ context.Context, ref person.Ref) ([]rights.Summary, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []rights.Summary
	for _, f := range m.files {
		if r := f.Request; r.Ref == ref {
			found = append(found, rights.Summary{
				ID: r.ID, Kinds: r.Kinds, State: r.State, ReceivedAt: r.ReceivedAt, ClockFrom: r.ClockFrom, VerifiedAt: r.VerifiedAt, AppealOf: r.AppealOf,
			})
		}
	}
	slices.SortFunc(found, func(a, b rights.Summary) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}

// ConfirmedOf implements rights.Store.
func (m *Requests) ConfirmedOf(ctx context.Context, ref person.Ref) ([]rights.Summary, error) {
	all, err := m.OfPerson(ctx, ref)
	return slices.DeleteFunc(all, func(s rights.Summary) bool { return s.VerifiedAt.IsZero() }), err
}

// PendingNotices implements rights.NoticeQueue.
func (m *Requests) PendingNotices(_ context.Context, now time.Time) iter.Seq2[rights.Notice, error] {
	m.mu.Lock()
	var due []rights.Notice
	for _, f := range m.files {
		for _, n := range f.Notices {
			if (n.State == rights.NoticePending || n.State == rights.NoticeTrying) && !n.DueAt.After(now) {
				due = append(due, n)
			}
		}
	}
	m.mu.Unlock()
	slices.SortFunc(due, func(a, b rights.Notice) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.RequestID, b.RequestID), a.Seq-b.Seq)
	})
	return func(yield func(rights.Notice, error) bool) {
		for _, n := range due {
			if !yield(n, nil) {
				return
			}
		}
	}
}

// TryNotice implements rights.NoticeQueue.
func (m *Requests) TryNotice(_ context.Context, n rights.Notice, until time.Time) error {
	return m.move(n, rights.NoticePending, rights.NoticeTrying, until)
}

// ReleaseNotice implements rights.NoticeQueue.
func (m *Requests) ReleaseNotice(_ context.Context, n rights.Notice, at time.Time) error {
	return m.move(n, n.State, rights.NoticePending, at)
}

func (m *Requests) move(n rights.Notice, from, to rights.NoticeState, due time.Time) error {
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
