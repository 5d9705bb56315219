package request

import (
	"context"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// Withdraw closes a request at the person's wish, which actor tells of. Doing
// it twice is doing it once.
func (s *Service) Withdraw(ctx context.Context, id, actor string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if t.Request.State == lifecycle.Withdrawn {
			return errDone
		}
		if err := t.happen(lifecycle.EventWithdrawn, actor, nil, nil); err != nil {
			return err
		}
		t.mail(requestmail.Withdrawn)
		return t.dropSystems(ctx)
	})
}
