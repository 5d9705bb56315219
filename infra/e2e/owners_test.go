package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/systems"
)

// posts sends a form of a task's page, as a browser would.
func (d *desk) posts(t *testing.T, path, body string) answer {
	t.Helper()
	r := request(t, http.MethodPost, d.URL+path, body, browser)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(t, r)
}

// What no call can tell is mailed to the owners of the systems. They read of it again as its date comes, and once a week; they
// look whom it is about, and answer, and the case closes.
func ownersDoIt(t *testing.T, d *desk) {
	d.Systems.Behave(systems.Gone)
	address, id := d.erasing(t)
	paths := map[string]string{}
	for _, owner := range []string{"crm@biosero.com", "marketing@biosero.com"} {
		paths[owner] = d.mailed(t, owner, "/systems/", id)
	}
	of := func(owner, subject string) (n int) {
		for _, m := range d.mails(t, owner) {
			m = strings.Join(strings.Fields(m), " ") // its lines break anywhere
			if strings.Contains(m, id) && strings.Contains(m, subject) {
				n++
			}
			if strings.Contains(m, address) {
				t.Errorf("the mail names the person: %s", m)
			}
		}
		return n
	}
	due, err := time.Parse(time.RFC3339, d.ledgerRow(t, id, "crm")["answer_by"])
	if err != nil {
		t.Fatal(err)
	}
	d.ahead(t, due.Add(-47*time.Hour).Sub(d.Now()))
	d.tellsSystems(t)
	wait(t, "the owner is reminded", func() bool { return of("crm@biosero.com", "It is due soon") == 1 })
	weekly := "once a week"
	for n := 0; of("crm@biosero.com", weekly) == 0; n++ {
		if n == 8 {
			t.Fatal("no weekly mail within a week")
		}
		d.ahead(t, 21*time.Hour)
		d.hour(t)
	}
	d.hour(t)
	if n := of("crm@biosero.com", weekly); n != 1 {
		t.Errorf("%d weekly mails", n)
	}
	seen := do(t, request(t, http.MethodGet, d.URL+paths["crm@biosero.com"], "", browser))
	if seen.status != http.StatusOK || strings.Contains(seen.body, address) || d.happened(t, id, "fetched_by_system") != 0 {
		t.Errorf("opened: %d %.300s", seen.status, seen.body)
	}
	if shown := d.posts(t, paths["crm@biosero.com"], "action=reveal"); shown.status != http.StatusOK || !strings.Contains(shown.body, address) || d.happened(t, id, "fetched_by_system") != 1 {
		t.Errorf("asked: %d %.300s", shown.status, shown.body)
	}
	if said := d.posts(t, paths["crm@biosero.com"], "action=answer&outcome=done&records=3"); said.status != http.StatusOK || !strings.Contains(said.body, "3 records") {
		t.Errorf("answered: %d %.300s", said.status, said.body)
	}
	if state := d.request(t, id)["state"]; state != "carrying_out" {
		t.Errorf("one has not answered, and it is %s", state)
	}
	d.posts(t, paths["marketing@biosero.com"], "action=answer&outcome=not_found")
	wait(t, "the case is closed", func() bool { return d.request(t, id)["state"] == "fulfilled" })
	if over := do(t, request(t, http.MethodGet, d.URL+paths["crm@biosero.com"], "", browser)); over.status != http.StatusGone || !strings.Contains(over.body, "has been answered") {
		t.Errorf("afterwards: %d %.300s", over.status, over.body)
	}
}

// What a person asks to see comes as files: from the browser of a system's owner, and from a system itself.
func filesAreSent(t *testing.T, d *desk) {
	d.Systems.Behave(systems.Gone)
	address, id := d.asking(t)
	d.handsOver(t)
	path := d.mailed(t, "crm@biosero.com", "/systems/", id)
	owner := newVisitor(t, d.URL)
	says := func(what string, status int, words string, form url.Values) string {
		t.Helper()
		_, code, body := owner.look(d.URL+path, form)
		if code != status || !strings.Contains(body, words) {
			t.Errorf("%s: %d %.2000s", what, code, body)
		}
		return body
	}
	done, add := url.Values{"action": {"answer"}, "outcome": {"done"}, "records": {"1"}}, url.Values{"action": {"add_file"}}
	says("opened", http.StatusOK, "There is no file here yet", nil)
	says("done without a file", http.StatusUnprocessableEntity, "There is no file here yet. Add one above", done)
	for _, c := range []struct {
		what, content, words string
		status               int
	}{
		{"a program", "MZ\x00\x00", "We cannot take this file", http.StatusUnprocessableEntity},
		{"empty", "", "EntityTooSmall", http.StatusBadRequest},
		{"too large", `{"x":"` + strings.Repeat("x", 20<<20), "EntityTooLarge", http.StatusBadRequest},
		{"what it holds", `{"email":"` + address + `"}`, "Your file has arrived", http.StatusOK},
	} {
		page := says("a form", http.StatusOK, "Choose a file", add)
		if at, code, body := owner.send(upload(t, page, c.content)); code != c.status || !strings.Contains(body, c.words) || code == http.StatusOK && at.Path != path {
			t.Errorf("%s: %s %d %.2000s", c.what, at.Path, code, body)
		}
	}
	if r := d.fileRow(t, id); r["file_state"] != "stored" || r["file_system"] != "crm" || r["file_type"] != "json" || d.happened(t, id, "file_added") != 1 {
		t.Errorf("%v", r)
	}
	says("nothing, in spite of the file", http.StatusUnprocessableEntity, "A file has arrived, so", url.Values{"action": {"answer"}, "outcome": {"not_found"}})
	says("done", http.StatusOK, "Done, 1 record", done)
	says("one more", http.StatusGone, "has been answered", add)

	d.Systems.Behave(systems.Done)
	_, id = d.asking(t)
	wait(t, "the system has answered", func() bool { return d.entry(t, id, "access", "crm")["system_state"] == "done" })
	if r := d.fileRow(t, id); r["file_state"] != "stored" || r["file_system"] != "crm" || r["file_type"] != "json" {
		t.Errorf("%v", r)
	}
}

// asking is a person who asks what is held about them.
func (d *desk) asking(t *testing.T) (address, id string) {
	t.Helper()
	address, name := person(t)
	return address, d.entered(t, map[string]any{"address": address, "name": name, "kinds": []string{"access"}})
}
