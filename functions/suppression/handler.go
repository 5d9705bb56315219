package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/suppression"
)

// margin is how long before Lambda's deadline the work stops: enough for the
// slowest call under way (10 s) and its mark.
const margin = 15 * time.Second

type drainer interface {
	Drain(ctx context.Context, stopAt time.Time) (suppression.SyncReport, error)
}

type reconciler interface {
	Start(ctx context.Context, dryRun bool) error
	Work(ctx context.Context, stopAt time.Time, between func(context.Context) error) (*suppression.Drift, error)
	SinceReconciliation(ctx context.Context) (time.Duration, error)
}

type handler struct {
	syncer     drainer
	reconciler reconciler
	figures    *boot.Reporter
	log        *slog.Logger
}

// answer is what the stream's mapping reads, and what a person sees who has
// started a reconciliation by hand.
type answer struct {
	BatchItemFailures []events.DynamoDBBatchItemFailure `json:"batchItemFailures"`
	Drift             *suppression.Drift                `json:"drift,omitempty"`
}

// handle takes stream batches and schedule events alike: each is only a hint that
// there may be work; deleted rows are reported. No record of a batch fails by itself:
// an error fails the whole batch, which is tried again.
//
// An event that asks for it starts a reconciliation; every schedule
// event goes on with the run under way. Stream batches do not: they are many,
// and people's opt-outs wait behind them.
func (h *handler) handle(ctx context.Context, e hint) (answer, error) {
	var stopAt time.Time
	if deadline, ok := ctx.Deadline(); ok {
		stopAt = boot.At(deadline).Add(-margin)
	}
	done := answer{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
	h.reportRemovals(ctx, e.Removed)
	report, err := h.syncer.Drain(ctx, stopAt)
	h.report(ctx, report, err == nil)
	if err == nil && (e.Reconcile || report.BulkLost > 0) {
		err = h.reconciler.Start(ctx, e.DryRun)
	}
	if err != nil || e.Stream {
		return done, err
	}
	done.Drift, err = h.reconciler.Work(ctx, stopAt, func(ctx context.Context) error {
		report, err := h.syncer.Drain(ctx, stopAt)
		if report != (suppression.SyncReport{}) {
			h.report(ctx, report, err == nil)
		}
		return err
	})
	if done.Drift != nil {
		h.reportDrift(ctx, *done.Drift)
	}
	return done, errors.Join(err, h.reportSinceReconciliation(ctx))
}

// hint is all that is read of an event.
type hint struct {
	Stream    bool // a batch of the table's stream
	Reconcile bool // begin a reconciliation
	DryRun    bool // … that changes nothing
	Removed   []removal
}

// UnmarshalJSON takes any event. A schedule that has no input of its own sends
// a detail that is a text, which asks for nothing.
func (h *hint) UnmarshalJSON(event []byte) error {
	var outer struct {
		Records []json.RawMessage
		Detail  json.RawMessage `json:"detail"`
	}
	_ = json.Unmarshal(event, &outer)
	var detail struct {
		Task   string `json:"task"`
		DryRun bool   `json:"dry_run"`
	}
	_ = json.Unmarshal(outer.Detail, &detail)
	*h = hint{Stream: len(outer.Records) > 0, Reconcile: detail.Task == "reconcile", DryRun: detail.DryRun, Removed: removals(outer.Records)}
	return nil
}

// report reports a run. The backlog is unknown after an aborted run; reporting 0
// would look healthy.
func (h *handler) report(ctx context.Context, r suppression.SyncReport, counted bool) {
	figures := boot.Figures{
		"SuppressionPut": float64(r.Put), "SuppressionDeleted": float64(r.Deleted), "SuppressionUnsupported": float64(r.Unsupported),
		"SuppressionThrottled": float64(r.Throttled), "SuppressionImported": float64(r.Imported), "SuppressionInJobs": float64(r.InJobs),
		"SuppressionFailed": float64(r.Failed), "AgeAtSyncSeconds": r.AgeAtSync.Seconds(),
	}
	if counted {
		figures["Pending"], figures["OldestPendingSeconds"] = float64(r.Pending), r.OldestPending.Seconds()
	}
	h.figures.Report(figures)
	if r == (suppression.SyncReport{}) {
		return
	}
	h.log.InfoContext(ctx, "suppression synced", "put", r.Put, "deleted", r.Deleted, "unsupported", r.Unsupported,
		"throttled", r.Throttled, "failed", r.Failed, "moved", r.Moved, "pending", r.Pending,
		"jobs", r.Jobs, "inJobs", r.InJobs, "imported", r.Imported)
	if r.Failed > 0 {
		h.log.WarnContext(ctx, "suppression call failed", "why", r.Refused)
	}
	if r.BulkRefused != "" {
		h.log.WarnContext(ctx, "import job not started; syncing one by one", "why", r.BulkRefused)
	}
	if r.BulkLost > 0 {
		h.log.WarnContext(ctx, "import job reported failures without details; reconciliation will find them", "records", r.BulkLost)
	}
}

// reportSinceReconciliation reports every minute how long ago SES's list was last
// compared with the table. So an alarm goes off neither before the first run is due
// nor because a run takes long.
func (h *handler) reportSinceReconciliation(ctx context.Context) error {
	since, err := h.reconciler.SinceReconciliation(ctx)
	if err == nil {
		h.figures.Report(boot.Figures{"SecondsSinceReconciliation": since.Seconds()})
	}
	return err
}

// reportDrift reports a run that has ended. The samples are in the table alone.
// A dry run is no figure: nothing was repaired, and the next run finds it again.
func (h *handler) reportDrift(ctx context.Context, d suppression.Drift) {
	level, ended, abandoned := slog.LevelInfo, "reconciliation finished", 0.0
	if d.Abandoned {
		level, ended, abandoned = slog.LevelWarn, "reconciliation abandoned; SES lost the position too often", 1
	}
	h.log.Log(ctx, level, ended, "dryRun", d.DryRun, "entries", d.Entries, "expected", d.Expected,
		"pages", d.Pages, "calls", d.Calls, "restarts", d.Restarts, "seconds", d.Ended.Sub(d.Started).Seconds(), "counts", d.Counts)
	if d.DryRun {
		return
	}
	count := func(c suppression.Cause) float64 { return float64(d.Counts[c]) }
	h.figures.Report(boot.Figures{
		"ReconciliationsAbandoned": abandoned, "Drift": float64(d.Repaired()), "DriftMissing": count(suppression.Missing), "DriftMissingErased": count(suppression.MissingErased),
		"DriftUnrecorded": count(suppression.Unrecorded), "DriftStillListed": count(suppression.StillListed),
		"ReconcileCalls": float64(d.Calls), "ReconcileSeconds": d.Ended.Sub(d.Started).Seconds(),
	})
}
