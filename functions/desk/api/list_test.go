package api

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"testing"
	"time"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// many is an agenda of any length. Many dates are the same, and those come in
// another order each time.
type many struct {
	unverified, open, paused int
	asked                    *int
}

func (m many) Watched(_ context.Context, w lifecycle.Watch, by time.Time) iter.Seq2[request.Summary, error] {
	state := map[lifecycle.Watch]lifecycle.State{lifecycle.WatchUnverified: lifecycle.Unverified, lifecycle.WatchOpen: lifecycle.Open, lifecycle.WatchPaused: lifecycle.WaitingForPerson}[w]
	n := map[lifecycle.Watch]int{lifecycle.WatchUnverified: m.unverified, lifecycle.WatchOpen: m.open, lifecycle.WatchPaused: m.paused}[w]
	const alike = 400
	*m.asked++
	turn := *m.asked * 7
	return func(yield func(request.Summary, error) bool) {
		for i := range n {
			day := i / alike
			due := testkit.T0.AddDate(0, 0, day)
			size := min(alike, n-day*alike)
			id := day*alike + (i+turn)%size
			if due.After(by) || !yield(request.Summary{ID: fmt.Sprint(state, "-", id), State: state, DueAt: due, Watched: due}, nil) {
				return
			}
		}
	}
}

// GHSA-qx5f-ghc2-7g5c: however many requests anybody sends in others' names,
// they hide none that somebody has confirmed. And page by page all are listed,
// each once, and "more" is true while there are.
// What an officer must look at comes first, closed or not, and says why.
func TestListTellsOfMails(t *testing.T) {
	r := newRig(t)
	r.of("open")
	closed := r.of("looked")
	var said struct {
		Requests []struct {
			Reference, State string
			Look             struct{ Why string }
		}
	}
	a := r.expect(r.call(http.MethodGet, "/api/requests", nil), http.StatusOK, "")
	if err := json.Unmarshal([]byte(a.Body), &said); err != nil || len(said.Requests) != 2 || said.Requests[0].Reference != closed.ID || said.Requests[0].Look.Why != "mention" || said.Requests[1].Look.Why != "" {
		t.Errorf("%s, %v", a.Body, err)
	}
}

func TestListInPages(t *testing.T) {
	for name, c := range map[string]struct {
		m     many
		pages int
	}{
		"nothing": {many{}, 1}, "few": {many{unverified: 10, open: 3, paused: 2}, 1}, "a flood": {many{unverified: 2000, open: 3}, 4},
		"just as many": {many{unverified: 500, open: 499, paused: 1}, 1}, "one too many": {many{unverified: 3, open: 500, paused: 1}, 2},
		"much to do": {many{open: 1700, paused: 900}, 6},
	} {
		r := newRig(t)
		c.m.asked = new(int)
		r.Agenda = c.m
		seen, pages, after := map[string]bool{}, 0, ""
		for more := true; more && pages < 20; pages++ {
			a := r.expect(r.call(http.MethodGet, "/api/requests?by=2027-01-01T00:00:00Z"+after, nil), http.StatusOK, "")
			of := map[bool]int{}
			for i, s := range a.said.Requests {
				if seen[s.Reference] {
					t.Fatalf("%s: %s is listed twice", name, s.Reference)
				}
				if i > 0 && s.DueAt.Before(a.said.Requests[i-1].DueAt) {
					t.Fatalf("%s: %s comes after what is later", name, s.Reference)
				}
				seen[s.Reference] = true
				of[s.State == lifecycle.Unverified]++
			}
			if verified := c.m.open + c.m.paused; pages == 0 && (of[false] != min(verified, 500) || of[true] != min(c.m.unverified, 500)) {
				t.Errorf("%s: the first page has %d of %d, and %d unverified ones", name, of[false], verified, of[true])
			}
			next, _ := a.said.Next.(string)
			if more = a.said.More; more == (next == "") {
				t.Fatalf("%s: more %v, next %q", name, more, next)
			}
			after = "&after=" + url.QueryEscape(next)
		}
		if pages != c.pages || len(seen) != c.m.unverified+c.m.open+c.m.paused {
			t.Errorf("%s: %d on %d pages, want %d pages", name, len(seen), pages, c.pages)
		}
	}
}

// A request that goes from one watch to another while it is listed is listed once.
func TestListWhileOneMoves(t *testing.T) {
	r := newRig(t)
	r.Agenda = moving{}
	a := r.expect(r.call(http.MethodGet, "/api/requests", nil), http.StatusOK, `"more":false`)
	if len(a.said.Requests) != 1 {
		t.Errorf("%s", a.Body)
	}
}

type moving struct{}

func (moving) Watched(_ context.Context, w lifecycle.Watch, _ time.Time) iter.Seq2[request.Summary, error] {
	state := map[lifecycle.Watch]lifecycle.State{lifecycle.WatchUnverified: lifecycle.Unverified, lifecycle.WatchOpen: lifecycle.Open, lifecycle.WatchPaused: lifecycle.WaitingForPerson}[w]
	return func(yield func(request.Summary, error) bool) {
		yield(request.Summary{ID: "PD-1", State: state, DueAt: testkit.T0, Watched: testkit.T0}, nil)
	}
}
