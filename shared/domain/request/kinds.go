package request

import (
	"cmp"
	"slices"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
)

// OwnData reports whether the request is about the data of whose mailbox it is: of
// a child's parent and of an agent only an officer knows.
func (r *Request) OwnData() bool {
	return cmp.Or(r.OnBehalfOf, intake.Self) == intake.Self && !slices.Contains(r.Kinds, deadline.ChildErasure)
}

// erasesAsker reports whether the mailbox that asked is that of the person to be
// erased.
func (r *Request) erasesAsker() bool {
	return slices.Contains(r.Kinds, deadline.Erasure) && r.OwnData()
}

// Disputable reports whether the person's disagreement with the answer can be
// put on record (policy, section F).
func (r *Request) Disputable() bool {
	return r.refused() && !r.Reduced() && intake.Disputable(r.Decision.Denied())
}

// Blockable reports whether we offer to block the data instead (policy, "Update
// your information"). What was asked for beside it is not offered, nor what a
// legal hold does already, nor to somebody else than the person.
func (r *Request) Blockable() bool {
	return r.Disputable() && !r.HeldBack && r.OwnData() && !slices.Contains(r.Kinds, deadline.Restriction)
}
