// Package loopback keeps the servers of the local stack to this machine's own
// names. They listen on loopback alone, but a page of another site can make a
// name of its own point there (DNS rebinding) and read what they say.
package loopback

import (
	"net"
	"net/http"
	"strings"
)

// Only refuses requests to any host but localhost and loopback addresses.
func Only(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(r.Host) {
			http.Error(w, "This server answers to localhost and 127.0.0.1 only.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}
