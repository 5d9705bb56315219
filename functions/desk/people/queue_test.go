package people

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/staff"
)

func TestQueue(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	stranger := r.open(deadline.Erasure)
	page := r.get("/desk").Body.String()
	for _, want := range []string{q.ID, "z***@e***.com", "1 new", "in 22 working days", "Germany", "GDPR"} {
		if !strings.Contains(page, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if strings.Contains(page, zoe) || strings.Contains(page, stranger.ID) {
		t.Error("it shows an address, or what nobody confirmed")
	}
	if page := r.get("/desk?view=unconfirmed").Body.String(); !strings.Contains(page, stranger.ID) || strings.Contains(page, q.ID) {
		t.Error("the view of what nobody confirmed does not show it alone")
	}
}

// What an address says wrongly is named and left out; all else holds.
func TestQueueWithWhatCannotBeUsed(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	for path, want := range map[string]string{
		"/desk?from=yesterday":                             "Received from",
		"/desk?view=never":                                 "View",
		"/desk?kind=cake&state=lost":                       "State, Kind",
		"/desk?law=hammurabi&kind=access":                  "Law",
		"/desk?after=x":                                    "Page",
		"/desk?from=2026-11-30&to=2026-11-01":              "Received until",
		"/desk?view=a&state=b&kind=c&law=d&from=e&after=f": "Received from",
	} {
		w := r.get(path)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), want) || !strings.Contains(w.Body.String(), q.ID) {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestQueueForMachines(t *testing.T) {
	r := newRig(t, staff.Viewer)
	q := r.confirmed(deadline.Access)
	r.open(deadline.Access)
	mustHave(t, r.get("/desk").Body.String(), `<a href="/desk?view=unconfirmed">1 unconfirmed</a>`)
	get := httpGet("/desk")
	get.Header.Set("Accept", "application/json")
	w := r.send(get)
	var said struct {
		View     string
		Counts   map[string]struct{ N int }
		Requests []struct {
			Reference, Person, Due string
			Left                   int `json:"working_days_left"`
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	if said.View != "next" || said.Counts["new"].N != 1 || said.Counts["unconfirmed"].N != 1 || len(said.Requests) != 1 || said.Requests[0].Reference != q.ID || said.Requests[0].Left != 22 || said.Requests[0].Due != "2026-12-30" {
		t.Errorf("%+v", said)
	}
}

// Days are the organisation's, not those of UTC.
func TestQueueNamesTheOrganisationsDays(t *testing.T) {
	r := newRig(t, staff.Officer)
	r.clock = time.Date(2026, 11, 30, 23, 30, 0, 0, time.UTC) // the first of December in Berlin, the afternoon of the 30th in San Diego
	r.signIn(staff.Officer)
	r.door.Pages.Zone = time.FixedZone("Berlin", 3600)
	r.confirmed(deadline.Access)
	if page := r.get("/desk").Body.String(); !strings.Contains(page, "received Tue 1 Dec") {
		t.Error("the day is not where the organisation is")
	}
}
