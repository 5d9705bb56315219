package contract

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// entryOf is an entry of the ledger with every field set.
func entryOf(id, system string, task ledger.Task, tell time.Time) ledger.Entry {
	at := func(hours int) time.Time { return testkit.T0.Add(time.Duration(hours) * time.Hour) }
	return ledger.Entry{
		Request: id, System: system, Task: task, State: ledger.Told, Required: true, OpenedAt: at(0), DueAt: at(168), TellAt: tell, ToldAt: at(1), RemindedAt: at(5), FetchedAt: at(2), EndedAt: at(3),
		Attempts: 4, Round: 2, ByOwner: true, Trouble: "unavailable", Outcome: ledger.Outcome{Records: 7, Ground: "a contract", Why: "by telephone"}, By: "officer/ann", Mark: "35436 asked",
	}
}

// tells saves entries of the ledger with a step of their request.
func tells(tb testing.TB, s RequestTables, step request.Step, entries ...ledger.Entry) request.Step {
	tb.Helper()
	next := request.Step{Request: step.Request, Systems: entries}
	next.Request.Version++
	next.Events = append(next.Events, entry(tb, &next.Request, "systems_asked"))
	if err := s.Requests.Save(background, next); err != nil {
		tb.Fatal(err)
	}
	return next
}

func systemsKept(t *testing.T, s RequestTables) {
	step := create(t, s.Requests, "PD-A")
	create(t, s.Requests, "PD-B")
	crm, access, plain := entryOf("PD-A", "crm", ledger.Erasure, testkit.T0), entryOf("PD-A", "crm", ledger.Access, time.Time{}), ledger.Entry{Request: "PD-A", System: "news", Task: ledger.Erasure, State: ledger.Due, OpenedAt: testkit.T0}
	step = tells(t, s, step, crm, access, plain)
	crm.State, crm.TellAt = ledger.Done, time.Time{}
	tells(t, s, step, crm)
	all, err := s.Requests.Systems(background, "PD-A")
	for _, want := range []ledger.Entry{crm, access, plain} {
		if got, missing := ledger.Find(all, want.System, want.Task); missing != nil || got != want {
			t.Errorf("read  %+v\nwrote %+v (%v)", got, want, missing)
		}
	}
	if f := file(t, s.Requests, "PD-A"); err != nil || len(all) != 3 || !slices.Equal(f.Systems, all) || len(file(t, s.Requests, "PD-B").Systems) != 0 {
		t.Errorf("%v: %+v", err, f.Systems)
	}
	stale := request.Step{Request: step.Request, Systems: []ledger.Entry{plain}}
	if err := s.Requests.Save(background, stale); !isConflict(err) {
		t.Errorf("over a version that is gone: %v", err)
	}
	var most []ledger.Entry // of settings: twenty systems with three tasks each, in one transaction
	for i := range 60 {
		most = append(most, entryOf("PD-C", "s"+strconv.Itoa(i), ledger.Erasure, testkit.T0))
	}
	tells(t, s, create(t, s.Requests, "PD-C"), most...)
	if n := len(file(t, s.Requests, "PD-C").Systems); n != len(most) {
		t.Errorf("%d of %d entries are kept", n, len(most))
	}
}

func dueSystems(tb testing.TB, s RequestTables, now time.Time) (names []string) {
	tb.Helper()
	for e, err := range s.Requests.Due(background, now) {
		if err != nil {
			tb.Fatal(err)
		}
		names = append(names, e.Request+" "+e.System)
	}
	return names
}

func systemsDue(t *testing.T, s RequestTables) {
	at := func(minutes int) time.Time { return testkit.T0.Add(time.Duration(minutes) * time.Minute) }
	for i, id := range []string{"PD-C", "PD-A", "PD-B"} {
		tells(t, s, create(t, s.Requests, id), entryOf(id, "crm", ledger.Erasure, at(i)), entryOf(id, "done", ledger.Erasure, time.Time{}))
	}
	if got := dueSystems(t, s, at(1)); !slices.Equal(got, []string{"PD-C crm", "PD-A crm"}) {
		t.Errorf("due: %q", got)
	}
	was := entryOf("PD-C", "crm", ledger.Erasure, at(0))
	is := was
	is.Attempts, is.TellAt, is.Trouble, is.Mark, is.State = was.Attempts+1, at(9), "", "", ledger.Done
	if err := s.Requests.Try(background, was, is); err != nil {
		t.Fatal(err)
	}
	if got := dueSystems(t, s, at(1)); !slices.Equal(got, []string{"PD-A crm"}) {
		t.Errorf("then: %q", got)
	}
	is.State = was.State // no attempt changes it
	if got, err := ledger.Find(file(t, s.Requests, "PD-C").Systems, "crm", ledger.Erasure); err != nil || got != is {
		t.Errorf("%v\nread  %+v\nwrote %+v", err, got, is)
	}
	for name, change := range map[string]func(*ledger.Entry){
		"its time":  func(e *ledger.Entry) { e.TellAt = at(8) },
		"its state": func(e *ledger.Entry) { e.State = ledger.Due },
		"attempts":  func(e *ledger.Entry) { e.Attempts = 0 },
		"its round": func(e *ledger.Entry) { e.Round = 0 },
		"all of it": func(e *ledger.Entry) { *e = was },
	} {
		other := is
		change(&other)
		if err := s.Requests.Try(background, other, is); !isConflict(err) {
			t.Errorf("with another %s: %v", name, err)
		}
	}
	nobody := entryOf("PD-C", "none", ledger.Erasure, at(0))
	if err := s.Requests.Try(background, nobody, nobody); !isConflict(err) {
		t.Errorf("one that is not there: %v", err)
	}
}
