package request

import (
	"slices"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
)

// erasesAsker reports whether the mailbox that asked is that of the person to
// be erased: of a child's parent and of an agent only an officer knows.
func (r *Request) erasesAsker() bool {
	return slices.Contains(r.Kinds, deadline.Erasure) && r.OnBehalfOf != intake.Parent && r.OnBehalfOf != intake.Agent
}

// Disputable reports whether the person's disagreement with the answer can be
// put on record (policy, section F).
func (r *Request) Disputable() bool {
	return r.Refusal() && !r.Reduced() && intake.Disputable(r.Decision.Denied())
}

// Blockable reports whether we offer to block the data instead (policy, "Update
// your information"). What was asked for beside it is not offered.
func (r *Request) Blockable() bool {
	return r.Disputable() && !slices.Contains(r.Kinds, deadline.Restriction)
}
