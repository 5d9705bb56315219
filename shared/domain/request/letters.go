package request

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/requestmail"
)

// Letters is the outbox.Owner of the letters about requests. Their subject is
// the Request as it is now: a letter never tells of an older state.
type Letters struct{ *Service }

// Read implements outbox.Owner.
func (s Letters) Read(ctx context.Context, l outbox.Letter) (outbox.Subject, error) {
	if slices.Contains(requestmail.ToOwners, l.Template) {
		return s.ownerTask(ctx, l)
	}
	if l.State == outbox.Sending && l.Template == requestmail.Decision { // a run died
		f, err := s.Store.File(ctx, l.SubjectID)
		of := subject(l, f.Request)
		of.NeverBegun = f.neverBegun(l)
		return of, err
	}
	r, err := s.Store.Load(ctx, l.SubjectID)
	if err == nil {
		err = s.withSystems(ctx, l.Template, &r)
	}
	return subject(l, r), err
}

// withSystems adds what other systems must do, and the files, for the letters that tell
// of them.
func (s Letters) withSystems(ctx context.Context, t outbox.Template, r *Request) error {
	gives := t == requestmail.Decision && r.Decision != nil && intake.Exports(r.Decision.Granted(true))
	if t != requestmail.CarriedOut && !gives && (t != requestmail.Decision || len(s.Settings.Systems) == 0) {
		return nil
	}
	f, err := s.Store.File(ctx, r.ID)
	r.Tasks, r.Files = f.Systems, f.Files
	return err
}

func subject(l outbox.Letter, r Request) outbox.Subject {
	if obsolete := obsolete(l, &r); obsolete || !l.Paper {
		return outbox.Subject{To: r.Address, Since: r.ReceivedAt, Obsolete: obsolete, About: r}
	}
	return outbox.Subject{Since: r.ReceivedAt, About: r}
}

// obsolete reports whether what a letter is about has passed: written from the
// request as it is, it would say the wrong thing.
func obsolete(l outbox.Letter, r *Request) bool {
	if r.Reduced() {
		return true
	}
	switch l.Template {
	case requestmail.Verify:
		return r.State != lifecycle.Unverified
	case requestmail.Acknowledge, requestmail.Extended, requestmail.Reopened, requestmail.Amended:
		return r.State.Decided()
	case requestmail.Decision:
		return !r.Draft.Carries(l.Seq) && (r.Decision == nil || l.Seq < r.Decision.Seq)
	case requestmail.Waiting:
		return r.Waiting == nil
	case requestmail.Withdrawn:
		return r.State != lifecycle.Withdrawn
	case requestmail.Expired:
		return r.State != lifecycle.Expired
	case requestmail.Joined:
		return r.State != lifecycle.Joined
	case requestmail.CarriedOut: // it was opened again
		return !r.State.Closed()
	}
	return false
}

// Settle implements outbox.Owner: it writes the end of a letter into the
// history, together with the letter's own row.
func (s Letters) Settle(ctx context.Context, i outbox.Item) error {
	_, err := s.change(ctx, i.SubjectID, func(t *step) error {
		done := i.Letter
		done.SentAt = t.at
		defer func() { t.Done = []outbox.Letter{done} }()
		if t.Request.Reduced() {
			done.State, done.MessageID, done.WrittenAt = outbox.Obsolete, "", time.Time{}
		}
		switch done.State {
		case outbox.Obsolete:
			return nil
		case outbox.ToPost:
			done.SentAt, done.WrittenAt = time.Time{}, t.at
			t.toPost(t.at)
			return nil
		}
		return t.mailed(done)
	})
	return err
}

// mailed is what follows from the end of a letter.
func (t *step) mailed(l outbox.Letter) error {
	if l.Template == requestmail.Verify && t.Request.State == lifecycle.Unverified {
		t.Request.AskedAt, t.Request.VerifyBy = t.at, t.VerifyUntil(t.at) // the time to confirm counts from the mail
		if err := t.date(); err != nil {
			return err
		}
	}
	event := lifecycle.EventMailed
	if l.State != outbox.Sent {
		event = lifecycle.EventMailFailed
	}
	facts := map[string]string{"template": string(l.Template), "result": string(l.State)}
	if err := t.happen(event, audit.BySystem, facts, map[string]string{factMessage: l.MessageID}); err != nil || l.State == outbox.Sent {
		return err
	}
	t.undelivered()
	if l.State != outbox.Refused || slices.Contains(requestmail.ToOwners, l.Template) {
		return nil
	}
	t.Request.MailFailedAt = t.at
	return t.unasked()
}

// undelivered has an officer look at a letter that did not go. Whoever never confirmed
// their request gives nobody work.
func (t *step) undelivered() {
	if !t.Request.VerifiedAt.IsZero() || t.Request.State == lifecycle.Refused {
		t.look(lifecycle.LookUndelivered, t.at)
	}
}

// factMessage names the private fact that holds SES's id of a mail: whoever
// has SES's logs finds the address by it.
const factMessage = "ses_message"

// mail queues a letter that the last event causes.
func (t *step) mail(template outbox.Template) {
	toOwner := slices.Contains(requestmail.ToOwners, template)
	cause := t.cause()
	if toOwner {
		cause = quota.ByConfirmed
	}
	t.Letters = append(t.Letters, outbox.Letter{
		SubjectID: t.Request.ID, Seq: t.Request.Head.Seq, Template: template, Cause: cause, QueuedAt: t.at, DueAt: t.at, State: outbox.Pending,
		Paper: t.Request.Paper && template != requestmail.Verify && !toOwner, // what asks for a click has a link
	})
}
