package web

import "net/http"

// AllowAnyOrigin lets a script of any site read the answer, also of one whose
// origin is "null" (a sandboxed frame, a saved page): anybody may ask to be
// left alone, and no cookie or credential is involved.
func AllowAnyOrigin(w http.ResponseWriter) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
}

// Preflight answers a CORS preflight (https://fetch.spec.whatwg.org) for a
// form that any site may post, with any header: tracing tools add their own to
// every request of a page.
func Preflight(w http.ResponseWriter, _ *http.Request) {
	AllowAnyOrigin(w)
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Accept, X-Requested-With, *")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}
