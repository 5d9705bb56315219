package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// withSystems has the desk tell the systems of the tests' settings.
func (r *rig) withSystems() *rig {
	testkit.WithSystems(r.Desk)
	r.rights.Settings.Systems, r.Pages.Systems = r.Desk.Systems, r.Desk.Systems
	return r
}

// erasing is a request whose erasure was granted, and which waits for other systems.
func (r *rig) erasing() request.Request {
	r.T.Helper()
	return r.decided(granted, germany, deadline.Erasure)
}

// task is the sealed address of a system's task.
func (r *rig) task(q request.Request, system string) string {
	r.T.Helper()
	e, err := ledger.Find(r.systems(q), system, ledger.Erasure)
	if err != nil {
		r.T.Fatal(err)
	}
	path := r.Sealed("/systems/", link.System, link.Claims{Request: q.ID, System: system, Task: "erasure", Notice: e.ID(), ExpiresAt: r.clock.AddDate(0, 3, 0)})
	r.Note(path)
	return path
}

func (r *rig) systems(q request.Request) []ledger.Entry {
	r.T.Helper()
	entries, err := r.store.Systems(r.T.Context(), q.ID)
	if err != nil {
		r.T.Fatal(err)
	}
	return entries
}

var machine = []string{"Accept", "application/json", "Content-Type", "application/json", "User-Agent", "crm/1.0"}

// A system reads whom its task is about, as far as it needs it, and the history says so once an hour.
func TestASystemFetches(t *testing.T) {
	r := newRig(t).withSystems()
	q := r.erasing()
	a := r.Expect(get(r.task(q, "crm"), machine...), http.StatusOK, "")
	var told struct {
		Request, Task, System, State string
		Due                          time.Time `json:"due_at"`
		Person                       map[string]any
	}
	if err := json.Unmarshal([]byte(a.Body), &told); err != nil {
		t.Fatal(err)
	}
	r.Note(a.Body)
	if told.Request != q.ID || told.Task != "erasure" || told.System != "crm" || told.State != "due" || told.Due.IsZero() || told.Person["email"] != marvin || told.Person["name"] != "Marvin" || len(told.Person) != 3 {
		t.Errorf("%s", a.Body)
	}
	r.Expect(get(r.task(q, "crm"), machine...), http.StatusOK, "")
	if n := strings.Count(r.history(q.ID), string(lifecycle.EventSystemFetched)); n != 1 {
		t.Errorf("the history has it %d times", n)
	}
	r.clock = r.clock.Add(time.Hour)
	r.Expect(get(r.task(q, "crm"), machine...), http.StatusOK, "")
	if n := strings.Count(r.history(q.ID), string(lifecycle.EventSystemFetched)); n != 2 {
		t.Errorf("an hour later the history has it %d times", n)
	}
	newsletter := r.Expect(get(r.task(q, "newsletter"), machine...), http.StatusOK, `"person":{"email":"marvin@example.com"}`)
	r.Note(newsletter.Body)
}

// A scanner that follows the address learns nothing by HEAD, and changes nothing.
func TestHeadOfASealedAddress(t *testing.T) {
	r := newRig(t).withSystems()
	q := r.erasing()
	before := r.history(q.ID)
	r.Expect(call{Method: http.MethodHead, Path: r.task(q, "crm")}, http.StatusOK, "")
	if r.history(q.ID) != before {
		t.Error("HEAD is in the history")
	}
}

// The case closes when the last required system has answered.
func TestSystemsAnswer(t *testing.T) {
	r := newRig(t).withSystems()
	q := r.erasing()
	for system, outcome := range map[string]string{
		"crm": `{"outcome":"done","records":3}`, "newsletter": `{"outcome":"not_found"}`, "contracts": `{"outcome":"exempt","ground":"an invoice of this year"}`,
	} {
		path := r.task(q, system)
		for range 2 { // the same answer twice is one
			r.Expect(post(path, outcome, machine...), http.StatusOK, `"system":"`+system+`"`)
		}
		r.Expect(post(path, `{"outcome":"failed","ground":"no"}`, machine...), http.StatusConflict, `"conflict"`)
		r.Expect(get(path, machine...), http.StatusGone, `"expired"`)
	}
	if n := strings.Count(r.history(q.ID), string(lifecycle.EventSystemAnswered)); n != 3 {
		t.Errorf("%d answers in the history", n)
	}
	if after := r.file(q.ID).Request; after.State != lifecycle.PartlyFulfilled { // for the contracts
		t.Errorf("%s", after.State)
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	r := newRig(t).withSystems()
	q := r.erasing()
	path, before := r.task(q, "crm"), len(r.store.writes)
	for body, piece := range map[string]string{
		``: `"body"`, `[]`: `"body"`, `{}`: `"outcome"`, `{"outcome":"told"}`: `"outcome"`, `{"outcome":"done","record":1}`: `did you mean records`,
		`{"outcome":"done","records":-1}`: `"records"`, `{"outcome":"not_found","records":1}`: `"records"`, `{"outcome":"exempt"}`: `"ground"`,
		`{"outcome":"failed","ground":"` + strings.Repeat("x", 501) + `"}`: `"ground"`,
	} {
		r.Expect(post(path, body, machine...), http.StatusUnprocessableEntity, piece)
	}
	if len(r.store.writes) != before {
		t.Error("something was written")
	}
}

// An address opens one task of one system, as it was told last, and is no link of the person's.
func TestAddressesThatOpenNothing(t *testing.T) {
	r := newRig(t).withSystems()
	q := r.erasing()
	path := r.task(q, "crm")
	for name, c := range map[string]struct {
		path   string
		status int
	}{
		"cut":                     {path[:len(path)-2], http.StatusBadRequest},
		"the person's":            {"/systems/" + strings.TrimPrefix(r.to(link.Status, q), "/requests/status/"), http.StatusBadRequest},
		"of a system without one": {r.Sealed("/systems/", link.System, link.Claims{Request: q.ID, System: "elsewhere", Task: "erasure"}), http.StatusGone},
		"of another task":         {r.Sealed("/systems/", link.System, link.Claims{Request: q.ID, System: "crm", Task: "access"}), http.StatusGone},
		"of no request":           {r.Sealed("/systems/", link.System, link.Claims{Request: "PD-7K3M-9QXT-40BZ-1HNE", System: "crm", Task: "erasure"}), http.StatusGone},
		"of an earlier telling":   {r.Sealed("/systems/", link.System, link.Claims{Request: q.ID, System: "crm", Task: "erasure", Notice: "before"}), http.StatusGone},
		"expired":                 {r.Sealed("/systems/", link.System, link.Claims{Request: q.ID, System: "crm", Task: "erasure", ExpiresAt: r.clock}), http.StatusGone},
	} {
		a := r.Expect(get(c.path, machine...), c.status, "")
		if strings.Contains(a.Body, marvin) {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	r.Expect(get("/requests/status/"+strings.TrimPrefix(path, "/systems/"), browser...), http.StatusBadRequest, "")
	r.store.err = down
	r.Expect(get(path, machine...), http.StatusServiceUnavailable, `"unavailable"`)
}
