package request

import (
	"cmp"
	"slices"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
)

// optOut puts opt-outs of the request into effect, without verification.
func (t *step) optOut(scopes []optout.Scope, evidence optout.Evidence) error {
	slices.Sort(scopes)
	scopes = slices.Compact(scopes)
	if len(scopes) == 0 {
		return nil
	}
	t.addOptOuts(scopes, evidence)
	return t.happen(lifecycle.EventOptedOut, audit.BySystem, map[string]string{"scopes": joined(scopes)}, nil)
}

func (t *step) addOptOuts(scopes []optout.Scope, evidence optout.Evidence) {
	evidence.At, evidence.Source = t.at, cmp.Or(evidence.Source, optout.FromRequest)
	for _, scope := range scopes {
		if scope.Channel() == optout.Email && t.Request.NoEmail {
			continue // there is no mailbox that could be taken off a list
		}
		t.OptOuts = append(t.OptOuts, optout.Change{
			Key: optout.Key{Ref: t.Request.Ref, Scope: scope}, To: optout.Out, Address: t.Request.Address, Name: t.Request.Name, Evidence: evidence,
		})
	}
}
