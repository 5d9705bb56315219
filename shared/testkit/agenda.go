package testkit

import (
	"context"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// Watched implements agenda.Agenda.
func (m *Requests) Watched(_ context.Context, w lifecycle.Watch, by time.Time) iter.Seq2[request.Summary, error] {
	m.mu.Lock()
	var due []request.Summary
	for _, f := range m.files {
		r := f.Request
		watch, until := r.Watched()
		if w == lifecycle.WatchLook && r.Look != nil {
			watch, until = w, r.Look.Since
		}
		if watch == w && !until.After(by) {
			due = append(due, request.Summary{
				ID: r.ID, Kinds: r.Kinds, State: r.State, ReceivedAt: r.ReceivedAt, ClockFrom: r.ClockFrom, VerifiedAt: r.VerifiedAt,
				DueAt: r.DueAt, Watched: until, Reminded: r.Reminded, Look: r.Look,
			})
		}
	}
	m.mu.Unlock()
	slices.SortFunc(due, func(a, b request.Summary) int { return a.Watched.Compare(b.Watched) })
	return func(yield func(request.Summary, error) bool) {
		for _, s := range due {
			if !yield(s, nil) {
				return
			}
		}
	}
}
