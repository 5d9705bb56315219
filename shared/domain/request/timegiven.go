package request

import (
	"context"
	"slices"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
)

// timeIsOver refuses a ground that says that the person has not done what they
// still have time to do, or were never asked for.
func (t *step) timeIsOver(ctx context.Context, d *decision.Decision) error {
	for _, g := range []struct {
		ground decision.Ground
		cause  deadline.Cause
	}{{decision.EvidenceMissing, deadline.Identity}, {decision.FeeUnpaid, deadline.Fee}} {
		if !d.Gives(g.ground) {
			continue
		}
		if err := t.asked(ctx, g.cause); err != nil {
			return err
		}
	}
	return nil
}

// asked reports by its error that nothing was asked for a cause, or that there is
// time left to answer. What came and did not suffice was answered.
func (t *step) asked(ctx context.Context, cause deadline.Cause) error {
	w := t.Request.Waiting
	if w == nil && cause == deadline.Identity {
		return t.askedBefore(ctx, cause)
	}
	if w == nil || w.Cause != cause {
		return fault.New(fault.Conflict, "the request does not wait for that: ask first, with the cause %s", cause)
	}
	if wait := t.Wait(&t.Request); wait.By.After(t.at) {
		return fault.New(fault.Conflict, "the person has time until the end of %s: this ground can be given from then on", wait.By.In(t.Law.Zone()).Format("2006-01-02"))
	}
	return nil
}

func (t *step) askedBefore(ctx context.Context, cause deadline.Cause) error {
	f, err := t.Store.File(ctx, t.Request.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(f.Events, func(e audit.Entry) bool {
		return e.Kind == string(lifecycle.EventAsked) && e.Facts["cause"] == string(cause)
	}) {
		return fault.New(fault.Conflict, "no proof was asked for: ask first, with the cause %s", cause)
	}
	return nil
}
