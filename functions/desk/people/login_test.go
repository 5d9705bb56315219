package people

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/login"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

func TestALoginBeginsANewSession(t *testing.T) {
	g := newGate()
	g.to = "/desk/requests/PD-1"
	attacker, victim := g.browser(), g.browser()
	attacker.signIn(t)
	for name, cookie := range map[string]string{"of nobody": "", "made up": anna + ".chosen", "somebody's that is live": attacker.cookie} {
		victim.cookie = cookie
		w := victim.send("GET", "/desk/callback?state=x", nil)
		if w.Header().Get("Location") != "/desk/requests/PD-1" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("a login with a cookie %s: %v", name, w.Header())
		}
		if victim.cookie == cookie || !victim.in(t) {
			t.Errorf("a login with a cookie %s keeps %q", name, victim.cookie)
		}
		old := g.browser()
		if old.cookie = cookie; cookie != "" && old.in(t) {
			t.Errorf("a session from before the login, %s, goes on", name)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	for name, end := range map[string]func(*gate, *browser){
		"after a logout":            func(_ *gate, b *browser) { b.send("POST", "/desk/logout", nil) },
		"after a logout everywhere": func(_ *gate, b *browser) { b.send("POST", "/desk/logout-everywhere", nil) },
		"after half an hour":        func(g *gate, _ *browser) { g.now = g.now.Add(staff.IdleFor) },
		"after a login without roles": func(g *gate, _ *browser) {
			g.account.Role = ""
			g.err = &login.Failure{Code: login.NoRole}
			g.browser().send("GET", "/desk/callback", nil)
		},
		"after a login as a viewer": func(g *gate, _ *browser) {
			g.account.Role = staff.Viewer
			g.browser().send("GET", "/desk/callback", nil)
		},
		"after an admin ended them": func(g *gate, _ *browser) {
			g.account.ID, g.account.Role = "bert91ab73c2e8d0", staff.Admin
			admin := g.browser()
			admin.send("GET", "/desk/callback", nil)
			admin.send("POST", "/desk/end-sessions", url.Values{"account": {anna}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGate()
			b := g.browser()
			b.signIn(t)
			kept := b.cookie
			if !b.in(t) {
				t.Fatal("it has not begun")
			}
			end(g, b)
			if b.cookie = kept; b.in(t) {
				t.Error("it goes on")
			}
		})
	}
}

func TestLogout(t *testing.T) {
	g := newGate()
	g.leave = "https://login.example/end"
	one, two := g.browser(), g.browser()
	one.signIn(t)
	two.signIn(t)
	w := one.send("POST", "/desk/logout", nil)
	if w.Code != http.StatusOK || one.cookie != "" || !strings.Contains(w.Body.String(), g.leave) || strings.Contains(w.Body.String(), "Anna") {
		t.Errorf("%d, cookie %q, %s", w.Code, one.cookie, w.Body)
	}
	if w := one.send("POST", "/desk/logout", nil); w.Code != http.StatusOK {
		t.Errorf("once more: %d", w.Code)
	}
	if !two.in(t) {
		t.Error("the other browser is logged out too")
	}
	if w := two.send("GET", "/desk/logged-out", nil); w.Header().Get("Location") != "/desk" {
		t.Errorf("who is logged in is told otherwise: %d", w.Code)
	}
	if w := one.send("GET", "/desk/logged-out", nil); w.Code != http.StatusOK || strings.Contains(w.Body.String(), g.leave) {
		t.Errorf("back from the provider: %d", w.Code)
	}
	one.signIn(t)
	if two.send("POST", "/desk/logout-everywhere", nil); one.in(t) {
		t.Error("everywhere is not everywhere")
	}
}

// What another site sends or frames does nothing. A sibling subdomain is another site here.
func TestOtherSites(t *testing.T) {
	g := newGate()
	b := g.browser()
	b.signIn(t)
	for _, to := range g.door.table() {
		method, path, _ := strings.Cut(to.pattern, " ")
		if method != http.MethodPost {
			continue
		}
		path = strings.NewReplacer("{id}", "PD-1", "{act}", "note", "{kind}", "access").Replace(path)
		for _, site := range []string{"cross-site", "same-site"} {
			b.site = site
			if w := b.send(method, path, nil); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "Another website sent it") {
				t.Errorf("%s from %s: %d", to.pattern, site, w.Code)
			}
		}
	}
	for name, header := range map[string]map[string]string{
		"another origin, old browser": {"Origin": "https://evil.example"}, "a sibling's origin": {"Origin": "https://www.desk.example"}, "an opaque origin": {"Origin": "null"},
	} {
		r := httptest.NewRequest("POST", "https://desk.example/desk/logout", nil)
		for k, v := range header {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		if g.door.Routes().ServeHTTP(w, r); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if b.site = "same-origin"; !b.in(t) {
		t.Error("another site has logged somebody out")
	}
	// Behind a CDN the request names another host, and an old browser says no more than the origin.
	r := httptest.NewRequest("POST", "https://origin.example/desk/logout", nil)
	r.Header.Set("Origin", g.door.BaseURL)
	w := httptest.NewRecorder()
	if g.door.Routes().ServeHTTP(w, r); w.Code != http.StatusOK {
		t.Errorf("the desk's own page: %d", w.Code)
	}
}

// Another site cannot begin a session: it takes a click at the desk.
func TestALoginTakesAClick(t *testing.T) {
	g := newGate()
	for site, begins := range map[string]bool{"same-origin": true, "none": true, "": true, "cross-site": false, "same-site": false} {
		g.began = nil
		b := g.browser()
		b.site = site
		w := b.send("GET", "/desk/login?to=%2Fdesk%2Fme", nil)
		if (len(g.began) == 1) != begins || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("from %q: began %v, %v", site, g.began, w.Header())
		}
		if !begins && !strings.Contains(w.Body.String(), `href="/desk/login?to=%2Fdesk%2Fme"`) {
			t.Errorf("from %q nothing is offered: %s", site, w.Body)
		}
	}
}

func TestALoginLeadsBack(t *testing.T) {
	for path, want := range map[string]string{
		"/desk/me": "/desk/me false", "/desk/requests/PD-1/act/note?of=x&y": "/desk/requests/PD-1/act/note?of=x&y false",
		"/desk/login?to=%2F%2Fevil.example": "/desk false", "/desk/login?to=https%3A%2F%2Fevil.example%2Fdesk": "/desk false", "/desk/login": "/desk false",
		"/desk/login?to=%2Fdesk%2Fme&again=1": "/desk/me true", "/desk/login?again=yes&to=%2Fdesk%2F%5Cevil.example": "/desk true",
	} {
		g := newGate()
		b := g.browser()
		w := b.send("GET", path, nil)
		if !strings.HasPrefix(path, "/desk/login") {
			w = b.send("GET", w.Header().Get("Location"), nil)
		}
		if len(g.began) != 1 || g.began[0] != want || w.Header().Get("Location") != "https://login.example/auth" {
			t.Errorf("%s: a login to %v, %v, want %s", path, g.began, w.Header(), want)
		}
	}
}

func TestEveryFailureHasItsPage(t *testing.T) {
	for _, code := range login.Codes {
		titles := map[string]bool{}
		for _, lang := range catalog.Languages() {
			g := newGate()
			b := g.browser()
			b.lang = lang
			g.err, g.to, g.account = &login.Failure{Code: code}, "/desk/me", staff.Account{}
			if code == login.NoRole {
				g.account.ID = anna
			}
			w := b.send("GET", "/desk/callback?state=x", nil)
			_, rest, _ := strings.Cut(w.Body.String(), "<h1>")
			h1, _, _ := strings.Cut(rest, "</h1>")
			if titles[h1] = true; h1 == "" || strings.Contains(h1, "⟦") || !strings.Contains(w.Body.String(), string(code)) || !strings.Contains(w.Body.String(), "/desk/login?") {
				t.Errorf("%s in %s: %s", code, lang, w.Body)
			}
			if w.Code < 400 || b.cookie != "" {
				t.Errorf("%s: %d, cookie %q", code, w.Code, b.cookie)
			}
			if start := b.send("GET", "/desk/login", nil); start.Code != w.Code {
				t.Errorf("%s at the beginning: %d, at the end %d", code, start.Code, w.Code)
			}
		}
		if len(titles) != len(catalog.Languages()) {
			t.Errorf("%s has the titles %v", code, titles)
		}
	}
}

// No screen is kept, framed, or loads anything from elsewhere, whoever looks.
func TestHeadersOfEveryAnswer(t *testing.T) {
	g := newGate()
	b := g.browser()
	for range 2 {
		for _, path := range []string{"/desk/me", "/desk/login", "/desk/callback", "/desk/logged-out", "/desk/logged-in", "/desk/nowhere", "/desk"} {
			w := b.send("GET", path, nil)
			if w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s: Cache-Control %q", path, w.Header().Get("Cache-Control"))
			}
			if csp := w.Header().Get("Content-Security-Policy"); w.Code != http.StatusSeeOther && (!strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "default-src 'none'") || w.Header().Get("X-Frame-Options") != "DENY") {
				t.Errorf("%s: %q", path, csp)
			}
		}
		b.signIn(t)
	}
}

func TestWithoutTheStoreNobodyIsIn(t *testing.T) {
	var log bytes.Buffer
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(was)
	g := newGate()
	b := g.browser()
	b.signIn(t)
	g.door.Sessions.(*testkit.Sessions).Err = fault.Wrap(fault.Unavailable, errors.New("down"), "read a session")
	for method, paths := range map[string][]string{"GET": {"/desk", "/desk/me", "/desk/callback"}, "POST": {"/desk/logout", "/desk/logout-everywhere"}} {
		for _, path := range paths {
			if w := b.send(method, path, nil); w.Code != http.StatusServiceUnavailable {
				t.Errorf("%s %s: %d", method, path, w.Code)
			}
		}
	}
	// Whoever has lost their role is told so only once their sessions have ended.
	g.account.Role, g.err = "", &login.Failure{Code: login.NoRole}
	if w := b.send("GET", "/desk/callback", nil); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a role that was lost: %d", w.Code)
	}
	if strings.Contains(log.String(), "Anna") {
		t.Errorf("the log names somebody: %s", &log)
	}
}
