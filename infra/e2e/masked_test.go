package e2e

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"privacydesk/infra/local/oidc"
	"privacydesk/infra/local/stack"
)

// walk is what somebody saw who followed every link of the desk, by address. Addresses that a redirect led to are seen too.
type walk map[string][]byte

var hrefs = regexp.MustCompile(`(href|action)="(/desk[^"#]*)`)

// mostScreens is far more than there are, so that a walk in a circle ends.
const mostScreens = 600

// walkDesk follows links from the given paths to wherever the desk leads, as pages and as JSON.
func (v *visitor) walkDesk(t *testing.T, from ...string) walk {
	t.Helper()
	seen, linked := walk{}, map[string]bool{}
	v.browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		seen["redirect to "+r.URL.String()] = []byte(r.URL.String())
		return nil
	}
	todo := slices.Clone(from)
	for len(todo) > 0 && len(seen) < mostScreens {
		path := todo[0]
		todo = todo[1:]
		if _, known := seen[path]; known || strings.HasPrefix(path, "/desk/login") || strings.HasPrefix(path, "/desk/style") || strings.HasPrefix(path, "/desk/script") {
			continue
		}
		_, status, body := v.look(v.site+path, nil)
		if status >= 400 && linked[path] {
			t.Errorf("a link leads to %s, which answers %d", path, status)
		}
		seen[path] = []byte(path + "\n" + body)
		_, told := v.machine(path)
		seen[path+" as JSON"] = []byte(told)
		for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
			to := html.UnescapeString(m[2])
			todo, linked[to] = append(todo, to), linked[to] || m[1] == "href"
		}
	}
	return seen
}

// Nobody at the desk sees a whole address that they have not asked for, on no screen, in no address and no log.
func TestAddressesAreMasked(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	people, ids := d.fillDesk(t)
	officer := d.logIn(t, oidc.Officer)
	from := []string{"/desk", "/desk?view=closed", "/desk?view=unconfirmed"}
	for i, id := range ids {
		at, _, body := officer.look(d.URL+"/desk/search", url.Values{"what": {people.texts[i]}})
		if from = append(from, "/desk/requests/"+id, at.RequestURI()); !strings.HasPrefix(at.Path, "/desk/people/") {
			t.Errorf("the search for an address leads to %s: %s", at, body)
		}
	}
	reached := ""
	for _, who := range []string{oidc.Officer, oidc.Auditor, oidc.Viewer, oidc.Admin} {
		seen := d.logIn(t, who).walkDesk(t, from...)
		for _, leak := range people.leaks(seen) {
			t.Errorf("the %s sees %s", who, leak)
		}
		for path := range seen {
			reached += path + "\n"
		}
	}
	for _, path := range []string{"/desk/day", "/desk/activity", "/desk/disposal", "/desk/health", "/desk/holds/", "/desk/law/", "/decide", "/letter", "/act/note", "/desk/people/"} {
		if !strings.Contains(reached, path) {
			t.Errorf("nobody came to %s:\n%s", path, reached)
		}
	}
	d.revealsTo(t, officer, "/desk/requests/"+ids[0], people.texts[0])
	for _, leak := range private.leaks(d.logs()) {
		t.Error(leak)
	}
}

// revealsTo shows the address to who asks for it, and to nobody else.
func (d *desk) revealsTo(t *testing.T, officer *visitor, file, address string) {
	t.Helper()
	second := d.logIn(t, oidc.SecondOfficer)
	at, _, body := officer.look(d.URL+file+"/reveal", url.Values{})
	title, page, _ := strings.Cut(body, "</title>")
	if !strings.Contains(page, address) || strings.Contains(at.String()+title, "@") {
		t.Errorf("who asks for the address does not see it at %s, or in the title: %s", at, body)
	}
	if _, _, list := officer.look(d.URL+"/desk", nil); strings.Contains(list, address) || !strings.Contains(list, file) {
		t.Errorf("the list shows the address, or not the request: %s", list)
	}
	if _, _, body := second.look(d.URL+file, nil); strings.Contains(body, address) || !strings.Contains(body, "Olivia Ortega") {
		t.Errorf("a colleague sees the address, or not who asked for it: %s", body)
	}
}

// fillDesk has people ask, one for each thing that can become of a request.
func (d *desk) fillDesk(t *testing.T) (people *secrets, ids []string) {
	t.Helper()
	people = &secrets{}
	asks := func(kinds ...string) string {
		address, name := person(t)
		people.add(address)
		id := d.entered(t, map[string]any{"address": address, "name": name, "kinds": kinds, "details": "Please."})
		ids = append(ids, id)
		return id
	}
	asks("access")
	id := asks("access", "erasure")
	d.officer(t, id, "draft", map[string]any{"outcome": "fulfilled"})
	d.officer(t, id, "send", map[string]any{"when": "morning"})
	d.officer(t, asks("access"), "decide", map[string]any{"outcome": "refused", "grounds": []map[string]string{{"ground": "no_data_found"}}, "explanation": "We looked."})
	d.officer(t, asks("erasure", "objection"), "decide", map[string]any{"outcome": "fulfilled"})
	held := asks("correction")
	d.held(t, people.texts[len(people.texts)-1])
	d.officer(t, held, "ask", map[string]any{"cause": "clarification", "question": "Which?"})
	raw := "From: " + people.texts[len(people.texts)-1] + "\r\nTo: privacy@in.example.com\r\nSubject: " + held + "\r\n\r\nThe second.\r\n"
	do(t, request(t, http.MethodPost, d.AWS+"/inbound", raw, map[string]string{"Content-Type": "message/rfc822"}))
	d.quiet(t)
	return people, ids
}
