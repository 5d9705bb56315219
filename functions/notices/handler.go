package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
)

type handler struct {
	pending     request.PendingErasures
	invitations optout.Invitations
	notifier    request.Notifier
	figures     *boot.Reporter
	log         *slog.Logger
}

// handle takes stream batches and schedule events alike, and reads neither.
func (h *handler) handle(ctx context.Context, _ hint) (events.DynamoDBEventResponse, error) {
	opened, pickUpErr := h.notifier.Service.OpenPendingErasures(ctx, h.pending)
	if opened > 0 {
		h.log.InfoContext(ctx, "pending erasures opened", "requests", opened)
	}
	over, stop := boot.Margin(ctx, margin)
	defer stop()
	invitations := h.invitations
	invitations.Over = over
	invited, inviteErr := invitations.Drain(ctx)
	notified, notifyErr := h.notifier.Drain(ctx, over)
	h.tell(ctx, invited, notified)
	return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}, errors.Join(pickUpErr, inviteErr, notifyErr)
}

// margin is how long before Lambda's deadline no more mail is begun: enough
// for the slowest call under way (10 s) and its mark.
const margin = 15 * time.Second

// hint is an event that is not read.
type hint struct{}

// UnmarshalJSON takes any event.
func (*hint) UnmarshalJSON([]byte) error { return nil }

// unknown rings (MailsUnknownAlarm) and says which letter the officer must look
// after.
func (h *handler) unknown(ctx context.Context, n request.Notice) {
	h.figures.Report(boot.Figures{"MailsUnknown": 1})
	h.log.WarnContext(ctx, "mail unknown", "mail", n.Template, "request", n.RequestID)
}

func (h *handler) tell(ctx context.Context, i optout.InvitationReport, n request.NotifierReport) {
	if i == (optout.InvitationReport{}) && n == (request.NotifierReport{}) {
		return
	}
	sent, postponed, failed, refused := i.Sent+n.Sent, i.Postponed+n.Postponed, i.Failed+n.Failed, i.Refused+n.Refused
	h.figures.Report(boot.Figures{
		"MailsSent": float64(sent), "MailsPostponed": float64(postponed), "MailsOverBudget": float64(n.OverBudget),
		"MailsFailed": float64(failed), "MailsRefused": float64(refused), "MailsUnknown": float64(i.Unknown), // letters ring at once
	})
	h.log.InfoContext(ctx, "mails", "sent", sent, "failed", failed, "refused", refused, "unknown", i.Unknown+n.Unknown, "postponed", postponed, "over_budget", n.OverBudget)
}
