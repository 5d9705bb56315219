package login

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"privacydesk/shared/adapter/link"
)

func TestACallbackWorksOnce(t *testing.T) {
	g := newRig(t)
	back := g.start(t, "/desk", false)
	kept := g.cookies
	g.cookies = map[string]*http.Cookie{}
	for name, c := range kept {
		g.cookies[name] = c
	}
	if _, _, err := g.finish(back); err != nil {
		t.Fatal(err)
	}
	if _, _, err := g.finish(back); CodeOf(err) != NoCookie {
		t.Errorf("loaded again: %v", err)
	}
	g.cookies = kept
	if _, _, err := g.finish(back); CodeOf(err) != Replay {
		t.Errorf("with a copy of the cookie: %v", err)
	}
}

// Somebody else's login does not become that of this browser, and tabs do not spoil each other's.
func TestLoginsStayApart(t *testing.T) {
	mine, other := newRig(t), newRig(t)
	if _, _, err := mine.finish(other.start(t, "/desk", false)); CodeOf(err) != NoCookie {
		t.Errorf("another browser's answer: %v", err)
	}
	one, two := mine.start(t, "/desk/one", false), mine.start(t, "/desk/two", false)
	for want, back := range map[string]string{"/desk/one": one, "/desk/two": two} {
		if _, to, err := mine.finish(back); err != nil || to != want {
			t.Errorf("the tab of %s: to %q, %v", want, to, err)
		}
	}
	u, _ := url.Parse(mine.start(t, "/desk", false))
	q := u.Query()
	q.Set("state", q.Get("state")[:8]+strings.Repeat("A", 18))
	u.RawQuery = q.Encode()
	if _, _, err := mine.finish(u.String()); CodeOf(err) != NoCookie {
		t.Errorf("a state that begins like ours: %v", err)
	}
	u1, u2 := mine.start(t, "/desk", false), mine.start(t, "/desk", false)
	q1, _ := url.Parse(u1)
	q2, _ := url.Parse(u2)
	q = q1.Query()
	q.Set("code", q2.Query().Get("code"))
	q1.RawQuery = q.Encode()
	if _, _, err := mine.finish(q1.String()); CodeOf(err) != Replay {
		t.Errorf("the code of the other tab: %v", err)
	}
}

func TestCookiesThatAreSpoilt(t *testing.T) {
	g := newRig(t)
	w := httptest.NewRecorder()
	if err := g.Keep(w, "anna", "s1"); err != nil {
		t.Fatal(err)
	}
	c := w.Result().Cookies()[0]
	if c.Name != "__Host-desk" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 || strings.Contains(c.Value, "s1") {
		t.Errorf("the cookie is %s", c)
	}
	read := func(value string) bool {
		r := httptest.NewRequest(http.MethodGet, "https://desk.example/desk", nil)
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: value})
		account, session, there := g.Cookie(r)
		if there && (account != "anna" || session != "s1") {
			t.Errorf("the cookie is of %s, %s", account, session)
		}
		return there
	}
	if !read(c.Value) {
		t.Fatal("the cookie is not read")
	}
	for i := range c.Value {
		if altered := c.Value[:i] + string("A-"[(c.Value[i]&1)]) + c.Value[i+1:]; altered != c.Value && read(altered) {
			t.Errorf("altered at %d it is read", i)
		}
	}
	nobody, _ := g.Session.Seal([]byte(`{"a":"anna"}`))
	begun, _ := g.Begun.Seal([]byte(`{"a":"anna","s":"s1"}`))
	for name, value := range map[string]string{"nothing": "", "no token": "anna.s1", "without a session": nobody, "of another purpose": begun} {
		if read(value) {
			t.Errorf("a cookie %s is read", name)
		}
	}
	back := g.start(t, "/desk", false)
	for name, b := range g.cookies {
		g.cookies[name].Value, _ = g.Session.Seal([]byte(`{"s":"` + strings.Repeat("A", 26) + `"}`))
		_ = b
	}
	if _, _, err := g.finish(back); CodeOf(err) != NoCookie {
		t.Errorf("a session's cookie as a login's: %v", err)
	}
	w = httptest.NewRecorder()
	if g.Forget(w); w.Result().Cookies()[0].MaxAge >= 0 || w.Result().Cookies()[0].Name != "__Host-desk" {
		t.Error("the cookie is not taken away")
	}
}

func TestOurKeysRotate(t *testing.T) {
	g := newRig(t)
	back := g.start(t, "/desk/x", false)
	w := httptest.NewRecorder()
	if err := g.Keep(w, "anna", "s1"); err != nil {
		t.Fatal(err)
	}
	g.took(w)
	ring := testRing(t, `{"current":"k2","k1":"`+strings.Repeat("1", 32)+`","k2":"`+strings.Repeat("2", 32)+`"}`)
	g.Begun, g.Session = link.Box{Ring: ring, Purpose: link.DeskLogin}, link.Box{Ring: ring, Purpose: link.DeskSession}
	if account, _, there := g.Cookie(g.request("https://desk.example/desk")); !there || account != "anna" {
		t.Error("a session ends when the keys rotate")
	}
	if _, to, err := g.finish(back); err != nil || to != "/desk/x" {
		t.Errorf("a login that has begun ends when the keys rotate: %v", err)
	}
}
