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
	got := Open(systems, nil, "PD-1", now, Access, Erasure, Restriction)
	want := []Entry{
		{Request: "PD-1", System: "crm", Task: Erasure, State: Due, Required: true, OpenedAt: now, TellAt: now, DueAt: now.AddDate(0, 0, 7)},
		{Request: "PD-1", System: "warehouse", Task: Erasure, State: Due, OpenedAt: now, TellAt: now, DueAt: now.AddDate(0, 0, 14)},
		{Request: "PD-1", System: "crm", Task: Access, State: Due, Required: true, OpenedAt: now, TellAt: now, DueAt: now.AddDate(0, 0, 7)},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if Open(nil, nil, "PD-1", now, Tasks...) != nil || Open(systems, nil, "PD-1", now) != nil {
		t.Error("entries of nothing")
	}
	for name, c := range map[string]struct {
		before Entry
		again  bool
	}{
		"called off": {Entry{State: Exempt, Outcome: Outcome{Ground: CalledOff}}, true},
		"held":       {Entry{State: Exempt, Outcome: Outcome{Ground: Held}}, true},
		"exempt":     {Entry{State: Exempt, Outcome: Outcome{Ground: "contract runs"}}, false},
		"done":       {Entry{State: Done}, false},
		"told":       {Entry{State: Told}, false},
	} {
		before := want[:1:1]
		before[0].State, before[0].Outcome = c.before.State, c.before.Outcome
		got := Open(systems, before, "PD-1", now, Erasure)
		if again := len(got) == 2 && got[0].System == "crm" && got[0].Round == 1 && got[0].State == Due; again != c.again {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Which acts each state allows, drawn apart from the table that is tested.
func TestMoves(t *testing.T) {
	const drawn = `
		             due told done not_found exempt failed
		taken        yes yes  no   no        no     no
		fetched      yes yes  no   no        no     yes
		answered     yes yes  no   no        no     yes
		reminded     no  yes  no   no        no     no
		handed_over  yes yes  no   no        no     no
		set          yes yes  yes  yes       yes    yes
		again        yes yes  no   no        yes    yes
		dropped      yes yes  no   no        no     yes`
	deeds := map[Act]Deed{
		Answered: {State: Done, Outcome: Outcome{Records: 3}}, Set: {State: Done, Outcome: Outcome{Why: "they said so"}, By: "officer/ann"}, Dropped: {Outcome: Outcome{Ground: CalledOff}},
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
			before, deed := e, deeds[Act(cells[0])]
			deed.Act = Act(cells[0])
			changed, err := e.Do(now, deed, crm)
			if (err == nil) != (cells[i+1] == "yes") || changed != (err == nil) || err != nil && (fault.CodeOf(err) != fault.Conflict || e != before) {
				t.Errorf("%s of %s: %v, %v, %+v", cells[0], state, changed, err, e)
			}
		}
	}
}

func answered(s State, o Outcome) Deed { return Deed{Act: Answered, State: s, Outcome: o} }

func TestAnswersAreTheSameTwice(t *testing.T) {
	e := Entry{State: Told, TellAt: now}
	for i, changes := range []bool{true, false} {
		changed, err := e.Do(now.Add(time.Duration(i)*time.Hour), answered(Done, Outcome{Records: 3}), crm)
		if err != nil || changed != changes || e.State != Done || e.Records != 3 || !e.EndedAt.Equal(now) || !e.TellAt.IsZero() {
			t.Errorf("answer %d: %v, %v, %+v", i+1, changed, err, e)
		}
	}
	if _, err := e.Do(now, answered(NotFound, Outcome{}), crm); !fault.Is(err, fault.Conflict) {
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
		_, err := e.Do(now, answered(c.state, c.o), crm)
		if f := fault.FieldsOf(err); len(f) != 1 || f[0].Field != c.field || e != (Entry{State: Told}) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An officer says why, and a failure ends only by their word.
func TestSetByHand(t *testing.T) {
	e := Entry{State: Told, Required: true}
	set := func(s State, why string) error {
		o := Outcome{Why: why}
		if s == Failed {
			o.Ground = "shut down"
		}
		_, err := e.Do(now, Deed{Act: Set, State: s, Outcome: o, By: "officer/ann"}, crm)
		return err
	}
	if err := set(Done, ""); fault.FieldsOf(err) == nil || e.State != Told {
		t.Error("without a reason:", err)
	}
	if _, err := e.Do(now, answered(Failed, Outcome{Ground: "read only"}), crm); err != nil || e.Ended() || !e.Late(now.Add(1)) {
		t.Errorf("%v, %+v", err, e)
	}
	if err := set(Failed, "it is being shut down"); err != nil || !e.Ended() || e.Ground != "shut down" || e.By != "officer/ann" {
		t.Errorf("%v, %+v", err, e)
	}
	if _, err := e.Do(now, answered(Done, Outcome{}), crm); !fault.Is(err, fault.Conflict) {
		t.Error("a system overrules the officer:", err)
	}
	if err := set(NotFound, "looked myself"); err != nil || e.State != NotFound || e.Ground != "" || e.Why != "looked myself" {
		t.Errorf("%v, %+v", err, e)
	}
}

func TestToldAgainIsAnotherNotice(t *testing.T) {
	e := Entry{Request: "PD-1", System: "crm", Task: Erasure, State: Due, Required: true}
	first := e.ID()
	if _, err := e.Do(now, Deed{Act: Taken, Ask: now.Add(time.Hour), Notice: first}, crm); err != nil || e.ID() != first || !e.ToldAt.Equal(now) || !e.TellAt.Equal(now.Add(time.Hour)) {
		t.Errorf("%v, %+v", err, e)
	}
	if _, err := e.Do(now.Add(time.Hour), Deed{Act: Taken}, crm); err != nil || !e.ToldAt.Equal(now) || !e.TellAt.IsZero() {
		t.Errorf("asked: %v, %+v", err, e)
	}
	later := now.AddDate(0, 0, 3)
	e.Attempts, e.Trouble = 10, "unavailable"
	if _, err := e.Do(later, Deed{Act: Again}, crm); err != nil || e.ID() == first || e.State != Due || e.Attempts != 0 || e.Trouble != "" || !e.DueAt.Equal(later.AddDate(0, 0, 7)) {
		t.Errorf("%v, %+v", err, e)
	}
	if first != "PD-1.erasure.crm" || e.ID() != "PD-1.erasure.crm.1" {
		t.Error(first, e.ID())
	}
	if _, err := e.Do(later, Deed{Act: Answered, State: Done, Notice: first}, crm); !fault.Is(err, fault.Conflict) {
		t.Error("the answer to the notice before:", err)
	}
}

// One that is not required is waited for until its date, and its owner has days of their own.
func TestNotRequired(t *testing.T) {
	e := Entry{State: Due, DueAt: now.AddDate(0, 0, 7)}
	late := now.AddDate(0, 0, 6)
	if _, err := e.Do(late, Deed{Act: HandedOver}, crm); err != nil || !e.ByOwner || !e.TellAt.Equal(late) || !e.DueAt.Equal(late.AddDate(0, 0, 7)) {
		t.Errorf("%v, %+v", err, e)
	}
	if _, err := e.Do(late, Deed{Act: Taken}, crm); err != nil || !e.TellAt.Equal(e.DueAt) || e.lapses(late) || !e.lapses(e.DueAt) {
		t.Errorf("%v, %+v", err, e)
	}
	if _, err := e.Do(e.DueAt, answered(Failed, Outcome{Ground: NoAnswer}), crm); err != nil || !e.Ended() {
		t.Errorf("%v, %+v", err, e)
	}
}

// A way finds again what it began, until it has succeeded.
func TestMark(t *testing.T) {
	e := Entry{State: Due, Required: true}
	for _, d := range []Deed{
		{Act: Taken, Mark: "7"}, {Act: Taken}, {Act: HandedOver}, answered(Failed, Outcome{Ground: "open tickets"}), {Act: Again},
	} {
		if _, err := e.Do(now, d, crm); err != nil || e.Mark != "7" {
			t.Errorf("%s: %v, %q", d.Act, err, e.Mark)
		}
	}
	if e.Log().Mark != "" {
		t.Error("a log of it")
	}
	if _, err := e.Do(now, answered(Done, Outcome{Records: 1}), crm); err != nil || e.Mark != "" {
		t.Errorf("%v, %q", err, e.Mark)
	}
}

func TestFetchedOnceAnHour(t *testing.T) {
	e := Entry{State: Told}
	for _, c := range []struct {
		after time.Duration
		first bool
	}{{0, true}, {59 * time.Minute, false}, {time.Hour, true}, {time.Hour + 1, false}} {
		if changed, err := e.Do(now.Add(c.after), Deed{Act: Fetched}, crm); err != nil || changed != c.first {
			t.Errorf("after %s: %v, %v", c.after, changed, err)
		}
	}
}

func TestLogHasNobodysWords(t *testing.T) {
	e := Entry{State: Exempt, Outcome: Outcome{Records: 0, Ground: "Ford keeps the invoice", Why: "he said so"}, By: "officer/ann", TellAt: now}
	if got := e.Log(); got != (Entry{State: Exempt}) {
		t.Errorf("%+v", got)
	}
	e.Ground = Held
	if got := e.Log(); got.Ground != Held {
		t.Errorf("%+v", got)
	}
}

func TestOutstanding(t *testing.T) {
	entries := []Entry{
		{System: "a", Required: true, State: Told}, {System: "b", Required: true, State: Done}, {System: "c", State: Due},
		{System: "d", Required: true, State: Failed}, {System: "e", Required: true, State: Failed, By: "officer/ann"}, {System: "f", State: Failed},
	}
	names := func(entries []Entry) (names string) {
		for _, e := range entries {
			names += e.System
		}
		return names
	}
	if names(Outstanding(entries)) != "ad" || names(Unended(entries)) != "acd" || names(entries) != "abcdef" {
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
