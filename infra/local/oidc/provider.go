// Package oidc is the OpenID provider of the stack on one machine: whoever
// presses a person's button is logged in as that person.
//
// Towards the desk it is as strict as a real one, and knows no more than the desk
// asks for: code flow with PKCE (RFC 6749, RFC 7636), OpenID Connect Core 1.0 and
// Discovery 1.0, the issuer in the authorization response (RFC 9207), RP-Initiated
// Logout 1.0.
//
// It must not be reachable from elsewhere, for it asks for no password, nor
// hold anything that the desk decides: what a group may do is desk.yaml's.
package oidc

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Config says for whom it logs people in. All fields are needed.
type Config struct {
	Issuer       string // its own address, without a closing slash
	ClientID     string
	ClientSecret string
	Callback     string           // the one redirect_uri, compared exactly
	AfterLogout  string           // the one post_logout_redirect_uri, compared exactly
	Now          func() time.Time // of tokens and logins
}

// Provider is an http.Handler.
type Provider struct {
	config Config
	key    jose.JSONWebKey
	signer jose.Signer
	routes http.Handler
	down   atomic.Bool

	mu     sync.Mutex
	grants map[string]grant // by code
	logins map[string]login // by the value of the cookie
}

const algorithm = jose.RS256 // Cognito's, and the one that every provider must offer (OpenID Connect Core, 15.1)

// New makes a provider with a key of its own.
func New(config Config) (*Provider, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	key := jose.JSONWebKey{Key: private, KeyID: rand.Text(), Algorithm: string(algorithm), Use: "sig"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return nil, fmt.Errorf("make the signer of the local OpenID provider: %w", err)
	}
	p := &Provider{config: config, key: key, signer: signer, grants: map[string]grant{}, logins: map[string]login{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discover)
	mux.HandleFunc("GET /oauth/jwks", p.keys)
	mux.HandleFunc("GET /oauth/authorize", p.authorize)
	mux.HandleFunc("POST /oauth/authorize", p.choose)
	mux.HandleFunc("POST /oauth/token", p.token)
	mux.HandleFunc("GET /oauth/logout", p.logout)
	mux.HandleFunc("GET /style.css", style)
	p.routes = http.NewCrossOriginProtection().Handler(mux)
	return p, nil
}

// SetDown makes it answer 503 to everything, as a provider with a fault does.
func (p *Provider) SetDown(down bool) { p.down.Store(down) }

// ServeHTTP implements http.Handler.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if p.down.Load() {
		http.Error(w, "The provider is down.", http.StatusServiceUnavailable)
		return
	}
	p.routes.ServeHTTP(w, r)
}

// discover answers as OpenID Connect Discovery 1.0, section 3, and RFC 8414 have it.
func (p *Provider) discover(w http.ResponseWriter, _ *http.Request) {
	at := p.config.Issuer + "/oauth/"
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                         p.config.Issuer,
		"authorization_endpoint":                         at + "authorize",
		"token_endpoint":                                 at + "token",
		"jwks_uri":                                       at + "jwks",
		"end_session_endpoint":                           at + "logout",
		"response_types_supported":                       []string{"code"},
		"subject_types_supported":                        []string{"public"},
		"id_token_signing_alg_values_supported":          []string{string(algorithm)},
		"scopes_supported":                               []string{"openid", "profile"},
		"token_endpoint_auth_methods_supported":          []string{"client_secret_basic"},
		"code_challenge_methods_supported":               []string{"S256"},
		"authorization_response_iss_parameter_supported": true,
	})
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.key.Public()}})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
