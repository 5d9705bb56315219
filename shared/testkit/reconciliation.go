package testkit

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/suppression"
)

// reconciliation is the part of OptOuts that holds bulk jobs and reconciliation runs.
type reconciliation struct {
	jobs      map[string]suppression.Job
	run       *suppression.Run
	parts     map[string][]uint64
	drifts    []suppression.Drift
	completed time.Time
}

// scanPage is how many records a page of the scan holds: few, so that tests turn pages.
const scanPage = 7

// ScanRecords implements suppression.Ledger.
func (m *OptOuts) ScanRecords(_ context.Context, cursor string) ([]optout.Record, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := slices.SortedFunc(maps.Keys(m.rows), func(a, b optout.Key) int {
		return cmp.Or(cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Scope, b.Scope))
	})
	from, _ := strconv.Atoi(cursor)
	from = min(from, len(keys))
	to, next := from+scanPage, strconv.Itoa(from+scanPage)
	if to >= len(keys) {
		to, next = len(keys), ""
	}
	var page []optout.Record
	for _, k := range keys[from:to] {
		r := m.record(k)
		page = append(page, optout.Record{Key: k, State: r.State, Until: r.Until, Projection: optout.Projection{DueAt: r.Projection.DueAt, Status: r.Projection.Status}})
	}
	return page, next, nil
}

// Run implements suppression.Runs.
func (m *OptOuts) Run(context.Context) (suppression.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.reconciliation.run == nil {
		return suppression.Run{}, fault.New(fault.NotFound, "no reconciliation run is under way")
	}
	return cloned(*m.reconciliation.run), nil
}

func cloned(r suppression.Run) suppression.Run {
	r.Counts = maps.Clone(r.Counts)
	r.Samples = maps.Clone(r.Samples)
	return r
}

// SaveRun implements suppression.Runs.
func (m *OptOuts) SaveRun(_ context.Context, r suppression.Run) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r = cloned(r)
	m.reconciliation.run = &r
	return nil
}

// SaveSeen implements suppression.Runs.
func (m *OptOuts) SaveSeen(_ context.Context, run string, n int, marks []uint64, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.reconciliation.parts == nil {
		m.reconciliation.parts = map[string][]uint64{}
	}
	m.reconciliation.parts[fmt.Sprint(run, n)] = slices.Clone(marks)
	return nil
}

// Seen implements suppression.Runs.
func (m *OptOuts) Seen(_ context.Context, run string, n int) ([]uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reconciliation.parts[fmt.Sprint(run, n)], nil
}

// Finish implements suppression.Runs.
func (m *OptOuts) Finish(_ context.Context, r suppression.Run) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reconciliation.drifts = append(m.reconciliation.drifts, cloned(r).Drift)
	m.reconciliation.run, m.reconciliation.parts = nil, nil
	if r.Whole() {
		m.reconciliation.completed = r.Ended
	}
	return nil
}

// LastCompleted implements suppression.Runs.
func (m *OptOuts) LastCompleted(_ context.Context, now time.Time) (time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.reconciliation.completed.IsZero() {
		m.reconciliation.completed = now
	}
	return m.reconciliation.completed, nil
}

// Drifts gives the latest reports, newest first.
func (m *OptOuts) Drifts(_ context.Context, most int) ([]suppression.Drift, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	drifts := slices.Clone(m.reconciliation.drifts)
	slices.Reverse(drifts)
	return drifts[:min(most, len(drifts))], nil
}

// EraseAddress takes the address out of a record, as disposal will.
func (m *OptOuts) EraseAddress(k optout.Key) {
	var p patch.Patch
	p.Clear("address")
	_ = m.patch(k, p)
}

// Jobs implements suppression.JobQueue.
func (m *OptOuts) Jobs(context.Context) ([]suppression.Job, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.reconciliation.jobs), func(a, b suppression.Job) int { return cmp.Compare(a.ID, b.ID) }), nil
}

// SaveJob implements suppression.JobQueue.
func (m *OptOuts) SaveJob(_ context.Context, j suppression.Job) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.reconciliation.jobs == nil {
		m.reconciliation.jobs = map[string]suppression.Job{}
	}
	m.reconciliation.jobs[j.ID] = j
	return nil
}

// ForgetJob implements suppression.JobQueue.
func (m *OptOuts) ForgetJob(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.reconciliation.jobs, id)
	return nil
}

// Claim implements suppression.JobQueue.
func (m *OptOuts) Claim(_ context.Context, r optout.Record, job string) error {
	return m.patch(r.Key, suppression.ClaimPatch(r, job))
}

// Claimed implements suppression.JobQueue.
func (m *OptOuts) Claimed(_ context.Context, job string) iter.Seq2[optout.Record, error] {
	return each(m.find(func(row patch.Row) bool { return row.Text("pending") == suppression.PendingJob+job }))
}

// Return implements suppression.JobQueue.
func (m *OptOuts) Return(_ context.Context, r optout.Record, job, reason string) error {
	return m.patch(r.Key, suppression.ReturnPatch(job, reason))
}
