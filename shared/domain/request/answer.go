package request

import (
	"context"
	"privacydesk/shared/domain/lifecycle"
)

// Answer records that the person has done what was asked.
func (s *Service) Answer(ctx context.Context, id, officer string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if err := t.happen(lifecycle.EventAnswered, ByOfficer+":"+officer, nil, nil); err != nil {
			return err
		}
		if resumed, err := t.Law.Resume(t.Request.lawCase(), t.at); err == nil {
			t.Request.Pauses = resumed.Pauses
		}
		t.Request.Waiting = nil
		return t.date()
	})
}
