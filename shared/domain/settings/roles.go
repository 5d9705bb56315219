package settings

import "strings"

// checkRoles tells what is wrong with the settings by which people get their
// roles. Which roles there are is the business of package staff.
func (d *Desk) checkRoles(check func(ok bool, path, format string, args ...any)) {
	check(len(d.GroupsClaim) > 0, "groups_claim", "must name a claim of the ID token, such as groups")
	for _, claim := range d.GroupsClaim {
		check(isWord(claim), "groups_claim", "must hold names of claims; %q is none", claim)
	}
	check(len(d.DeskRoles) > 0, "desk_roles", "must give a group its role, or nobody gets in")
	for group, role := range d.DeskRoles {
		check(strings.TrimSpace(group) == group && group != "" && role != "", "desk_roles."+group, "must be a group and its role")
	}
}

func isWord(text string) bool { return text != "" && !strings.ContainsAny(text, " \t\r\n") }
