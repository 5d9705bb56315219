package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"privacydesk/shared/testkit"
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

// asAnother are headers that might make a request pass for another, or for a
// signed one.
func asAnother(path string) []string {
	return []string{"", "X-HTTP-Method-Override: POST\r\nX-Original-URL: " + path + "\r\n", "Authorization: AWS4-HMAC-SHA256 Credential=local\r\n"}
}

// Every route of the template with a closing slash, and in other spellings, by
// every method and unsigned: public ones answer as without it, no other is served.
func TestSpellingsOfEveryRoute(t *testing.T) {
	d := shared(t)
	address, _ := person(t)
	link := d.link(t, address, "")
	d.oneClick(t, link)
	d.quiet(t)
	before, calls := d.everything(t), d.storeCalls()
	if calls == 0 {
		t.Error("no call of DynamoDB is counted")
	}
	for _, route := range d.Template.Routes {
		if !route.IAM {
			continue
		}
		path := strings.NewReplacer("{id}", "PD-7K3M-9QXT-40BZ-1HNE", "{action}", "withdraw", "{rest+}", "x").Replace(route.Path)
		for _, spelling := range testkit.Spellings(path) {
			for _, method := range testkit.Methods {
				for _, headers := range asAnother(path) {
					if got := d.raw(t, method, spelling, headers); got < 400 {
						t.Errorf("%s %s with %q: %d", method, spelling, headers, got)
					}
				}
			}
		}
	}
	if more := d.storeCalls() - calls; more != 0 {
		t.Errorf("the functions called DynamoDB %d times", more)
	}
	if after := d.everything(t); after != before {
		t.Errorf("something was written:\nbefore %s\nafter  %s", before, after)
	}
	for _, c := range []struct{ path, body string }{
		{"/unsubscribe/", "email=" + url.QueryEscape(address)}, {link + "/", "List-Unsubscribe=One-Click"},
		{"/requests/", "kind=objection&email=" + url.QueryEscape(address)}, {"/receipts/check/", "receipt=x"},
	} {
		if got := do(t, request(t, http.MethodPost, d.URL+c.path, c.body, browser)); got.status != http.StatusOK {
			t.Errorf("POST %s: %d", c.path, got.status)
		}
	}
	if got := d.get(t, "/nowhere"); got.status != http.StatusNotFound || !strings.Contains(got.body, "does not exist") || got.header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// raw sends a request line as it is written, with lines of headers, and gives the answer's status.
func (d *desk) raw(t *testing.T, method, target, headers string) int {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(d.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	if _, err := fmt.Fprintf(connection, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n", method, target, headers); err != nil {
		t.Fatal(err)
	}
	got, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatalf("%s %s: %v", method, target, err)
	}
	defer func() { _ = got.Body.Close() }()
	return got.StatusCode
}
