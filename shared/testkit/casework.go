package testkit

import (
	"cmp"
	"context"
	"slices"

	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// Listed implements casework.Store.
func (m *Requests) Listed(_ context.Context, l casework.List, after casework.Position, most int) (found []request.Summary, more bool, err error) {
	order := func(a, b request.Summary) int { return cmp.Or(a.Watched.Compare(b.Watched), cmp.Compare(a.ID, b.ID)) }
	if l.Latest {
		soonest := order
		order = func(a, b request.Summary) int { return -soonest(a, b) }
	}
	past := request.Summary{ID: after.ID, Watched: after.At}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.files {
		if s, is := in(&f.Request, l); is && (after.ID == "" || order(s, past) > 0) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, order)
	return first(found, most)
}

// in is a request as it stands in a list; false: it does not.
func in(r *request.Request, l casework.List) (request.Summary, bool) {
	watch, _ := r.Watched()
	s := r.Summary()
	switch {
	case l.Special:
		return s, casework.Special(watch, &s)
	case l.Assignee != "":
		return s, foureyes.Caller(r.Assignee) == l.Assignee && (watch == lifecycle.WatchOpen || watch == lifecycle.WatchPaused)
	}
	return under(r, l.Watch)
}

// NewestOf implements casework.Store.
func (m *Requests) NewestOf(_ context.Context, ref person.Ref, confirmed bool, most int) (found []request.Summary, more bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.files {
		if s := f.Request.Summary(); s.Ref == ref && s.VerifiedAt.IsZero() != confirmed {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b request.Summary) int {
		return cmp.Or(b.VerifiedAt.Compare(a.VerifiedAt), b.ReceivedAt.Compare(a.ReceivedAt), cmp.Compare(a.ID, b.ID))
	})
	return first(found, most)
}

func first(all []request.Summary, most int) ([]request.Summary, bool, error) {
	return all[:min(most, len(all))], len(all) > most, nil
}
