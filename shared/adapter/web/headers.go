package web

import "net/http"

// secured are the headers that every answer carries, be it a page, JSON, a
// file or a redirect, unless the handler has set its own (OWASP ASVS 5.0,
// section 3.4). HSTS lasts two years and leaves out subdomains: they may be
// somebody else's.
var secured = map[string]string{
	"strict-transport-security":  "max-age=63072000",
	"cross-origin-opener-policy": "same-origin",
	"content-security-policy":    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"x-content-type-options":     "nosniff",
	"cache-control":              "no-store",
	"referrer-policy":            "no-referrer",
}

// retrySoon is after how many seconds a backend that did not answer is worth
// another try: DynamoDB and SES throttle for moments.
const retrySoon = "10"

// secure adds them to an answer's headers, whose names are in lower case.
func secure(headers map[string]string, status int) {
	for name, value := range secured {
		if headers[name] == "" {
			headers[name] = value
		}
	}
	if status == http.StatusServiceUnavailable && headers["retry-after"] == "" {
		headers["retry-after"] = retrySoon
	}
}
