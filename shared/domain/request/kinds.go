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

// Disputable reports whether a refusal records the person's disagreement and
// offers restriction instead (policy, "Update your information").
func (r *Request) Disputable() bool {
	return intake.Disputable(r.Kinds)
}
