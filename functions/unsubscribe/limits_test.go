package main

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
)

func numbered(n int) string { return fmt.Sprintf("email=marvin%d%%40example.com", n) }

// An opt-out costs nobody anything: no source and no address is refused one,
// and it is one write that nothing is counted for.
func TestOptOutsHaveNoLimit(t *testing.T) {
	r := newRig(t)
	r.counts.Err = errors.New("an opt-out is counted")
	for n := range 100 {
		r.Expect(postForm(mine, script...), http.StatusOK, "received")
		r.Expect(postForm(numbered(n), browser...), http.StatusOK, thankYou)
		r.Expect(post(r.link("unsubscribe", marvin, ""), "", mailClient...), http.StatusOK, "")
	}
	if r.store.writes != 300 || r.store.reads != 0 {
		t.Errorf("%d writes, %d reads", r.store.writes, r.store.reads)
	}
}

// Where a source has asked for too much, the opt-out is in effect, the wish to
// be deleted is not taken in, and page, JSON and header say so alike.
func TestErasureBesideAnOptOutIsLimited(t *testing.T) {
	r := newRig(t)
	r.Desk.Forms.Redirects = []string{"https://www.example.com/goodbye"}
	for n := range r.source.PerMinute {
		r.Expect(postForm(numbered(n)+"&erase=yes", script...), http.StatusOK, "received")
	}
	r.clock = r.clock.Add(20e9)
	page := r.Expect(postForm(mine+"&erase=yes&redirect=https%3A%2F%2Fwww.example.com%2Fgoodbye", browser...), http.StatusOK, "could not accept that")
	if page.Headers["retry-after"] != "40" || !strings.Contains(page.Text, "takes effect right away") || !strings.Contains(page.Text, "in one minute") || strings.Contains(page.Text, "We will email you") {
		t.Errorf("%v: %s", page.Headers, page.Body)
	}
	a := r.Expect(postForm(mine+"&erase=yes", script...), http.StatusOK, "received")
	got := a.JSON(t)
	if got.Code != 200 || strconv.Itoa(got.RetryAfter) != a.Headers["retry-after"] || len(got.Errors) != 1 || got.Errors[0].Field != "erase" || !strings.Contains(got.Errors[0].Message, "in one minute") {
		t.Errorf("%s", a.Body)
	}
	r.wantRows(marvin, "email=out@2")
	if len(r.requests(marvin)) != 0 {
		t.Error("a request was opened")
	}
	for record, err := range r.store.PendingErasures(t.Context()) {
		t.Errorf("the wish is kept, and would open one: %v, %v", record.Key, err)
	}
	r.clock = r.clock.Add(60e9)
	r.Expect(postForm(mine+"&erase=yes", browser...), http.StatusOK, "We will email you")
	if got := r.requests(marvin); len(got) != 1 || got[0].State != lifecycle.Unverified {
		t.Errorf("%+v", got)
	}
}

// Where the source is not known, everybody would share one limit; where the
// count is not known, the opt-out and the wish are kept.
func TestLimitsUnknown(t *testing.T) {
	r := newRig(t)
	for n := range r.source.PerMinute + 1 {
		e := postForm(numbered(n)+"&erase=yes", script...).Event()
		e.RequestContext.HTTP.SourceIP = ""
		if a := r.Invoke(e); a.StatusCode != http.StatusOK || strings.Contains(a.Body, "errors") {
			t.Fatalf("post %d: %s", n+1, a.Body)
		}
	}
	r.counts.Err = fault.New(fault.Unavailable, "throttled")
	r.Expect(postForm(mine+"&erase=yes", script...), http.StatusOK, "received")
	r.wantRows(marvin, "email=out@1")
	wanted := 0
	for range r.store.PendingErasures(t.Context()) {
		wanted++
	}
	if wanted != 1 {
		t.Errorf("%d wishes", wanted)
	}
}
