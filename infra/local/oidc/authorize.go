package oidc

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ask is a valid authorization request.
type ask struct {
	nonce, challenge, prompt string
	maxAge                   time.Duration // negative: none was named
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
	used  bool
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

// authorize shows the page of persons, or answers at once where it may not.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	asked, ok := p.read(w, r)
	if !ok {
		return
	}
	last := p.lastLogin(r, asked)
	switch {
	case asked.prompt != "none":
		p.showPersons(w, r, last)
	case last == nil:
		p.answer(w, r, refusal{"login_required", "nobody is logged in, or too long ago"}.values())
	default:
		p.answer(w, r, url.Values{"code": {p.newCode(asked, *last)}})
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
	if !slices.Equal(q["client_id"], []string{p.config.ClientID}) {
		problem(w, "This provider does not know the client_id.")
		return ask{}, false
	}
	if !slices.Equal(q["redirect_uri"], []string{p.config.Callback}) {
		problem(w, "The redirect_uri is not exactly the one that is registered, "+p.config.Callback+".")
		return ask{}, false
	}
	asked, fault := readAsk(q)
	if fault != nil {
		p.answer(w, r, fault.values())
		return ask{}, false
	}
	return asked, true
}

// challenge is a SHA-256 in base64url.
var challenge = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

func readAsk(q url.Values) (ask, *refusal) {
	for name, values := range q {
		if len(values) > 1 {
			return ask{}, &refusal{"invalid_request", name + " stands there twice"}
		}
	}
	a := ask{nonce: q.Get("nonce"), challenge: q.Get("code_challenge"), prompt: q.Get("prompt"), maxAge: -1}
	if text := q.Get("max_age"); text != "" {
		seconds, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return a, &refusal{"invalid_request", "max_age must be a number of seconds"}
		}
		a.maxAge = time.Duration(seconds) * time.Second
	}
	switch {
	case q.Has("request") || q.Has("request_uri"):
		return a, &refusal{"request_not_supported", "request objects are not supported"}
	case q.Get("response_type") != "code":
		return a, &refusal{"unsupported_response_type", "response_type must be code"}
	case q.Get("response_mode") != "" && q.Get("response_mode") != "query":
		return a, &refusal{"invalid_request", "response_mode must be query"}
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return a, &refusal{"invalid_scope", "scope must hold openid"}
	case q.Get("code_challenge_method") != "S256" || !challenge.MatchString(a.challenge):
		return a, &refusal{"invalid_request", "PKCE is required, with code_challenge_method S256"}
	case a.prompt != "" && a.prompt != "none" && a.prompt != "login":
		return a, &refusal{"invalid_request", "prompt must be none or login"}
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

// lastLogin is who is logged in at this browser, recently enough for what is asked.
func (p *Provider) lastLogin(r *http.Request, asked ask) *login {
	cookie, err := r.Cookie(cookieName)
	if err != nil || asked.prompt == "login" {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	last, ok := p.logins[cookie.Value]
	if !ok || asked.maxAge >= 0 && p.config.Now().Sub(last.at) > asked.maxAge {
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

// newCode makes a code, and forgets those that are no longer good.
func (p *Provider) newCode(asked ask, by login) string {
	code, now := rand.Text(), p.config.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for old, g := range p.grants {
		if now.After(g.until) {
			delete(p.grants, old)
		}
	}
	p.grants[code] = &grant{ask: asked, login: by, until: now.Add(codeIsGood)}
	return code
}
