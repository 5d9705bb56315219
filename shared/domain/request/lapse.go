package request

import (
	"context"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/requestmail"
)

// Lapse does what the desk has for a request whose person has not answered
// while our clock stood still: EventExpired ends it, EventResumed lets the
// clock run again. "" is none of them: it has been done, or it is too early.
//
// A request never ends because of a mail of ours that did not arrive: then the
// clock counts as never stopped, and the officer must ask anew or answer. Where
// we hear that it cannot arrive, that is so at once (unasked).
func (s *Service) Lapse(ctx context.Context, id string) (done lifecycle.Event, err error) {
	f, err := s.Store.File(ctx, id)
	if err != nil {
		return "", err
	}
	_, err = s.act(ctx, id, func(t *step) error {
		done = ""
		if watch, _ := t.Request.Watched(); watch != lifecycle.WatchPaused || t.Request.Draft.Due() || t.tooEarly() != nil || t.Request.Version != f.Request.Version+1 {
			return errDone
		}
		asked, reached := f.asked()
		if reached {
			if until := s.Law.EndOfDay(asked, t.Request.Waiting.Days).UTC(); until.After(t.Request.Waiting.Until) {
				t.Request.Waiting = t.Request.Waiting.EndingAt(until) // the mail went late: they had less time than they are due
				return nil
			}
			if !t.Request.Waiting.Resumes {
				done = lifecycle.EventExpired
				return t.expire(ctx, audit.BySystem)
			}
		}
		done = lifecycle.EventResumed
		return t.resume(reached)
	})
	if err != nil {
		return "", err
	}
	return done, nil
}

// asked reports whether and when the mail that asks the person went out, and
// did not come back. That of a request by an agent, or for a child, is the
// acknowledgement.
func (f *File) asked() (at time.Time, reached bool) {
	var question, acknowledged *outbox.Letter
	for i := range f.Letters {
		switch n := &f.Letters[i]; n.Template {
		case requestmail.Waiting:
			question = n
		case requestmail.Acknowledge:
			acknowledged = n
		}
	}
	if question == nil {
		question = acknowledged
	}
	if question == nil || question.State != outbox.Sent || !question.Paper && !f.Request.MailFailedAt.IsZero() {
		return time.Time{}, false
	}
	return question.SentAt, true
}

// unasked lets the clock run again where it stood still for a question that
// cannot arrive: to find that out when the time for an answer is over would be
// past the date by which we must answer.
func (t *step) unasked() error {
	if watch, _ := t.Request.Watched(); watch != lifecycle.WatchPaused {
		return nil
	}
	return t.resume(false)
}

// resume lets the clock run again without the person's answer.
func (t *step) resume(reached bool) error {
	because := "no_answer"
	if reached {
		resumed, err := t.Law.Resume(t.Request.lawCase(), t.at)
		if err != nil {
			return err
		}
		t.Request.Pauses = resumed.Pauses
	} else {
		because = "not_asked"
		t.Request.Pauses = t.Request.Pauses[:len(t.Request.Pauses)-1]
	}
	if err := t.happen(lifecycle.EventResumed, audit.BySystem, map[string]string{"because": because}, nil); err != nil {
		return err
	}
	t.Request.Waiting = nil
	return t.date()
}
