package request

import (
	"context"
	"errors"
	"iter"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

// Wishes are opt-outs that came with "… and delete my data" and could not be
// made a request at once.
type Wishes interface {
	// ErasuresWanted yields them, in no order.
	ErasuresWanted(context.Context) iter.Seq2[optout.Record, error]
}

// PickUp opens an erasure request for every such wish, received when the wish
// was, and returns how many it opened. Two runs at once open one request, and
// a wish that cannot be opened holds up no other.
func (s *Service) PickUp(ctx context.Context, w Wishes) (opened int, err error) {
	var failed error
	for o, err := range w.ErasuresWanted(ctx) {
		if err != nil || ctx.Err() != nil {
			return opened, errors.Join(failed, err)
		}
		if o.Address.IsZero() {
			continue // erased meanwhile
		}
		_, err := s.Open(ctx, Intake{
			Address: o.Address, Name: o.Name, Kinds: []Kind{deadline.Erasure}, OnBehalfOf: Self,
			Language: o.EraseLanguage, Source: FromUnsubscribe, Wanted: &o,
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
