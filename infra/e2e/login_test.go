package e2e

import (
	"encoding/json"
	"io"
	"net/http"
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

func newVisitor(tb testing.TB, site string) *visitor {
	return &visitor{tb, site, oidc.NewBrowser()}
}

// look gives what stands at an address in the end; form, if there is one, is posted.
func (v *visitor) look(address string, form url.Values) (at *url.URL, status int, body string) {
	v.tb.Helper()
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if form != nil {
		request, err = http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	}
	if err != nil {
		v.tb.Fatal(err)
	}
	request.Header.Set("Accept", "text/html")
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	response, err := v.browser.Do(request)
	if err != nil {
		v.tb.Fatal(err)
	}
	return v.read(response)
}

func (v *visitor) read(response *http.Response) (at *url.URL, status int, body string) {
	v.tb.Helper()
	text, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		v.tb.Fatal(err)
	}
	return response.Request.URL, response.StatusCode, string(text)
}

// role is what the desk takes the visitor for; "" is nobody.
func (v *visitor) role() string {
	v.tb.Helper()
	request, err := http.NewRequest(http.MethodGet, v.site+"/desk/me", nil)
	if err != nil {
		v.tb.Fatal(err)
	}
	request.Header.Set("Accept", "application/json")
	response, err := v.browser.Do(request)
	if err != nil {
		v.tb.Fatal(err)
	}
	_, status, body := v.read(response)
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
		response, err := oidc.LogIn(t.Context(), v.browser, d.URL+"/desk/me", person)
		if err != nil {
			t.Fatal(person, err)
		}
		at, status, body := v.read(response)
		if got := v.role(); got != want.role || at.Path != want.path || status != want.status {
			t.Errorf("%s: role %q, %d at %s; want %+v: %s", person, got, status, at.Path, want, body)
		}
	}

	v = newVisitor(t, d.URL)
	response, err := oidc.LogIn(t.Context(), v.browser, d.URL+"/desk/me", oidc.Officer)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
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
