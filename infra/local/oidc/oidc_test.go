package oidc

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
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
	r := &rig{tb: tb, browser: &http.Client{}, now: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.ServeHTTP(w, req) }))
	tb.Cleanup(server.Close)
	var err error
	r.Provider, err = New(Config{Issuer: server.URL, ClientID: "desk", ClientSecret: "s+ecret/", Callback: callback,
		AfterLogout: "http://127.0.0.1:3000/desk", Now: func() time.Time { return r.now }})
	if err != nil {
		tb.Fatal(err)
	}
	if r.browser.Jar, err = cookiejar.New(nil); err != nil {
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
	return changed(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifies}}, changes)
}

// basic shows who the client is.
func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(user)+":"+url.QueryEscape(password)))
}

func (r *rig) exchange(form url.Values) (status int, answer map[string]any) {
	r.tb.Helper()
	return r.exchangeAs(basic("desk", "s+ecret/"), form)
}

func (r *rig) exchangeAs(client string, form url.Values) (status int, answer map[string]any) {
	r.tb.Helper()
	response, body := r.do("POST", "/oauth/token", form, "Authorization", client)
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
