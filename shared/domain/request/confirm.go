package request

import (
	"context"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
	"privacydesk/shared/domain/waiting"
)

// Confirm records that the person holds the mailbox and that w, which they
// were shown or made of what they were shown, is theirs: the request says that
// and nothing else from then on. already reports whether it was confirmed
// before. A request for a child or by an agent then waits for its evidence.
// Expired: the confirmation came too late. Invalid: w cannot be. Conflict: the
// request is closed, or ErrOtherWords.
func (s *Service) Confirm(ctx context.Context, id string, w Words) (r Request, already bool, err error) {
	r, err = s.act(ctx, id, func(t *step) error {
		var err error
		if already, err = t.Request.Confirmed(t.at); err != nil {
			return err
		}
		switch {
		case already && len(t.Request.changes(w)) > 0:
			return ErrOtherWords
		case already:
			return errDone
		}
		facts, private, err := t.adopt(w)
		if err != nil {
			return err
		}
		facts["saw_entry"] = "1" // received, with all that was sent
		return t.verify(ctx, audit.ByPerson, facts, private)
	})
	return r, already, err
}

// verify opens the request, joined with an earlier one for the same.
func (t *step) verify(ctx context.Context, actor string, facts, private map[string]string) error {
	others, err := t.Store.ConfirmedOf(ctx, t.Request.Ref)
	if err != nil {
		return err
	}
	t.Request.VerifiedAt = t.at
	if l := t.Request.Look; l != nil && l.Why == lifecycle.LookCounts {
		t.Request.Look = nil
	}
	if repeated := t.repeated(others); repeated != t.Request.Repeated {
		t.Request.Repeated, facts["repeated"] = repeated, yes(repeated)
	}
	if err := t.happen(lifecycle.EventVerified, actor, facts, private); err != nil {
		return err
	}
	if t.Request.instant() { // all but the opt-outs was left out
		return t.finishInstant()
	}
	if err := t.link(others); err != nil {
		return err
	}
	t.mail(requestmail.Acknowledge)
	needed := intake.RequiredProofs(t.Request.OnBehalfOf, t.Request.Kinds)
	if len(needed) > 0 {
		// The acknowledgement lists what is needed; no mail of its own.
		return t.wait(&waiting.Waiting{Cause: deadline.Identity, Proofs: needed}, audit.BySystem)
	}
	if err := t.gather(ctx); err != nil {
		return err
	}
	return t.date()
}

// Confirmed reports whether the person has proved to hold the mailbox. Where
// they have not, or have let the request go since, the error says why they
// cannot. Expired: it is too late. Conflict: it is closed, or was reduced.
func (r *Request) Confirmed(at time.Time) (bool, error) {
	switch {
	case r.Reduced():
		return false, ErrReduced
	case !r.VerifiedAt.IsZero() && r.State != lifecycle.Withdrawn && r.State != lifecycle.Expired:
		return true, nil
	case r.unconfirmed(at):
		return false, fault.New(fault.Expired, "The time to confirm this request is over.")
	}
	_, err := lifecycle.Next(r.State, lifecycle.EventVerified)
	return false, err
}

// unconfirmed reports whether the time to confirm ended without it.
func (r *Request) unconfirmed(now time.Time) bool {
	return r.VerifiedAt.IsZero() && (r.State == lifecycle.Expired || r.State == lifecycle.Unverified && !now.Before(r.VerifyBy))
}
