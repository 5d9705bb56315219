package login

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

const (
	begunCookie   = "__Host-desk-login-" // and how the login's state begins
	sessionCookie = "__Host-desk"
)

// begun is a login that has begun.
type begun struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	To       string `json:"t"`
	Again    bool   `json:"a,omitempty"`
	At       int64  `json:"i"` // when, epoch seconds
}

func (b begun) at() time.Time { return time.Unix(b.At, 0) }

// nameOf is the cookie's name of the login with a state. A state is ours where it
// has the length and the letters of one.
func nameOf(state string) (string, bool) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	if len(state) < 26 || strings.Trim(state, letters) != "" {
		return "", false
	}
	return begunCookie + state[:8], true
}

func (l *Login) keepBegun(w http.ResponseWriter, b begun) error {
	plain, err := json.Marshal(b)
	if err != nil {
		return err
	}
	token, err := l.Begun.Seal(plain)
	if err != nil {
		return err
	}
	name, _ := nameOf(b.State)
	setCookie(w, name, token, int(beginsFor.Seconds()))
	return nil
}

// takeBegun reads the cookie of the login with a state, and deletes it.
func (l *Login) takeBegun(w http.ResponseWriter, r *http.Request, state string) (begun, error) {
	name, ours := nameOf(state)
	if !ours {
		return begun{}, failed(NoCookie, "no state")
	}
	c, err := r.Cookie(name)
	if err != nil {
		return begun{}, failed(NoCookie, "none")
	}
	setCookie(w, name, "", -1)
	plain, err := l.Begun.Open(c.Value)
	var b begun
	if err != nil || json.Unmarshal(plain, &b) != nil {
		return begun{}, failed(NoCookie, "damaged")
	}
	if !same(b.State, state) {
		return begun{}, failed(NoCookie, "another state")
	}
	if age := l.Now().Sub(b.at()); age >= beginsFor || age < -skew {
		return b, failed(TooLate, "begun too long ago")
	}
	return b, nil
}

// named is what the session's cookie holds.
type named struct {
	Account string `json:"a"`
	Session string `json:"s"`
}

// Keep gives the browser the cookie of a session.
func (l *Login) Keep(w http.ResponseWriter, account, session string) error {
	plain, err := json.Marshal(named{account, session})
	if err != nil {
		return err
	}
	token, err := l.Session.Seal(plain)
	if err == nil {
		setCookie(w, sessionCookie, token, 0)
	}
	return err
}

// Cookie reads which session the browser has, if any.
func (l *Login) Cookie(r *http.Request) (account, session string, there bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return "", "", false
	}
	plain, err := l.Session.Open(c.Value)
	var n named
	if err != nil || json.Unmarshal(plain, &n) != nil || n.Account == "" || n.Session == "" {
		return "", "", false
	}
	return n.Account, n.Session, true
}

// Forget takes the session's cookie away.
func (l *Login) Forget(w http.ResponseWriter) { setCookie(w, sessionCookie, "", -1) }

// setCookie writes a cookie that this host alone gets, over TLS (RFC 6265bis section
// 4.1.3.2). Lax, since the way back from the provider begins at another site. maxAge
// in seconds; 0: until the browser is closed; below: it is deleted.
func setCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}
