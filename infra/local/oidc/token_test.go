package oidc

import (
	"encoding/base64"
	"net/http"
	"testing"
	"time"
)

func TestCodesAreExchangedOnce(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct {
		change []string
		status int
		want   string
	}{
		"other verifier": {[]string{"code_verifier", verifies + "1"}, 400, "invalid_grant"},
		"no verifier":    {[]string{"code_verifier", ""}, 400, "invalid_grant"},
		"other callback": {[]string{"redirect_uri", callback + "/"}, 400, "invalid_grant"},
		"no callback":    {[]string{"redirect_uri", ""}, 400, "invalid_grant"},
		"unknown code":   {[]string{"code", "x"}, 400, "invalid_grant"},
		"other grant":    {[]string{"grant_type", "refresh_token"}, 400, "unsupported_grant_type"},
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

// RFC 6749, 2.3.1: id and secret are form-encoded below Basic.
func TestTheClientMustSayWhoItIs(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct {
		header string
		status int
	}{
		"right":        {basic("desk", "s+ecret/"), 200},
		"wrong secret": {basic("desk", "x"), 401},
		"no secret":    {basic("desk", ""), 401},
		"other client": {basic("other", "s+ecret/"), 401},
		"not encoded":  {"Basic " + base64.StdEncoding.EncodeToString([]byte("desk:s+ecret/")), 401},
		"nobody":       {"", 401},
	} {
		status, answer := r.exchangeAs(c.header, exchanging(r.press(Officer, asking()).Get("code")))
		if status != c.status || (answer["error"] == "invalid_client") != (status == 401) {
			t.Errorf("%s: %d, %v", name, status, answer)
		}
	}
}
