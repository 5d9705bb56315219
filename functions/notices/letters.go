package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/request"
)

// letter is what a template's letter is written from.
type letter struct {
	*courier
	request.Request
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
var templates = map[request.Template]func(letter) (mail.Mail, error){
	request.MailVerify:      letter.verify,
	request.MailAcknowledge: letter.acknowledge,
	request.MailOptedOut:    letter.outNow,
	request.MailWaiting:     letter.waiting,
	request.MailExtended:    letter.extended,
	request.MailDecision:    letter.decision,
	request.MailWithdrawn:   letter.withdrawn,
	request.MailExpired:     letter.expired,
}

// Mail implements request.Mailer. What comes back of a mail that holds several
// letters is told of the first.
func (c *courier) Mail(ctx context.Context, letters []request.Letter) (string, error) {
	r, name := letters[0].Request, string(letters[0].Notice.Template)
	m, err := c.write(ctx, r, letters[0].Notice.Template)
	if len(letters) > 1 {
		name = "listed"
		m, err = c.list(letters)
	}
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "write a mail")
	}
	id, err := c.deliver(ctx, r.Address, r.Language, name, m, references(letters)...)
	if errors.Is(err, ses.ErrUnsure) {
		err = request.ErrUnsure
	}
	return id, err
}

// references are those of the requests that letters are about, each once.
func references(letters []request.Letter) []string {
	var all []string
	for _, l := range letters {
		if !slices.Contains(all, l.Request.ID) {
			all = append(all, l.Request.ID)
		}
	}
	return all
}

func (c *courier) write(ctx context.Context, r request.Request, t request.Template) (mail.Mail, error) {
	write, known := templates[t]
	if !known {
		return nil, fault.New(fault.Internal, "there is no mail %q", t)
	}
	l, err := c.letter(r)
	if err == nil && t == request.MailAcknowledge {
		err = l.look(ctx)
	}
	if err != nil {
		return nil, err
	}
	return write(l)
}

// list writes one mail of several.
func (c *courier) list(letters []request.Letter) (mail.Mail, error) {
	var m mail.RequestsListed
	for _, one := range letters {
		l, err := c.letter(one.Request)
		if err != nil {
			return nil, err
		}
		listed := mail.ListedRequest{
			Reference: l.ID, Kinds: l.kinds, ReceivedAt: l.ReceivedAt.In(c.place), OptedOut: l.optedOut, Unsubscribed: l.Source == request.FromUnsubscribe,
			Closed: l.State == request.Expired, StatusURL: l.statusURL,
		}
		if one.Notice.Template == request.MailVerify {
			if listed.ConfirmURL, listed.Expires, err = l.confirm(); err != nil {
				return nil, err
			}
		}
		m.Requests = append(m.Requests, listed)
	}
	return m, nil
}

func (c *courier) letter(r request.Request) (letter, error) {
	l := letter{courier: c, Request: r, kinds: request.Codes(r.Kinds), optedOut: request.Codes(request.OptOutsOf(r.Kinds))}
	var err error
	if l.statusURL, err = c.url("/requests/status/", link.Status, r.ID, time.Time{}); err != nil {
		return l, err
	}
	if r.State.Closed() || r.State == request.Unverified {
		return l, nil
	}
	d, err := c.rights.Due(r)
	if err != nil {
		return l, err
	}
	l.due = d.Due.In(c.place)
	for _, part := range d.ExplainToPerson() {
		l.dueWhy = append(l.dueWhy, deadline.Words(catalog.For(r.Language), []deadline.Part{part}))
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
	l.known = slices.ContainsFunc(f.Events, func(e audit.Entry) bool {
		return e.Kind == string(request.EventVerified) && e.Actor == request.ByOfficer
	})
	l.asked = slices.ContainsFunc(f.Notices, func(n request.Notice) bool { return n.Template == request.MailWaiting })
	return nil
}

func (l letter) verify() (mail.Mail, error) {
	url, through, err := l.confirm()
	return mail.VerifyRequest{
		Reference: l.ID, Kinds: l.kinds, Unsure: l.KindsUnsure, OptedOut: l.optedOut, Unsubscribed: l.Source == request.FromUnsubscribe, Link: url, Expires: through,
	}, err
}

// confirm makes the link by which the request is confirmed; its time begins
// with the mail.
func (l letter) confirm() (url string, through civil.Day, err error) {
	until := l.rights.VerifyUntil(l.now())
	url, err = l.url("/requests/confirm/", link.Confirm, l.ID, until)
	return url, civil.Through(until, l.place), err
}

func (l letter) acknowledge() (mail.Mail, error) {
	m := mail.RequestAcknowledged{
		Reference: l.ID, Kinds: l.kinds, OnBehalfOf: string(l.OnBehalfOf), ReceivedAt: l.ReceivedAt.In(l.place),
		Due: l.due, DueWhy: l.dueWhy, LinkedTo: l.LinkedTo, AppealOf: l.AppealOf, Known: l.known, StatusURL: l.statusURL,
	}
	if l.Waiting != nil && !l.asked {
		m.Evidence, m.AnswerBy = request.Codes(l.Waiting.Evidence), l.answerBy()
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
		m.Cause, m.Evidence, m.Question, m.Fee = string(w.Cause), request.Codes(w.Evidence), w.Question, w.Fee.String()
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
		m.Disputable, m.RestrictURL = l.Statement == "", l.baseURL+"/requests?kind="+string(deadline.Restriction)
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
