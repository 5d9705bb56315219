package request

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// Expire closes a request that was never confirmed, or whose person never
// answered. Conflict: they still can; it says until when. So it is while the
// mail that asks for the confirmation has not gone: the time counts from then.
// What an officer calls lifecycle.Spam is closed at once, and nobody is mailed.
// Conflict: somebody has confirmed it.
func (s *Service) Expire(ctx context.Context, id, actor string, because ...lifecycle.Ending) (Request, error) {
	if slices.Contains(because, lifecycle.Spam) {
		return s.act(ctx, id, func(t *step) error { return t.discard(actor) })
	}
	f, err := s.Store.File(ctx, id)
	if err != nil {
		return f.Request, err
	}
	return s.act(ctx, id, func(t *step) error {
		if actor == audit.BySystem && t.Request.held() {
			return fault.New(fault.Conflict, "the request waits for an officer to look at it").Because("held")
		}
		if actor == audit.BySystem && t.Request.Draft.Due() {
			return t.nothingOnItsWay()
		}
		if err := t.tooEarly(); err != nil {
			return err
		}
		if t.Request.State == lifecycle.Unverified && f.waits(requestmail.Verify) {
			return fault.New(fault.Conflict, "the mail that asks for the confirmation has not gone yet").Because("mail_waits")
		}
		return t.expire(ctx, actor)
	})
}

// expire closes the request without an answer.
func (t *step) expire(ctx context.Context, actor string) error {
	if err := t.happen(lifecycle.EventExpired, actor, nil, nil); err != nil {
		return err
	}
	if !t.Request.AskedAt.IsZero() || !t.Request.VerifiedAt.IsZero() { // whom nobody asked, nobody tells that they have not answered
		t.mail(requestmail.Expired)
	}
	return t.dropSystems(ctx)
}

// discard closes what nobody confirmed. A letter that asks to confirm it does not go
// any more. Opt-outs that came with it stay: they can be undone, a mail that was
// not stopped cannot.
func (t *step) discard(actor string) error {
	if t.Request.State != lifecycle.Unverified {
		return fault.New(fault.Conflict, "only what nobody has confirmed can be closed as spam").Because("confirmed")
	}
	return t.happen(lifecycle.EventExpired, actor, map[string]string{"because": string(lifecycle.Spam)}, nil)
}

// tooEarly refuses to close a request that the person can still answer.
func (t *step) tooEarly() error {
	from := t.Request.answerable().Add(time.Second)
	switch {
	case t.Request.Waiting != nil && t.Request.Waiting.ToPost:
		return fault.New(fault.Conflict, "the letter that asks the person is not posted yet: their time has not begun").Because("to_post")
	case !t.at.Before(from):
		return nil
	case t.Request.State == lifecycle.Unverified:
		return fault.New(fault.Conflict, "the request can still be confirmed, until %s", from.UTC().Format(civil.Stamp)).
			Because("can_confirm", "until", civil.Through(from, t.Law.Zone()).String())
	}
	return fault.New(fault.Conflict, "the person is given time to answer: the request can be closed as expired from %s", from.UTC().Format(civil.Stamp)).
		Because("can_answer", "from", civil.Of(from, t.Law.Zone()).String())
}

// answerable is the last second in which the person can still do what we wait
// for. Where no law stops our clock, we owe the answer in time whatever they
// do, so the request stands at least until that date.
func (r *Request) answerable() time.Time {
	switch {
	case r.State == lifecycle.Unverified:
		return r.VerifyBy.Add(-time.Second)
	case r.Waiting == nil:
		return time.Time{}
	case r.Waiting.ClockStands || r.Waiting.Until.After(r.DueAt):
		return r.Waiting.Until
	}
	return r.DueAt
}
