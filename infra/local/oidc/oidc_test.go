package oidc

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	callback = "http://127.0.0.1:3000/desk/callback"
	verifies = "a-verifier-of-at-least-forty-three-characters-0"
)

// rig is a provider, a browser that follows no redirect, and a clock.
type rig struct {
	*Provider
	tb      testing.TB
	browser *http.Client
	now     time.Time
}

func newRig(tb testing.TB) *rig {
	tb.Helper()
	r := &rig{tb: tb, browser: NewBrowser(), now: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.ServeHTTP(w, req) }))
	tb.Cleanup(server.Close)
	var err error
	r.Provider, err = New(Config{Issuer: server.URL, ClientID: "desk", ClientSecret: "s+ecret/", Callback: callback,
		AfterLogout: "http://127.0.0.1:3000/desk", Now: func() time.Time { return r.now }})
	if err != nil {
		tb.Fatal(err)
	}
	r.browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return r
}

// asking is a valid authorization request, with changes: "" takes a parameter out.
func asking(changes ...string) url.Values {
	digest := sha256.Sum256([]byte(verifies))
	q := url.Values{
		"client_id": {"desk"}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid profile"}, "state": {"S T"},
		"nonce": {"N"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(digest[:])}, "code_challenge_method": {"S256"},
	}
	return changed(q, changes)
}

func changed(q url.Values, changes []string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		if q.Set(changes[i], changes[i+1]); changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return q
}

func (r *rig) do(method, path string, form url.Values, headers ...string) (*http.Response, string) {
	r.tb.Helper()
	request, err := http.NewRequest(method, r.config.Issuer+path, strings.NewReader(form.Encode()))
	if err != nil {
		r.tb.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := r.browser.Do(request)
	if err != nil {
		r.tb.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		r.tb.Fatal(err)
	}
	return response, string(body)
}

// press presses a person's button; it returns what the desk is told.
func (r *rig) press(person string, asked url.Values) url.Values {
	r.tb.Helper()
	response, body := r.do("POST", "/oauth/authorize?"+asked.Encode(), url.Values{"person": {person}})
	return r.told(response, body)
}

func (r *rig) told(response *http.Response, body string) url.Values {
	r.tb.Helper()
	to, err := response.Location()
	if err != nil || response.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to.String(), callback+"?") {
		r.tb.Fatalf("%s to %v: %s", response.Status, to, body)
	}
	q := to.Query()
	if q.Get("iss") != r.config.Issuer || q.Get("state") != "S T" {
		r.tb.Errorf("RFC 9207 wants the issuer, and the client its state: %v", q)
	}
	return q
}

func exchanging(code string, changes ...string) url.Values {
	return changed(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifies},
		"client_id": {"desk"}, "client_secret": {"s+ecret/"}}, changes)
}

func (r *rig) exchange(form url.Values, headers ...string) (status int, answer map[string]any) {
	r.tb.Helper()
	response, body := r.do("POST", "/oauth/token", form, headers...)
	if err := json.Unmarshal([]byte(body), &answer); err != nil || response.Header.Get("Cache-Control") != "no-store" {
		r.tb.Fatal(err, body, response.Header)
	}
	return response.StatusCode, answer
}

// idToken logs a person in, and verifies the token with the published keys.
func (r *rig) idToken(person string, asked url.Values) map[string]any {
	r.tb.Helper()
	_, answer := r.exchange(exchanging(r.press(person, asked).Get("code")))
	text, _ := answer["id_token"].(string)
	_, body := r.do("GET", "/oauth/jwks", nil)
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(body), &keys); err != nil || len(keys.Keys) != 1 || !keys.Keys[0].IsPublic() {
		r.tb.Fatal(err, body)
	}
	parsed, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		r.tb.Fatal(err, answer)
	}
	claims := map[string]any{}
	if err := parsed.Claims(keys, &claims); err != nil {
		r.tb.Fatal(err)
	}
	return claims
}

func TestDiscoveryNamesWhatIsServed(t *testing.T) {
	r := newRig(t)
	_, body := r.do("GET", "/.well-known/openid-configuration", nil)
	var found map[string]any
	if err := json.Unmarshal([]byte(body), &found); err != nil {
		t.Fatal(err)
	}
	if found["issuer"] != r.config.Issuer || found["authorization_response_iss_parameter_supported"] != true {
		t.Error(body)
	}
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"} {
		path, ours := strings.CutPrefix(found[name].(string), r.config.Issuer)
		if response, _ := r.do("GET", path, nil); !ours || response.StatusCode == http.StatusNotFound {
			t.Errorf("%s: %s", name, response.Status)
		}
	}
}

func TestPersonsAreLoggedIn(t *testing.T) {
	r := newRig(t)
	for _, p := range persons {
		got := r.idToken(p.Subject, asking())
		now := float64(r.now.Unix())
		want := map[string]any{"iss": r.config.Issuer, "sub": p.Subject, "aud": "desk", "nonce": "N", "name": p.Name,
			"iat": now, "exp": now + 300, "auth_time": now, "groups": []any{p.Groups[0]}}
		switch p.Subject {
		case ExpiredToken:
			want["iat"], want["exp"] = now-3900, now-3600
		case WrongNonce:
			want["nonce"] = got["nonce"]
			if got["nonce"] == "N" {
				t.Error("the nonce is right")
			}
		}
		if !maps.EqualFunc(got, want, func(a, b any) bool { return jsonOf(t, a) == jsonOf(t, b) }) {
			t.Errorf("%s:\n got %v\nwant %v", p.Subject, got, want)
		}
	}
}

func jsonOf(tb testing.TB, v any) string {
	tb.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

func TestPageHasAButtonForEachPerson(t *testing.T) {
	r := newRig(t)
	response, body := r.do("GET", "/oauth/authorize?"+asking().Encode(), nil)
	for _, p := range persons {
		if !strings.Contains(body, `value="`+p.Subject+`">`+p.Label+`</button>`) {
			t.Errorf("%s has no button", p.Label)
		}
	}
	if strings.Contains(body, "Continue as") || !strings.Contains(response.Header.Get("Content-Security-Policy"), "form-action 'self' "+callback+";") {
		t.Error(response.Header, body)
	}
	if response, _ = r.do("GET", "/style.css", nil); response.StatusCode != http.StatusOK {
		t.Error(response.Status)
	}
}

// A fault of client or callback is told to the person: nothing is sent to an address that is not registered.
func TestUnknownClientsAreNotRedirectedTo(t *testing.T) {
	r := newRig(t)
	for name, asked := range map[string]url.Values{
		"other client": asking("client_id", "other"), "no client": asking("client_id", ""), "no callback": asking("redirect_uri", ""),
		"longer callback": asking("redirect_uri", callback+"/"), "query on it": asking("redirect_uri", callback+"?a=b"),
		"other host": asking("redirect_uri", "http://127.0.0.2:3000/desk/callback"), "two callbacks": {"client_id": {"desk"}, "redirect_uri": {callback, callback}},
	} {
		for _, method := range []string{"GET", "POST"} {
			response, body := r.do(method, "/oauth/authorize?"+asked.Encode(), url.Values{"person": {Officer}})
			if response.StatusCode != http.StatusBadRequest || response.Header.Get("Location") != "" || !strings.Contains(body, "That is not possible") {
				t.Errorf("%s, %s: %s to %q", name, method, response.Status, response.Header.Get("Location"))
			}
		}
	}
}

func TestInvalidRequestsAreToldToTheClient(t *testing.T) {
	r := newRig(t)
	twice := asking()
	twice.Add("nonce", "M")
	for want, all := range map[string][]url.Values{
		"unsupported_response_type": {asking("response_type", "token"), asking("response_type", "")},
		"invalid_scope":             {asking("scope", "profile"), asking("scope", "")},
		"invalid_request": {asking("code_challenge", ""), asking("code_challenge_method", "plain"), asking("code_challenge_method", ""),
			asking("code_challenge", "short"), asking("max_age", "soon"), asking("max_age", "-1"), asking("prompt", "consent"), asking("response_mode", "fragment"), twice},
		"request_not_supported": {asking("request", "x"), asking("request_uri", "x")},
		"login_required":        {asking("prompt", "none")},
	} {
		for _, asked := range all {
			response, body := r.do("GET", "/oauth/authorize?"+asked.Encode(), nil)
			if got := r.told(response, body); got.Get("error") != want || got.Has("code") {
				t.Errorf("%v: got %v, want %s", asked, got, want)
			}
		}
	}
	if got := r.press("cancel", asking()); got.Get("error") != "access_denied" {
		t.Error(got)
	}
	if response, _ := r.do("POST", "/oauth/authorize?"+asking().Encode(), url.Values{"person": {"somebody"}}); response.StatusCode != http.StatusBadRequest {
		t.Error("somebody was logged in:", response.Status)
	}
	if response, _ := r.do("POST", "/oauth/authorize?"+asking().Encode(), url.Values{"person": {Officer}}, "Sec-Fetch-Site", "cross-site"); response.StatusCode != http.StatusForbidden {
		t.Error("another site has pressed a button:", response.Status)
	}
}

func TestCodesAreExchangedOnce(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct {
		change []string
		status int
		want   string
	}{
		"other verifier":        {[]string{"code_verifier", verifies + "1"}, 400, "invalid_grant"},
		"no verifier":           {[]string{"code_verifier", ""}, 400, "invalid_grant"},
		"other callback":        {[]string{"redirect_uri", callback + "/"}, 400, "invalid_grant"},
		"no callback":           {[]string{"redirect_uri", ""}, 400, "invalid_grant"},
		"unknown code":          {[]string{"code", "x"}, 400, "invalid_grant"},
		"other grant":           {[]string{"grant_type", "refresh_token"}, 400, "unsupported_grant_type"},
		"wrong secret":          {[]string{"client_secret", "x"}, 401, "invalid_client"},
		"no secret":             {[]string{"client_secret", ""}, 401, "invalid_client"},
		"other client":          {[]string{"client_id", "x"}, 401, "invalid_client"},
		"wrong client and code": {[]string{"client_id", "x", "code", "x"}, 401, "invalid_client"},
	} {
		status, answer := r.exchange(exchanging(r.press(Officer, asking()).Get("code"), c.change...))
		if status != c.status || answer["error"] != c.want || answer["id_token"] != nil {
			t.Errorf("%s: %d, %v", name, status, answer)
		}
	}
	code := r.press(Officer, asking()).Get("code")
	if status, answer := r.exchange(exchanging(code)); status != http.StatusOK || answer["token_type"] != "Bearer" {
		t.Error(status, answer)
	}
	if _, answer := r.exchange(exchanging(code)); answer["error"] != "invalid_grant" {
		t.Error("a code was good twice:", answer)
	}
	code = r.press(Officer, asking()).Get("code")
	r.exchange(exchanging(code, "code_verifier", ""))
	if _, answer := r.exchange(exchanging(code)); answer["error"] != "invalid_grant" {
		t.Error("a code was good after a wrong verifier:", answer)
	}
	code = r.press(Officer, asking()).Get("code")
	r.now = r.now.Add(codeIsGood + time.Second)
	if _, answer := r.exchange(exchanging(code)); answer["error"] != "invalid_grant" {
		t.Error("an old code was good:", answer)
	}
}

// RFC 6749, 2.3.1: id and secret are form-encoded below Basic, and a client uses one way only.
func TestClientsMayUseBasic(t *testing.T) {
	r := newRig(t)
	basic := func(user, password string) string {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(user)+":"+url.QueryEscape(password)))
	}
	for name, c := range map[string]struct {
		header string
		change []string
		status int
	}{
		"right":          {basic("desk", "s+ecret/"), []string{"client_id", "", "client_secret", ""}, 200},
		"id named twice": {basic("desk", "s+ecret/"), []string{"client_secret", ""}, 200},
		"wrong secret":   {basic("desk", "x"), []string{"client_id", "", "client_secret", ""}, 401},
		"both ways":      {basic("desk", "s+ecret/"), nil, 401},
		"two clients":    {basic("desk", "s+ecret/"), []string{"client_id", "other", "client_secret", ""}, 401},
	} {
		status, answer := r.exchange(exchanging(r.press(Officer, asking()).Get("code"), c.change...), "Authorization", c.header)
		if status != c.status {
			t.Errorf("%s: %d, %v", name, status, answer)
		}
	}
}

func TestLoginIsRememberedAsLongAsTheClientAllows(t *testing.T) {
	r := newRig(t)
	r.press(Officer, asking())
	first := float64(r.now.Unix())
	r.now = r.now.Add(20 * time.Minute)
	for name, c := range map[string]struct {
		asked     url.Values
		goesOn    bool
		unasked   bool
		wantError string
	}{
		"nothing named":   {asked: asking(), goesOn: true},
		"long enough":     {asked: asking("max_age", "1200"), goesOn: true},
		"too long ago":    {asked: asking("max_age", "1199")},
		"zero":            {asked: asking("max_age", "0")},
		"prompt login":    {asked: asking("prompt", "login")},
		"none":            {asked: asking("prompt", "none"), unasked: true},
		"none, too late":  {asked: asking("prompt", "none", "max_age", "1199"), unasked: true, wantError: "login_required"},
		"none, in time":   {asked: asking("prompt", "none", "max_age", "1200"), unasked: true},
		"login, in time":  {asked: asking("prompt", "login", "max_age", "1200")},
		"more than a day": {asked: asking("max_age", "100000"), goesOn: true},
	} {
		response, body := r.do("GET", "/oauth/authorize?"+c.asked.Encode(), nil)
		if c.unasked {
			if got := r.told(response, body); got.Get("error") != c.wantError || got.Has("code") == (c.wantError != "") {
				t.Errorf("%s: %v", name, got)
			}
			continue
		}
		if strings.Contains(body, "Continue as Officer") != c.goesOn {
			t.Errorf("%s: going on is offered: %v", name, !c.goesOn)
		}
		if response, _ := r.do("POST", "/oauth/authorize?"+c.asked.Encode(), url.Values{"person": {"continue"}}); (response.StatusCode == http.StatusSeeOther) != c.goesOn {
			t.Errorf("%s: going on: %s", name, response.Status)
		}
	}
	if got := r.idToken("continue", asking()); got["auth_time"] != first || got["sub"] != Officer {
		t.Error("going on is no new login:", got)
	}
	if got := r.idToken(Officer, asking("max_age", "60")); got["auth_time"] != float64(r.now.Unix()) {
		t.Error("pressing the button is a new login:", got)
	}
}

func TestLogoutEndsTheLogin(t *testing.T) {
	r := newRig(t)
	_, answer := r.exchange(exchanging(r.press(Officer, asking()).Get("code")))
	hint := answer["id_token"].(string)
	back := url.Values{"post_logout_redirect_uri": {"http://127.0.0.1:3000/desk"}, "state": {"S"}}
	refused := map[string]url.Values{
		"other address":   changed(maps.Clone(back), []string{"client_id", "desk", "post_logout_redirect_uri", "http://127.0.0.1:3000/desk/"}),
		"nobody's":        back,
		"other client":    changed(maps.Clone(back), []string{"client_id", "other"}),
		"somebody's":      changed(maps.Clone(back), []string{"id_token_hint", hint[:len(hint)-8] + "AAAAAAAA"}),
		"no token at all": changed(maps.Clone(back), []string{"id_token_hint", "x", "client_id", "desk"}),
	}
	for name, q := range refused {
		if response, _ := r.do("GET", "/oauth/logout?"+q.Encode(), nil); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", name, response.Status)
		}
	}
	if response, body := r.do("GET", "/oauth/authorize?"+asking("prompt", "none").Encode(), nil); !r.told(response, body).Has("code") {
		t.Error("a refused logout has logged out")
	}
	r.now = r.now.Add(time.Hour) // an expired token is still a hint
	back.Set("id_token_hint", hint)
	response, _ := r.do("POST", "/oauth/logout", back)
	if to := response.Header.Get("Location"); to != "http://127.0.0.1:3000/desk?state=S" {
		t.Error(response.Status, to)
	}
	if response, body := r.do("GET", "/oauth/authorize?"+asking("prompt", "none").Encode(), nil); r.told(response, body).Get("error") != "login_required" {
		t.Error("the login goes on after logout")
	}
	if response, body := r.do("GET", "/oauth/logout", nil); response.StatusCode != http.StatusOK || !strings.Contains(body, "You are logged out") {
		t.Error(response.Status, body)
	}
}

func TestProviderCanBeDown(t *testing.T) {
	r := newRig(t)
	r.SetDown(true)
	if response, _ := r.do("GET", "/.well-known/openid-configuration", nil); response.StatusCode != http.StatusServiceUnavailable {
		t.Error(response.Status)
	}
	r.SetDown(false)
	if response, _ := r.do("GET", "/.well-known/openid-configuration", nil); response.StatusCode != http.StatusOK {
		t.Error(response.Status)
	}
}
