package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feedback"
)

type recorder interface {
	// Apply records the observations of several events, and returns an error for each
	// that is not recorded.
	Apply(context.Context, [][]feedback.Observation) []error
}

type requestLog interface {
	// MailBounced records that a mail about a request did not arrive.
	// NotFound: there is no such request.
	MailBounced(ctx context.Context, id, messageID string) error
}

type handler struct {
	recorder recorder
	requests requestLog
	figures  *boot.Reporter
	log      *slog.Logger
	now      func() time.Time
}

// handle records a batch. The answer names the messages that SQS must keep, so that
// one that cannot be read or stored fails alone. Other senders get an error and
// deliver all again: applying twice changes nothing.
func (h *handler) handle(ctx context.Context, raw json.RawMessage) (events.SQSEventResponse, error) {
	answer := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	all, err := messages(raw, h.now())
	if err != nil {
		return answer, err
	}
	findings, faults := read(all)
	h.record(ctx, findings, faults)
	h.report(ctx, all, findings, faults)
	var lost []error
	for i, m := range all {
		switch {
		case faults[i] == nil:
		case m.id == "":
			lost = append(lost, faults[i])
		default:
			answer.BatchItemFailures = append(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.id})
		}
	}
	return answer, errors.Join(lost...)
}

func read(all []message) ([]feedback.Finding, []error) {
	findings, faults := make([]feedback.Finding, len(all)), make([]error, len(all))
	for i, m := range all {
		findings[i], faults[i] = feedback.Read(m.body, m.sent)
	}
	return findings, faults
}

// record stores what was found, and adds what could not be to the faults.
func (h *handler) record(ctx context.Context, findings []feedback.Finding, faults []error) {
	observations := make([][]feedback.Observation, len(findings))
	for i, f := range findings {
		if faults[i] == nil {
			observations[i] = f.Observations
		}
	}
	for i, err := range h.recorder.Apply(ctx, observations) {
		if faults[i] == nil {
			faults[i] = errors.Join(err, h.undelivered(ctx, findings[i]))
		}
	}
}

// undelivered lets a request show that a mail about it did not arrive.
func (h *handler) undelivered(ctx context.Context, f feedback.Finding) error {
	if f.Undelivered == "" {
		return nil
	}
	err := h.requests.MailBounced(ctx, f.Undelivered, f.MessageID)
	if fault.Is(err, fault.NotFound) {
		return nil // disposed of since, or another's tag
	}
	return err
}

// counts name the figure of each effect.
var counts = []struct {
	effect feedback.Effect
	figure string
}{
	{feedback.Bounced, "FeedbackBounced"}, {feedback.SoftBounced, "FeedbackSoftBounced"},
	{feedback.Complained, "FeedbackComplained"}, {feedback.NotSpam, "FeedbackNotSpam"},
	{feedback.Echoed, "FeedbackEchoed"}, {feedback.KnownDead, "FeedbackKnownDead"},
	{feedback.Subscription, "FeedbackSubscription"}, {feedback.Counted, "FeedbackOther"},
}

func (h *handler) report(ctx context.Context, all []message, findings []feedback.Finding, faults []error) {
	seen := map[feedback.Effect]int{}
	vague, unreadable, failed := 0, 0, 0
	for i, f := range findings {
		unreadable += f.Unreadable
		if f.Vague {
			vague++
		}
		if faults[i] == nil {
			seen[f.Effect]++
			continue
		}
		failed++
		h.log.ErrorContext(ctx, "event not recorded", "sqs_message", all[i].id, "effect", f.Effect, "error", faults[i])
	}
	figures := boot.Figures{"FeedbackFailed": float64(failed), "FeedbackVague": float64(vague), "FeedbackUnreadable": float64(unreadable)}
	for _, c := range counts {
		figures[c.figure] = float64(seen[c.effect])
	}
	h.figures.Report(figures)
	h.log.InfoContext(ctx, "feedback recorded", "events", len(all), "failed", failed, "bounced", seen[feedback.Bounced],
		"complained", seen[feedback.Complained], "not_spam", seen[feedback.NotSpam], "subscription", seen[feedback.Subscription])
}
