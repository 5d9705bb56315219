package oidc

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

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
	for want, all := range map[string][]url.Values{
		"unsupported_response_type": {asking("response_type", "token"), asking("response_type", "")},
		"invalid_scope":             {asking("scope", "profile"), asking("scope", "")},
		"invalid_request": {asking("code_challenge", ""), asking("code_challenge_method", "plain"), asking("code_challenge_method", ""),
			asking("code_challenge", "short"), asking("prompt", "none")},
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

// goesOn reports whether whoever is logged in may go on without a button of their own.
func (r *rig) goesOn(asked url.Values) bool {
	r.tb.Helper()
	_, body := r.do("GET", "/oauth/authorize?"+asked.Encode(), nil)
	response, _ := r.do("POST", "/oauth/authorize?"+asked.Encode(), url.Values{"person": {"continue"}})
	offered := strings.Contains(body, "Continue as Officer")
	if taken := response.StatusCode == http.StatusSeeOther; taken != offered {
		r.tb.Errorf("going on is offered: %v, and possible: %v", offered, taken)
	}
	return offered
}

func TestLoginIsRememberedUnlessANewOneIsAskedFor(t *testing.T) {
	r := newRig(t)
	r.press(Officer, asking())
	first := float64(r.now.Unix())
	r.now = r.now.Add(20 * time.Minute)
	if !r.goesOn(asking()) || r.goesOn(asking("prompt", "login")) {
		t.Error("who is logged in goes on, unless a new login is asked for")
	}
	if got := r.idToken("continue", asking()); got["auth_time"] != first || got["sub"] != Officer {
		t.Error("going on is no new login:", got)
	}
	if got := r.idToken(Officer, asking("prompt", "login")); got["auth_time"] != float64(r.now.Unix()) {
		t.Error("pressing the button is a new login:", got)
	}
}

func TestLogoutEndsTheLogin(t *testing.T) {
	r := newRig(t)
	r.press(Officer, asking())
	leaving := func(changes ...string) string {
		return "/oauth/logout?" + changed(url.Values{"client_id": {"desk"}, "post_logout_redirect_uri": {"http://127.0.0.1:3000/desk"}}, changes).Encode()
	}
	for _, path := range []string{leaving("post_logout_redirect_uri", "http://127.0.0.1:3000/desk/"), leaving("client_id", ""), leaving("client_id", "other")} {
		if response, _ := r.do("GET", path, nil); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
	if !r.goesOn(asking()) {
		t.Error("a refused logout has logged out")
	}
	response, _ := r.do("GET", leaving(), nil)
	if to := response.Header.Get("Location"); to != "http://127.0.0.1:3000/desk" {
		t.Error(response.Status, to)
	}
	if r.goesOn(asking()) {
		t.Error("the login goes on after logout")
	}
}
