package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/inbox"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
)

type handler struct {
	reader  *inbox.Reader
	optOuts *backfill.LateRecorder
	rights  *request.Service
	figures *boot.Reporter
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
	if errors.Is(err, errNoSuchRequest) {
		return h.act(ctx, *d.Otherwise, record)
	}
	if err != nil {
		h.log.ErrorContext(ctx, "inbound mail failed", "act", d.Act, "code", fault.CodeOf(err), "error", err)
		return err
	}
	kept := 0.0
	if d.Kept {
		kept = 1
	}
	h.figures.Report(boot.Figures{counts[d.Act]: 1, "MailsKept": kept})
	h.log.InfoContext(ctx, "inbound mail read", "act", d.Act, "why", d.Why, "kept", d.Kept, "ses_message", record.SES.Mail.MessageID)
	return nil
}

// acts does each act; counts names the figure of each.
var (
	acts = map[inbox.Act]func(*handler, context.Context, inbox.Decision, events.SimpleEmailRecord) error{
		inbox.Nothing: func(*handler, context.Context, inbox.Decision, events.SimpleEmailRecord) error { return nil },
		inbox.OptOut:  (*handler).optOut,
		inbox.Request: (*handler).open,
		inbox.Reply:   (*handler).reply,
	}
	counts = map[inbox.Act]string{
		inbox.Nothing: "MailsWithoutEffect", inbox.OptOut: "MailOptOuts", inbox.Request: "MailRequests", inbox.Reply: "MailReplies",
	}
)

// optOut counts from the mail's arrival: a choice that was made since stands.
func (h *handler) optOut(ctx context.Context, d inbox.Decision, record events.SimpleEmailRecord) error {
	_, err := h.leave(ctx, d, optout.Email.About(d.Topic), record)
	return err
}

// leave records one opt-out, and reports whether the person has come back since.
func (h *handler) leave(ctx context.Context, d inbox.Decision, scope optout.Scope, record events.SimpleEmailRecord) (cameBack bool, err error) {
	outcome, err := h.optOuts.Record(ctx, d.Address, scope, optout.Evidence{Source: optout.FromMail, Campaign: d.Campaign, At: arrival(record)})
	if err != nil {
		return false, err
	}
	optOuts := 1
	if outcome == backfill.Kept {
		optOuts = 0
	}
	h.log.InfoContext(ctx, "opt-out by mail", "source", optout.FromMail, "optOuts", optOuts, "outcome", outcome)
	return outcome == backfill.Kept, nil
}

// open opens a request. Its opt-outs, where they need no confirmation, count
// from the mail's arrival, and are recorded first: neither a fault nor the
// limit of requests holds them back. Each mail is a request of its own, as of
// its own arrival; Lambda's second delivery is not. Beyond quota.MailRequests
// they belong to those of that day.
func (h *handler) open(ctx context.Context, d inbox.Decision, record events.SimpleEmailRecord) error {
	in := intakeOf(d)
	cameBack, err := h.optOutAtOnce(ctx, d, in.Kinds, record)
	if err != nil {
		return err
	}
	if cameBack {
		in.Kinds = withoutOptOuts(in.Kinds)
	}
	if len(in.Kinds) == 0 && !in.KindsUnsure {
		return nil
	}
	in.Language, in.ReceivedAt, in.Sending = catalog.Negotiate("", header(record, "Content-Language")), arrival(record), header(record, "Message-ID")
	in.Limits = []quota.Limit{limit(in, string(h.rights.Key.Ref(d.Address)))}
	request, err := h.rights.Open(ctx, in)
	if fault.Is(err, fault.TooMany) {
		h.log.InfoContext(ctx, "inbound mail added to today's request")
		return nil
	}
	if err == nil {
		h.log.InfoContext(ctx, "request received", "request", request.ID, "kinds", request.Kinds, "unsure", request.KindsUnsure, "state", request.State)
	}
	return err
}

func (h *handler) optOutAtOnce(ctx context.Context, d inbox.Decision, kinds []intake.Kind, record events.SimpleEmailRecord) (cameBack bool, err error) {
	for _, scope := range intake.OptOutsOf(kinds) {
		back, err := h.leave(ctx, d, scope, record)
		if err != nil {
			return false, err
		}
		cameBack = cameBack || back
	}
	return cameBack, nil
}

// errNoSuchRequest says that a mail names no request that can be added to.
var errNoSuchRequest = errors.New("there is no such request")

// reply adds a mail to the requests that it names. A request that is gone, or
// of which nothing but the log is left, cannot be answered any more.
func (h *handler) reply(ctx context.Context, d inbox.Decision, record events.SimpleEmailRecord) error {
	m := request.Mail{From: d.Address, Proven: d.Proven, At: arrival(record), Subject: person.CleanText(d.Subject, maxSubject)}
	found := errNoSuchRequest
	for _, reference := range d.References {
		_, err := h.rights.Replied(ctx, reference, m)
		switch {
		case fault.Is(err, fault.NotFound), errors.Is(err, request.ErrReduced):
		case err != nil:
			return err
		default:
			h.log.InfoContext(ctx, "reply recorded", "request", reference)
			found = nil
		}
	}
	return found
}
