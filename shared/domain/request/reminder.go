package request

import (
	"context"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
)

// Remind stores what the officer was told of the due date or, if look is not
// zero, of what they must look at since then. A request that was disposed of,
// or that changes all the time, is left as it is: it is told of again.
func (s *Service) Remind(ctx context.Context, id string, look time.Time, m lifecycle.Reminder) error {
	_, err := s.act(ctx, id, func(t *step) error {
		switch l := t.Request.Look; {
		case look.IsZero():
			t.Request.Reminded = &m
		case l != nil && l.Since.Equal(look):
			reminded := *l
			reminded.Reminded, t.Request.Look = &m, &reminded
		}
		return nil
	})
	if code := fault.CodeOf(err); code == fault.NotFound || code == fault.Conflict {
		return nil
	}
	return err
}
