package people

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/adapter/web"
)

// loginFirst leads to the login, and from there back; again: the session goes on, but the route needs a recent login.
// What was typed stays on the page: the server keeps nothing of it.
func (v *visit) loginFirst(to route, again bool) {
	code := "login"
	if again {
		code = "login_again"
	}
	switch {
	case v.json():
		v.message(http.StatusUnauthorized, deskpage.Message{Code: code})
	case askedByForm(v.r):
		v.show(http.StatusUnauthorized, deskpage.LoginOffered{Code: "login_ended", To: v.r.URL.RequestURI(), Again: again})
	case v.r.Method == http.MethodGet || v.r.Method == http.MethodHead:
		web.SeeOther(v.w, deskpage.LoginPath(v.r.URL.RequestURI(), again))
	default:
		v.keep(code, again || to.right.NeedsRecentLogin())
	}
}

// askedByForm reports whether a form of ours may ask by GET. CSP's form-action keeps browsers from following it to the
// provider, without a word: a link leads there.
func askedByForm(r *http.Request) bool {
	ours := slices.Contains([]string{deskpage.PathHome, deskpage.PathLaw}, r.URL.Path) && r.URL.RawQuery != ""
	site := r.Header.Get("Sec-Fetch-Site")
	return r.Method == http.MethodGet && ours && (site == "same-origin" || site == "")
}

func (v *visit) keep(code string, again bool) {
	typed, err := v.typed()
	if err != nil {
		v.fail(err)
		return
	}
	v.show(http.StatusUnauthorized, deskpage.Kept{Code: code, Action: v.r.URL.RequestURI(), Typed: typed, Words: wordsOf(typed), Again: again})
}

// wordsOf are the values that somebody has written: codes and dates have no white space.
func wordsOf(t deskpage.Typed) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(t)) {
		for _, value := range t[name] {
			if strings.ContainsAny(strings.TrimSpace(value), " \n") {
				all = append(all, value)
			}
		}
	}
	return all
}
