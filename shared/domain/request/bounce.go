package request

import (
	"context"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/lifecycle"
)

// MailBounced records that a mail about a request did not arrive, so that the
// officer and the person's page show it. Hearing of it twice is hearing of it
// once; to a reduced request it is nothing. NotFound: there is no such request.
func (s *Service) MailBounced(ctx context.Context, id, messageID string) error {
	_, err := s.change(ctx, id, func(t *step) error {
		if !t.Request.MailFailedAt.IsZero() || t.Request.Reduced() {
			return errDone
		}
		t.Request.MailFailedAt = t.at
		if err := t.happen(lifecycle.EventMailFailed, audit.BySystem, map[string]string{"result": "bounced"}, map[string]string{factMessage: messageID}); err != nil {
			return err
		}
		t.undelivered()
		return t.unasked()
	})
	return err
}
