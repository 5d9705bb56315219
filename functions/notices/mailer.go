package main

import (
	"context"
	"errors"
	"log/slog"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/mail"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/inbox"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
)

type sender interface {
	// Send sends a mail; see ses.Sender.
	Send(context.Context, ses.Mail) (messageID string, err error)
}

// mailer writes letters and hands them to SES. It is the outbox.Mailer.
type mailer struct {
	ring     *link.KeyRing
	sender   sender
	rights   *request.Service
	holds    request.Holds // what keeps an erasure back
	desk     *settings.Desk
	schedule *schedule.Schedule // says until when a closed request can be read
	zone     *time.Location     // the controller's, for dates in mails
	baseURL  string
	now      func() time.Time
	log      *slog.Logger
}

// written is a letter that is ready to go.
type written struct {
	mail.Mail
	name, lang string
	requests   []string // that it is about
	paper      bool     // an officer posts it
}

// Mail implements outbox.Mailer.
func (m *mailer) Mail(ctx context.Context, items []outbox.Item, keep func(outbox.Words) error) (messageID string, err error) {
	var w written
	switch about := items[0].Subject.About.(type) {
	case request.Request:
		w, err = m.aboutRequests(ctx, items)
	case optout.OptInConfirmation:
		w, err = m.optIn(about, string(items[0].Template))
	case mylinks.Found:
		w, err = m.myLinks(about)
	case ledger.Notice:
		w, err = m.ownerTask(about)
	case agenda.Week:
		w, err = m.ownerWeek(about)
	case agenda.Digest:
		w = written{
			Mail: mail.Digest{Digest: about, DeskURL: m.baseURL + "/desk"},
			name: string(agenda.MailDigest), lang: m.desk.Requests.OfficerLanguage,
		}
	default:
		err = fault.New(fault.Internal, "there is no mail about a %T", about)
	}
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "write a mail")
	}
	return m.deliver(ctx, items[0].Subject.To, w, keep)
}

// deliver sends a mail. One about requests joins the threads of their letters,
// and has the first as a tag that comes back when SES tells what became of it.
func (m *mailer) deliver(ctx context.Context, to person.Address, w written, keep func(outbox.Words) error) (messageID string, err error) {
	r, err := mail.Desk{Desk: m.desk, Zone: m.zone}.Render(catalog.For(w.lang), w.Mail)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "write a mail")
	}
	out := ses.Mail{To: to, Subject: r.Subject, Text: r.Text, HTML: r.HTML, Headers: headers(r)}
	if len(w.requests) > 0 {
		threads := inbox.Threads(m.host(), w.requests...)
		out.Headers = append(out.Headers, ses.Header{Name: "In-Reply-To", Value: threads}, ses.Header{Name: "References", Value: threads})
		out.Tags = map[string]string{feedback.RequestTag: w.requests[0]}
	}
	if err := keep(outbox.Words{Subject: r.Subject, Text: m.unsealed(r.Text)}); err != nil {
		return "", err
	}
	if w.paper {
		m.log.InfoContext(ctx, "letter to post written", "mail", w.name, "request", w.requests[0])
		return "", nil
	}
	id, err := m.sender.Send(ctx, out)
	if err != nil {
		m.log.WarnContext(ctx, "mail not sent", "mail", w.name, "error", err)
	} else {
		m.log.InfoContext(ctx, "mail sent", "mail", w.name, "ses_message", id)
	}
	switch {
	case errors.Is(err, ses.ErrUnsure):
		err = outbox.ErrUnsure
	case fault.CodeOf(err) == fault.Invalid && w.name == string(agenda.MailDigest):
		err = fault.Wrap(fault.Internal, err, "mail the privacy officer") // desk.yaml must be fixed; it is tried again until it is
	}
	return id, err
}

// anybodys are the paths of ours that anybody may have: they open nothing in a
// person's name.
var anybodys = regexp.MustCompile(`^/requests(\?kind=[a-z_]+)?$`)

// unsealed is a text with every other address of ours cut off behind its path.
func (m *mailer) unsealed(text string) string {
	ours := regexp.MustCompile(regexp.QuoteMeta(m.baseURL) + `/\S*`)
	return ours.ReplaceAllStringFunc(text, func(address string) string {
		if anybodys.MatchString(address[len(m.baseURL):]) {
			return address
		}
		path, _, _ := strings.Cut(address, "?")
		return path[:strings.LastIndex(path, "/")+1] + "…"
	})
}

// url makes the absolute URL of a link to a request.
func (m *mailer) url(path string, p link.Purpose, id string, until time.Time) (string, error) {
	token, err := m.ring.Seal(p, link.Claims{Request: id, IssuedAt: m.now(), ExpiresAt: until})
	return m.baseURL + path + token, err
}

func (m *mailer) host() string {
	base, err := url.Parse(m.baseURL)
	if err != nil {
		return "localhost"
	}
	return base.Hostname()
}

// fromLine is the From header: the organisation's name and the address that
// SES knows.
func fromLine(d *settings.Desk, address string) string {
	return (&netmail.Address{Name: d.Organisation.Name, Address: address}).String()
}

func headers(m mail.Message) []ses.Header {
	var hs []ses.Header
	for _, h := range m.Headers {
		hs = append(hs, ses.Header(h))
	}
	return hs
}
