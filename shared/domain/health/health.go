// Package health says how the desk itself is doing, as far as its tables show it: what waits
// too long, what did not go, what was last done, and the runbook for each.
//
// It reads little and writes nothing. Its limits are those of the alarms. It must not know
// CloudWatch, nor the words that people read.
package health

import (
	"context"
	"iter"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/suppression"
)

// Code names what a line is about.
type Code string

// The codes, in the order of a report.
const (
	Overdue        Code = "overdue"        // requests whose date is over
	Unsent         Code = "unsent"         // requests with a letter that did not go
	Letters        Code = "letters"        // letters that wait
	Erasures       Code = "erasures"       // orders of erasure that wait
	Sync           Code = "sync"           // opt-outs of which SES does not know yet
	Reconciliation Code = "reconciliation" // the last comparison with SES's list
	Disposal       Code = "disposal"       // the last night of the sweep
)

// State says whether somebody must do something.
type State string

// The states.
const (
	Good    State = "good"
	Look    State = "look"    // somebody should look when they can
	Act     State = "act"     // somebody must act today
	Unknown State = "unknown" // it could not be read
)

// Line is one answer of a report.
type Line struct {
	Code     Code      `json:"code"`
	State    State     `json:"state"`
	N        int       `json:"n"`
	More     bool      `json:"more,omitempty"`     // there are at least N
	Since    time.Time `json:"since,omitzero"`     // how long the oldest waits, or when it was last done
	Repaired int       `json:"repaired,omitempty"` // of Reconciliation
	Runbook  string    `json:"runbook"`            // its name in infra/runbooks
}

// Checker reads the tables.
type Checker struct {
	Requests interface {
		Watched(ctx context.Context, w lifecycle.Watch, by time.Time) iter.Seq2[request.Summary, error]
	}
	Letters interface {
		Pending(ctx context.Context, now time.Time) iter.Seq2[outbox.Letter, error]
	}
	OptOuts interface {
		Backlog(ctx context.Context, now time.Time) (count int, oldest time.Time, err error)
		Drifts(ctx context.Context, most int) ([]suppression.Drift, error)
	}
	Disposals interface {
		Oldest(context.Context, schedule.Class) (time.Time, bool, error)
		Proofs(ctx context.Context, before, limit int) ([]disposal.Proof, error)
	}
	Now func() time.Time
}

// Check reports. What cannot be read holds up nothing else; the errors are for the log.
func (c Checker) Check(ctx context.Context) (lines []Line, errs []error) {
	for _, check := range []struct {
		code    Code
		runbook string
		read    func(context.Context, *Line) error
	}{
		{Overdue, "requests-overdue", c.overdue},
		{Unsent, "mails-unknown", c.unsent},
		{Letters, "notices-errors", c.letters},
		{Erasures, "retention-errors", c.erasures},
		{Sync, "oldest-pending", c.sync},
		{Reconciliation, "drift", c.reconciliation},
		{Disposal, "retention-errors", c.disposal},
	} {
		l := Line{Code: check.code, State: Good, Runbook: check.runbook}
		if err := check.read(ctx, &l); err != nil {
			l, errs = Line{Code: check.code, State: Unknown, Runbook: check.runbook}, append(errs, err)
		}
		lines = append(lines, l)
	}
	return lines, errs
}
