package main

import (
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// receipt signs on the spot what was opted out of; nothing is read for it. It
// is "" when it cannot be signed, which must not fail the opt-out.
func (h *handler) receipt(a person.Address, scopes []optout.Scope, at time.Time) string {
	r := audit.Receipt{
		Issuer: h.BaseURL, Kind: audit.OptOut, Reference: h.reference(a),
		ReceivedAt: at, EffectiveAt: at, Person: a.String(),
	}
	for _, s := range scopes {
		r.What = append(r.What, string(s))
	}
	signed, err := h.signer.Sign(r)
	if err != nil {
		return ""
	}
	return string(signed)
}

// reference names a person's opt-outs on a receipt. The suppression check
// answers it too, by which an officer knows whose receipt it is.
func (h *handler) reference(a person.Address) string { return "OO-" + h.key.Receipt(h.key.Ref(a)) }
