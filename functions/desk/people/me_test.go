package people

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/staff"
)

func TestMyAccount(t *testing.T) {
	g := newGate()
	b, other := g.browser(), g.browser()
	other.signIn(t)
	g.now = g.now.Add(time.Minute)
	b.signIn(t)
	page := b.send("GET", "/desk/me", nil).Body.String()
	if strings.Count(page, "this one</span>") != 1 || strings.Count(page, `<th scope="row"`) != 2 || strings.Contains(page, "end-sessions") {
		t.Errorf("an officer's account: %s", page)
	}
	if w := b.send("POST", "/desk/end-sessions", url.Values{"account": {anna}}); w.Code != http.StatusForbidden || !other.in(t) {
		t.Errorf("an officer ends sessions of others: %d", w.Code)
	}
	w := b.send("POST", "/desk/language", url.Values{"language": {"de"}})
	if c := w.Result().Cookies(); len(c) != 1 || c[0].Name != cookieLanguage || c[0].Value != "de" || !c[0].Secure || w.Header().Get("Location") != "/desk/me" {
		t.Errorf("a language is kept as %v", c)
	}
	if c := b.send("POST", "/desk/language", url.Values{"language": {"x; Domain=evil.example"}}).Result().Cookies(); len(c) != 0 {
		t.Errorf("another language is kept as %v", c)
	}
}

func TestAnAdminSeesWhoIsIn(t *testing.T) {
	g := newGate()
	one, two := g.browser(), g.browser()
	one.signIn(t)
	two.signIn(t)
	g.account = staff.Account{ID: "ada", Name: "Ada Adler", Role: staff.Admin, SignedInAt: noon}
	admin := g.browser()
	admin.signIn(t)
	page := admin.send("GET", "/desk/me", nil).Body.String()
	if strings.Count(page, `<option value="`+anna+`"`) != 1 || strings.Contains(page, `<option value="ada"`) {
		t.Errorf("an admin sees %s", page)
	}
	for _, account := range []string{"", "ada", anna[:4], "zoe@example.com"} {
		if w := admin.send("POST", "/desk/end-sessions", url.Values{"account": {account}}); w.Code != http.StatusUnprocessableEntity || !admin.in(t) || !one.in(t) {
			t.Errorf("sessions of %q: %d", account, w.Code)
		}
	}
	w := admin.send("POST", "/desk/end-sessions", url.Values{"account": {anna}})
	page = admin.send("GET", w.Header().Get("Location"), nil).Body.String()
	if one.in(t) || two.in(t) || !admin.in(t) || !strings.Contains(page, "All sessions of that account have ended") || strings.Contains(page, anna) {
		t.Errorf("afterwards: %d, %s", w.Code, page)
	}
}
