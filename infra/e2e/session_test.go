package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"privacydesk/infra/local/oidc"
	"privacydesk/infra/local/stack"
	"privacydesk/shared/domain/casework"
)

// logIn logs a person of the local provider in, in a browser of their own.
func (d *desk) logIn(tb testing.TB, person string) *visitor {
	tb.Helper()
	v := newVisitor(tb, d.URL)
	if _, status, body := v.choose(person, "/desk/me"); status != http.StatusOK {
		tb.Fatalf("%s: %d %s", person, status, body)
	}
	return v
}

// sessions are the rows of who is signed in.
func (d *desk) sessions(tb testing.TB) (found []map[string]string) {
	tb.Helper()
	for _, r := range d.rows(tb, "RequestsTable") {
		if r["id"] == "#staff" {
			found = append(found, r)
		}
	}
	return found
}

// A session goes on by clicks and ends without them. One that was ended is over for whoever kept its cookie too.
func TestSessionsOfTheDesk(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	clicks, idles := d.logIn(t, oidc.Officer), d.logIn(t, oidc.Officer)
	if rows := d.sessions(t); len(rows) != 2 || rows[0]["name"] != "Olivia Ortega" || rows[0]["role"] != "officer" {
		t.Fatalf("%v", rows)
	}
	site, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	thief := newVisitor(t, d.URL)
	thief.browser.Jar.SetCookies(site, clicks.browser.Jar.Cookies(site))
	d.travel(t, "+29m")
	if got := clicks.role() + " " + thief.role(); got != "officer officer" {
		t.Errorf("after 29 minutes: %q", got)
	}
	d.travel(t, "+29m")
	if got := clicks.role() + " " + idles.role(); got != "officer " {
		t.Errorf("29 minutes after a click, and 58 without one: %q", got)
	}
	clicks.look(d.URL+"/desk/logout", url.Values{})
	if got := clicks.role() + thief.role(); got != "" {
		t.Errorf("after the logout: %q", got)
	}
	phone, laptop := d.logIn(t, oidc.Officer), d.logIn(t, oidc.Officer)
	phone.look(d.URL+"/desk/logout-everywhere", url.Values{})
	if got := phone.role() + laptop.role(); got != "" || len(d.sessions(t)) != 0 {
		t.Errorf("after the logout everywhere: %q, %d sessions", got, len(d.sessions(t)))
	}
}

// Every screen opens, and its function may read what it shows.
func TestScreensOpen(t *testing.T) {
	d := shared(t)
	address, name := person(t)
	asked := d.post(t, "/requests", url.Values{"email": {address}, "name": {name}, "kind": {"access"}, "country": {"DE"}})
	d.accepted(t, asked)
	file := "/desk/requests/" + reference.FindString(asked.body)
	admin := d.logIn(t, oidc.Admin)
	paths := []string{
		"/desk", file, "/desk/me", "/desk/enter", "/desk/holds", "/desk/disposal", "/desk/health", "/desk/law", "/desk/law/settings", "/desk/activity", "/desk/day",
		file + "/act/note", file + "/decide",
	}
	for _, row := range d.rows(t, "RequestsTable") {
		if "/desk/requests/"+row["id"] == file && row["ref"] != "" {
			paths = append(paths, "/desk/people/"+row["ref"])
		}
	}
	for _, view := range casework.Views {
		paths = append(paths, "/desk?view="+string(view))
	}
	for _, path := range paths {
		if _, status, body := admin.look(d.URL+path, nil); status != http.StatusOK || !strings.Contains(body, "Ada Adler") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if _, _, body := admin.look(d.URL+"/desk/health", nil); strings.Contains(body, "Not known") {
		t.Error(body)
	}
}
