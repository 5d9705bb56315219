package staff

import (
	"regexp"
	"strings"
	"time"
)

// Account is who is signed in, as the identity provider said it at the login.
type Account struct {
	ID         string    // a keyed digest of issuer and subject: nothing personal
	Name       string    // for colleagues; "" where the provider gives none, or an address
	Role       Role      //
	SignedInAt time.Time // when they proved who they are (OpenID Connect Core 1.0 section 2, auth_time)
}

// beyondName is what the name of a person at the desk does not need. An address,
// however it is spelt, needs some of it, and the slash ends the name in the records.
var beyondName = regexp.MustCompile(`[^\p{L}\p{M}\p{Nd} .'’-]`)

const maxName = 64 // characters

// DisplayName is a name as the records may hold it: "" if it could be an address
// or is no name of a person.
func DisplayName(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	if beyondName.MatchString(name) || len([]rune(name)) > maxName {
		return ""
	}
	return name
}

// Officer names the account in the records: name/id, or the id alone.
func (a Account) Officer() string { return strings.TrimPrefix(a.Name+"/"+a.ID, "/") }

// SignedInRecently reports whether the login is recent enough for what cannot
// be taken back.
func (a Account) SignedInRecently(now time.Time) bool { return now.Sub(a.SignedInAt) < recentFor }

// MayNow reports whether the account may use a right now, or must log in again first.
func (a Account) MayNow(x Right, now time.Time) (may, again bool) {
	if !a.Role.May(x) {
		return false, false
	}
	again = x.NeedsRecentLogin() && !a.SignedInRecently(now)
	return !again, again
}
