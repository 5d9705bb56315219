// Package foureyes says what two people do together: one does it, and another
// signs before it takes effect. What is done is the business of others. It must
// not import AWS, net/http or HTML.
package foureyes

import (
	"slices"
	"strings"

	"privacydesk/shared/domain/fault"
)

// Act is something that may need a second signature.
type Act string

// The acts, as desk.yaml names them (requests.four_eyes).
const (
	Refusal  Act = "refusal"   // of a whole request
	Erasure  Act = "erasure"   // of a person
	HoldLift Act = "hold_lift" // the end of a legal hold
	Fee      Act = "fee"       // asking for one
)

// Acts lists them all.
var Acts = []Act{Refusal, Erasure, HoldLift, Fee}

// Rule is what needs the signature of another.
type Rule []Act

// Of returns those acts of an officer's that need a signature.
func (r Rule) Of(acts ...Act) []Act {
	return slices.DeleteFunc(slices.Clone(acts), func(a Act) bool { return !slices.Contains(r, a) })
}

// Caller is who acted, without the role that they gave: see audit.CheckRole.
func Caller(officer string) string {
	if _, who, hasRole := strings.Cut(officer, "/"); hasRole {
		return who
	}
	return officer
}

// errOwn says that nobody signs what is their own.
var errOwn = fault.New(fault.Conflict, "another person must sign this than who sent it (requests.four_eyes)").Because("own")

// Another refuses the signature of whoever did the act, and one that
// names no caller. The role that they give does not count.
func Another(by, signer string) error {
	if Caller(signer) == "" || Caller(by) == Caller(signer) {
		return errOwn
	}
	return nil
}
