package request

import (
	"context"
	"strings"
	"time"

	"privacydesk/shared/domain/audit"
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
		return t.tellHeld(ctx)
	})
	return err
}
