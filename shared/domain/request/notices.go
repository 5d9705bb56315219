package request

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/quota"
)

// NoticeQueue is the pending work of the mails to people.
type NoticeQueue interface {
	// PendingNotices yields the notices that are due at the time now, oldest
	// first: those to be sent, and those whose attempt never ended.
	PendingNotices(ctx context.Context, now time.Time) iter.Seq2[Notice, error]
	// TryNotice makes a pending notice NoticeTrying until the time until.
	// Conflict: another run has it.
	TryNotice(ctx context.Context, n Notice, until time.Time) error
	// ReleaseNotice makes a notice that was surely not sent pending, due at the
	// time at. Conflict: it is no longer in the state n.State.
	ReleaseNotice(ctx context.Context, n Notice, at time.Time) error
}

// Letter is a notice with the request that it is about.
type Letter struct {
	Request Request
	Notice  Notice
}

// Mailer writes and sends notices.
type Mailer interface {
	// Mail sends one mail that holds all letters, which go to one mailbox, and
	// returns SES's message id. ErrUnsure: it may have been sent. Invalid: the
	// address cannot get mail. Any other error: it was not sent.
	Mail(context.Context, []Letter) (messageID string, err error)
}

// ErrUnsure says that a mail may or may not have been sent.
var ErrUnsure = errors.New("the mail may have been sent")

// How long one attempt may take, and how long after a failed one the next
// begins.
const (
	tryFor   = 10 * time.Minute
	tryAgain = time.Minute
)

// Notifier sends what is pending, each notice at most once. What others may
// have caused in somebody's name goes after all else, and what waits for one
// mailbox in one mail.
type Notifier struct {
	Service *Service
	Queue   NoticeQueue
	Mailer  Mailer
	Mails   *quota.Mails
	// Unknown is told of every notice that becomes NoticeUnknown, before it
	// does: whoever must hear of it hears though the run may die. nil: nobody.
	Unknown func(context.Context, Notice)
}

// NotifierReport counts what one run did: mails, and notices that are no mail.
type NotifierReport struct {
	Sent, Refused, Unknown, Failed int
	Postponed                      int // notices
	OverBudget                     int // of those, held up by the budget of the whole desk
}

// Drain works until no notice is due or over says that no more may be begun;
// the rest stays pending. A notice that cannot be worked on holds up no other.
// The error is the store's.
func (n *Notifier) Drain(ctx context.Context, over func() bool) (NotifierReport, error) {
	var (
		report NotifierReport
		held   mailboxes
		failed error
	)
	for notice, err := range n.Queue.PendingNotices(ctx, n.Service.Now()) {
		if err != nil || over() {
			return report, errors.Join(failed, err)
		}
		if notice.Cause != quota.ByConfirmed && notice.State == NoticePending {
			err = n.hold(ctx, &held, notice)
		} else {
			err = n.send(ctx, []Notice{notice}, &report)
		}
		if failed = errors.Join(failed, err); fault.CodeOf(err) == fault.Unavailable {
			return report, failed
		}
	}
	for _, m := range held.oldestFirst() {
		if over() {
			break
		}
		err := n.sendHeld(ctx, m, &report)
		if failed = errors.Join(failed, err); fault.CodeOf(err) == fault.Unavailable {
			break
		}
	}
	return report, failed
}

// send works on the notices of one mail. No error: another run has them, or
// they were disposed of.
func (n *Notifier) send(ctx context.Context, notices []Notice, report *NotifierReport) error {
	letters, err := n.claim(ctx, notices, report)
	if len(letters) == 0 {
		return err
	}
	id, mailErr := n.Mailer.Mail(ctx, letters)
	state := NoticeSent
	switch {
	case mailErr == nil:
		report.Sent++
	case errors.Is(mailErr, ErrUnsure):
		report.Unknown++
		state = NoticeUnknown
	case fault.Is(mailErr, fault.Invalid):
		report.Refused++
		state = NoticeRefused
	default:
		report.Failed++
		for _, l := range letters {
			err = errors.Join(err, unlessGone(n.Queue.ReleaseNotice(ctx, l.Notice, n.Service.Now().Add(tryAgain))))
		}
		return err
	}
	if state != NoticeRefused {
		err = errors.Join(err, n.Mails.Spend(ctx, letters[0].Notice.Cause, letters[0].Request.Address))
	}
	for _, l := range letters {
		err = errors.Join(err, unlessGone(n.settle(ctx, l.Notice, state, id)))
	}
	return err
}

// claim makes notices this run's own and reads what they are about; those that
// need not be sent end here.
func (n *Notifier) claim(ctx context.Context, notices []Notice, report *NotifierReport) ([]Letter, error) {
	var letters []Letter
	for _, notice := range notices {
		if notice.State == NoticeTrying { // a run died within its attempt
			report.Unknown++
			return letters, unlessGone(n.settle(ctx, notice, NoticeUnknown, ""))
		}
		request, err := n.Service.Store.Load(ctx, notice.RequestID)
		if err == nil {
			err = n.Queue.TryNotice(ctx, notice, n.Service.Now().Add(tryFor))
		}
		if notice.State = NoticeTrying; err == nil && obsolete(notice.Template, &request) {
			err = n.drop(ctx, notice)
		} else if err == nil {
			letters = append(letters, Letter{request, notice})
		}
		if err = unlessGone(err); err != nil {
			return letters, err
		}
	}
	return letters, nil
}

// unlessGone takes it for no fault that another run has a notice, or that it
// was disposed of.
func unlessGone(err error) error {
	if code := fault.CodeOf(err); code == fault.Conflict || code == fault.NotFound {
		return nil
	}
	return err
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
	if state == NoticeUnknown && n.Unknown != nil {
		n.Unknown(ctx, notice)
	}
	_, err := n.Service.change(ctx, notice.RequestID, func(t *step) error {
		if t.Request.Reduced() {
			t.drop(notice)
			return nil
		}
		if notice.Template == MailVerify && t.Request.State == Unverified {
			t.Request.AskedAt, t.Request.VerifyBy = t.at, t.VerifyUntil(t.at) // the time to confirm counts from the mail
			if err := t.date(); err != nil {
				return err
			}
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

// waits reports whether a mail of a kind has still to go.
func (f *File) waits(template Template) bool {
	return slices.ContainsFunc(f.Notices, func(n Notice) bool {
		return n.Template == template && (n.State == NoticePending || n.State == NoticeTrying)
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
