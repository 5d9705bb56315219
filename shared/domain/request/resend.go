package request

import (
	"context"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// Resend queues the verification mail again, a few times at most, or for the
// first time where the request was kept. While one waits the person adds none;
// an officer's is sent at once. ErrResent: it has been sent often enough.
// Expired: the link in it would be.
func (s *Service) Resend(ctx context.Context, id, actor string) (Request, error) {
	f, err := s.Store.File(ctx, id)
	if err != nil || actor == audit.ByPerson && f.Request.State == lifecycle.Unverified && f.waits(requestmail.Verify) {
		return f.Request, err
	}
	return s.act(ctx, id, func(t *step) error {
		if t.Request.NoEmail {
			return fault.New(fault.Conflict, "the person has no e-mail address: ask them by post or telephone, and record how they were verified (verify)").Because("no_email")
		}
		if t.Request.AskedAt.IsZero() && t.Request.State == lifecycle.Unverified {
			return t.ask(actor)
		}
		if t.Request.unconfirmed(t.at) {
			return fault.New(fault.Expired, "The time to confirm this request is over.").Because("link_over")
		}
		if err := t.resend(actor); err != nil {
			return err
		}
		if t.Request.Resent > t.Settings.Resends {
			return ErrResent
		}
		return nil
	})
}

func (t *step) resend(actor string) error {
	if err := t.happen(lifecycle.EventResent, actor, nil, nil); err != nil {
		return err
	}
	t.Request.Resent++
	t.mail(requestmail.Verify)
	return nil
}

// ErrResent says that a mail is not sent any more often.
var ErrResent = fault.New(fault.Conflict, "This email is not sent any more often.").Because("resent_out")

// ask asks the author of a request that was kept to confirm it.
func (t *step) ask(actor string) error {
	t.Request.AskedAt, t.Request.VerifyBy = t.at, t.VerifyUntil(t.at)
	if err := t.happen(lifecycle.EventVerificationAsked, actor, nil, nil); err != nil {
		return err
	}
	t.mail(requestmail.Verify)
	return t.date()
}
