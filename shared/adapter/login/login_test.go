package login

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
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

func TestEveryFailure(t *testing.T) {
	one, two := 0, 1
	hour := time.Hour
	for name, c := range map[string]struct {
		spoil func(*rig)
		after time.Duration // between the two halves
		again bool
		want  Code
	}{
		"the token endpoint is down": {spoil: func(g *rig) { g.idp.down = "/token" }, want: ProviderDown},
		"the keys cannot be fetched": {spoil: func(g *rig) { g.idp.down = "/keys" }, want: ProviderDown},
		"the provider is gone":       {spoil: func(g *rig) { g.idp.Close() }, want: ProviderDown},
		"the provider is busy":       {spoil: answers("error", "temporarily_unavailable", "code", ""), want: ProviderDown},
		"the person said no":         {spoil: answers("error", "access_denied", "code", ""), want: Denied},
		"the client is not known":    {spoil: answers("error", "unauthorized_client", "code", ""), want: Setup},
		"an error with a text in it": {spoil: answers("error", "zaphod@example.com", "code", ""), want: Setup},
		"the secret is wrong":        {spoil: func(g *rig) { g.idp.refuse = "invalid_client" }, want: Setup},
		"the secret cannot be read":  {spoil: func(g *rig) { g.Secret = func(context.Context) (string, error) { return "", errors.New("x") } }, want: Setup},
		"neither code nor error":     {spoil: answers("code", ""), want: BadToken},
		"another code":               {spoil: answers("code", "made-up"), want: Replay},
		"the code of another login": {spoil: func(g *rig) {
			for _, asked := range g.idp.codes {
				asked.Set("code_challenge", "x")
			}
		}, want: Replay},
		"another provider's answer":            {spoil: answers("iss", "https://evil.example"), want: MixUp},
		"an issuer with a slash more":          {spoil: func(g *rig) { answers("iss", g.Issuer+"/")(g) }, want: MixUp},
		"an answer without an issuer":          {spoil: answers("iss", ""), want: MixUp},
		"another provider's error":             {spoil: answers("iss", "https://evil.example", "error", "access_denied"), want: MixUp},
		"two issuers":                          {spoil: func(g *rig) { g.idp.answer = url.Values{"iss": {g.Issuer, "https://evil.example"}} }, want: MixUp},
		"a state that is not ours":             {spoil: answers("state", "zaphod@example.com"), want: NoCookie},
		"another state":                        {spoil: answers("state", strings.Repeat("A", 26)), want: NoCookie},
		"no state":                             {spoil: answers("state", ""), want: NoCookie},
		"another browser":                      {spoil: func(g *rig) { clear(g.cookies) }, want: NoCookie},
		"ten minutes later":                    {after: 10 * time.Minute, want: TooLate},
		"a cookie of the future":               {after: -hour, want: TooLate},
		"a token out of time":                  {spoil: says("exp", -2*time.Minute), want: TooLate},
		"a token for another application":      {spoil: says("aud", "other"), want: WrongAudience},
		"for two, the other one asked":         {spoil: says("aud", []string{"desk", "other"}, "azp", "other"), want: WrongAudience},
		"for two, nobody knows who asked":      {spoil: says("aud", []string{"desk", "other"}), want: WrongAudience},
		"the other one asked":                  {spoil: says("azp", "other"), want: WrongAudience},
		"a token of another login":             {spoil: says("nonce", "other"), want: WrongNonce},
		"a token of no login":                  {spoil: says("nonce", nil), want: WrongNonce},
		"a token of another issuer":            {spoil: says("iss", "https://evil.example"), want: BadToken},
		"a token that is not valid yet":        {spoil: says("nbf", hour), want: BadToken},
		"a token of nobody":                    {spoil: says("sub", ""), want: BadToken},
		"no token":                             {spoil: says("sub", "no token"), want: BadToken},
		"another access token":                 {spoil: says("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), want: BadToken},
		"a nonsensical time of the login":      {spoil: says("auth_time", "soon"), want: BadToken},
		"signed by an unknown key":             {spoil: func(g *rig) { g.idp.shown, g.idp.key = &one, 1 }, want: UnknownKey},
		"another key under the name of ours":   {spoil: func(g *rig) { g.idp.shown = &two }, want: UnknownKey},
		"not signed":                           {spoil: func(g *rig) { g.idp.alg = "none" }, want: BadToken},
		"signed with the public key as secret": {spoil: func(g *rig) { g.idp.alg = "HS256" }, want: BadToken},
		"an old login where a new one is due":  {spoil: says("auth_time", -3*time.Minute), again: true, want: StaleLogin},
		"no time where a new login is due":     {spoil: says("auth_time", nil), again: true, want: StaleLogin},
		"nobody's group":                       {spoil: says("groups", []string{"sales"}), want: NoRole},
		"no groups":                            {spoil: says("groups", nil), want: NoRole},
		"groups that are no texts":             {spoil: says("groups", []any{1, map[string]any{"privacy": true}}), want: NoRole},
		"userinfo of somebody else":            {spoil: also(hasUserInfo(map[string]any{"sub": "user-2", "groups": "privacy"}), says("groups", nil)), want: BadToken},
		"userinfo is down":                     {spoil: also(hasUserInfo(nil), says("groups", nil), func(g *rig) { g.idp.down = "/userinfo" }), want: ProviderDown},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			was := slog.Default()
			slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
			defer slog.SetDefault(was)
			g := newRig(t)
			if strings.HasPrefix(name, "userinfo") {
				c := c.spoil
				c(g) // it stands in the metadata
			}
			back := g.start(t, "/desk/x", c.again)
			if c.spoil != nil {
				c.spoil(g)
				back = g.spoilt(t, back)
			}
			g.now = g.now.Add(c.after)
			a, _, err := g.finish(back)
			if CodeOf(err) != c.want || (a.ID != "") != (c.want == NoRole) || a.Role != "" {
				t.Errorf("%v with %+v, want %s", err, a, c.want)
			}
			line := log.String()
			if strings.Count(line, "\n") != 1 || !strings.Contains(line, `"reason":"`+string(c.want)+`"`) {
				t.Errorf("logged: %s", line)
			}
			for _, secret := range []string{"@", "Anna", "user-1", "hush", "access\"", "evil"} {
				if strings.Contains(line, secret) {
					t.Errorf("the log shows %s: %s", secret, line)
				}
			}
			if name != "another browser" && name != "a state that is not ours" && name != "another state" && name != "no state" && len(g.cookies) != 0 {
				t.Error("the login's cookie is still there")
			}
		})
	}
}

// says spoils claims; a duration is a time from now.
func says(pairs ...any) func(*rig) {
	return func(g *rig) {
		g.idp.claims = map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			v := pairs[i+1]
			if d, ok := v.(time.Duration); ok {
				v = g.now.Add(d).Unix()
			}
			g.idp.claims[pairs[i].(string)] = v
		}
	}
}

// answers spoils members of the provider's answer; "" takes one away.
func answers(pairs ...string) func(*rig) {
	return func(g *rig) {
		g.idp.answer = url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			g.idp.answer.Set(pairs[i], pairs[i+1])
		}
	}
}

func hasUserInfo(info map[string]any) func(*rig) {
	return func(g *rig) {
		g.idp.info, g.idp.metadata = info, map[string]any{"userinfo_endpoint": g.idp.URL + "/userinfo"}
	}
}

func also(all ...func(*rig)) func(*rig) {
	return func(g *rig) {
		for _, f := range all {
			f(g)
		}
	}
}

// spoilt is the way back with what of the answer was spoilt.
func (g *rig) spoilt(t *testing.T, back string) string {
	t.Helper()
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for name, v := range g.idp.answer {
		if q[name] = v; v[0] == "" {
			q.Del(name)
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func TestNoLoginBeginsWithoutItsProvider(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*rig)
		want  Code
	}{
		"down":                       {func(g *rig) { g.idp.down = "/.well-known/openid-configuration" }, ProviderDown},
		"gone":                       {func(g *rig) { g.idp.Close() }, ProviderDown},
		"of another issuer":          {func(g *rig) { g.idp.metadata = map[string]any{"issuer": "https://evil.example"} }, Setup},
		"an issuer in clear":         {func(g *rig) { g.Issuer = "http://login.example" }, Setup},
		"no issuer":                  {func(g *rig) { g.Issuer = "" }, Setup},
		"an endpoint in clear":       {func(g *rig) { g.idp.metadata = map[string]any{"token_endpoint": "http://login.example/token"} }, Setup},
		"no keys":                    {func(g *rig) { g.idp.metadata = map[string]any{"jwks_uri": ""} }, Setup},
		"members of another type":    {func(g *rig) { g.idp.metadata = map[string]any{"scopes_supported": 1} }, Setup},
		"metadata that is not there": {func(g *rig) { g.Issuer += "/realm" }, ProviderDown},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t)
			c.spoil(g)
			w := httptest.NewRecorder()
			err := g.Start(w, g.request("https://desk.example/desk/login"), "/desk", false)
			if CodeOf(err) != c.want || len(w.Header()) != 0 {
				t.Errorf("%v, %v, want %s", err, w.Header(), c.want)
			}
			if u := g.Leave(t.Context()); u != "" {
				t.Errorf("the logout leads to %s", u)
			}
		})
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

func TestALoginLeadsNowhereElse(t *testing.T) {
	for to, want := range map[string]string{
		"/desk": "/desk", "/desk/requests/PD-1?a=b%20c&d": "/desk/requests/PD-1?a=b%20c&d", "/desk?view=mine": "/desk?view=mine", "/desk/a#b": "/desk/a",
		"": "/desk", "/": "/desk", "desk": "/desk", "/unsubscribe": "/desk", "/desktop": "/desk", "/Desk": "/desk", "//evil.example/desk": "/desk", "///evil.example": "/desk",
		"https://evil.example/desk": "/desk", "https:/desk": "/desk", "https:desk": "/desk", "javascript:alert(1)": "/desk", "//desk": "/desk", `/\evil.example`: "/desk", `/desk\..\..`: "/desk",
		`\\evil.example\desk`: "/desk", "/desk//evil.example": "/desk", "/desk/..//evil.example": "/desk", "/desk/../unsubscribe": "/desk", "/desk/%2e%2e/unsubscribe": "/desk",
		"/desk/%2F%2Fevil.example": "/desk", "/desk/%5Cevil.example": "/desk", "/desk/./x": "/desk", "/desk/": "/desk", "/desk/x\r\nSet-Cookie: a=b": "/desk", "/desk/%0d%0ax": "/desk",
		"\t/desk/x": "/desk", " /desk/x": "/desk", "/desk/\x00": "/desk", "/desk/ü": "/desk", "/desk@evil.example": "/desk", "http://desk.example@evil.example/desk": "/desk",
		"/desk/login": "/desk", "/desk/callback?code=1": "/desk", "/desk/logout": "/desk", "/desk/" + strings.Repeat("x", 2000): "/desk", "/desk/%zz": "/desk", "/desk/a?to=//evil.example": "/desk/a?to=//evil.example",
	} {
		if got := Below(to); got != want {
			t.Errorf("Below(%q) = %q, want %q", to, got, want)
		}
	}
	g := newRig(t)
	longest := "/desk/" + strings.Repeat("%22", (maxBack-6)/3)
	if g.start(t, longest, true); Below(longest) != longest {
		t.Errorf("the longest path leads to %s", Below(longest))
	}
	for _, c := range g.cookies { // browsers keep no larger one (RFC 6265bis section 5.7)
		if n := len(c.Name) + len(c.Value); n > 4096 {
			t.Errorf("a cookie of %d bytes", n)
		}
	}
	g = newRig(t)
	if _, to, err := g.finish(g.start(t, "https://evil.example/", false)); err != nil || to != "/desk" {
		t.Errorf("a login leads to %q, %v", to, err)
	}
}

func FuzzBelow(f *testing.F) {
	for _, s := range []string{"/desk/x", "//evil.example", `/\x`, "/desk/%2e%2e", "/desk?x#y"} {
		f.Add(s)
	}
	base, _ := url.Parse("https://desk.example/desk/callback")
	f.Fuzz(func(t *testing.T, s string) {
		got := Below(s)
		u, err := base.Parse(got)
		if err != nil || u.Scheme != "https" || u.Host != "desk.example" || u.Path != "/desk" && !strings.HasPrefix(u.Path, "/desk/") || strings.ContainsAny(got, "\\\r\n\t ") {
			t.Errorf("%q leads to %q", s, got)
		}
	})
}
