package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"privacydesk/shared/catalog"
	"privacydesk/shared/civil"
	"privacydesk/shared/fault"
	"privacydesk/shared/feedback"
	"privacydesk/shared/law"
	"privacydesk/shared/link"
	"privacydesk/shared/mail"
	"privacydesk/shared/person"
	"privacydesk/shared/quota"
	"privacydesk/shared/register"
	"privacydesk/shared/rights"
	"privacydesk/shared/ses"
)

// letter is what a template's letter is written from.
type letter struct {
	*courier
	rights.Request
	kinds     []string
	optedOut  []string
	statusURL string
	due       time.Time
	dueWhy    []string
	known     bool // an officer verified the person, by other means than our link
	asked     bool // a mail of its own says what we wait for
}

// templates write each notice. They read the request as it is now: a letter
// never tells of an older state.
var templates = map[rights.Template]func(letter) (mail.Mail, error){
	rights.MailVerify:      letter.verify,
	rights.MailAcknowledge: letter.acknowledge,
	rights.MailOptedOut:    letter.outNow,
	rights.MailWaiting:     letter.waiting,
	rights.MailExtended:    letter.extended,
	rights.MailDecision:    letter.decision,
	rights.MailWithdrawn:   letter.withdrawn,
	rights.MailExpired:     letter.expired,
}

// Mail implements rights.Mailer.
func (c *courier) Mail(ctx context.Context, r rights.Request, n rights.Notice) (string, error) {
	write, known := templates[n.Template]
	if !known {
		return "", fault.New(fault.Internal, "there is no mail %q", n.Template)
	}
	l, err := c.letter(r)
	if err != nil {
		return "", err
	}
	if n.Template == rights.MailAcknowledge {
		if err := l.look(ctx); err != nil {
			return "", err
		}
	}
	m, err := write(l)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "write a mail")
	}
	if err := c.mayMail(ctx, r, n); err != nil {
		return "", err
	}
	id, err := c.deliver(ctx, r.Address, r.Language, string(n.Template), m, map[string]string{feedback.RequestTag: r.ID})
	if errors.Is(err, ses.ErrUnsure) {
		err = rights.ErrUnsure
	}
	return id, err
}

// mayMail counts a notice against the caps. Who has confirmed a request is told
// all about it: the caps are for mails in others' names, which must not use up
// the person's own.
func (c *courier) mayMail(ctx context.Context, r rights.Request, n rights.Notice) error {
	if !r.VerifiedAt.IsZero() || counted(r, n) {
		return nil
	}
	if r.Source == rights.FromMail && r.Resent == 0 {
		if err := c.mayReply(ctx, r.Ref); err != nil {
			return err
		}
	}
	return c.allow(ctx, r.Ref, string(n.Template))
}

// aDay is the window in which an address gets one reply to its mails, so that
// two machines which answer each other do it once a day.
const aDay = 24 * time.Hour

// mayReply counts a reply to a mail. One too many waits for the next window.
func (c *courier) mayReply(ctx context.Context, ref person.Ref) error {
	err := c.limits.Take(ctx, quota.Limit{Name: "reply", Ref: string(ref), Max: 1, Per: aDay})
	if errors.Is(err, &fault.Error{Code: fault.TooMany}) {
		return rights.Postponed{Until: c.now().Truncate(aDay).Add(aDay)}
	}
	return err
}

// counted reports whether a mail was counted before, when it was tried and did
// not go: it is due later than the event that caused it. Else an hour without
// SES would use the cap up, and the mail would never go. Those sent anew at the
// person's wish cannot be told from such, and count each time; so do those that
// were postponed, which are due as a window begins.
func counted(r rights.Request, n rights.Notice) bool {
	if n.DueAt.Equal(n.DueAt.Truncate(aDay)) {
		return false
	}
	caused := r.ClosedAt
	if n.Template == rights.MailVerify {
		caused = r.AskedAt
	}
	return r.Resent == 0 && !caused.IsZero() && n.DueAt.After(caused)
}

func (c *courier) letter(r rights.Request) (letter, error) {
	l := letter{courier: c, Request: r, kinds: rights.Codes(r.Kinds), optedOut: rights.Codes(rights.OptOutsOf(r.Kinds))}
	var err error
	if l.statusURL, err = c.url("/requests/status/", link.Status, r.ID, time.Time{}); err != nil {
		return l, err
	}
	if r.State.Closed() || r.State == rights.Unverified {
		return l, nil
	}
	d, err := c.rights.Due(r)
	if err != nil {
		return l, err
	}
	l.due = d.Due.In(c.place)
	for _, part := range d.ExplainToPerson() {
		l.dueWhy = append(l.dueWhy, law.Words(catalog.For(r.Language), []law.Part{part}))
	}
	return l, nil
}

// look reads in the file how the person was verified, and whether they were
// asked for something since.
func (l *letter) look(ctx context.Context) error {
	f, err := l.rights.Store.File(ctx, l.ID)
	if err != nil {
		return err
	}
	l.known = slices.ContainsFunc(f.Events, func(e register.Entry) bool {
		return e.Kind == string(rights.EventVerified) && e.Actor == rights.ByOfficer
	})
	l.asked = slices.ContainsFunc(f.Notices, func(n rights.Notice) bool { return n.Template == rights.MailWaiting })
	return nil
}

func (l letter) verify() (mail.Mail, error) {
	url, err := l.url("/requests/confirm/", link.Confirm, l.ID, l.VerifyBy)
	return mail.VerifyRequest{
		Reference: l.ID, Kinds: l.kinds, Unsure: l.KindsUnsure, OptedOut: l.optedOut, Unsubscribed: l.Source == rights.FromUnsubscribe, Link: url, Expires: civil.Through(l.VerifyBy, l.place),
	}, err
}

func (l letter) acknowledge() (mail.Mail, error) {
	m := mail.RequestAcknowledged{
		Reference: l.ID, Kinds: l.kinds, OnBehalfOf: string(l.OnBehalfOf), ReceivedAt: l.ReceivedAt.In(l.place),
		Due: l.due, DueWhy: l.dueWhy, LinkedTo: l.LinkedTo, AppealOf: l.AppealOf, Known: l.known, StatusURL: l.statusURL,
	}
	if l.Waiting != nil && !l.asked {
		m.Evidence, m.AnswerBy = rights.Codes(l.Waiting.Evidence), l.answerBy()
	}
	return m, nil
}

func (l letter) outNow() (mail.Mail, error) {
	return mail.OptedOutConfirmed{
		Reference: l.ID, Kinds: l.kinds, OptedOut: l.optedOut, EffectiveAt: l.ReceivedAt.In(l.place), Kept: l.kept(), StatusURL: l.statusURL,
		GPC: l.GPC && len(l.Kinds) == 1, // beside an objection the signal is not the whole reason
	}, nil
}

func (l letter) waiting() (mail.Mail, error) {
	m := mail.RequestWaiting{Reference: l.ID, Kinds: l.kinds, StatusURL: l.statusURL}
	if w := l.Waiting; w != nil {
		m.Cause, m.Evidence, m.Question, m.Fee = string(w.Cause), rights.Codes(w.Evidence), w.Question, w.Fee.String()
		m.ClockStopped, m.AnswerBy = w.Stands, l.answerBy()
	}
	return m, nil
}

func (l letter) extended() (mail.Mail, error) {
	m := mail.RequestExtended{Reference: l.ID, Kinds: l.kinds, Explanation: l.ExtensionWhy, Due: l.due, DueWhy: l.dueWhy, StatusURL: l.statusURL}
	if l.Extension != nil {
		m.Reason = string(l.Extension.Reason)
	}
	return m, nil
}

func (l letter) decision() (mail.Mail, error) {
	m := mail.RequestDecision{
		Reference: l.ID, Kinds: l.kinds, ReceivedAt: l.ReceivedAt.In(l.place), AppealOf: l.AppealOf, Authority: string(l.Authority()),
		Disagreed: l.Statement != "", Appealable: l.Appealable(), Erases: !l.EraseFrom.IsZero(), Kept: l.kept(), StatusURL: l.statusURL,
	}
	if l.EraseFrom.After(l.now()) {
		m.EraseFrom = l.EraseFrom.In(l.place)
	}
	if l.Refusal() && l.Disputable() {
		m.Disputable, m.RestrictURL = l.Statement == "", l.baseURL+"/requests?kind="+string(law.Restriction)
	}
	if d := l.Decision; d != nil {
		m.DecidedAt, m.Outcome, m.Explanation = d.At.In(l.place), string(d.Outcome), d.Explanation
		for _, g := range d.Grounds {
			m.Grounds = append(m.Grounds, mail.Ground{Code: string(g.Ground), Clause: g.Clause})
		}
	}
	if !l.now().Before(l.ExportUntil) {
		return m, nil
	}
	var err error
	m.ExportUntil = civil.Through(l.ExportUntil, l.place)
	m.ExportURL, err = l.url("/requests/export/", link.Export, l.ID, l.ExportUntil)
	return m, err
}

func (l letter) withdrawn() (mail.Mail, error) {
	return mail.RequestWithdrawn{Reference: l.ID, Kinds: l.kinds, OptedOut: l.optedOut, Kept: l.kept(), StatusURL: l.statusURL}, nil
}

func (l letter) expired() (mail.Mail, error) {
	return mail.RequestExpired{
		Reference: l.ID, Kinds: l.kinds, OptedOut: l.optedOut, Verified: !l.VerifiedAt.IsZero(), FormURL: l.baseURL + "/requests", Kept: l.kept(), StatusURL: l.statusURL,
	}, nil
}
