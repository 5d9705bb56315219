package ledger

import (
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/settings"
)

var now = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// What desk.yaml may say is what there is.
func TestTasksAreThoseOfTheSettings(t *testing.T) {
	var names []string
	for _, task := range Tasks {
		names = append(names, string(task))
	}
	if !slices.Equal(names, settings.Told) {
		t.Errorf("tasks %q, settings %q", names, settings.Told)
	}
}

var crm = System{ID: "crm", Told: []string{"erasure", "access"}, AnswerDays: 7, Required: true}

func TestOpen(t *testing.T) {
	systems := []System{crm, {ID: "warehouse", Told: []string{"erasure", "opt_out"}, AnswerDays: 14}}
	got := Open(systems, "PD-1", now, Access, Erasure, Restriction)
	want := []Entry{
		{Request: "PD-1", System: "crm", Task: Erasure, State: Due, Required: true, OpenedAt: now, TellAt: now, DueAt: now.AddDate(0, 0, 7)},
		{Request: "PD-1", System: "warehouse", Task: Erasure, State: Due, OpenedAt: now, TellAt: now, DueAt: now.AddDate(0, 0, 14)},
		{Request: "PD-1", System: "crm", Task: Access, State: Due, Required: true, OpenedAt: now, TellAt: now, DueAt: now.AddDate(0, 0, 7)},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if Open(nil, "PD-1", now, Tasks...) != nil || Open(systems, "PD-1", now) != nil {
		t.Error("entries of nothing")
	}
}

// Which moves each state allows, drawn apart from the table that is tested.
func TestMoves(t *testing.T) {
	const drawn = `
		           due told done not_found exempt failed
		told       yes yes  no   no        no     no
		answered   yes yes  no   no        no     yes
		set        yes yes  yes  yes       yes    yes
		again      yes yes  no   no        yes    yes
		off        yes yes  no   no        no     yes`
	acts := map[string]func(*Entry) error{
		"told":     func(e *Entry) error { return e.Take(now, time.Time{}) },
		"answered": func(e *Entry) error { _, err := e.Answered(now, Done, Outcome{Records: 3}); return err },
		"set": func(e *Entry) error {
			return e.Set(now, Done, Outcome{Why: "they said so on the telephone"}, "officer/ann")
		},
		"again": func(e *Entry) error { return e.TellAgain(now, crm) },
		"off":   func(e *Entry) error { return e.CallOff(now, CalledOff) },
	}
	rows := strings.Split(strings.TrimSpace(drawn), "\n")
	states := strings.Fields(rows[0])
	if len(rows) != len(moves)+1 || len(states) != len(States) {
		t.Fatal("the drawing does not show all")
	}
	for _, row := range rows[1:] {
		cells := strings.Fields(row)
		for i, state := range states {
			e := Entry{State: State(state)}
			before := e
			err := acts[cells[0]](&e)
			if (err == nil) != (cells[i+1] == "yes") || err != nil && (fault.CodeOf(err) != fault.Conflict || e != before) {
				t.Errorf("%s of %s: %v, %+v", cells[0], state, err, e)
			}
		}
	}
}

func TestAnswersAreTheSameTwice(t *testing.T) {
	e := Entry{State: Told, TellAt: now}
	for i, changes := range []bool{true, false} {
		changed, err := e.Answered(now.Add(time.Duration(i)*time.Hour), Done, Outcome{Records: 3})
		if err != nil || changed != changes || e.State != Done || e.Records != 3 || !e.EndedAt.Equal(now) || !e.TellAt.IsZero() {
			t.Errorf("answer %d: %v, %v, %+v", i+1, changed, err, e)
		}
	}
	if _, err := e.Answered(now, NotFound, Outcome{}); !fault.Is(err, fault.Conflict) {
		t.Error("another answer than was given", err)
	}
}

func TestOutcomesThatAreNone(t *testing.T) {
	long := strings.Repeat("é", 501)
	for name, c := range map[string]struct {
		state State
		o     Outcome
		field string
	}{
		"told is none":         {Told, Outcome{}, "outcome"},
		"none":                 {"", Outcome{}, "outcome"},
		"fewer than nothing":   {Done, Outcome{Records: -1}, "records"},
		"found and not found":  {NotFound, Outcome{Records: 1}, "records"},
		"exempt, nobody knows": {Exempt, Outcome{}, "ground"},
		"failed, nobody knows": {Failed, Outcome{}, "ground"},
		"a novel":              {Exempt, Outcome{Ground: long}, "ground"},
	} {
		e := Entry{State: Told}
		_, err := e.Answered(now, c.state, c.o)
		if f := fault.FieldsOf(err); len(f) != 1 || f[0].Field != c.field || e != (Entry{State: Told}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An officer says why, and a failure ends only by their word.
func TestSetByHand(t *testing.T) {
	e := Entry{State: Told, Required: true}
	if err := e.Set(now, Done, Outcome{}, "officer/ann"); fault.FieldsOf(err) == nil || e.State != Told {
		t.Error("without a reason:", err)
	}
	if _, err := e.Answered(now, Failed, Outcome{Ground: "read only"}); err != nil || e.Ended() || !e.Late(now.Add(1)) {
		t.Errorf("%v, %+v", err, e)
	}
	if err := e.Set(now, Failed, Outcome{Why: "it is being shut down"}, "officer/ann"); err != nil || !e.Ended() || e.Ground != "it is being shut down" || e.By != "officer/ann" {
		t.Errorf("%v, %+v", err, e)
	}
	if _, err := e.Answered(now, Done, Outcome{}); !fault.Is(err, fault.Conflict) {
		t.Error("a system overrules the officer:", err)
	}
	if err := e.Set(now, NotFound, Outcome{Why: "looked myself"}, "officer/bo"); err != nil || e.State != NotFound || e.Ground != "" || e.Why != "looked myself" {
		t.Errorf("%v, %+v", err, e)
	}
}

func TestToldAgainIsAnotherNotice(t *testing.T) {
	e := Entry{Request: "PD-1", System: "crm", Task: Erasure, State: Due}
	first := e.ID()
	if err := e.Take(now, now.Add(time.Hour)); err != nil || e.ID() != first || !e.ToldAt.Equal(now) || !e.TellAt.Equal(now.Add(time.Hour)) {
		t.Errorf("%v, %+v", err, e)
	}
	if err := e.Take(now.Add(time.Hour), time.Time{}); err != nil || !e.ToldAt.Equal(now) || !e.TellAt.IsZero() {
		t.Errorf("asked: %v, %+v", err, e)
	}
	later := now.AddDate(0, 0, 3)
	e.Attempts, e.ByOwner, e.Trouble = 10, true, "unavailable"
	if err := e.TellAgain(later, crm); err != nil || e.ID() == first || e.State != Due || e.Attempts != 0 || e.ByOwner || e.Trouble != "" || !e.DueAt.Equal(later.AddDate(0, 0, 7)) {
		t.Errorf("%v, %+v", err, e)
	}
	if first != "PD-1.erasure.crm" || e.ID() != "PD-1.erasure.crm.1" {
		t.Error(first, e.ID())
	}
}

func TestOutstanding(t *testing.T) {
	entries := []Entry{
		{System: "a", Required: true, State: Told}, {System: "b", Required: true, State: Done}, {System: "c", State: Due},
		{System: "d", Required: true, State: Failed}, {System: "e", Required: true, State: Failed, By: "officer/ann"},
	}
	names := func(entries []Entry) (names string) {
		for _, e := range entries {
			names += e.System
		}
		return names
	}
	if names(Outstanding(entries)) != "ad" || names(Unended(entries)) != "acd" || names(entries) != "abcde" {
		t.Errorf("%s, %s", names(Outstanding(entries)), names(Unended(entries)))
	}
	if _, err := Find(entries, "a", Erasure); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

// After each failed attempt the next waits longer; after the last one none comes.
func TestRetry(t *testing.T) {
	down := fault.New(fault.Unavailable, "down")
	for n, step := range Retry {
		if at, more := next(now, n+1, down); !more || !at.Equal(now.Add(step)) {
			t.Errorf("attempt %d: %s, %v", n+1, at, more)
		}
		if n > 0 && step <= Retry[n-1] {
			t.Errorf("step %d is no longer than the one before", n)
		}
	}
	if at, more := next(now, len(Retry)+1, down); more {
		t.Error("one more", at)
	}
	busy := &fault.Error{Code: fault.TooMany, RetryAt: now.Add(time.Hour)}
	if at, more := next(now, 1, busy); !more || !at.Equal(now.Add(time.Hour)) {
		t.Error("told when to come again:", at, more)
	}
	if at, _ := next(now, 4, busy); !at.Equal(now.Add(2 * time.Hour)) {
		t.Error("sooner than its step:", at)
	}
	if _, more := next(now, 1, fault.New(fault.Invalid, "no such list")); more {
		t.Error("what is wrong stays wrong")
	}
}
