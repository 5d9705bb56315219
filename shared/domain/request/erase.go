package request

import (
	"context"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
)

// Erase orders the erasure of the person whose mailbox asked for it, where the
// decision has not: where it was fulfilled in part, or asked for a child or by
// an agent, whose own mailbox it may be. What part, and whose, only an officer
// knows. Ordering it twice is ordering it once. Conflict: it was not asked for,
// or not granted.
func (s *Service) Erase(ctx context.Context, id, officer string) (Request, error) {
	return s.act(ctx, id, func(t *step) error {
		switch {
		case !t.Request.EraseFrom.IsZero():
			return errDone
		case !intake.Erases(t.Request.Kinds):
			return fault.New(fault.Conflict, "this request does not ask for an erasure")
		case t.Request.Decision != nil && !intake.Erases(t.Request.Decision.Granted(true)):
			return fault.New(fault.Conflict, "the erasure was refused")
		}
		if t.Holds != nil {
			held, err := t.Holds.KeptBack(ctx, &t.Request)
			if err != nil {
				return err
			}
			t.Request.HeldBack = len(held) > 0
		}
		return t.orderErasure(officer)
	})
}

// orderErasure has the person erased (Art. 17 GDPR, Cal. Civ. Code 1798.105):
// at once, or when they have had the time to fetch what they were granted as
// well. Whoever is erased gets no campaign again, so their e-mail is opted out
// while the address is still known: the tombstone stops an import that brings
// it back.
func (t *step) orderErasure(officer string) error {
	t.Request.EraseFrom = t.at
	if t.Request.ExportUntil.After(t.at) {
		t.Request.EraseFrom = t.Request.ExportUntil
	}
	scope := optout.Email.Scope()
	t.OptOuts = append(t.OptOuts, optout.Change{
		Key: optout.Key{Ref: t.Request.Ref, Scope: scope}, To: optout.Out, Address: t.Request.Address,
		Evidence: optout.Evidence{Source: optout.FromRequest, At: t.at},
	})
	return t.happen(lifecycle.EventEraseOrdered, audit.ByOfficer+":"+officer, map[string]string{
		"from": t.Request.EraseFrom.UTC().Format(civil.Stamp), "scopes": string(scope),
	}, nil)
}
