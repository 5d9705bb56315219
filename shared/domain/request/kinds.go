package request

import (
	"slices"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
)

// exports reports whether the person gets what we hold.
func (r *Request) exports() bool {
	return intake.Exports(r.Kinds)
}

// erases reports whether the person asked to be erased.
func (r *Request) erases() bool {
	return intake.Erases(r.Kinds)
}

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
