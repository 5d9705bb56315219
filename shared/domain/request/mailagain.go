package request

import (
	"context"
	"slices"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/requestmail"
)

// MailAgain queues a letter once more that did not go, or may not have: by
// itself it is never sent twice. Conflict: it went, is on its way, or was
// never due.
func (s *Service) MailAgain(ctx context.Context, id, officer string, template outbox.Template) (Request, error) {
	if template == requestmail.Verify {
		return Request{}, fault.New(fault.Conflict, "resend asks for the mail by which a request is confirmed").Because("mail_resend")
	}
	f, err := s.Store.File(ctx, id)
	if err != nil {
		return Request{}, err
	}
	if f.Request.Reduced() {
		return f.Request, ErrReduced
	}
	if err := f.mayMailAgain(template); err != nil {
		return f.Request, err
	}
	return s.act(ctx, id, func(t *step) error {
		if t.Request.Version != f.Request.Version+1 {
			return fault.New(fault.Conflict, "the request has just changed; look again").Because("changed")
		}
		if err := t.happen(lifecycle.EventNoted, audit.AsOfficer(officer), map[string]string{"mail_again": string(template)}, nil); err != nil {
			return err
		}
		t.mail(template)
		return nil
	})
}

// waits reports whether a letter of a template has still to go.
func (f *File) waits(template outbox.Template) bool {
	return slices.ContainsFunc(f.Letters, func(l outbox.Letter) bool { return l.Template == template && l.UnderWay() })
}

// mayMailAgain refuses to queue the last letter of a template again, unless it
// did not go.
func (f *File) mayMailAgain(template outbox.Template) error {
	never := fault.New(fault.Conflict, "this mail was never due").Because("mail_never_due")
	err := never
	for _, l := range f.Letters {
		if l.Template != template {
			continue
		}
		switch {
		case l.UnderWay():
			err = fault.New(fault.Conflict, "this mail is on its way").Because("mail_under_way")
		case l.State == outbox.ToPost:
			err = fault.New(fault.Conflict, "this letter is written, and waits to be posted (posted)").Because("letter_to_post")
		case l.State == outbox.Sent && !l.Paper && f.Request.Paper && !f.Request.MailFailedAt.IsZero():
			err = nil // mails came back: it goes on paper now
		case l.State == outbox.Sent:
			err = fault.New(fault.Conflict, "this mail was sent").Because("mail_sent")
		case template == requestmail.Decision && f.Request.Decision == nil: // it was called back, or stopped
			err = never
		default:
			err = nil
		}
	}
	if err == nil {
		return nil
	}
	return err
}
