package rights

import (
	"context"
	"errors"
	"iter"
	"time"

	"privacydesk/shared/fault"
)

// NoticeQueue is the pending work of the mails to people.
type NoticeQueue interface {
	// PendingNotices yields the notices that are due at the time now, oldest
	// first: those to be sent, and those whose attempt never ended.
	PendingNotices(ctx context.Context, now time.Time) iter.Seq2[Notice, error]
	// TryNotice makes a pending notice NoticeTrying until the time until.
	// Conflict: another run has it.
	TryNotice(ctx context.Context, n Notice, until time.Time) error
	// ReleaseNotice makes a notice that was surely not sent pending again, due
	// at the time at. Conflict: it is no longer being tried.
	ReleaseNotice(ctx context.Context, n Notice, at time.Time) error
}

// Mailer writes and sends a notice.
type Mailer interface {
	// Mail sends it and returns SES's message id. ErrUnsure: it may have been
	// sent. Invalid: the address cannot get mail. TooMany: the person has had
	// enough mails today. Postponed: not today, but surely later. Any other
	// error: it was not sent.
	Mail(context.Context, Request, Notice) (messageID string, err error)
}

// ErrUnsure says that a mail may or may not have been sent.
var ErrUnsure = errors.New("the mail may have been sent")

// Postponed says that a mail must wait.
type Postponed struct{ Until time.Time }

func (Postponed) Error() string { return "the mail must wait" }

// How long one attempt may take, and how long after a failed one the next
// begins.
const (
	tryFor   = 10 * time.Minute
	tryAgain = time.Minute
)

// Notifier sends what is pending, each notice at most once.
type Notifier struct {
	Service *Service
	Queue   NoticeQueue
	Mailer  Mailer
}

// NotifierReport counts what one run did.
type NotifierReport struct{ Sent, Capped, Refused, Unknown, Failed, Postponed int }

// Drain works until no notice is due or over says that no more may be begun;
// the rest stays pending. A notice that cannot be worked on holds up no other.
// The error is the store's.
func (n *Notifier) Drain(ctx context.Context, over func() bool) (NotifierReport, error) {
	var (
		report NotifierReport
		failed error
	)
	for notice, err := range n.Queue.PendingNotices(ctx, n.Service.Now()) {
		if err != nil || over() {
			return report, errors.Join(failed, err)
		}
		switch err := n.send(ctx, notice, &report); fault.CodeOf(err) {
		case "", fault.Conflict, fault.NotFound: // another run has it, or it was disposed of
		case fault.Unavailable:
			return report, errors.Join(failed, err)
		default:
			failed = errors.Join(failed, err)
		}
	}
	return report, failed
}

func (n *Notifier) send(ctx context.Context, notice Notice, report *NotifierReport) error {
	if notice.State == NoticeTrying { // a run died within its attempt
		report.Unknown++
		return n.settle(ctx, notice, NoticeUnknown, "")
	}
	request, err := n.Service.Store.Load(ctx, notice.RequestID)
	if err != nil {
		return err
	}
	if err := n.Queue.TryNotice(ctx, notice, n.Service.Now().Add(tryFor)); err != nil {
		return err
	}
	notice.State = NoticeTrying
	if obsolete(notice.Template, &request) {
		return n.drop(ctx, notice)
	}
	id, err := n.Mailer.Mail(ctx, request, notice)
	switch {
	case err == nil:
		report.Sent++
		return n.settle(ctx, notice, NoticeSent, id)
	case errors.Is(err, ErrUnsure):
		report.Unknown++
		return n.settle(ctx, notice, NoticeUnknown, "")
	case errors.Is(err, &fault.Error{Code: fault.TooMany}):
		report.Capped++
		return n.settle(ctx, notice, NoticeCapped, "")
	case errors.Is(err, &fault.Error{Code: fault.Invalid}):
		report.Refused++
		return n.settle(ctx, notice, NoticeRefused, "")
	}
	if wait, ok := errors.AsType[Postponed](err); ok {
		report.Postponed++
		return n.Queue.ReleaseNotice(ctx, notice, wait.Until)
	}
	report.Failed++
	return n.Queue.ReleaseNotice(ctx, notice, n.Service.Now().Add(tryAgain))
}

// obsolete reports whether what a notice is about has passed: a letter is
// written from the request as it is, and would say the wrong thing.
func obsolete(t Template, r *Request) bool {
	if r.Reduced() {
		return true
	}
	switch t {
	case MailVerify:
		return r.State != Unverified
	case MailAcknowledge, MailExtended:
		return r.State.Closed()
	case MailWaiting:
		return r.Waiting == nil
	}
	return false
}

// drop ends a notice that need not be sent any more.
func (n *Notifier) drop(ctx context.Context, notice Notice) error {
	_, err := n.Service.change(ctx, notice.RequestID, func(t *step) error {
		t.drop(notice)
		return nil
	})
	return err
}

func (t *step) drop(n Notice) {
	n.State, n.SentAt = NoticeObsolete, t.at
	t.Done = &n
}

// settle writes what became of a notice into the history, together with the
// notice's own end.
func (n *Notifier) settle(ctx context.Context, notice Notice, state NoticeState, messageID string) error {
	event := EventMailed
	if state != NoticeSent {
		event = EventMailFailed
	}
	_, err := n.Service.change(ctx, notice.RequestID, func(t *step) error {
		if t.Request.Reduced() {
			t.drop(notice)
			return nil
		}
		done := notice
		done.State, done.SentAt, done.MessageID = state, t.at, messageID
		t.Done = &done
		if err := t.happen(event, BySystem, map[string]string{
			"template": string(notice.Template), "result": string(state),
		}, map[string]string{factMessage: messageID}); err != nil || state != NoticeRefused {
			return err
		}
		t.Request.MailFailedAt = t.at
		return t.unasked()
	})
	return err
}

// factMessage names the private fact that holds SES's id of a mail: whoever
// has SES's logs finds the address by it.
const factMessage = "ses_message"

// MailAgain queues a mail once more that did not go, or may not have: by
// itself it is never sent twice. Conflict: it went, is on its way, or was
// never due.
func (s *Service) MailAgain(ctx context.Context, id, officer string, template Template) (Request, error) {
	if template == MailVerify {
		return Request{}, fault.New(fault.Conflict, "resend asks for the mail by which a request is confirmed")
	}
	f, err := s.Store.File(ctx, id)
	if err != nil {
		return Request{}, err
	}
	if f.Request.Reduced() {
		return f.Request, ErrReduced
	}
	if why := f.notAgain(template); why != "" {
		return f.Request, fault.New(fault.Conflict, "%s", why)
	}
	return s.act(ctx, id, func(t *step) error {
		if t.Request.Version != f.Request.Version+1 {
			return fault.New(fault.Conflict, "the request has just changed; look again")
		}
		if err := t.happen(EventNoted, ByOfficer+":"+officer, map[string]string{"mail_again": string(template)}, nil); err != nil {
			return err
		}
		t.mail(template)
		return nil
	})
}

// notAgain says why the last mail of its kind must not be queued again, "" if
// it may.
func (f *File) notAgain(template Template) string {
	why := "this mail was never due"
	for _, n := range f.Notices {
		if n.Template == template {
			why = undue[n.State]
		}
	}
	return why
}

var undue = map[NoticeState]string{
	NoticeSent: "this mail was sent", NoticePending: "this mail is on its way", NoticeTrying: "this mail is on its way",
}
