package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"privacydesk/infra/local/stack"
)

// Nobody without a signature gets to the routes of the sender's own systems.
func TestSendersRoutesNeedASignature(t *testing.T) {
	d := shared(t)
	guarded := 0
	for _, route := range d.Template.Routes {
		if !route.IAM {
			continue
		}
		guarded++
		for name, authorization := range map[string]string{"none": "", "basic": "Basic bG9jYWw6bG9jYWw=", "no signature": "AWS4-HMAC-SHA256 Credential=local"} {
			r := request(t, route.Method, d.URL+route.Path, `{"addresses":["a@hitchhiker.example"],"channel":"email"}`, map[string]string{"Content-Type": "application/json"})
			if authorization != "" {
				r.Header.Set("Authorization", authorization)
			}
			if got := do(t, r); got.status != http.StatusForbidden {
				t.Errorf("%s with %s: %d", route.Key(), name, got.status)
			}
		}
		if got := do(t, request(t, route.Method, d.URL+route.Path, `{}`, signed)); got.status == http.StatusForbidden {
			t.Errorf("%s refuses a signature", route.Key())
		}
	}
	if guarded < 2 {
		t.Errorf("the template guards %d routes", guarded)
	}
}

// A source, and an address, may post a form so often; a link may be used
// however often, for nobody must be kept from leaving.
func TestLimits(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true, Parameters: map[string]string{"SourcePostsPerMinute": "20", "AddressPostsPerHour": "5"}})
	defer d.Close()
	address, _ := person(t)
	taken, refused := d.untilRefused(t, 5, func(int) string { return address })
	if taken > 10 { // a window may have ended meanwhile
		t.Errorf("%d posts for one address were taken", taken)
	}
	if seconds, err := strconv.Atoi(refused.header.Get("Retry-After")); err != nil || seconds < 1 {
		t.Errorf("Retry-After %q", refused.header.Get("Retry-After"))
	}
	taken, _ = d.untilRefused(t, 20-5, func(n int) string { return fmt.Sprintf("trillian.%d@hitchhiker.example", n) })
	if taken > 40 {
		t.Errorf("%d posts from one source were taken", taken)
	}
	if got := d.states(t, fmt.Sprintf("trillian.%d@hitchhiker.example", taken)); got != "" {
		t.Errorf("a refused post left %q", got)
	}
	link := d.link(t, address, "")
	for range 50 {
		d.accepted(t, d.oneClick(t, link))
	}
}

// untilRefused posts until it is refused, each time as somebody else as far
// as headers tell; at least so many posts must be taken before.
func (d *desk) untilRefused(t *testing.T, least int, address func(n int) string) (taken int, refused answer) {
	t.Helper()
	for n := range 100 {
		r := request(t, http.MethodPost, d.URL+"/unsubscribe", url.Values{"email": {address(n)}}.Encode(), browser)
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n))
		switch got := do(t, r); {
		case got.status == http.StatusTooManyRequests && n >= least:
			return n, got
		case got.status != http.StatusOK:
			t.Fatalf("post %d: %d", n, got.status)
		}
	}
	t.Fatal("100 posts, and none was refused")
	return 0, answer{}
}
