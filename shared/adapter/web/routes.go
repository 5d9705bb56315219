package web

import (
	"net/http"
	"path"
	"strings"
)

// Routes serves patterns of http.ServeMux, and notFound every other path. A
// path may end in one slash more than its pattern, since content management
// systems add one by themselves; it is answered at once, for a redirect would
// lose a post and RFC 8058 section 3.2 forbids it.
func Routes(patterns map[string]http.HandlerFunc, notFound http.HandlerFunc) http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range patterns {
		mux.HandleFunc(pattern, serve)
	}
	mux.HandleFunc("/", notFound)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = withoutClosingSlash(r.URL.Path)
		// The mux would send a path such as /u//x elsewhere, link and all.
		if path.Clean("/"+r.URL.Path) != r.URL.Path {
			notFound(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func withoutClosingSlash(p string) string {
	if short := strings.TrimSuffix(p, "/"); short != "" && !strings.HasSuffix(short, "/") {
		return short
	}
	return p
}

// Signed lets through whom IAM has authorised, and answers everybody else with
// refuse. API Gateway stands before such a route already, but it hands a path
// that none of its routes matches to a public one ($default), and a path that
// it reads otherwise than we do must not get past IAM.
func Signed(serve, refuse http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !Caller(r).Known() {
			refuse(w, r)
			return
		}
		serve(w, r)
	}
}
