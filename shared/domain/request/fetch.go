package request

import (
	"context"
	"slices"
	"strconv"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// Exported records that the person has fetched their export: the first fetch
// of a day is an event that says the how manieth it is, so that whoever holds
// the link cannot grow the history without end.
func (s *Service) Exported(ctx context.Context, id, format string) error {
	_, err := s.act(ctx, id, func(t *step) error {
		last := t.Request.FetchedAt
		t.Request.Fetched, t.Request.FetchedAt = t.Request.Fetched+1, t.at
		if !last.IsZero() && !t.at.After(t.Law.EndOfDay(last, 0)) {
			_, err := lifecycle.Next(t.Request.State, lifecycle.EventExported)
			return err
		}
		return t.happen(lifecycle.EventExported, audit.ByPerson, map[string]string{"format": format, "fetches": strconv.Itoa(t.Request.Fetched)}, nil)
	})
	return err
}

// ExportOpen reports whether the person can fetch what we hold at a time.
func (r *Request) ExportOpen(at time.Time) bool {
	return intake.Exports(r.Kinds) && !r.Reduced() && at.Before(r.ExportUntil)
}

// officersOwn are entries of officers for each other.
var officersOwn = []string{string(lifecycle.EventNoted), string(lifecycle.EventAssigned), string(lifecycle.EventJoined), string(lifecycle.EventTookOver)}

// ForPerson is the history as the person gets it: without what officers noted
// for each other, and what somebody wrote who is not shown to be the person. That
// and when their file was opened stays, and not by whom (Court of Justice of the EU,
// C-579/21). The chain still verifies.
func (f *File) ForPerson() []audit.Entry {
	shown := slices.Clone(f.Events)
	for i, e := range shown {
		shown[i] = audit.Blank(e, audit.FactOfficer)
		if slices.Contains(officersOwn, e.Kind) || e.Kind == string(lifecycle.EventReplied) && e.Actor != audit.ByPerson {
			shown[i] = audit.Blank(e)
		}
	}
	return shown
}
