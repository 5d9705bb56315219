package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
)

type handler struct {
	tasks   ledger.Drain
	choices feed.Drain
	figures *boot.Reporter
	log     *slog.Logger
}

// hear has why an attempt failed logged: the rows keep its code alone. No error names anybody.
func (h *handler) hear() *handler {
	h.tasks.Failed = func(ctx context.Context, e ledger.Entry, because error) {
		h.log.WarnContext(ctx, "system not told", "system", e.System, "request", e.Request, "task", e.Task, "code", fault.CodeOf(because), "error", because)
	}
	h.choices.Failed = func(ctx context.Context, system string, because error) {
		h.log.WarnContext(ctx, "system not told of choices", "system", system, "code", fault.CodeOf(because), "error", because)
	}
	return h
}

// margin is how long before Lambda's deadline no more attempts are begun: enough for the slowest call (15 s) and its mark.
// An attempt of many calls ends before the deadline all the same (package outbound).
const margin = 25 * time.Second

// handle takes stream batches and schedule events alike, and reads neither. A system that is slow with choices holds up no
// task, nor the other way round.
func (h *handler) handle(ctx context.Context, _ boot.Hint) (events.DynamoDBEventResponse, error) {
	over, stop := boot.Margin(ctx, margin)
	defer stop()
	var (
		wait            sync.WaitGroup
		told            ledger.Report
		chosen          feed.Report
		taskErr, fedErr error
	)
	wait.Go(func() { told, taskErr = h.tasks.Run(ctx, over) })
	wait.Go(func() { chosen, fedErr = h.choices.Run(ctx, over) })
	wait.Wait()
	h.tell(ctx, told, chosen)
	return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}, errors.Join(taskErr, fedErr)
}

func (h *handler) tell(ctx context.Context, r ledger.Report, c feed.Report) {
	if r != (ledger.Report{}) {
		h.log.InfoContext(ctx, "systems told", "told", r.Told, "answered", r.Answered, "failed", r.Failed, "handed_over", r.HandedOver, "lapsed", r.Lapsed)
	}
	if c != (feed.Report{}) {
		h.log.InfoContext(ctx, "choices told", "batches", c.Batches, "changes", c.Changes, "failed", c.Failed, "behind_seconds", int(c.Behind.Seconds()))
	}
	h.figures.Report(boot.Figures{"ChoicesBehindSeconds": c.Behind.Seconds()})
}
