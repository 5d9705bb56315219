package oidc

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// ask is a valid authorization request.
type ask struct {
	nonce, challenge string
	again            bool // whoever is logged in must log in anew
}

// login is a person at a browser.
type login struct {
	person person
	at     time.Time
}

// grant is what a code stands for.
type grant struct {
	ask   ask
	login login
	until time.Time
}

const (
	cookieName = "oidc_login"
	cookiePath = "/oauth/"
	codeIsGood = time.Minute // RFC 6749, 4.1.2, recommends ten at most
)

// refusal is an error of RFC 6749, 4.1.2.1, or of OpenID Connect Core, 3.1.2.6.
type refusal struct{ code, description string }

func (r refusal) values() url.Values {
	return url.Values{"error": {r.code}, "error_description": {r.description}}
}

// authorize shows the page of persons.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	if asked, ok := p.read(w, r); ok {
		p.showPersons(w, r, p.lastLogin(r, asked))
	}
}

// choose takes the button that was pressed.
func (p *Provider) choose(w http.ResponseWriter, r *http.Request) {
	asked, ok := p.read(w, r)
	if !ok {
		return
	}
	pressed := r.PostFormValue("person")
	if pressed == "cancel" {
		p.answer(w, r, refusal{"access_denied", "the person did not want to log in"}.values())
		return
	}
	last := p.lastLogin(r, asked)
	chosen, known := personOf(pressed)
	if known {
		last = &login{chosen, p.config.Now()}
		p.remember(w, *last)
	} else if pressed != "continue" || last == nil {
		problem(w, "Nobody of that name can be logged in.")
		return
	}
	p.answer(w, r, url.Values{"code": {p.newCode(asked, *last)}})
}

// read checks an authorization request. A fault of client or redirect_uri is
// told to the person, every other to the client (RFC 6749, 4.1.2.1).
func (p *Provider) read(w http.ResponseWriter, r *http.Request) (ask, bool) {
	q := r.URL.Query()
	switch {
	case !slices.Equal(q["client_id"], []string{p.config.ClientID}):
		problem(w, "This provider does not know the client_id.")
		return ask{}, false
	case !slices.Equal(q["redirect_uri"], []string{p.config.Callback}):
		problem(w, "The redirect_uri is not exactly the one that is registered, "+p.config.Callback+".")
		return ask{}, false
	}
	asked, fault := readAsk(q)
	if fault != nil {
		p.answer(w, r, fault.values())
	}
	return asked, fault == nil
}

// challenge is a SHA-256 in base64url.
var challenge = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

func readAsk(q url.Values) (ask, *refusal) {
	a := ask{nonce: q.Get("nonce"), challenge: q.Get("code_challenge"), again: q.Get("prompt") == "login"}
	switch {
	case q.Get("response_type") != "code":
		return a, &refusal{"unsupported_response_type", "response_type must be code"}
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return a, &refusal{"invalid_scope", "scope must hold openid"}
	case q.Get("code_challenge_method") != "S256" || !challenge.MatchString(a.challenge):
		return a, &refusal{"invalid_request", "PKCE is required, with code_challenge_method S256"}
	case q.Has("prompt") && !a.again:
		return a, &refusal{"invalid_request", "prompt can only be login"}
	}
	return a, nil
}

// answer leads back to the client, with state and issuer (RFC 9207).
func (p *Provider) answer(w http.ResponseWriter, r *http.Request, values url.Values) {
	if q := r.URL.Query(); q.Has("state") {
		values.Set("state", q.Get("state"))
	}
	values.Set("iss", p.config.Issuer)
	http.Redirect(w, r, p.config.Callback+"?"+values.Encode(), http.StatusSeeOther)
}

// lastLogin is who is logged in at this browser, unless a new login is asked for.
func (p *Provider) lastLogin(r *http.Request, asked ask) *login {
	cookie, err := r.Cookie(cookieName)
	if err != nil || asked.again {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	last, ok := p.logins[cookie.Value]
	if !ok {
		return nil
	}
	return &last
}

func (p *Provider) remember(w http.ResponseWriter, l login) {
	id := rand.Text()
	p.mu.Lock()
	p.logins[id] = l
	p.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: id, Path: cookiePath, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

func (p *Provider) newCode(asked ask, by login) string {
	code := rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.grants[code] = grant{ask: asked, login: by, until: p.config.Now().Add(codeIsGood)}
	return code
}
