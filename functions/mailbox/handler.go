package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/boot"
	"privacydesk/shared/catalog"
	"privacydesk/shared/fault"
	"privacydesk/shared/inbox"
	"privacydesk/shared/law"
	"privacydesk/shared/link"
	"privacydesk/shared/optout"
	"privacydesk/shared/person"
	"privacydesk/shared/quota"
	"privacydesk/shared/rights"
	"privacydesk/shared/web"
)

type handler struct {
	reader  *inbox.Reader
	optOuts *optout.Arrivals
	rights  *rights.Service
	key     person.Key
	metrics *boot.Metrics
	log     *slog.Logger
}

// opener reads the token of an unsubscribe link, which never expires.
func opener(ring *link.KeyRing, now func() time.Time) func(string) (inbox.Link, bool) {
	return func(token string) (inbox.Link, bool) {
		c, err := ring.Open(link.Unsubscribe, token, now())
		return inbox.Link{Address: c.Address, Topic: c.Topic, Campaign: c.Campaign}, err == nil
	}
}

// handle does what the mails say. An error makes Lambda call again with the
// same mails; what was done before is then done once more and changes nothing.
func (h *handler) handle(ctx context.Context, e events.SimpleEmailEvent) error {
	var faults []error
	for _, record := range e.Records {
		for _, d := range h.reader.Read(message(record)) {
			faults = append(faults, h.act(ctx, d, record))
		}
	}
	return errors.Join(faults...)
}

func (h *handler) act(ctx context.Context, d inbox.Decision, record events.SimpleEmailRecord) error {
	err := acts[d.Act](h, ctx, d, record)
	if err != nil {
		h.log.ErrorContext(ctx, "mail not done", "act", d.Act, "code", fault.CodeOf(err), "error", err)
		return err
	}
	h.metrics.Emit(boot.Metric{Name: metrics[d.Act], Unit: boot.Count, Value: 1})
	h.log.InfoContext(ctx, "mail read", "act", d.Act, "why", d.Why, "ses_message", record.SES.Mail.MessageID)
	return nil
}

// acts does each act; metrics counts them.
var (
	acts = map[inbox.Act]func(*handler, context.Context, inbox.Decision, events.SimpleEmailRecord) error{
		inbox.Nothing: func(*handler, context.Context, inbox.Decision, events.SimpleEmailRecord) error { return nil },
		inbox.OptOut:  (*handler).optOut,
		inbox.Request: (*handler).open,
	}
	metrics = map[inbox.Act]string{
		inbox.Nothing: "MailsWithoutEffect", inbox.OptOut: "MailOptOuts", inbox.Request: "MailRequests",
	}
)

// optOut counts from the mail's arrival: a choice that was made since stands.
func (h *handler) optOut(ctx context.Context, d inbox.Decision, record events.SimpleEmailRecord) error {
	how := optout.Evidence{Source: optout.FromMail, Campaign: d.Campaign, At: arrival(record)}
	outcome, err := h.optOuts.Record(ctx, d.Address, optout.Email.About(d.Topic), how)
	if err == nil {
		h.log.InfoContext(ctx, "opt-out by mail", "outcome", outcome)
	}
	return err
}

// kinds are what a mail asks for, by its subject. Who asks for nothing that we
// know asks for information: the officer reads the subject and asks back.
var kinds = map[inbox.Wish]rights.Kind{
	inbox.Erase: law.Erasure, inbox.See: law.Access, inbox.Correct: law.Correction, inbox.Ask: law.Information,
}

const maxSubject = 200 // characters

// open opens a request, whose first notice asks the author to confirm. What
// else they write on that day of the same kind belongs to it, and Lambda's
// second delivery of a mail does too. Another kind is a request of its own, as
// of its own arrival; only its reply waits, for there is one a day.
func (h *handler) open(ctx context.Context, d inbox.Decision, record events.SimpleEmailRecord) error {
	kind := kinds[inbox.WishOf(d.Subject)]
	request, err := h.rights.Open(ctx, rights.Intake{
		Address: d.Address, Kinds: []rights.Kind{kind}, OnBehalfOf: rights.Self, Source: rights.FromMail,
		Details: web.CleanText(d.Subject, maxSubject), Language: catalog.Negotiate("", header(record, "Content-Language")),
		ReceivedAt: arrival(record), Sending: header(record, "Message-ID"),
		Limits: []quota.Limit{{Name: "mailbox-" + string(kind), Ref: string(h.key.Ref(d.Address)), Max: 1, Per: 24 * time.Hour}},
	})
	if errors.Is(err, &fault.Error{Code: fault.TooMany}) {
		h.log.InfoContext(ctx, "mail belongs to today's request")
		return nil
	}
	if err == nil {
		h.log.InfoContext(ctx, "request received", "request", request.ID, "kinds", request.Kinds, "state", request.State)
	}
	return err
}
