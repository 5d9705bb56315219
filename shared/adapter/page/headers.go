package page

import (
	"net/http"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/catalog"
)

// setHeaders lets a page load our stylesheet and send our forms, and nothing else.
func (d *Desk) setHeaders(h http.Header, t *catalog.Texts, v view) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", t.Lang())
	h.Set("Content-Security-Policy", d.contentPolicy(v))
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cache-Control", "no-store")
	if v.revisit {
		h.Set("Cache-Control", "no-cache")
	}
	h.Add("Vary", "Accept, Accept-Language")
	if v.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(v.retryAfter.Seconds())))
	}
}

func (d *Desk) contentPolicy(v view) string {
	targets := "'self'"
	origins := []string{v.postsTo}
	if v.redirects {
		origins = d.RedirectOrigins
	}
	for _, origin := range origins {
		// An origin that could end the directive would weaken the policy: leave it out.
		if origin != "" && !strings.ContainsAny(origin, " \t\r\n;,'\"") {
			targets += " " + origin
		}
	}
	return "default-src 'none'; style-src 'self'; img-src 'self'; form-action " + targets +
		"; base-uri 'none'; frame-ancestors 'none'"
}
