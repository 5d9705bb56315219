package login

import (
	"net/url"
	"strings"
	"testing"
)

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
