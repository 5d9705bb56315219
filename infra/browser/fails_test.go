//go:build browser

package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// bad is a page with everything on it that nobody should see.
var bad = `<!doctype html><html lang="en"><title>Bad</title><meta name="viewport" content="width=device-width">
	<p style="color: red">` + strings.Repeat("wide", 500) + `</p><img src="/missing.png">
	<img src="http://tracker.hitchhiker.example/pixel.png" alt=""><script>nothing()</script><script>console.error("oh")</script>`

// told keeps what a test would have failed with.
type told struct {
	testing.TB
	errors strings.Builder
}

func (o *told) Errorf(format string, args ...any) { fmt.Fprintf(&o.errors, format+"\n", args...) }

// What the tests look for is found where it is: otherwise they would show nothing.
func TestTheExaminationCanFail(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "visitor", Value: "1", Domain: "127.0.0.1"})
		w.Header().Set("Content-Security-Policy", "style-src 'self'")
		_, _ = fmt.Fprint(w, bad)
	}))
	defer server.Close()
	var o told
	b := newTab(t, settings["phone"])
	b.visit(server.URL + "/")
	o.TB, b.TB = b.TB, &o
	b.fits("bad")
	b.passesAxe("bad", pageStandards)
	b.wait("every complaint is there", func() bool { return len(b.heard()) >= 5 })
	b.noCookies()
	all := o.errors.String() + strings.Join(b.heard(), "\n")
	for _, want := range []string{"wider than the window", "breaks image-alt", "exception", "console error", "/missing.png answered 404",
		"loads http://tracker.hitchhiker.example", "ContentSecurityPolicyIssue", "cookies: "} {
		if !strings.Contains(all, want) {
			t.Errorf("not found: %s in\n%s", want, all)
		}
	}
}
