package contract

import (
	"reflect"
	"strings"
	"testing"

	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
)

// Clocked is what the watching of clocks asks of the table of requests.
type Clocked interface {
	request.Store
	agenda.Agenda
}

// AgendaContract is what every table must keep that tells what is due.
func AgendaContract(t *testing.T, open func(testing.TB) Clocked) {
	for name, check := range map[string]func(*testing.T, Clocked){
		"only what is due is found, soonest first":  watched,
		"what waits for its person stands apart":    paused,
		"a reminder is written with the request":    reminded,
		"what an officer must look at stands apart": looked,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

// awaited stores a request in a state, due so many days from T0.
func awaited(t *testing.T, s request.Store, id string, state lifecycle.State, days int) request.Request {
	t.Helper()
	r := newRequest(t, id)
	r.State, r.DueAt, r.Pauses, r.Waiting, r.Reminded, r.Look = state, testkit.T0.AddDate(0, 0, days), nil, nil, nil, nil
	step := request.Step{Request: r}
	step.Events = append(step.Events, entry(t, &step.Request, "received"))
	if err := s.Create(background, request.Creation{Step: step}); err != nil {
		t.Fatal(err)
	}
	return step.Request
}

func found(t *testing.T, a agenda.Agenda, w lifecycle.Watch, days int) string {
	t.Helper()
	var ids []string
	for s, err := range a.Watched(background, w, testkit.T0.AddDate(0, 0, days)) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID)
	}
	return strings.Join(ids, " ")
}

func watched(t *testing.T, s Clocked) {
	awaited(t, s, "PD-late", lifecycle.Open, 3)
	awaited(t, s, "PD-soon", lifecycle.Open, 1)
	awaited(t, s, "PD-waits", lifecycle.WaitingForPerson, 2) // its clock runs
	awaited(t, s, "PD-link", lifecycle.Unverified, 2)
	for i, state := range lifecycle.States {
		if state.Closed() {
			awaited(t, s, "PD-closed-"+string(state), state, i)
		}
	}
	for w, want := range map[lifecycle.Watch]map[int]string{
		lifecycle.WatchOpen:       {0: "", 1: "PD-soon", 2: "PD-soon PD-waits", 100: "PD-soon PD-waits PD-late"},
		lifecycle.WatchUnverified: {1: "", 2: "PD-link", 100: "PD-link"},
		lifecycle.WatchPaused:     {100: ""},
	} {
		for days, ids := range want {
			if got := found(t, s, w, days); got != ids {
				t.Errorf("%s within %d days: %q, want %q", w, days, got, ids)
			}
		}
	}
	var order []string
	for q, err := range agenda.Soonest(background, s, testkit.T0.AddDate(0, 0, 100)) {
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, q.ID)
	}
	if got := strings.Join(order, " "); got != "PD-soon PD-link PD-waits PD-late" && got != "PD-soon PD-waits PD-link PD-late" {
		t.Errorf("soonest first: %s", got)
	}
}

func paused(t *testing.T, s Clocked) {
	r := awaited(t, s, "PD-A", lifecycle.Open, 20)
	r.Version++
	r.State, r.Pauses = lifecycle.WaitingForPerson, []deadline.Pause{{Cause: deadline.Identity, From: testkit.T0}}
	r.Waiting = &waiting.Waiting{Cause: deadline.Identity, Question: "?", Until: testkit.T0.AddDate(0, 0, 30), ClockStands: true}
	if err := s.Save(background, request.Step{Request: r}); err != nil {
		t.Fatal(err)
	}
	if a, b := found(t, s, lifecycle.WatchOpen, 100), found(t, s, lifecycle.WatchPaused, 29); a+b != "" || found(t, s, lifecycle.WatchPaused, 30) != "PD-A" {
		t.Errorf("open %q, paused early %q", a, b)
	}
	got, err := s.Load(background, "PD-A")
	if err != nil || !got.DueAt.Equal(r.DueAt) || !got.Waiting.Until.Equal(r.Waiting.Until) {
		t.Errorf("read %+v, %v", got, err)
	}
	for q := range s.Watched(background, lifecycle.WatchPaused, testkit.T0.AddDate(0, 0, 30)) {
		if !q.DueAt.Equal(r.DueAt) || !q.Watched.Equal(r.Waiting.Until) {
			t.Errorf("found %+v", q)
		}
	}
}

func reminded(t *testing.T, s Clocked) {
	r := awaited(t, s, "PD-A", lifecycle.Open, 3)
	r.Version++
	r.Reminded = &lifecycle.Reminder{DueAt: r.DueAt, Step: -2}
	if err := s.Save(background, request.Step{Request: r}); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(background, request.Step{Request: r}); !isConflict(err) {
		t.Errorf("a second one: %v", err)
	}
	got, err := s.Load(background, "PD-A")
	if err != nil || !reflect.DeepEqual(got.Reminded, r.Reminded) {
		t.Errorf("read %+v, %v", got.Reminded, err)
	}
	for q := range s.Watched(background, lifecycle.WatchOpen, testkit.T0.AddDate(0, 0, 30)) {
		if !reflect.DeepEqual(q.Reminded, r.Reminded) {
			t.Errorf("found %+v", q.Reminded)
		}
	}
}

func looked(t *testing.T, s Clocked) {
	for i, at := range []struct {
		id    string
		state lifecycle.State
		why   lifecycle.LookWhy
	}{{"PD-open", lifecycle.Open, lifecycle.LookReply}, {"PD-kept", lifecycle.Unverified, lifecycle.LookKept}, {"PD-closed", lifecycle.Refused, lifecycle.LookMention}, {"PD-link", lifecycle.Unverified, lifecycle.LookMention}} {
		r := awaited(t, s, at.id, at.state, 20+i)
		r.Version++
		r.Look = &lifecycle.Look{Why: at.why, Since: testkit.T0.AddDate(0, 0, i), Reminded: &lifecycle.Reminder{DueAt: testkit.T0, Step: -1}}
		if err := s.Save(background, request.Step{Request: r}); err != nil {
			t.Fatal(err)
		}
		for q := range s.Watched(background, lifecycle.WatchLook, r.Look.Since) {
			if q.ID == at.id && (!reflect.DeepEqual(q.Look, r.Look) || !q.Watched.Equal(r.Look.Since) || !q.DueAt.Equal(r.DueAt) || q.State != at.state) {
				t.Errorf("found %+v", q)
			}
		}
	}
	for w, want := range map[lifecycle.Watch]string{lifecycle.WatchLook: "PD-open PD-kept PD-closed PD-link", lifecycle.WatchOpen: "PD-open", lifecycle.WatchUnverified: "PD-link"} {
		if got := found(t, s, w, 100); got != want {
			t.Errorf("%s: %q, want %q", w, got, want)
		}
	}
	if got := found(t, s, lifecycle.WatchLook, 1); got != "PD-open PD-kept" {
		t.Errorf("of the first two days: %q", got)
	}
	var all []string
	for q := range agenda.Soonest(background, s, testkit.T0.AddDate(0, 0, 100)) {
		all = append(all, q.ID)
	}
	if got := strings.Join(all, " "); got != "PD-open PD-kept PD-closed PD-link" {
		t.Errorf("all, once: %q", got)
	}
	r, err := s.Load(background, "PD-kept")
	if err != nil {
		t.Fatal(err)
	}
	r.Version, r.Look = r.Version+1, nil
	if err := s.Save(background, request.Step{Request: r}); err != nil {
		t.Fatal(err)
	}
	if got := found(t, s, lifecycle.WatchLook, 100) + "; " + found(t, s, lifecycle.WatchUnverified, 100); got != "PD-open PD-closed PD-link; PD-kept PD-link" {
		t.Errorf("once looked at: %q", got)
	}
}
