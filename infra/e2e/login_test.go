package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/oidc"
	"privacydesk/infra/local/stack"
	"privacydesk/shared/adapter/login"
)

// visitor is somebody at a browser, who looks at the desk.
type visitor struct {
	tb      testing.TB
	site    string
	browser *http.Client
}

// afresh opens a connection for each request. Files go to where the functions find S3, and in these tests that is a relay
// that forgets idle connections, as a frozen process finds them. A POST that meets one fails, for nobody may repeat it.
var afresh = &http.Transport{DisableKeepAlives: true}

func newVisitor(tb testing.TB, site string) *visitor {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &visitor{tb, site, &http.Client{Jar: trusting{jar}, Transport: afresh}}
}

// trusting takes every address as one by https. A browser trusts this machine's own addresses with cookies that are
// marked Secure; Go's jar takes them by https alone.
type trusting struct{ jar http.CookieJar }

func (t trusting) Cookies(u *url.URL) []*http.Cookie { return t.jar.Cookies(secure(u)) }

func (t trusting) SetCookies(u *url.URL, cookies []*http.Cookie) {
	t.jar.SetCookies(secure(u), cookies)
}

func secure(u *url.URL) *url.URL {
	out := *u
	out.Scheme = "https"
	return &out
}

// look gives what stands at an address in the end; form, if there is one, is posted.
func (v *visitor) look(address string, form url.Values) (at *url.URL, status int, body string) {
	v.tb.Helper()
	if form == nil {
		return v.send(request(v.tb, http.MethodGet, address, "", browser))
	}
	r := request(v.tb, http.MethodPost, address, form.Encode(), browser)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.send(r)
}

func (v *visitor) send(r *http.Request) (at *url.URL, status int, body string) {
	v.tb.Helper()
	response, err := v.browser.Do(r)
	if err != nil {
		v.tb.Fatal(err)
	}
	got := read(v.tb, response)
	return response.Request.URL, got.status, got.body
}

// choose presses a person's button on the page of the local provider, on the way to a path of the desk.
func (v *visitor) choose(person, to string) (at *url.URL, status int, body string) {
	v.tb.Helper()
	at, status, body = v.look(v.site+"/desk/login?to="+url.QueryEscape(to), nil)
	if status != http.StatusOK || !strings.HasSuffix(at.Path, "/oauth/authorize") {
		v.tb.Fatalf("the login leads to %s, which answers %d, and not to the provider's page: %s", at, status, body)
	}
	return v.look(at.String(), url.Values{"person": {person}})
}

// machine is a screen as JSON.
func (v *visitor) machine(path string) (status int, body string) {
	v.tb.Helper()
	_, status, body = v.send(request(v.tb, http.MethodGet, v.site+path, "", map[string]string{"Accept": "application/json"}))
	return status, body
}

// role is what the desk takes the visitor for; "" is nobody.
func (v *visitor) role() string {
	v.tb.Helper()
	status, body := v.machine("/desk/me")
	var me struct{ Role string }
	if status == http.StatusOK && json.Unmarshal([]byte(body), &me) != nil {
		v.tb.Fatal(body)
	}
	return me.Role
}

// Each person of the local provider gets the role of their group, or a page that says why not. Whoever logs out is led to
// the provider, which then asks anew.
func TestLoginAtTheLocalProvider(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true, ClockOffset: 400 * 24 * time.Hour}) // desk and provider go by one time
	defer d.Close()

	d.Logins.SetDown(true)
	v := newVisitor(t, d.URL)
	if at, status, body := v.look(d.URL+"/desk/login", nil); status != http.StatusServiceUnavailable || at.Host != strings.TrimPrefix(d.URL, "http://") {
		t.Errorf("the provider is down: %d at %s: %s", status, at, body)
	}
	d.Logins.SetDown(false)

	for person, want := range map[string]struct {
		role   string
		path   string
		status int
	}{
		oidc.Officer: {"officer", "/desk/me", 200}, oidc.SecondOfficer: {"officer", "/desk/me", 200}, oidc.Viewer: {"viewer", "/desk/me", 200},
		oidc.Auditor: {"auditor", "/desk/me", 200}, oidc.Admin: {"admin", "/desk/me", 200},
		oidc.NoRole: {"", login.PathCallback, 403}, oidc.ExpiredToken: {"", login.PathCallback, 400}, oidc.WrongNonce: {"", login.PathCallback, 400},
	} {
		v := newVisitor(t, d.URL)
		at, status, body := v.choose(person, "/desk/me")
		if got := v.role(); got != want.role || at.Path != want.path || status != want.status {
			t.Errorf("%s: role %q, %d at %s; want %+v: %s", person, got, status, at.Path, want, body)
		}
	}

	v = d.logIn(t, oidc.Officer)
	_, _, body := v.look(d.URL+"/desk/logout", url.Values{})
	if v.role() != "" {
		t.Error("the session goes on after the logout")
	}
	if _, _, page := v.look(d.URL+"/desk/login", nil); !strings.Contains(page, "Continue as Officer") {
		t.Error("the provider has forgotten the login by itself")
	}
	if at, status, _ := v.look(linkTo(t, body, d.Issuer()), nil); at.Path != login.PathLoggedOut || status != http.StatusOK {
		t.Errorf("the provider leads to %s, which answers %d", at, status)
	}
	if _, _, page := v.look(d.URL+"/desk/login", nil); strings.Contains(page, "Continue as") || !strings.Contains(page, "Who logs in?") {
		t.Error("the provider goes on after its logout:", page)
	}
}
