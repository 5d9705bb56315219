package people

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

// scripted is a login of which the test says how it ends. Its cookies are in clear.
type scripted struct {
	account staff.Account
	to      string
	err     error
	leave   string
	began   []string // where each login is to lead
}

func (s *scripted) Start(w http.ResponseWriter, r *http.Request, to string, again bool) error {
	s.began = append(s.began, fmt.Sprint(to, " ", again))
	if s.err == nil {
		http.Redirect(w, r, "https://login.example/auth", http.StatusSeeOther)
	}
	return s.err
}

func (s *scripted) Finish(http.ResponseWriter, *http.Request) (staff.Account, string, error) {
	return s.account, s.to, s.err
}

func (s *scripted) Leave(context.Context) string { return s.leave }

func (s *scripted) Keep(w http.ResponseWriter, account, session string) error {
	http.SetCookie(w, &http.Cookie{Name: "test", Value: account + "." + session})
	return nil
}

func (s *scripted) Cookie(r *http.Request) (account, session string, there bool) {
	return carried{}.Cookie(r)
}

func (s *scripted) Forget(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: "test", MaxAge: -1})
}

// gate is a desk at whose door browsers stand.
type gate struct {
	*scripted
	door *Door
	now  time.Time
}

const anna = "anna4f1d2c3b5a69"

func newGate() *gate {
	g := &gate{scripted: &scripted{account: staff.Account{ID: anna, Name: "Anna Weber", Role: staff.Officer, SignedInAt: noon}, to: "/desk"}, now: noon}
	now := func() time.Time { return g.now }
	law, _ := deadline.New(deadline.Default(), time.UTC, "weekends") // the calendar is known
	cases := &casework.Desk{Requests: &request.Service{Law: law, Now: now}, Store: testkit.NewRequests(testkit.NewOptOuts())}
	g.door = &Door{Sessions: &testkit.Sessions{Now: now}, Login: g.scripted, Cases: cases, Pages: &deskpage.Desk{Zone: time.UTC}, BaseURL: "https://desk.example", Now: now}
	return g
}

// browser is one with its cookie and the site that its page is of.
type browser struct {
	*gate
	cookie string
	site   string
	lang   string
}

func (g *gate) browser() *browser { return &browser{g, "", "same-origin", "en"} }

func (b *browser) send(method, path string, fields url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "https://desk.example"+path, strings.NewReader(fields.Encode()))
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Language", b.lang)
	if b.site != "" {
		r.Header.Set("Sec-Fetch-Site", b.site)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.cookie != "" {
		r.AddCookie(&http.Cookie{Name: "test", Value: b.cookie})
	}
	w := httptest.NewRecorder()
	b.door.Routes().ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.Name == "test" {
			b.cookie = c.Value
		}
	}
	return w
}

func (b *browser) signIn(t *testing.T) {
	t.Helper()
	if w := b.send("GET", "/desk/callback?state=x", nil); w.Code != http.StatusSeeOther || b.cookie == "" {
		t.Fatalf("the login answers %d, %s", w.Code, w.Body)
	}
}

// in reports whether the browser has a session that goes on.
func (b *browser) in(t *testing.T) bool {
	t.Helper()
	w := b.send("GET", "/desk/me", nil)
	if w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/desk/login?") {
		return false
	}
	if w.Code != http.StatusOK {
		t.Fatalf("/desk/me answers %d", w.Code)
	}
	return true
}
