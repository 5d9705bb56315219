package request

import (
	"context"
	"time"

	"privacydesk/shared/domain/lifecycle"
)

// Remind stores what a digest tells the officer of the due date or, if look is
// not zero, of what they must look at since then. NotFound: it was disposed of.
// Conflict: it changes all the time.
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
	return err
}
