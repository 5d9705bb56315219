package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/boot"
	"privacydesk/shared/optout"
)

// margin is how long before Lambda's deadline the work stops: enough for the
// slowest call under way (10 s) and its mark.
const margin = 15 * time.Second

type drainer interface {
	Drain(ctx context.Context, stopAt time.Time) (optout.Report, error)
}

type handler struct {
	projector drainer
	metrics   *boot.Metrics
	log       *slog.Logger
}

// handle takes stream batches and schedule events alike: whatever they say is
// only a hint that there may be work, so nothing of them is read. No record
// of a batch fails by itself; an error fails the whole batch, which is tried
// again.
func (h *handler) handle(ctx context.Context, _ hint) (events.DynamoDBEventResponse, error) {
	var stopAt time.Time
	if deadline, ok := ctx.Deadline(); ok {
		stopAt = deadline.Add(-margin)
	}
	report, err := h.projector.Drain(ctx, stopAt)
	h.tell(ctx, report, err == nil)
	return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}, err
}

// hint is an event that is not read.
type hint struct{}

// UnmarshalJSON takes any event.
func (*hint) UnmarshalJSON([]byte) error { return nil }

// tell reports a run. Of one that the table broke off, nobody knows what is
// still pending, and a nought would say that all is well.
func (h *handler) tell(ctx context.Context, r optout.Report, counted bool) {
	figures := []boot.Metric{
		{Name: "SuppressionPut", Unit: boot.Count, Value: float64(r.Put)},
		{Name: "SuppressionDeleted", Unit: boot.Count, Value: float64(r.Deleted)},
		{Name: "SuppressionUnsupported", Unit: boot.Count, Value: float64(r.Unsupported)},
		{Name: "SuppressionThrottled", Unit: boot.Count, Value: float64(r.Throttled)},
		{Name: "SuppressionFailed", Unit: boot.Count, Value: float64(r.Failed)},
		{Name: "AgeAtSyncSeconds", Unit: boot.Seconds, Value: r.AgeAtSync.Seconds()},
	}
	if counted {
		figures = append(figures,
			boot.Metric{Name: "Pending", Unit: boot.Count, Value: float64(r.Pending)},
			boot.Metric{Name: "OldestPendingSeconds", Unit: boot.Seconds, Value: r.OldestPending.Seconds()})
	}
	h.metrics.Emit(figures...)
	if r == (optout.Report{}) {
		return
	}
	h.log.InfoContext(ctx, "SES told", "put", r.Put, "deleted", r.Deleted, "unsupported", r.Unsupported,
		"throttled", r.Throttled, "failed", r.Failed, "moved", r.Moved, "pending", r.Pending)
	if r.Failed > 0 {
		h.log.WarnContext(ctx, "SES refuses", "why", r.Refused)
	}
}
