package oidc

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const tokenIsGood = 5 * time.Minute

// token exchanges a code (RFC 6749, 4.1.3).
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || repeated(r.PostForm) {
		refuse(w, http.StatusBadRequest, refusal{"invalid_request", "the body must be a form in which nothing stands twice"})
		return
	}
	if fault := p.authenticate(r); fault != nil {
		w.Header().Set("WWW-Authenticate", `Basic realm="token"`)
		refuse(w, http.StatusUnauthorized, *fault)
		return
	}
	if r.PostForm.Get("grant_type") != "authorization_code" {
		refuse(w, http.StatusBadRequest, refusal{"unsupported_grant_type", "grant_type must be authorization_code"})
		return
	}
	g, fault := p.redeem(r.PostForm)
	if fault != nil {
		refuse(w, http.StatusBadRequest, *fault)
		return
	}
	idToken, err := p.sign(p.claims(g))
	if err != nil {
		refuse(w, http.StatusInternalServerError, refusal{"server_error", err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": rand.Text(), "token_type": "Bearer", "expires_in": int(tokenIsGood.Seconds()), "id_token": idToken,
	})
}

func refuse(w http.ResponseWriter, status int, fault refusal) {
	writeJSON(w, status, map[string]string{"error": fault.code, "error_description": fault.description})
}

func repeated(form url.Values) bool {
	for _, values := range form {
		if len(values) > 1 {
			return true
		}
	}
	return false
}

// authenticate checks the client in one of the two ways, never in both (RFC 6749, 2.3).
func (p *Provider) authenticate(r *http.Request) *refusal {
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if user, password, basic := r.BasicAuth(); basic {
		named, err1 := url.QueryUnescape(user)
		given, err2 := url.QueryUnescape(password)
		if err1 != nil || err2 != nil || secret != "" || id != "" && id != named {
			return &refusal{"invalid_client", "the client must say once who it is"}
		}
		id, secret = named, given
	}
	if id != p.config.ClientID || subtle.ConstantTimeCompare([]byte(secret), []byte(p.config.ClientSecret)) != 1 {
		return &refusal{"invalid_client", "client id or secret is wrong"}
	}
	return nil
}

// verifier is a code_verifier of RFC 7636, 4.1.
var verifier = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// redeem takes a code. Whoever tries it a second time gets nothing, even after
// a first try that failed.
func (p *Provider) redeem(form url.Values) (grant, *refusal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, known := p.grants[form.Get("code")]
	if !known || g.used || p.config.Now().After(g.until) {
		return grant{}, &refusal{"invalid_grant", "the code is unknown, used or too old"}
	}
	g.used = true
	if form.Get("redirect_uri") != p.config.Callback {
		return grant{}, &refusal{"invalid_grant", "redirect_uri is not that of the authorization request"}
	}
	digest := sha256.Sum256([]byte(form.Get("code_verifier")))
	if !verifier.MatchString(form.Get("code_verifier")) || base64.RawURLEncoding.EncodeToString(digest[:]) != g.ask.challenge {
		return grant{}, &refusal{"invalid_grant", "code_verifier does not belong to code_challenge"}
	}
	return *g, nil
}

// claims are those of the ID token, with what is wrong on purpose.
func (p *Provider) claims(g grant) map[string]any {
	who, issued, nonce := g.login.person, p.config.Now(), g.ask.nonce
	switch who.Subject {
	case ExpiredToken:
		issued = issued.Add(-time.Hour - tokenIsGood)
	case WrongNonce:
		nonce = rand.Text()
	}
	claims := map[string]any{
		"iss": p.config.Issuer, "sub": who.Subject, "aud": p.config.ClientID,
		"iat": issued.Unix(), "exp": issued.Add(tokenIsGood).Unix(), "auth_time": g.login.at.Unix(),
		"name": who.Name, "groups": who.Groups,
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	return claims
}

func (p *Provider) sign(claims map[string]any) (string, error) {
	return jwt.Signed(p.signer).Claims(claims).Serialize()
}

// signed tells whether a text is an ID token of ours, expired or not.
func (p *Provider) signed(idToken string) bool {
	parsed, err := jwt.ParseSigned(idToken, []jose.SignatureAlgorithm{algorithm})
	if err != nil {
		return false
	}
	var claims jwt.Claims
	return parsed.Claims(p.key.Public().Key, &claims) == nil && claims.Issuer == p.config.Issuer
}
