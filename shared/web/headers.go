package web

import (
	"net/http"
	"strconv"
)

// secured are the headers that every answer carries, be it a page, JSON, a
// file or a redirect, unless the handler has set its own (OWASP ASVS 5.0,
// section 3.4). HSTS lasts two years and leaves out subdomains: they may be
// somebody else's.
var secured = map[string]string{
	"Strict-Transport-Security":  "max-age=63072000",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Content-Security-Policy":    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":     "nosniff",
	"Referrer-Policy":            "no-referrer",
}

// retrySoon is after how many seconds a backend that did not answer is worth
// another try: DynamoDB and SES throttle for moments.
const retrySoon = 10

func secure(h http.Header, status int) {
	for name, value := range secured {
		if h.Get(name) == "" {
			h.Set(name, value)
		}
	}
	if status == http.StatusServiceUnavailable && h.Get("Retry-After") == "" {
		h.Set("Retry-After", strconv.Itoa(retrySoon))
	}
}
