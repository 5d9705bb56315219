package main

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/boot"
	"privacydesk/shared/optout"
)

type handler struct {
	invitations optout.Invitations
	metrics     *boot.Metrics
	log         *slog.Logger
}

// handle takes stream batches and schedule events alike, and reads neither.
func (h *handler) handle(ctx context.Context, _ hint) (events.DynamoDBEventResponse, error) {
	report, err := h.invitations.Drain(ctx)
	if report != (optout.InvitationReport{}) {
		h.metrics.Emit(
			boot.Metric{Name: "MailsSent", Unit: boot.Count, Value: float64(report.Sent)},
			boot.Metric{Name: "MailsCapped", Unit: boot.Count, Value: float64(report.Capped)},
			boot.Metric{Name: "MailsFailed", Unit: boot.Count, Value: float64(report.Failed)},
		)
		h.log.InfoContext(ctx, "confirmation mails", "sent", report.Sent, "capped", report.Capped, "failed", report.Failed)
	}
	return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}, err
}

// hint is an event that is not read.
type hint struct{}

// UnmarshalJSON takes any event.
func (*hint) UnmarshalJSON([]byte) error { return nil }
