package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
)

// readFeed reads the feed of changes after a cursor to its end: the state by address and scope.
func (d *desk) readFeed(t *testing.T, after string) (states map[string]string, next string) {
	t.Helper()
	states = map[string]string{}
	for more := true; more; after = next {
		got := do(t, request(t, http.MethodGet, d.URL+"/api/suppressions?after="+url.QueryEscape(after), "", signed))
		d.accepted(t, got)
		var page struct {
			Changes []struct{ Address, Scope, State string }
			After   string
			More    bool
		}
		if err := json.Unmarshal([]byte(got.body), &page); err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Changes {
			states[c.Address+" "+c.Scope] = c.State
		}
		next, more = page.After, page.More
	}
	return states, next
}

// feeds is that whoever reads the feed knows what the table says, and reads on where they were.
func (d *desk) feeds(t *testing.T) (next string) {
	t.Helper()
	states, next := d.readFeed(t, "")
	n := 0
	for _, row := range d.rows(t, "OptOutsTable") {
		if row["state"] == "" || row["reduced_at"] != "" {
			continue
		}
		if n++; states[row["address"]+" "+row["scope"]] != row["state"] {
			t.Errorf("the feed says that %s is %q, the table %q", row["scope"], states[row["address"]+" "+row["scope"]], row["state"])
		}
	}
	if n == 0 || len(states) != n {
		t.Errorf("the feed has %d records, the table %d", len(states), n)
	}
	if rest, _ := d.readFeed(t, next); len(rest) != 0 {
		t.Errorf("after the end: %d", len(rest))
	}
	return next
}
