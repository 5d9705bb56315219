package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// toChoices is the sealed address of all that a system is told by now.
func (r *rig) toChoices(system string) string {
	r.T.Helper()
	page, err := r.changes.Page(r.T.Context(), feed.Position{})
	if err != nil {
		r.T.Fatal(err)
	}
	to := page.Next
	if to.IsZero() { // younger than the feed's margin
		to = feed.Position{At: r.clock.Add(time.Hour), Key: optout.Key{Ref: "z", Scope: "email"}}
	}
	path := r.Sealed("/choices/", link.Choices, link.Claims{System: system, To: to.String(), ExpiresAt: r.clock.AddDate(0, 3, 0)})
	r.Note(path)
	return path
}

func TestChoicesOfASystem(t *testing.T) {
	r := newRig(t)
	testkit.WithSystems(r.Desk)
	r.Expect(postForm("email=out%40example.com"), http.StatusOK, "")
	r.clock = r.clock.Add(10 * time.Minute)
	path := r.toChoices("newsletter")
	a := r.Expect(get(path, "Accept", "application/json"), http.StatusOK, `"address":"out@example.com"`)
	r.Note(a.Body)
	if !strings.HasPrefix(a.Body, `{"changes":[{`) || !strings.Contains(a.Body, `"system":"newsletter"`) {
		t.Error(a.Body)
	}
	r.Expect(get(r.toChoices("crm"), "Accept", "application/json"), http.StatusOK, `{"changes":[],"system":"crm"}`) // it is told of none
	r.Expect(get(r.toChoices("gone"), "Accept", "application/json"), http.StatusOK, `{"changes":[],"system":"gone"}`)
}

func TestAddressesOfNoChoices(t *testing.T) {
	r := newRig(t)
	testkit.WithSystems(r.Desk)
	r.Expect(postForm("email=out%40example.com"), http.StatusOK, "")
	path := r.toChoices("newsletter")
	for name, c := range map[string]struct {
		path   string
		status int
	}{
		"cut":              {path[:len(path)-2], http.StatusBadRequest},
		"a person's":       {"/choices/" + last(r.link(link.Preferences, marvin, "")), http.StatusBadRequest},
		"expired":          {r.Sealed("/choices/", link.Choices, link.Claims{System: "newsletter", ExpiresAt: r.clock}), http.StatusGone},
		"with no position": {r.Sealed("/choices/", link.Choices, link.Claims{System: "newsletter", To: "soon"}), http.StatusBadRequest},
	} {
		a := r.Expect(get(c.path, "Accept", "application/json"), c.status, "")
		if strings.Contains(fmt.Sprint(a), "out@example.com") {
			t.Error(name)
		}
	}
	r.Expect(get("/preferences/"+last(path)), http.StatusBadRequest, "")
	r.store.err = fault.New(fault.Unavailable, "read the feed")
	r.Expect(get(path, "Accept", "application/json"), http.StatusServiceUnavailable, "")
}
