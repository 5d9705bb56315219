package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit"
)

// asks opens a request for access from Germany and returns its reference and
// the link that confirms it.
func (d *desk) asks(t *testing.T) (address, id, confirm string) {
	t.Helper()
	address, name := person(t)
	asked := d.post(t, "/requests", url.Values{"email": {address}, "name": {name}, "kind": {"access"}, "country": {"DE"}})
	d.accepted(t, asked)
	id = reference.FindString(asked.body)
	return address, id, d.mailed(t, address, "/requests/confirm/", id)
}

// request is the row of a request.
func (d *desk) request(t *testing.T, id string) row {
	t.Helper()
	for _, r := range d.rows(t, "RequestsTable") {
		if r["id"] == id && r["row"] == "request" {
			return r
		}
	}
	t.Fatalf("there is no request %s", id)
	return nil
}

// until moves the desk's time to that of a row's attribute, and so much on.
func (d *desk) until(t *testing.T, id, attribute string, on time.Duration) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, d.request(t, id)[attribute])
	if err != nil {
		t.Fatal(err)
	}
	d.travel(t, fmt.Sprintf("+%dm", int(at.Add(on).Sub(d.Now()).Minutes())))
}

// hour runs the clock by hand, as make invoke does, and then the function that
// mails what the clock has queued, as its schedule does every minute.
func (d *desk) hour(t *testing.T) {
	t.Helper()
	root, err := testkit.Root()
	if err != nil {
		t.Fatal(err)
	}
	event, err := os.ReadFile(filepath.Join(root, "events/clock/hourly.json"))
	if err != nil {
		t.Fatal(err)
	}
	d.call(t, "clock", event)
	d.runNotices(t)
}

// Two months of a desk: what nobody confirms expires, what waits for its person
// lapses, and the officer reads of each step towards a date once.
func TestTheClockOfADesk(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	settings := testkit.Desk(t)
	digests := func(about string) (n int) {
		for _, m := range d.mails(t, settings.Organisation.Contact) {
			if strings.Contains(m, about) {
				n++
			}
		}
		return n
	}
	stranger, unconfirmed, _ := d.asks(t)
	_, open, confirm := d.asks(t)
	d.accepted(t, d.confirm(t, confirm))
	silent, waiting, confirm := d.asks(t)
	d.accepted(t, d.confirm(t, confirm))
	d.officer(t, waiting, "ask", map[string]any{"cause": "identity", "question": "Which of the two?"})
	wait(t, "the question is mailed", func() bool { return len(d.mails(t, silent)) == 3 })
	early := do(t, request(t, http.MethodPost, d.URL+"/api/requests/"+waiting+"/expire", "{}", signed))
	if early.status != http.StatusConflict || !strings.Contains(early.body, "can be closed as expired from") {
		t.Errorf("the officer may close at once: %d %s", early.status, early.body)
	}

	d.until(t, unconfirmed, "verify_by", time.Minute)
	d.hour(t)
	wait(t, "the person reads that it was never confirmed", func() bool { return len(d.mails(t, stranger)) == 2 })
	if state := d.request(t, unconfirmed)["state"]; state != "expired" || digests("") != 0 {
		t.Errorf("after a week it is %s; %d digests", state, digests(""))
	}

	d.until(t, open, "due_at", -time.Hour)
	for range 3 {
		d.hour(t)
	}
	if n := digests(open); n != 1 {
		t.Errorf("on the day it is due the officer has read %d digests of it", n)
	}
	d.until(t, open, "due_at", time.Hour)
	for range 3 {
		d.hour(t)
	}
	if n := digests(open); n != 2 || digests("Overdue for 1 day") != 1 {
		t.Errorf("an hour after the date: %d digests of it, %d say overdue", n, digests("Overdue for 1 day"))
	}
	d.travel(t, "+70d")
	d.hour(t)
	wait(t, "the person reads that it was closed", func() bool { return len(d.mails(t, silent)) == 4 })
	if state := d.request(t, waiting)["state"]; state != "expired" || digests(waiting) != 0 {
		t.Errorf("who was asked and is silent: %s, %d digests", state, digests(waiting))
	}
	for _, leak := range private.leaks(d.logs()) {
		t.Error(leak)
	}
}
