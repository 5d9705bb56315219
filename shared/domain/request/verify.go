package request

import (
	"context"
	"slices"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
)

// Verify records that an officer has verified the person by other means, and
// of a request of unsure kinds what they ask for.
func (s *Service) Verify(ctx context.Context, id, officer string, kinds []intake.Kind) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		if _, err := lifecycle.Next(t.Request.State, lifecycle.EventVerified); err != nil {
			return err
		}
		w := t.Request.Words()
		unknown := slices.ContainsFunc(kinds, func(k intake.Kind) bool { return !slices.Contains(intake.Kinds(), k) })
		switch {
		case unknown:
			return fault.Unknown("kinds", "kind of request", intake.Kinds()...)
		case t.Request.KindsUnsure && len(kinds) == 0:
			return fault.Field("kinds", "missing", "the request does not say for sure what is asked for: name the kinds, "+joined(intake.Kinds()))
		case t.Request.KindsUnsure:
			w.Kinds = kinds
		case len(kinds) > 0:
			return fault.Field("kinds", "not_unsure", "the request says what is asked for; name kinds only where it does not")
		}
		facts, private, err := t.adopt(w)
		if err != nil {
			return err
		}
		return t.verify(ctx, ByOfficer+":"+officer, facts, private)
	})
}
