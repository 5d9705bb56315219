package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/stack"
)

// travel moves the desk's time as make clock does.
func (d *desk) travel(tb testing.TB, offset string) {
	tb.Helper()
	if got := do(tb, request(tb, http.MethodPost, d.AWS+"/clock", offset, nil)); got.status != http.StatusOK {
		tb.Fatalf("POST /clock %s: %d %s", offset, got.status, got.body)
	}
}

// walks are how often the schedule has compared SES's list with the table.
func (d *desk) walks() int {
	return bytes.Count(d.shown.bytes(), []byte("reconciliation finished"))
}

// A day of the stack passes in a second, for all its parts alike.
func TestTravelInTime(t *testing.T) {
	t.Parallel()
	// Daily, and half a day away from the time of this test.
	daily := fmt.Sprintf("cron(0 %d * * ? *)", (time.Now().UTC().Hour()+12)%24)
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true, Parameters: map[string]string{"ReconcileSchedule": daily}})
	defer d.Close()
	address, name := person(t)
	asked := d.post(t, "/requests", url.Values{"email": {address}, "name": {name}, "kind": {"access"}, "country": {"DE"}})
	d.accepted(t, asked)
	confirm := d.mailed(t, address, "/requests/confirm/", reference.FindString(asked.body))
	if got := d.get(t, confirm); got.status != http.StatusOK {
		t.Fatalf("the link works for %d", got.status)
	}
	if len(d.rows(t, "CountersTable")) == 0 || d.walks() != 0 {
		t.Fatalf("before: %d counters, %d walks", len(d.rows(t, "CountersTable")), d.walks())
	}

	leaver, _ := person(t)
	d.oneClick(t, d.link(t, leaver, ""))
	d.oneClick(t, d.link(t, leaver, "newsletter"))
	if early, _ := d.readFeed(t, ""); len(early) != 0 {
		t.Errorf("the feed has what is younger than a minute: %d", len(early))
	}

	d.travel(t, "+1d")
	wait(t, "what is daily has run", func() bool { return d.walks() == 1 })
	told := d.feeds(t)
	d.comeBack(t, leaver, d.preferences(t, leaver))
	if got := d.get(t, confirm); got.status != http.StatusOK {
		t.Errorf("the link ended within a day: %d", got.status)
	}

	past := d.counters(t)
	d.travel(t, "+7d")
	if since, _ := d.readFeed(t, told); since[leaver+" email"] != "in" {
		t.Errorf("since then the feed has %d, and that the person is %q", len(since), since[leaver+" email"])
	}
	d.feeds(t)
	got := d.get(t, confirm)
	if got.status != http.StatusGone || !strings.Contains(got.body, "expired") {
		t.Errorf("after 8 days the link shows %d\n%s", got.status, got.body)
	}
	if pressed := d.post(t, confirm, url.Values{"from": {"page"}}); pressed.status != http.StatusGone {
		t.Errorf("after 8 days the button does %d", pressed.status)
	}
	wait(t, "what is daily has run for seven days at once", func() bool { return d.walks() == 2 })
	wait(t, "counters of the past are gone", func() bool {
		return !slices.ContainsFunc(d.counters(t), func(key string) bool { return slices.Contains(past, key) })
	})
	other, _ := person(t)
	later := d.post(t, "/requests", url.Values{"email": {other}, "kind": {"access"}, "country": {"DE"}})
	d.accepted(t, later)
	laterLink := d.mailed(t, other, "/requests/confirm/", reference.FindString(later.body))
	if n := d.receivedSince(t, time.Now().Add(7*24*time.Hour)); n != 1 {
		t.Errorf("%d requests are of that day", n)
	}

	d.travel(t, "now")
	if got := d.get(t, laterLink); got.status != http.StatusOK {
		t.Errorf("back in time a link of later does not work: %d", got.status)
	}
	if got := d.get(t, confirm); got.status != http.StatusGone {
		t.Errorf("the request ended on the way, its page shows %d", got.status)
	}
	time.Sleep(2 * time.Second) // whatever would run twice has done so by now
	if n := d.walks(); n != 2 {
		t.Errorf("what is daily has run %d times", n)
	}
	for _, leak := range private.leaks(d.logs()) {
		t.Error(leak)
	}
}

// counters are the keys of all counters. What a move sets going may count anew.
func (d *desk) counters(tb testing.TB) []string {
	tb.Helper()
	var keys []string
	for _, r := range d.rows(tb, "CountersTable") {
		keys = append(keys, r["key"])
	}
	return keys
}

// receivedSince counts the requests that came after a time.
func (d *desk) receivedSince(tb testing.TB, at time.Time) (n int) {
	tb.Helper()
	for _, r := range d.rows(tb, "RequestsTable") {
		if r["received_at"] >= stamp(at) {
			n++
		}
	}
	return n
}
