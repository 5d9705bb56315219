package login

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

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
