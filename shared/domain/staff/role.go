package staff

import (
	"slices"
	"time"
)

// Role is what somebody is at the desk.
type Role string

// The roles, from the fewest rights to the most; Auditor stands beside them.
const (
	Viewer  Role = "viewer"
	Officer Role = "officer"
	Admin   Role = "admin"
	Auditor Role = "auditor"
)

// Roles lists all roles. Who belongs to several groups has the role that comes last.
var Roles = []Role{Auditor, Viewer, Officer, Admin}

// Right is something that a role may do. Every route of the desk needs one.
type Right string

// The rights.
const (
	SeeSelf     Right = "see_self"     // who one is, and one's sessions
	SeeQueue    Right = "see_queue"    // what is due; people are masked
	SeeFile     Right = "see_file"     // a file and a person, masked; an entry of the history
	SeeHealth   Right = "see_health"   // how the desk itself is doing, its settings, the law
	SeeRegister Right = "see_register" // figures, certificates, who did what and who looked
	RevealAddr  Right = "reveal"       // a whole address; an entry of the history
	Handle      Right = "handle"       // enter, note, assign, ask, extend, verify, amend, draft, bulk
	Decide      Right = "decide"       // send a decision, sign a colleague's
	Erase       Right = "erase"        // order an erasure
	SetSystems  Right = "set_systems"  // enter what another system did, or have it told again
	Attach      Right = "attach"       // add files to a request, replace them and remove them
	GiveOut     Right = "give_out"     // lists and files that leave the desk
	PlaceHold   Right = "place_hold"   // a legal hold
	LiftHold    Right = "lift_hold"
	EndSessions Right = "end_sessions" // of a colleague: all of them
)

// Rights lists all rights.
var Rights = []Right{SeeSelf, SeeQueue, SeeFile, SeeHealth, SeeRegister, RevealAddr, Handle, Decide, Erase, SetSystems, Attach, GiveOut, PlaceHold, LiftHold, EndSessions}

// allowed is the one table of roles and rights. What is not in it is refused.
var allowed = map[Role][]Right{
	Viewer:  {SeeSelf, SeeQueue, SeeFile, SeeHealth},
	Officer: {SeeSelf, SeeQueue, SeeFile, SeeHealth, SeeRegister, RevealAddr, Handle, Decide, Erase, SetSystems, Attach, GiveOut},
	Admin:   {SeeSelf, SeeQueue, SeeFile, SeeHealth, SeeRegister, RevealAddr, Handle, Decide, Erase, SetSystems, Attach, GiveOut, PlaceHold, LiftHold, EndSessions},
	Auditor: {SeeSelf, SeeHealth, SeeRegister},
}

// May reports whether a role has a right. An unknown role has none.
func (r Role) May(x Right) bool { return slices.Contains(allowed[r], x) }

// RoleOf is the role of somebody who belongs to groups, by the organisation's
// own table of groups and roles; "" is nobody's.
func RoleOf[R ~string](groups []string, roles map[string]R) Role {
	var found Role
	for _, g := range groups {
		if r := Role(roles[g]); slices.Index(Roles, r) > slices.Index(Roles, found) {
			found = r
		}
	}
	return found
}

// recentFor is how old a login may be for what cannot be taken back.
const recentFor = 15 * time.Minute

// recently are the rights that need a recent login.
var recently = []Right{Decide, Erase, GiveOut, LiftHold}

// NeedsRecentLogin reports whether a right needs a login that is not older than
// 15 minutes.
func (x Right) NeedsRecentLogin() bool { return slices.Contains(recently, x) }
