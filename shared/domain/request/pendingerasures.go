package request

import (
	"context"
	"errors"
	"iter"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
)

// pendingErasures are opt-outs that came with "… and delete my data" and could
// not be made a request at once.
type pendingErasures interface {
	// PendingErasures yields them, in no order.
	PendingErasures(context.Context) iter.Seq2[optout.Record, error]
}

// OpenPendingErasures opens a request for each, received when the erasure was
// requested, and returns how many it opened. Two runs at once open one request,
// and one that cannot be opened does not hold up the others.
func (s *Service) OpenPendingErasures(ctx context.Context, p pendingErasures) (opened int, err error) {
	var failed error
	for o, err := range p.PendingErasures(ctx) {
		if err != nil || ctx.Err() != nil {
			return opened, errors.Join(failed, err)
		}
		if o.Address.IsZero() {
			continue // erased meanwhile
		}
		_, err := s.Open(ctx, Intake{
			Address: o.Address, Name: o.Name, Kinds: []intake.Kind{deadline.Erasure}, OnBehalfOf: intake.Self,
			Language: o.ErasureLanguage, Source: intake.FromUnsubscribe, Pending: &o,
		})
		switch fault.CodeOf(err) {
		case "":
			opened++
		case fault.Conflict: // another run was faster
		case fault.Unavailable:
			return opened, errors.Join(failed, err)
		default:
			failed = errors.Join(failed, err)
		}
	}
	return opened, failed
}
