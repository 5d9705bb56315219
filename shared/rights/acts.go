package rights

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"privacydesk/shared/fault"
	"privacydesk/shared/law"
)

// link joins the request with the earliest one for the same, whose clock runs
// for both.
func (t *step) link(others []Summary) error {
	earlier, found := t.linkTo(others)
	if !found {
		return nil
	}
	t.Request.LinkedTo = earlier.ID
	if earlier.ClockFrom.Before(t.Request.ClockFrom) {
		t.Request.ClockFrom = earlier.ClockFrom
	}
	return t.happen(EventLinked, BySystem, map[string]string{"to": earlier.ID}, nil)
}

// wait stops the request until the person has answered; the clock stops only
// where the law of the place says that it may, and not where our mails come back.
func (t *step) wait(w *Waiting, actor string) error {
	facts := map[string]string{"cause": string(w.Cause), "evidence": joined(w.Evidence)}
	if w.Fee != nil {
		facts["fee"] = w.Fee.String()
	}
	paused, err := t.Law.Pause(t.Request.lawCase(), w.Cause, t.at)
	stops := err == nil && t.Request.MailFailedAt.IsZero()
	if stops {
		t.Request.Pauses = paused.Pauses
	}
	facts["clock_stopped"] = yes(stops)
	if err := t.happen(EventAsked, actor, facts, map[string]string{"question": w.Question}); err != nil {
		return err
	}
	if rule, found := t.Settings.Waiting[w.Cause]; found {
		w.Days, w.Resumes, w.Until = rule.Days, rule.Resume, t.Law.EndOfDay(t.at, rule.Days).UTC()
	}
	t.Request.Waiting = w
	return t.date()
}

// Ask makes the request wait for the person: for a proof, for what they mean,
// or for a fee that the law allows.
func (s *Service) Ask(ctx context.Context, id, officer string, w Waiting) (Request, error) {
	if err := w.check(); err != nil {
		return Request{}, err
	}
	return s.act(ctx, id, func(t *step) error {
		if err := t.wait(&w, ByOfficer+":"+officer); err != nil {
			return err
		}
		t.mail(MailWaiting)
		return nil
	})
}

// Answer records that the person has done what was asked.
func (s *Service) Answer(ctx context.Context, id, officer string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if err := t.happen(EventAnswered, ByOfficer+":"+officer, nil, nil); err != nil {
			return err
		}
		if resumed, err := t.Law.Resume(t.Request.lawCase(), t.at); err == nil {
			t.Request.Pauses = resumed.Pauses
		}
		t.Request.Waiting = nil
		return t.date()
	})
}

// Extend extends the period once, before it ends, for a reason that the law
// knows; the person is told in the same step.
func (s *Service) Extend(ctx context.Context, id, officer string, reason law.Reason, explanation string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if err := t.extend(reason); err != nil {
			return err
		}
		t.Request.ExtensionWhy = explanation
		facts := map[string]string{"reason": string(reason), "due_at": t.Request.DueAt.UTC().Format(timeFormat)}
		if err := t.happen(EventExtended, ByOfficer+":"+officer, facts, map[string]string{"explanation": explanation}); err != nil {
			return err
		}
		t.mail(MailExtended)
		return nil
	})
}

// extend moves the date. Where another law sets it, the extension would be one
// in name only.
func (t *step) extend(reason law.Reason) error {
	before := t.Request.DueAt
	extended, err := t.Law.Extend(t.Request.lawCase(), law.Grant{Reason: reason, NoticeSentAt: t.at})
	if err != nil {
		return said(err)
	}
	t.Request.Extension = extended.Extension
	if err := t.date(); err != nil {
		return err
	}
	if t.Request.State != Unverified && !t.Request.DueAt.After(before) {
		return fault.New(fault.Conflict, "the law that sets the date does not let it be extended for this reason")
	}
	return nil
}

// said puts what the law refuses into words that the officer sees.
func said(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Err == nil {
		return err
	}
	return fault.Wrap(f.Code, f.Err, f.Message+": "+strings.TrimPrefix(f.Err.Error(), "law: "))
}

const timeFormat = "2006-01-02T15:04:05.000Z"

// Decide answers the request.
func (s *Service) Decide(ctx context.Context, id, officer string, v Verdict) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		d, err := t.Request.decide(v, t.at)
		if err != nil {
			return err
		}
		facts := map[string]string{}
		for i, g := range d.Grounds {
			n := strconv.Itoa(i + 1)
			facts["ground_"+n] = string(g.Ground)
			if g.Clause != "" {
				facts["clause_"+n] = g.Clause
			}
		}
		private := map[string]string{"explanation": d.Explanation}
		if err := t.happen(outcomeEvents[v.Outcome], ByOfficer+":"+officer, facts, private); err != nil {
			return err
		}
		t.Request.Decision = d
		if t.Request.Exports() && v.Outcome != Refuse {
			if t.Settings.ExportFor < aDay {
				return fault.New(fault.Internal, "no period is set in which an export can be fetched")
			}
			t.Request.ExportUntil = t.through(t.at, t.Settings.ExportFor)
		}
		t.mail(MailDecision)
		if t.Request.erasesAsker() && v.Outcome == Grant {
			return t.orderErasure(officer)
		}
		return nil
	})
}

// Withdraw closes a request at the person's wish, which actor tells of. Doing
// it twice is doing it once.
func (s *Service) Withdraw(ctx context.Context, id, actor string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if t.Request.State == Withdrawn {
			return errDone
		}
		if err := t.happen(EventWithdrawn, actor, nil, nil); err != nil {
			return err
		}
		t.mail(MailWithdrawn)
		return nil
	})
}

// ErrStatement says that a statement stands already.
var ErrStatement = fault.New(fault.Conflict, "A statement is on record already.")

// Disagree records the person's statement against a refusal (policy, section
// F): it stays with the request. The same statement twice is one. The person
// makes one; ErrStatement refuses another, which an officer may record for them.
func (s *Service) Disagree(ctx context.Context, id, actor, statement string) (Request, error) {
	if statement == "" {
		return Request{}, fault.Field("statement", "missing", "say with what you do not agree")
	}
	return s.act(ctx, id, func(t *step) error {
		switch {
		case t.Request.Statement == statement:
			return errDone
		case t.Request.Statement != "" && actor == ByPerson:
			return ErrStatement
		}
		t.Request.Statement = statement
		return t.happen(EventDisagreed, actor, nil, map[string]string{"statement": statement})
	})
}

// Resend queues the verification mail again, a few times at most, or for the
// first time where the request was kept. While one waits the person adds none;
// an officer's is sent at once. ErrResent: it has been sent often enough.
// Expired: the link in it would be.
func (s *Service) Resend(ctx context.Context, id, actor string) (Request, error) {
	f, err := s.Store.File(ctx, id)
	if err != nil || actor == ByPerson && f.Request.State == Unverified && f.waits(MailVerify) {
		return f.Request, err
	}
	return s.act(ctx, id, func(t *step) error {
		if t.Request.AskedAt.IsZero() && t.Request.State == Unverified {
			return t.ask(actor)
		}
		if t.Request.unconfirmed(t.at) {
			return fault.New(fault.Expired, "The time to confirm this request is over.")
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
	if err := t.happen(EventResent, actor, nil, nil); err != nil {
		return err
	}
	t.Request.Resent++
	t.mail(MailVerify)
	return nil
}

// ErrResent says that a mail is not sent any more often.
var ErrResent = fault.New(fault.Conflict, "This email is not sent any more often.")

// ask asks the author of a request that was kept to confirm it.
func (t *step) ask(actor string) error {
	t.Request.AskedAt, t.Request.VerifyBy = t.at, t.VerifyUntil(t.at)
	if err := t.happen(EventVerificationAsked, actor, nil, nil); err != nil {
		return err
	}
	t.mail(MailVerify)
	return t.date()
}

// Expire closes a request that was never confirmed, or whose person never
// answered. Conflict: they still can; it says until when. So it is while the
// mail that asks for the confirmation has not gone: the time counts from then.
func (s *Service) Expire(ctx context.Context, id, actor string) (Request, error) {
	f, err := s.Store.File(ctx, id)
	if err != nil {
		return f.Request, err
	}
	return s.act(ctx, id, func(t *step) error {
		if actor == BySystem && t.Request.held() {
			return fault.New(fault.Conflict, "the request waits for an officer to look at it")
		}
		if err := t.tooEarly(); err != nil {
			return err
		}
		if t.Request.State == Unverified && f.waits(MailVerify) {
			return fault.New(fault.Conflict, "the mail that asks for the confirmation has not gone yet")
		}
		return t.expire(actor)
	})
}

// Note adds an officer's note to the history; the person does not see it.
func (s *Service) Note(ctx context.Context, id, officer, note string) (Request, error) {
	if note == "" {
		return Request{}, fault.Field("note", "missing", "a note needs words")
	}
	return s.act(ctx, id, func(t *step) error {
		return t.happen(EventNoted, ByOfficer+":"+officer, nil, map[string]string{"note": note})
	})
}

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
