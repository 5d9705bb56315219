package login

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// algorithms are those by which a token may be signed: with a key of which the
// provider alone has the private half.
var algorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
}

// claims are what the token says of the person, and what of the login.
type claims struct {
	Subject  string
	SignedIn time.Time // zero: the provider does not say
	All      map[string]any
}

// verify checks the ID token (OpenID Connect Core 1.0 section 3.1.3.7).
func (l *Login) verify(ctx context.Context, p *provider, token *oauth2.Token, b begun) (claims, error) {
	raw, _ := token.Extra("id_token").(string)
	if raw == "" {
		return claims{}, failed(BadToken, "no ID token")
	}
	keys := &watched{KeySet: p.keys}
	early := func() time.Time { return l.Now().Add(-skew) }
	id, err := oidc.NewVerifier(l.Issuer, keys, &oidc.Config{SkipClientIDCheck: true, SupportedSigningAlgs: algorithms, Now: early}).Verify(ctx, raw)
	if err != nil {
		return claims{}, keys.why(err)
	}
	var said struct {
		AuthTime json.Number `json:"auth_time"`
		Party    *string     `json:"azp"`
	}
	c := claims{Subject: id.Subject}
	if id.Claims(&said) != nil || id.Claims(&c.All) != nil || id.Subject == "" {
		return claims{}, failed(BadToken, "claims")
	}
	switch {
	case !slices.Contains(id.Audience, l.ClientID), said.Party != nil && *said.Party != l.ClientID, said.Party == nil && len(id.Audience) > 1:
		return claims{}, failed(WrongAudience, "aud, azp")
	case !same(id.Nonce, b.Nonce):
		return claims{}, failed(WrongNonce, "nonce")
	case id.AccessTokenHash != "" && id.VerifyAccessToken(token.AccessToken) != nil:
		return claims{}, failed(BadToken, "at_hash")
	}
	c.SignedIn, err = l.signedIn(said.AuthTime, b)
	return c, err
}

// signedIn is when the person has proved who they are. A time that is still to come
// counts as now.
func (l *Login) signedIn(authTime json.Number, b begun) (time.Time, error) {
	seconds, err := authTime.Float64()
	if authTime != "" && err != nil {
		return time.Time{}, failed(BadToken, "auth_time")
	}
	at := time.Time{}
	if authTime != "" {
		at = time.Unix(int64(seconds), 0).UTC()
	}
	if b.Again && at.Before(b.at().Add(-freshFor-skew)) {
		return time.Time{}, failed(StaleLogin, "auth_time")
	}
	if now := l.Now(); at.After(now) {
		at = now
	}
	return at, nil
}

// watched is a set of keys that remembers why a signature was refused.
type watched struct {
	oidc.KeySet
	err error
}

// VerifySignature implements oidc.KeySet.
func (w *watched) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := w.KeySet.VerifySignature(ctx, jwt)
	w.err = err
	return payload, err
}

// why is the failure that the verifier's error means. The library wraps an error
// only where it could not fetch the keys.
func (w *watched) why(err error) error {
	if _, expired := errors.AsType[*oidc.TokenExpiredError](err); expired {
		return failed(TooLate, "exp")
	}
	switch {
	case w.err != nil && errors.Unwrap(w.err) != nil:
		return failed(ProviderDown, "read the keys"+reason(w.err))
	case w.err != nil:
		return failed(UnknownKey, "signature")
	}
	return failed(BadToken, "form, algorithm, iss or nbf")
}
