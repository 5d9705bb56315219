package e2e

import (
	"net/http"
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
