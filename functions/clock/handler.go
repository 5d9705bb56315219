package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/agenda"
)

// backlog is what SES has not been told.
type backlog interface {
	// Late counts the records that SES was to be told of before a time, and says
	// since when the oldest of all has waited; zero: none does.
	Late(ctx context.Context, before, now time.Time) (count int, oldest time.Time, err error)
}

type handler struct {
	clock   agenda.Clock
	optOuts backlog
	now     func() time.Time
	figures *boot.Reporter
	log     *slog.Logger
}

// margin is how long before Lambda's deadline nothing more is begun: enough for
// the slowest call under way (10 s) and the count of the opt-outs.
const margin = 40 * time.Second

// lateAfter is how long an opt-out may wait for SES; Gmail and Yahoo ask for
// twice as much.
const lateAfter = 24 * time.Hour

// handle takes any event, and reads none.
func (h *handler) handle(ctx context.Context, _ boot.Hint) error {
	over, stop := boot.Margin(ctx, margin)
	defer stop()
	report, err := h.clock.Run(ctx, over)
	now := h.now()
	count, oldest, lateErr := h.optOuts.Late(ctx, now.Add(-lateAfter), now)
	var waited time.Duration
	if !oldest.IsZero() {
		waited = now.Sub(oldest)
	}
	h.tell(ctx, report)
	if lateErr == nil {
		h.figures.Report(boot.Figures{"OptOutsLate": float64(count), "OldestOptOutSeconds": waited.Seconds()})
	}
	return errors.Join(err, lateErr)
}

// tell reports a run. After an aborted run the due dates are unknown;
// reporting 0 would look healthy.
func (h *handler) tell(ctx context.Context, r agenda.Report) {
	figures := boot.Figures{
		"RequestsExpired": float64(r.Expired), "RequestsLapsed": float64(r.Lapsed), "RequestsResumed": float64(r.Resumed),
	}
	if r.Counted {
		figures["RequestsOverdue"], figures["RequestsDueSoon"] = float64(r.Overdue), float64(r.DueSoon)
	}
	h.figures.Report(figures)
	h.log.InfoContext(ctx, "clock run finished", "expired", r.Expired, "lapsed", r.Lapsed, "resumed", r.Resumed, "overdue", r.Overdue,
		"due_soon", r.DueSoon, "digest_queued", r.Queued)
}
