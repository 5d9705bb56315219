package login

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/staff"
)

func TestLogin(t *testing.T) {
	g := newRig(t)
	back := g.start(t, "/desk/requests/PD-1?part=2", false)
	g.now = g.now.Add(time.Minute)
	a, to, err := g.finish(back)
	want := staff.Account{ID: "id of user-1", Name: "Anna Weber", Role: staff.Officer, SignedInAt: g.now}
	if err != nil || a != want || to != "/desk/requests/PD-1?part=2" {
		t.Errorf("signed in %+v, to %q, %v", a, to, err)
	}
	if g.idp.basic != "desk" {
		t.Errorf("the client showed itself as %q", g.idp.basic)
	}
	if len(g.cookies) != 0 {
		t.Errorf("the browser still has %v", g.cookies)
	}
	g.finish(g.start(t, "/desk", false))
	if n := g.idp.calls["/.well-known/openid-configuration"]; n != 1 {
		t.Errorf("the metadata was read %d times", n)
	}
}

// What a login asks for, and what its cookie lets happen.
func TestWhatIsAsked(t *testing.T) {
	g := newRig(t)
	g.idp.metadata = map[string]any{"scopes_supported": []string{"openid", "groups"}}
	w := httptest.NewRecorder()
	if err := g.Start(w, g.request("https://desk.example/desk/login"), "/desk", true); err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(w.Header().Get("Location"))
	q := u.Query()
	for name, want := range map[string]string{
		"response_type": "code", "client_id": "desk", "redirect_uri": "https://desk.example/desk/callback", "scope": "openid profile groups",
		"code_challenge_method": "S256", "prompt": "login", "max_age": "60",
	} {
		if q.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(q.Get(name)) < 26 {
			t.Errorf("%s is %q", name, q.Get(name))
		}
	}
	if q.Get("state") == q.Get("nonce") {
		t.Error("state and nonce are one")
	}
	c := w.Result().Cookies()[0]
	if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 600 {
		t.Errorf("the cookie is %s", c)
	}
	for _, secret := range []string{q.Get("state"), q.Get("nonce"), "/desk"} {
		if strings.Contains(c.Value, secret) {
			t.Errorf("the cookie shows %s", secret)
		}
	}
	if n := len(g.asked(begun{Again: true})); n != 4 {
		t.Errorf("%d options", n)
	}
	if g.Issuer = google; len(g.asked(begun{Again: true})) != 3 {
		t.Error("Google is asked with prompt=login, which it refuses")
	}
}

func TestAProviderThatMovesIsNotFollowed(t *testing.T) {
	g := newRig(t)
	moved := httptest.NewServer(http.RedirectHandler(g.idp.URL+"/.well-known/openid-configuration", http.StatusFound))
	defer moved.Close()
	g.Issuer = moved.URL
	if err := g.Start(httptest.NewRecorder(), g.request("https://desk.example/desk/login"), "/desk", false); CodeOf(err) != ProviderDown {
		t.Errorf("a redirected provider: %v", err)
	}
	if g.idp.calls["/.well-known/openid-configuration"] != 0 {
		t.Error("the redirect was followed")
	}
}

func TestAProviderThatComesBack(t *testing.T) {
	g := newRig(t)
	g.idp.down = "/.well-known/openid-configuration"
	if err := g.Start(httptest.NewRecorder(), g.request("https://desk.example/desk/login"), "/desk", false); CodeOf(err) != ProviderDown {
		t.Errorf("while it is down: %v", err)
	}
	g.idp.down = ""
	if _, _, err := g.finish(g.start(t, "/desk", false)); err != nil {
		t.Errorf("when it is back: %v", err)
	}
}

func TestTheProvidersKeysRotate(t *testing.T) {
	g := newRig(t)
	for _, key := range []int{0, 1, 0} {
		g.idp.key = key
		if _, _, err := g.finish(g.start(t, "/desk", false)); err != nil {
			t.Errorf("with key %d: %v", key, err)
		}
	}
	if g.now = g.now.Add(knownFor); g.start(t, "/desk", false) == "" || g.idp.calls["/.well-known/openid-configuration"] != 2 {
		t.Error("the metadata is never read again")
	}
}

func TestClockSkew(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*rig)
		again bool
		age   time.Duration // of the login that is told
	}{
		"a token that ended half a minute ago": {says("exp", -30*time.Second), false, 0},
		"a provider that is ahead":             {says("nbf", time.Minute, "auth_time", time.Minute), false, 0},
		"a provider that is behind":            {says("auth_time", -time.Minute), true, time.Minute},
		"a login of a minute before":           {says("auth_time", -2*time.Minute), true, 2 * time.Minute},
	} {
		g := newRig(t)
		c.spoil(g)
		if a, _, err := g.finish(g.start(t, "/desk", c.again)); err != nil || !a.SignedInAt.Equal(g.now.Add(-c.age)) {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
	g := newRig(t)
	g.idp.claims = map[string]any{"auth_time": nil}
	if a, _, err := g.finish(g.start(t, "/desk", false)); err != nil || !a.SignedInAt.IsZero() || a.SignedInRecently(g.now) {
		t.Errorf("a provider that does not say when: %+v, %v", a, err)
	}
}

func TestGroupsWhereverTheyStand(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*rig)
		want  staff.Role
	}{
		"one text":            {says("groups", "legal"), staff.Viewer},
		"several":             {says("groups", []string{"legal", "privacy"}), staff.Officer},
		"another claim":       {says("groups", nil, "cognito:groups", []string{"privacy"}), staff.Officer},
		"two claims":          {says("groups", "privacy", "cognito:groups", []string{"legal"}), staff.Officer},
		"inside an object":    {says("groups", nil, "realm_access", map[string]any{"roles": []string{"legal"}}), staff.Viewer},
		"of userinfo":         {also(hasUserInfo(map[string]any{"sub": "user-1", "groups": "legal"}), says("groups", nil)), staff.Viewer},
		"of the token before": {also(hasUserInfo(map[string]any{"sub": "user-1", "groups": "privacy"}), says("groups", "legal")), staff.Viewer},
	} {
		g := newRig(t)
		c.spoil(g)
		if a, _, err := g.finish(g.start(t, "/desk", false)); err != nil || a.Role != c.want {
			t.Errorf("%s: %q, %v", name, a.Role, err)
		}
	}
}

func TestNoAddressAsAName(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*rig)
		want  string
	}{
		"an address":   {says("name", "anna@example.com"), ""},
		"another name": {says("name", "anna@example.com", "preferred_username", "a.weber"), "a.weber"},
		"none":         {says("name", nil), ""},
		"no text":      {says("name", 7), ""},
	} {
		g := newRig(t)
		c.spoil(g)
		if a, _, err := g.finish(g.start(t, "/desk", false)); err != nil || a.Name != c.want {
			t.Errorf("%s: %q, %v", name, a.Name, err)
		}
	}
}

func TestAClientThatTheProviderKnowsOtherwise(t *testing.T) {
	g := newRig(t)
	g.idp.metadata = map[string]any{"token_endpoint_auth_methods_supported": []string{"client_secret_post"}}
	if _, _, err := g.finish(g.start(t, "/desk", false)); err != nil || g.idp.basic != "" {
		t.Errorf("the secret in the body: %v, %q", err, g.idp.basic)
	}
	g = newRig(t)
	g.Secret = func(context.Context) (string, error) { return "", nil }
	if _, _, err := g.finish(g.start(t, "/desk", false)); err != nil || g.idp.basic != "" {
		t.Errorf("without a secret: %v, %q", err, g.idp.basic)
	}
}

func TestLeave(t *testing.T) {
	g := newRig(t)
	u, err := url.Parse(g.Leave(t.Context()))
	if q := u.Query(); err != nil || u.Path != "/end" || q.Get("x") != "1" || q.Get("client_id") != "desk" || q.Get("post_logout_redirect_uri") != "https://desk.example/desk/logged-out" {
		t.Errorf("the logout leads to %s, %v", u, err)
	}
	g = newRig(t)
	if g.idp.metadata = map[string]any{"end_session_endpoint": "javascript:alert(1)"}; g.Leave(t.Context()) != "" {
		t.Error("the logout leads anywhere")
	}
}
