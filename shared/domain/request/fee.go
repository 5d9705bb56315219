package request

import (
	"slices"

	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/waiting"
)

// allows refuses a fee that the law of the request's place does not know; for a
// complaint none does.
func (r *Request) allows(f *waiting.Fee) error {
	switch {
	case f == nil:
		return nil
	case !slices.ContainsFunc(r.unanswered(), r.feeFits):
		return fault.Field("fee", "not_allowed", "no law of this place that we know allows a fee for this")
	case f.Because == decision.RepeatedRequest && !r.Repeated:
		return fault.Field("fee", "not_repeated", "the request is not marked as repeated")
	}
	return nil
}

// feeFits reports whether the law knows a fee for a kind: where it does, one that
// is not paid is a ground to refuse.
func (r *Request) feeFits(k intake.Kind) bool {
	return slices.Contains(decision.Grounds(k, r.Place, decision.Refuse), decision.FeeUnpaid)
}
