package request

import (
	"context"
	"strconv"
)

// Exported records that the person has fetched their export: the first fetch
// of a day is an event that says the how manieth it is, so that whoever holds
// the link cannot grow the history without end.
func (s *Service) Exported(ctx context.Context, id, format string) error {
	_, err := s.act(ctx, id, func(t *step) error {
		last := t.Request.FetchedAt
		t.Request.Fetched, t.Request.FetchedAt = t.Request.Fetched+1, t.at
		if !last.IsZero() && !t.at.After(t.Law.EndOfDay(last, 0)) {
			_, err := next(t.Request.State, EventExported)
			return err
		}
		return t.happen(EventExported, ByPerson, map[string]string{"format": format, "fetches": strconv.Itoa(t.Request.Fetched)}, nil)
	})
	return err
}
