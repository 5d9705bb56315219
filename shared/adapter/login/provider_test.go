package login

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

var rsaKeys = sync.OnceValue(func() []*rsa.PrivateKey {
	var keys []*rsa.PrivateKey
	for range 2 {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys = append(keys, k)
	}
	return keys
})

// idp is an identity provider, of which every part can be spoilt.
type idp struct {
	*httptest.Server
	now      func() time.Time
	key      int  // which of rsaKeys signs
	shown    *int // which one it publishes; nil: the one that signs
	alg      string
	metadata map[string]any // over the usual
	claims   map[string]any // over the usual; nil takes one away
	answer   url.Values     // over the usual of the authorization answer; "" takes one away
	info     map[string]any // of userinfo
	refuse   string         // error of the token endpoint
	down     string         // path that answers 503

	codes map[string]url.Values // what was asked, by code; each is good once
	calls map[string]int        // by path
	basic string                // user of the last token call
}

func newIDP(t *testing.T, now func() time.Time) *idp {
	p := &idp{now: now, alg: "RS256", codes: map[string]url.Values{}, calls: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("/keys", p.jwks)
	mux.HandleFunc("/token", p.token)
	mux.HandleFunc("/userinfo", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, p.info) })
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.calls[r.URL.Path]++
		if r.URL.Path == p.down {
			http.Error(w, "zaphod@example.com is away", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *idp) discovery(w http.ResponseWriter, _ *http.Request) {
	m := map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/auth", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"end_session_endpoint": p.URL + "/end?x=1", "authorization_response_iss_parameter_supported": true,
		"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
	}
	maps.Copy(m, p.metadata)
	writeJSON(w, m)
}

func (p *idp) jwks(w http.ResponseWriter, _ *http.Request) {
	n := p.key
	if p.shown != nil {
		n = *p.shown
	}
	public := rsaKeys()[n].PublicKey
	writeJSON(w, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "kid": string(rune('a' + n)), "n": b64(public.N.Bytes()), "e": b64(big.NewInt(int64(public.E)).Bytes()),
	}}})
}

// authorize is what a browser gets that goes where Start has sent it: the way back.
func (p *idp) authorize(t *testing.T, to string) string {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil || !strings.HasPrefix(to, p.URL+"/auth?") {
		t.Fatalf("the browser is sent to %q", to)
	}
	asked := u.Query()
	code := rand.Text()
	p.codes[code] = asked
	answer := url.Values{"code": {code}, "state": {asked.Get("state")}, "iss": {p.URL}}
	for name, v := range p.answer {
		if answer[name] = v; v[0] == "" {
			answer.Del(name)
		}
	}
	return asked.Get("redirect_uri") + "?" + answer.Encode()
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	asked, there := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	digest := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	p.basic, _, _ = r.BasicAuth()
	refused := p.refuse
	if refused == "" && (!there || asked.Get("code_challenge_method") != "S256" || asked.Get("code_challenge") != b64(digest[:]) || asked.Get("redirect_uri") != r.PostFormValue("redirect_uri")) {
		refused = "invalid_grant"
	}
	if refused != "" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		writeJSON(w, map[string]string{"error": refused, "error_description": "zaphod@example.com may not"})
		return
	}
	c := map[string]any{
		"iss": p.URL, "sub": "user-1", "aud": "desk", "exp": p.now().Add(5 * time.Minute).Unix(), "iat": p.now().Unix(),
		"nonce": asked.Get("nonce"), "auth_time": p.now().Unix(), "name": "Anna Weber", "groups": []string{"everybody", "privacy"},
	}
	for name, v := range p.claims {
		if c[name] = v; v == nil {
			delete(c, name)
		}
	}
	answer := map[string]any{"access_token": "access", "token_type": "Bearer", "id_token": p.sign(c)}
	if c["sub"] == "no token" {
		delete(answer, "id_token")
	}
	writeJSON(w, answer)
}

func (p *idp) sign(c map[string]any) string {
	payload, _ := json.Marshal(c)
	head, _ := json.Marshal(map[string]string{"alg": p.alg, "kid": string(rune('a' + p.key)), "typ": "JWT"})
	text := b64(head) + "." + b64(payload)
	digest := sha256.Sum256([]byte(text))
	var signature []byte
	switch p.alg {
	case "RS256":
		signature, _ = rsa.SignPKCS1v15(nil, rsaKeys()[p.key], crypto.SHA256, digest[:])
	case "HS256": // with the public key as the secret, which everybody has
		mac := hmac.New(sha256.New, rsaKeys()[p.key].PublicKey.N.Bytes())
		mac.Write([]byte(text))
		signature = mac.Sum(nil)
	}
	return text + "." + b64(signature)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// rig is the desk, its provider, a browser, and their time.
type rig struct {
	*Login
	idp     *idp
	now     time.Time
	cookies map[string]*http.Cookie
}

func newRig(t *testing.T) *rig {
	t.Helper()
	g := &rig{now: testkit.T0, cookies: map[string]*http.Cookie{}}
	now := func() time.Time { return g.now }
	g.idp = newIDP(t, now)
	ring := testRing(t, `{"current":"k1","k1":"`+strings.Repeat("1", 32)+`"}`)
	g.Login = &Login{
		Issuer: g.idp.URL, ClientID: "desk", Secret: func(context.Context) (string, error) { return "hush-hush", nil },
		BaseURL: "https://desk.example", HTTP: &http.Client{Timeout: 2 * time.Second}, Now: now,
		Begun: link.Box{Ring: ring, Purpose: link.DeskLogin}, Session: link.Box{Ring: ring, Purpose: link.DeskSession},
		AccountID: func(issuer, subject string) string { return "id of " + strings.TrimPrefix(issuer, g.idp.URL) + subject },
		Groups:    []string{"cognito:groups", "groups", "realm_access.roles"}, Roles: map[string]staff.Role{"privacy": staff.Officer, "legal": staff.Viewer},
	}
	return g
}

func testRing(t *testing.T, text string) *link.KeyRing {
	t.Helper()
	ring, err := link.ParseKeyRing(text)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// request is one of the browser, with its cookies.
func (g *rig) request(address string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, address, nil)
	for _, c := range g.cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	return r
}

// took keeps and drops cookies as a browser does.
func (g *rig) took(w *httptest.ResponseRecorder) {
	for _, c := range w.Result().Cookies() {
		if g.cookies[c.Name] = c; c.MaxAge < 0 {
			delete(g.cookies, c.Name)
		}
	}
}

// start begins a login, and returns the address of the way back from the provider.
func (g *rig) start(t *testing.T, to string, again bool) string {
	t.Helper()
	w := httptest.NewRecorder()
	if err := g.Start(w, g.request("https://desk.example/desk/login"), to, again); err != nil {
		t.Fatal(err)
	}
	g.took(w)
	return g.idp.authorize(t, w.Header().Get("Location"))
}

func (g *rig) finish(address string) (staff.Account, string, error) {
	w := httptest.NewRecorder()
	a, to, err := g.Finish(w, g.request(address))
	g.took(w)
	return a, to, err
}
