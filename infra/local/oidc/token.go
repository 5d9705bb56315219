package oidc

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

const tokenIsGood = 5 * time.Minute

// token exchanges a code (RFC 6749, 4.1.3).
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	if !p.knows(r) {
		w.Header().Set("WWW-Authenticate", `Basic realm="token"`)
		refuse(w, http.StatusUnauthorized, refusal{"invalid_client", "client id or secret is wrong"})
		return
	}
	if r.PostFormValue("grant_type") != "authorization_code" {
		refuse(w, http.StatusBadRequest, refusal{"unsupported_grant_type", "grant_type must be authorization_code"})
		return
	}
	g, fault := p.redeem(r.PostForm)
	if fault != nil {
		refuse(w, http.StatusBadRequest, *fault)
		return
	}
	idToken, err := jwt.Signed(p.signer).Claims(p.claims(g)).Serialize()
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

// knows checks the client, whose id and secret are form-encoded below Basic (RFC 6749, 2.3.1).
func (p *Provider) knows(r *http.Request) bool {
	user, password, _ := r.BasicAuth()
	id, err1 := url.QueryUnescape(user)
	secret, err2 := url.QueryUnescape(password)
	return err1 == nil && err2 == nil && id == p.config.ClientID && subtle.ConstantTimeCompare([]byte(secret), []byte(p.config.ClientSecret)) == 1
}

// redeem takes a code. Whoever tries it a second time gets nothing, even after
// a first try that failed.
func (p *Provider) redeem(form url.Values) (grant, *refusal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, known := p.grants[form.Get("code")]
	delete(p.grants, form.Get("code"))
	if !known || p.config.Now().After(g.until) {
		return grant{}, &refusal{"invalid_grant", "the code is unknown, used or too old"}
	}
	if form.Get("redirect_uri") != p.config.Callback {
		return grant{}, &refusal{"invalid_grant", "redirect_uri is not that of the authorization request"}
	}
	digest := sha256.Sum256([]byte(form.Get("code_verifier")))
	if base64.RawURLEncoding.EncodeToString(digest[:]) != g.ask.challenge {
		return grant{}, &refusal{"invalid_grant", "code_verifier does not belong to code_challenge"}
	}
	return g, nil
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
	return map[string]any{
		"iss": p.config.Issuer, "sub": who.Subject, "aud": p.config.ClientID,
		"iat": issued.Unix(), "exp": issued.Add(tokenIsGood).Unix(), "auth_time": g.login.at.Unix(),
		"nonce": nonce, "name": who.Name, "groups": who.Groups,
	}
}
