package request

import (
	"slices"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
)

// Behalf says for whom a person asks.
type Behalf string

// On whose behalf a request can be made.
const (
	Self   Behalf = "self"
	Parent Behalf = "parent" // of a child
	Agent  Behalf = "agent"  // with written authority (11 CCR 7063)
)

// ParseBehalf reads the form field on_behalf_of; "" is the person themself.
func ParseBehalf(text string) (Behalf, error) {
	switch b := Behalf(text); b {
	case "", Self:
		return Self, nil
	case Parent, Agent:
		return b, nil
	}
	return "", fault.Field("on_behalf_of", "unknown", "on_behalf_of must be self, parent or agent")
}

// Evidence names a proof that a request waits for.
type Evidence string

// The proofs. The control of the mailbox is proved by the confirmation link.
const (
	ParentalAuthority Evidence = "parental_authority"
	ChildsIdentity    Evidence = "childs_identity"
	WrittenAuthority  Evidence = "written_authority"
	PersonsIdentity   Evidence = "persons_identity"
)

var proofs = []Evidence{ParentalAuthority, ChildsIdentity, WrittenAuthority, PersonsIdentity}

// evidence lists what must be proved beyond the mailbox.
func evidence(b Behalf, kinds []Kind) []Evidence {
	switch {
	case b == Agent:
		return []Evidence{WrittenAuthority, PersonsIdentity}
	case b == Parent, slices.Contains(kinds, deadline.ChildErasure):
		return []Evidence{ParentalAuthority, ChildsIdentity}
	}
	return nil
}
