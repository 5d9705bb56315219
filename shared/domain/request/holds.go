package request

import (
	"context"
	"strings"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/requestmail"
)

// Holds knows the legal holds.
type Holds interface {
	// KeptBack returns the holds in force that keep something of a request's
	// person from being erased, oldest first.
	KeptBack(ctx context.Context, r *Request) ([]KeptBack, error)
}

// KeptBack is a legal hold with what it keeps.
type KeptBack struct {
	Hold   string    `json:"hold"`
	Of     string    `json:"of"`     // "person", "request" or "class"
	Reason string    `json:"reason"` // for the officer alone
	Until  time.Time `json:"until,omitzero"`
	Keeps  string    `json:"keeps"` // "erasure" as a whole, "request PD-…", or a class of records
}

// heldBack returns the holds that keep back an erasure that is asked for.
// Conflict: it is granted all the same. The letter would say what is not true.
func (t *step) heldBack(ctx context.Context, d *decision.Decision) ([]KeptBack, error) {
	if t.Holds == nil || !intake.Erases(d.Granted(true)) {
		return nil, nil
	}
	held, err := t.Holds.KeptBack(ctx, &t.Request)
	if err != nil || len(held) == 0 || !intake.Erases(d.Granted(false)) {
		return held, err
	}
	return nil, fault.New(fault.Conflict, "legal hold %s keeps this person's data: answer the erasure with %q, a ground and words of why it is kept (the rest follows when the hold is lifted), or lift the hold first",
		names(held), decision.Partly)
}

func names(held []KeptBack) string {
	var all []string
	for _, h := range held {
		all = append(all, h.Hold)
	}
	return strings.Join(all, ", ")
}

// Release tells the person that an erasure which a legal hold kept back follows
// now. The erasure must wait for that letter, which needs the address.
func (s *Service) Release(ctx context.Context, id string) error {
	_, err := s.act(ctx, id, func(t *step) error {
		if !t.Request.HeldBack {
			return errDone
		}
		t.Request.HeldBack, t.Request.EraseFrom = false, t.at
		if err := t.happen(lifecycle.EventEraseReleased, audit.BySystem, nil, nil); err != nil {
			return err
		}
		t.mail(requestmail.Erasing)
		return nil
	})
	return err
}
