package rights

import "context"

// MailBounced records that a mail about a request did not arrive, so that the
// officer and the person's page show it. Hearing of it twice is hearing of it
// once. NotFound: there is no such request.
func (s *Service) MailBounced(ctx context.Context, id, messageID string) error {
	_, err := s.act(ctx, id, func(t *step) error {
		if !t.Request.MailFailedAt.IsZero() {
			return errDone
		}
		t.Request.MailFailedAt = t.at
		return t.happen(EventMailFailed, BySystem, map[string]string{"result": "bounced", "ses_message": messageID}, nil)
	})
	return err
}
