package rights

import (
	"context"
	"iter"

	"privacydesk/shared/fault"
	"privacydesk/shared/law"
	"privacydesk/shared/optout"
)

// Wishes are opt-outs that came with "… and delete my data" and could not be
// made a request at once.
type Wishes interface {
	// ErasuresWanted yields them, in no order.
	ErasuresWanted(context.Context) iter.Seq2[optout.Record, error]
}

// PickUp opens an erasure request for every such wish, received when the wish
// was, and returns how many it opened. Two runs at once open one request.
func (s *Service) PickUp(ctx context.Context, w Wishes) (opened int, err error) {
	for o, err := range w.ErasuresWanted(ctx) {
		if err != nil || ctx.Err() != nil {
			return opened, err
		}
		if o.Address.IsZero() {
			continue // erased meanwhile
		}
		_, err := s.Open(ctx, Intake{
			Address: o.Address, Name: o.Name, Kinds: []Kind{law.Erasure}, OnBehalfOf: Self,
			Source: FromUnsubscribe, Wanted: &o,
		})
		if fault.CodeOf(err) == fault.Conflict {
			continue
		}
		if err != nil {
			return opened, err
		}
		opened++
	}
	return opened, nil
}
