package login

import (
	"net/url"
	"path"
	"strings"
)

// home is where a login leads that names no other path.
const home = "/desk"

// below are paths that lead nowhere after a login.
var nowhere = []string{"/desk/login", PathCallback, PathLoggedOut, "/desk/logout", "/desk/logout-everywhere"}

const maxBack = 1024 // bytes; it travels in a cookie

// Below returns a path below /desk with its query, if it is one however a browser
// reads it, and /desk otherwise: a login must lead to no other site.
func Below(to string) string {
	u, err := url.Parse(to)
	if err != nil || len(to) > maxBack || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return home
	}
	for _, text := range []string{to, u.Path} {
		if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == '\\' || r >= 0x7f }) {
			return home
		}
	}
	if u.Path != home && !strings.HasPrefix(u.Path, home+"/") || path.Clean(u.Path) != u.Path {
		return home
	}
	for _, p := range nowhere {
		if u.Path == p {
			return home
		}
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}
