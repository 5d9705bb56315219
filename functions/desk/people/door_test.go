package people

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/staff"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// one is a store with one session.
type one struct {
	staff.Sessions
	session staff.Session
}

func (o one) Read(_ context.Context, account, id string) (staff.Session, error) {
	if account != o.session.Account.ID || id != o.session.ID {
		return staff.Session{}, fault.New(fault.NotFound, "There is no such session.")
	}
	return o.session, nil
}

func (o one) Touch(context.Context, staff.Session) error { return nil }

// carried is a login whose cookie is in clear.
type carried struct{ Login }

func (carried) Cookie(r *http.Request) (account, session string, there bool) {
	c, err := r.Cookie("test")
	if err != nil {
		return "", "", false
	}
	account, session, there = strings.Cut(c.Value, ".")
	return account, session, there
}

func testDoor(role staff.Role, signedIn time.Time) *Door {
	account := staff.Account{ID: "a1", Name: "Anna Weber", Role: role, SignedInAt: signedIn}
	return &Door{
		Sessions: one{session: staff.Session{ID: "s1", Account: account, StartedAt: signedIn, SeenAt: noon.Add(-time.Minute)}},
		Login:    carried{}, Pages: &deskpage.Desk{Zone: time.UTC}, BaseURL: "https://desk.example", Now: func() time.Time { return noon },
	}
}

// drawn is which right each route needs, apart from the table that is tested: "open" needs no session, and what stands
// behind "again" needs a recent login to be sent.
const drawn = `
open         GET /desk/login  GET /desk/callback  POST /desk/logout  GET /desk/logged-out
see_self     GET /desk/logged-in  GET /desk/me  POST /desk/language  POST /desk/logout-everywhere
end_sessions POST /desk/end-sessions
see_queue    GET /desk  GET /desk/day  GET /desk/holds  GET /desk/holds/{id}
see_file     GET /desk/requests/{id}  GET /desk/people/{ref}  POST /desk/search  POST /desk/bulk/print
see_health   GET /desk/health  GET /desk/law  GET /desk/law/settings  GET /desk/law/{id}
see_register GET /desk/activity  GET /desk/disposal  POST /desk/disposal
reveal       POST /desk/requests/{id}/reveal
reveal       GET  /desk/requests/{id}/letters/{letter}  GET /desk/requests/{id}/files/{file}
handle       GET /desk/requests/{id}/act/{act}  POST /desk/requests/{id}/act/{act}  GET /desk/requests/{id}/decide
handle       POST /desk/requests/{id}/decide  GET /desk/requests/{id}/letter  POST /desk/requests/{id}/callback
handle       POST /desk/requests/{id}/looked
handle       GET /desk/enter  POST /desk/enter  POST /desk/bulk  POST /desk/people/{ref}/optout  POST /desk/people/{ref}/lift
set_systems  GET /desk/requests/{id}/act/system  POST /desk/requests/{id}/act/system  GET /desk/requests/{id}/act/tell  POST /desk/requests/{id}/act/tell
attach       GET /desk/requests/{id}/act/file  POST /desk/requests/{id}/act/file  GET /desk/requests/{id}/act/replace  POST /desk/requests/{id}/act/replace
attach       GET /desk/requests/{id}/act/remove  POST /desk/requests/{id}/act/remove  GET /desk/requests/{id}/files/{file}/add
place_hold   POST /desk/holds  POST /desk/holds/{id}/keep  POST /desk/bulk/hold
again:decide    POST /desk/requests/{id}/send  GET /desk/requests/{id}/sign  POST /desk/requests/{id}/sign
again:erase     GET /desk/requests/{id}/act/erase  POST /desk/requests/{id}/act/erase
again:give_out  POST /desk/bulk/csv
again:lift_hold POST /desk/holds/{id}/lift  POST /desk/holds/{id}/sign`

func TestWhichRightEachRouteNeeds(t *testing.T) {
	want := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(drawn)) {
		words := strings.Fields(line)
		for i := 1; i < len(words); i += 2 {
			want[words[i]+" "+words[i+1]] = words[0]
		}
	}
	for _, to := range testDoor(staff.Admin, noon).table() {
		needs := cmp.Or(string(to.right), "open")
		if to.right.NeedsRecentLogin() {
			needs = "again:" + needs
		}
		if want[to.pattern] != needs {
			t.Errorf("%s needs %q, want %q", to.pattern, needs, want[to.pattern])
		}
		delete(want, to.pattern)
	}
	if len(want) > 0 {
		t.Errorf("there are no routes %v", want)
	}
}

var wildcard = regexp.MustCompile(`\{[a-z]+\}`)

// The way in, walked over every route, every role and every piece that can be missing, as a page and as JSON.
func TestTheWayIn(t *testing.T) {
	for _, to := range testDoor(staff.Admin, noon).table() {
		if to.right == "" {
			continue
		}
		method, path, _ := strings.Cut(to.pattern, " ")
		path = wildcard.ReplaceAllString(path, "x")
		reached, times := false, 0
		to.serve = func(*visit) { reached = true }
		sent := method == http.MethodPost
		for _, role := range append([]staff.Role{"", "owner"}, staff.Roles...) {
			for name, c := range map[string]struct {
				method, cookie string
				signedIn       time.Duration // ago
				site, origin   string        // Sec-Fetch-Site, Origin
				admitted       bool          // if the role may
			}{
				"all there":                        {method, "a1.s1", time.Minute, "same-origin", "", true},
				"an old browser":                   {method, "a1.s1", time.Minute, "", "https://desk.example", true},
				"no cookie":                        {method, "", time.Minute, "same-origin", "", false},
				"a session of somebody else":       {method, "a2.s1", time.Minute, "same-origin", "", false},
				"an unknown session":               {method, "a1.s2", time.Minute, "same-origin", "", false},
				"a session that is over":           {method, "a1.s1", 8 * time.Hour, "same-origin", "", false},
				"a login of an hour ago":           {method, "a1.s1", time.Hour, "same-origin", "", !sent || !to.right.NeedsRecentLogin()},
				"another site":                     {method, "a1.s1", time.Minute, "cross-site", "https://evil.example", !sent},
				"another site without its name":    {method, "a1.s1", time.Minute, "cross-site", "null", !sent},
				"another site in an old browser":   {method, "a1.s1", time.Minute, "", "https://evil.example", !sent},
				"nowhere in an old browser":        {method, "a1.s1", time.Minute, "", "null", !sent},
				"a sibling subdomain":              {method, "a1.s1", time.Minute, "same-site", "https://shop.desk.example", !sent},
				"a sibling in an old browser":      {method, "a1.s1", time.Minute, "", "https://shop.desk.example", !sent},
				"another port in an old browser":   {method, "a1.s1", time.Minute, "", "https://desk.example:8443", !sent},
				"another method":                   {http.MethodPut, "a1.s1", time.Minute, "same-origin", "", false},
				"the head alone":                   {http.MethodHead, "a1.s1", time.Minute, "same-origin", "", !sent},
				"the head alone without a session": {http.MethodHead, "", time.Minute, "same-origin", "", false},
			} {
				for _, accept := range []string{"text/html", "application/json"} {
					r := httptest.NewRequest(c.method, "https://desk.example"+path, nil)
					for header, value := range map[string]string{"Accept": accept, "Sec-Fetch-Site": c.site, "Origin": c.origin} {
						if value != "" {
							r.Header.Set(header, value)
						}
					}
					if c.cookie != "" {
						r.AddCookie(&http.Cookie{Name: "test", Value: c.cookie})
					}
					w := httptest.NewRecorder()
					reached = false
					testDoor(role, noon.Add(-c.signedIn)).serving([]route{to}).ServeHTTP(w, r)
					if want := c.admitted && role.May(to.right); reached != want {
						t.Errorf("%s as %q, %s: reached %t, answered %d", to.pattern, role, name, reached, w.Code)
					}
					if reached {
						times++
					} else if w.Header().Get("Cache-Control") != "no-store" || w.Code < 300 {
						t.Errorf("%s as %q, %s: refused with %d, %v", to.pattern, role, name, w.Code, w.Header())
					}
				}
			}
		}
		if times == 0 {
			t.Errorf("nobody reaches %s", to.pattern)
		}
	}
}
