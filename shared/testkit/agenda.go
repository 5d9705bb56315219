package testkit

import (
	"context"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// under is a request as it stands under a watch; false: it does not.
func under(r *request.Request, w lifecycle.Watch) (request.Summary, bool) {
	s := r.Summary()
	watch, _ := r.Watched()
	if w == lifecycle.WatchLook && r.Look != nil {
		watch, s.Watched = w, r.Look.Since
	}
	return s, watch == w
}

// Watched implements agenda.Agenda.
func (m *Requests) Watched(_ context.Context, w lifecycle.Watch, by time.Time) iter.Seq2[request.Summary, error] {
	m.mu.Lock()
	var due []request.Summary
	for _, f := range m.files {
		if s, found := under(&f.Request, w); found && !s.Watched.After(by) {
			due = append(due, s)
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
