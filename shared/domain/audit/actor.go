package audit

import (
	"regexp"

	"privacydesk/shared/domain/fault"
)

// Actors of the history.
const (
	ByPerson  = "person"
	BySystem  = "system"
	ByOfficer = "officer" // see AsOfficer
)

// AsOfficer is the actor of an act by an officer, with who it is.
func AsOfficer(who string) string { return ByOfficer + ":" + who }

// FactOfficer names the private fact that says which officer acted.
const FactOfficer = "officer"

// Officer says which officer caused an event, "" for any other actor.
func Officer(e Entry) string {
	who, _ := e.Private[FactOfficer].Reveal()
	return who
}

// beyondRole is what a role does not need: an address, however it is spelt,
// needs some of it, and the slash ends the role in the records.
var beyondRole = regexp.MustCompile(`[^\p{L}\p{M}\p{Nd} ._-]`)

// CheckRole refuses a role under which an officer acts if it could hold an
// address, since records outlive whoever acts. Invalid: it could.
func CheckRole(role string) error {
	if beyondRole.MatchString(role) {
		return fault.Field("officer", "invalid", "officer is a role such as dpo-1, in letters, digits, spaces, dots, hyphens and underscores, and no address")
	}
	return nil
}
