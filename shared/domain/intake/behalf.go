package intake

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

// Proof names a proof that a request waits for.
type Proof string

// The proofs. The control of the mailbox is proved by the confirmation link.
const (
	ParentalAuthority Proof = "parental_authority"
	ChildsIdentity    Proof = "childs_identity"
	WrittenAuthority  Proof = "written_authority"
	PersonsIdentity   Proof = "persons_identity"
)

var Proofs = []Proof{ParentalAuthority, ChildsIdentity, WrittenAuthority, PersonsIdentity}

// Check names how an officer has made sure who asks.
type Check string

// The checks.
const (
	CallBack  Check = "call_back"  // at a number that was known before
	Account   Check = "account"    // the request came from their account
	Document  Check = "document"   // one that names them was seen
	InPerson  Check = "in_person"  // they came
	DataMatch Check = "data_match" // they told what only they can know
)

// Checks lists them all.
var Checks = []Check{CallBack, Account, Document, InPerson, DataMatch}

// RequiredProofs lists what must be proved beyond the mailbox.
func RequiredProofs(b Behalf, kinds []Kind) []Proof {
	switch {
	case b == Agent:
		return []Proof{WrittenAuthority, PersonsIdentity}
	case b == Parent, slices.Contains(kinds, deadline.ChildErasure):
		return []Proof{ParentalAuthority, ChildsIdentity}
	}
	return nil
}
