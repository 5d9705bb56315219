package main

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
)

// pending are the opt-outs whose wish to be erased is no request yet.
type pending interface {
	PendingErasures(context.Context) iter.Seq2[optout.Record, error]
}

type handler struct {
	pending pending
	service *request.Service
	outbox  outbox.Drain
	figures *boot.Reporter
	log     *slog.Logger
}

// kinds says whose each template is, and how it is sent.
func kinds(confirmations optin.Confirmations, links mylinks.Letters, letters request.Letters, digests agenda.Digests, weekly map[outbox.Template]outbox.Owner) map[outbox.Template]outbox.Kind {
	optIn := outbox.Kind{Owner: confirmations, Repeats: true}
	all := map[outbox.Template]outbox.Kind{
		optin.MailOptIn: optIn, optin.MailOptedIn: optIn, agenda.MailDigest: {Owner: digests, Repeats: true},
		mylinks.MailLinks: {Owner: links, Repeats: true},
	}
	for _, t := range requestmail.Templates {
		all[t] = outbox.Kind{Owner: letters, Joined: true, Keeps: true}
	}
	for t, owner := range weekly {
		all[t] = outbox.Kind{Owner: owner}
	}
	for _, t := range requestmail.ToOwners {
		all[t] = outbox.Kind{Owner: letters, Keeps: true}
	}
	return all
}

// handle takes stream batches and schedule events alike, and reads neither.
func (h *handler) handle(ctx context.Context, _ boot.Hint) (events.DynamoDBEventResponse, error) {
	opened, pickUpErr := h.service.OpenPendingErasures(ctx, h.pending)
	if opened > 0 {
		h.log.InfoContext(ctx, "pending erasures opened", "requests", opened)
	}
	over, stop := boot.Margin(ctx, margin)
	defer stop()
	report, err := h.outbox.Run(ctx, over)
	h.tell(ctx, report)
	return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}, errors.Join(pickUpErr, err)
}

// margin is how long before Lambda's deadline no more mail is begun: enough
// for the slowest call under way (10 s) and its mark.
const margin = 15 * time.Second

// unknown rings (MailsUnknownAlarm) and says which letter the officer must look
// after. The digest and mails that are about no request name nobody.
func (h *handler) unknown(ctx context.Context, l outbox.Letter) {
	h.figures.Report(boot.Figures{"MailsUnknown": 1})
	request := ""
	if l.Seq > 0 {
		request = l.SubjectID
	}
	h.log.WarnContext(ctx, "mail outcome unknown", "mail", l.Template, "request", request)
}

func (h *handler) tell(ctx context.Context, r outbox.Report) {
	if r == (outbox.Report{}) {
		return
	}
	h.figures.Report(boot.Figures{
		"MailsSent": float64(r.Sent), "MailsPostponed": float64(r.Postponed), "MailsOverBudget": float64(r.OverBudget),
		"LettersToPost": float64(r.ToPost), "MailsFailed": float64(r.Failed), "MailsRefused": float64(r.Refused), // those unknown ring at once
	})
	h.log.InfoContext(ctx, "outbox drained", "sent", r.Sent, "to_post", r.ToPost, "failed", r.Failed, "refused", r.Refused, "unknown", r.Unknown, "postponed", r.Postponed, "over_budget", r.OverBudget)
}
