package contract

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// attached is a file with every field set.
func attached(request, id string, check time.Time) attachment.File {
	at := func(hours int) time.Time { return testkit.T0.Add(time.Duration(hours) * time.Hour) }
	return attachment.File{
		Request: request, ID: id, For: attachment.Proof, State: attachment.Stored, Type: attachment.PDF, Size: 12_345, SHA256: "ab12", ETag: `"e"`,
		System: "crm", By: audit.AsOfficer("dpo/1"), Replaces: "b", Found: []string{"ssn", "password"},
		AskedAt: at(0), StoredAt: at(1), GoneAt: at(2), CheckAt: check,
	}
}

// files saves files with a step of their request.
func files(tb testing.TB, s RequestTables, step request.Step, all ...attachment.File) request.Step {
	tb.Helper()
	next := request.Step{Request: step.Request, Files: all}
	next.Request.Version++
	if err := s.Requests.Save(background, next); err != nil {
		tb.Fatal(err)
	}
	return next
}

func filesKept(t *testing.T, s RequestTables) {
	step := create(t, s.Requests, "PD-A")
	create(t, s.Requests, "PD-B")
	whole, plain := attached("PD-A", "a", testkit.T0), attachment.Expect("PD-A", "b", attachment.Words, testkit.T0)
	plain.CheckAt = time.Time{}
	step = files(t, s, step, whole, plain)
	whole.State, whole.CheckAt, whole.ETag = attachment.Gone, time.Time{}, ""
	files(t, s, step, whole)
	got := file(t, s.Requests, "PD-A").Files
	for _, want := range []attachment.File{whole, plain} {
		if !slices.ContainsFunc(got, func(a attachment.File) bool { return reflect.DeepEqual(a, want) }) {
			t.Errorf("read  %+v\nwrote %+v", got, want)
		}
	}
	if other := file(t, s.Requests, "PD-B").Files; len(got) != 2 || len(other) != 0 {
		t.Errorf("%+v, %+v", got, other)
	}
	stale := request.Step{Request: step.Request, Files: []attachment.File{plain}}
	if err := s.Requests.Save(background, stale); !isConflict(err) {
		t.Errorf("over a version that is gone: %v", err)
	}
}

func filesDue(t *testing.T, s RequestTables) {
	at := func(minutes int) time.Time { return testkit.T0.Add(time.Duration(minutes) * time.Minute) }
	for i, id := range []string{"PD-C", "PD-A", "PD-B"} {
		files(t, s, create(t, s.Requests, id), attached(id, "x", at(i)), attached(id, "y", time.Time{}))
	}
	var due []attachment.File
	for a, err := range s.Requests.DueFiles(background, at(1)) {
		if err != nil {
			t.Fatal(err)
		}
		due = append(due, a)
	}
	if want := []attachment.File{attached("PD-C", "x", at(0)), attached("PD-A", "x", at(1))}; !reflect.DeepEqual(due, want) {
		t.Errorf("due:  %+v\nwant: %+v", due, want)
	}
}
