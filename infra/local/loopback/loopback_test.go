package loopback

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOnly(t *testing.T) {
	server := Only(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for host, ours := range map[string]bool{
		"127.0.0.1": true, "127.0.0.1:3002": true, "127.0.60.1:3000": true, "localhost": true, "LOCALHOST:3002": true, "localhost.:3002": true,
		"privacy.localhost:3000": true, "[::1]:3002": true, "[::1]": true, "::1": true,
		"": false, "evil.example": false, "evil.example:3002": false, "127.0.0.1.evil.example": false, "localhost.evil.example:3002": false,
		"notlocalhost": false, "0.0.0.0:3002": false, "10.0.0.1": false, "[::]:3002": false, "2130706433": false, "127.1": false,
	} {
		request := httptest.NewRequest(http.MethodGet, "/mailbox.json", nil)
		request.Host = host
		answer := httptest.NewRecorder()
		if server.ServeHTTP(answer, request); answer.Code != map[bool]int{true: http.StatusNoContent, false: http.StatusForbidden}[ours] {
			t.Errorf("%s: %d", host, answer.Code)
		}
	}
}
