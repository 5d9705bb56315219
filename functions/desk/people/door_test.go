package people

import (
	"context"
	"net/http"
	"net/http/httptest"
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

// The way in, walked over every route, every role and every piece that can be missing.
func TestTheWayIn(t *testing.T) {
	var reached bool
	reach := func(v *visit) { reached = true }
	for _, to := range testDoor(staff.Admin, noon).table() {
		if to.right == "" {
			continue
		}
		method, path, _ := strings.Cut(to.pattern, " ")
		path = strings.NewReplacer("{id}", "PD-1", "{act}", "note", "{kind}", "access").Replace(path)
		to.serve = reach
		for _, role := range append([]staff.Role{"", "owner"}, staff.Roles...) {
			for name, c := range map[string]struct {
				cookie   string
				signedIn time.Time
				site     string // Sec-Fetch-Site
				admitted bool   // if the role may
			}{
				"all there":                  {"a1.s1", noon.Add(-time.Minute), "same-origin", true},
				"no cookie":                  {"", noon.Add(-time.Minute), "same-origin", false},
				"a session of somebody else": {"a2.s1", noon.Add(-time.Minute), "same-origin", false},
				"an unknown session":         {"a1.s2", noon.Add(-time.Minute), "same-origin", false},
				"a session that is over":     {"a1.s1", noon.Add(-8 * time.Hour), "same-origin", false},
				"a login of an hour ago":     {"a1.s1", noon.Add(-time.Hour), "same-origin", method == http.MethodGet || !to.right.NeedsRecentLogin()},
				"another site":               {"a1.s1", noon.Add(-time.Minute), "cross-site", method == http.MethodGet},
				"a sibling subdomain":        {"a1.s1", noon.Add(-time.Minute), "same-site", method == http.MethodGet},
			} {
				d := testDoor(role, c.signedIn)
				r := httptest.NewRequest(method, "https://desk.example"+path, nil)
				r.Header.Set("Sec-Fetch-Site", c.site)
				if c.cookie != "" {
					r.AddCookie(&http.Cookie{Name: "test", Value: c.cookie})
				}
				w := httptest.NewRecorder()
				reached = false
				http.NewCrossOriginProtection().Handler(d.enter(to)).ServeHTTP(w, r)
				if want := c.admitted && role.May(to.right); reached != want {
					t.Errorf("%s as %q, %s: reached %t, answered %d", to.pattern, role, name, reached, w.Code)
				}
			}
		}
	}
}

// What needs no session is a list of its own.
func TestWhatIsOpen(t *testing.T) {
	open := map[string]bool{"GET /desk/login": true, "GET /desk/callback": true, "POST /desk/logout": true, "GET /desk/logged-out": true}
	for _, to := range testDoor(staff.Admin, noon).table() {
		if to.right == "" && !open[to.pattern] {
			t.Errorf("%s needs no session", to.pattern)
		}
	}
}
