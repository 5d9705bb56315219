package web

import (
	"net/http"
	"slices"
	"strings"
)

// PrivacySignal reports whether the browser sends Global Privacy Control
// (11 CCR 7025; https://www.w3.org/TR/gpc/): one value of its header is exactly 1.
func PrivacySignal(r *http.Request) bool {
	for _, values := range r.Header.Values("Sec-GPC") { // API Gateway joins several with commas
		if slices.ContainsFunc(strings.Split(values, ","), func(v string) bool { return strings.TrimSpace(v) == "1" }) {
			return true
		}
	}
	return false
}
