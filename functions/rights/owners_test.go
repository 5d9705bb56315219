package main

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/testkit"
)

// tasked is an erasure of Marvin's whose contracts somebody must look through, with the path of the mailed link.
func (r *rig) tasked() (id, path string) {
	r.T.Helper()
	testkit.WithSystems(r.Desk)
	r.rights.Settings.Systems = r.Desk.Systems
	id = r.decided(granted, germany, deadline.Erasure).ID
	r.deed(id, ledger.Deed{Act: ledger.Taken, Ask: r.clock.Add(24 * time.Hour)})
	return id, r.taskLink(id)
}

func (r *rig) deed(id string, d ledger.Deed) {
	r.T.Helper()
	d.System, d.Task = "contracts", ledger.Erasure
	r.ok(r.rights.Ledger(context.Background(), id, d))
}

func (r *rig) contracts(id string) ledger.Entry {
	r.T.Helper()
	e, err := ledger.Find(r.file(id).Systems, "contracts", ledger.Erasure)
	if err != nil {
		r.T.Fatal(err)
	}
	return e
}

func (r *rig) taskLink(id string) string {
	r.T.Helper()
	e := r.contracts(id)
	path := r.Sealed("/systems/", link.Task, link.Claims{Request: id, System: e.System, Task: string(e.Task), Notice: e.ID(), ExpiresAt: e.DueAt.AddDate(0, 0, 90)})
	r.Note(path)
	return path
}

func posted(pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

// What opens links in mails learns nobody's name, and changes nothing.
func TestATaskNamesNobodyBeforeSomebodyAsks(t *testing.T) {
	r := newRig(t)
	id, path := r.tasked()
	writes := len(r.store.writes)
	for _, headers := range [][]string{browser, script, nil} {
		a := r.Send(get(path, headers...))
		if a.StatusCode != http.StatusOK || strings.Contains(a.Body, marvin) || strings.Contains(a.Body, "Marvin") || !strings.Contains(a.Body, id) {
			t.Errorf("%q: %d %s", headers, a.StatusCode, a.Body)
		}
	}
	if len(r.store.writes) != writes {
		t.Error("a read has written")
	}
	r.Expect(get(path+"?lang=de", browser...), http.StatusOK, "Schritte in Salesforce")
	r.Expect(post(path, posted("action", "reveal"), browser...), http.StatusOK, marvin)
	r.Expect(post(path, posted("action", "reveal", "lang", "es"), browser...), http.StatusOK, "brain the size of a planet")
	if got := strings.Count(r.history(id), "fetched_by_system"); got != 1 {
		t.Errorf("%d entries within an hour", got)
	}
	r.clock = r.clock.Add(2 * time.Hour)
	r.Expect(post(path, posted("action", "reveal"), browser...), http.StatusOK, "Marvin")
	if got := strings.Count(r.history(id), "fetched_by_system"); got != 2 {
		t.Errorf("%d entries", got)
	}
}

func TestAnOwnerAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		form   string
		status int
		state  ledger.State
		want   ledger.Outcome
		piece  string
	}{
		"done":            {posted("action", "answer", "outcome", "done", "records", "3"), 200, ledger.Done, ledger.Outcome{Records: 3}, "Done, 3 records"},
		"not counted":     {posted("action", "answer", "outcome", "done"), 200, ledger.Done, ledger.Outcome{}, "Done"},
		"nothing found":   {posted("action", "answer", "outcome", "not_found"), 200, ledger.NotFound, ledger.Outcome{}, "Nothing found"},
		"must be kept":    {posted("action", "answer", "outcome", "cannot", "ground", "legal_duty", "why", "invoice of 2024"), 200, ledger.Exempt, ledger.Outcome{Ground: "legal_duty", Why: "invoice of 2024"}, "a law makes us keep the data"},
		"cannot be done":  {posted("action", "answer", "outcome", "cannot", "ground", "technical"), 200, ledger.Failed, ledger.Outcome{Ground: "technical"}, "may write to you"},
		"nothing chosen":  {posted("action", "answer"), 422, ledger.Told, ledger.Outcome{}, "Choose what became of it."},
		"no number":       {posted("action", "answer", "outcome", "done", "records", "three"), 422, ledger.Told, ledger.Outcome{}, "number of records in digits"},
		"no ground":       {posted("action", "answer", "outcome", "cannot"), 422, ledger.Told, ledger.Outcome{}, "Choose why it cannot be done."},
		"no such ground":  {posted("action", "answer", "outcome", "cannot", "ground", "called_off"), 422, ledger.Told, ledger.Outcome{}, "Choose why it cannot be done."},
		"another, unsaid": {posted("action", "answer", "outcome", "cannot", "ground", "other"), 422, ledger.Told, ledger.Outcome{}, "Say what the other reason is."},
		"a novel":         {posted("action", "answer", "outcome", "cannot", "ground", "other", "why", strings.Repeat("x", 501)), 422, ledger.Told, ledger.Outcome{}, "at most 500 characters"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			id, path := r.tasked()
			for range 2 { // a double click is one answer
				r.Expect(post(path, c.form, browser...), c.status, c.piece)
			}
			if e := r.contracts(id); e.State != c.state || e.Outcome != c.want {
				t.Errorf("%+v", e)
			}
			if answers := strings.Count(r.history(id), "system_answered"); answers > 1 || (answers == 1) != (c.status == 200) {
				t.Errorf("%d answers", answers)
			}
		})
	}
}

// A link that is used, replaced, called off, expired, damaged or of a request that is gone says so, and names nobody.
func TestALinkThatIsOverSaysSo(t *testing.T) {
	for name, c := range map[string]struct {
		then   func(r *rig, id string, path *string)
		status int
		piece  string
	}{
		"answered": {func(r *rig, id string, _ *string) { r.deed(id, ledger.Deed{Act: ledger.Answered, State: ledger.Done}) }, 410, "This task has been answered"},
		"set": {func(r *rig, id string, _ *string) {
			r.deed(id, ledger.Deed{Act: ledger.Set, State: ledger.Failed, Outcome: ledger.Outcome{Ground: "it is shut down", Why: "asked them"}, By: "officer/ann"})
		}, 410, "it is shut down"},
		"replaced": {func(r *rig, id string, _ *string) { r.deed(id, ledger.Deed{Act: ledger.Again, By: "officer/ann"}) }, 409, "There is a newer email"},
		"called off": {func(r *rig, id string, _ *string) {
			r.ok(r.rights.Reopen(context.Background(), id, "dpo", "a mistake"))
		}, 410, "This task was called off"},
		"expired": {func(r *rig, _ string, _ *string) { r.clock = r.clock.AddDate(1, 0, 0) }, 410, "This link has expired"},
		"damaged": {func(r *rig, _ string, path *string) { *path = (*path)[:len(*path)-2] }, 400, "This link is not complete"},
		"no such": {func(r *rig, id string, path *string) {
			*path = r.Sealed("/systems/", link.Task, link.Claims{Request: id, System: "payroll", Task: "erasure"})
			r.Note(*path)
		}, 410, "This task is over"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			id, path := r.tasked()
			c.then(r, id, &path)
			r.Note(path)
			before := r.history(id)
			for _, call := range []call{get(path, browser...), post(path, posted("action", "reveal"), browser...), post(path, posted("action", "answer", "outcome", "not_found"), browser...)} {
				a := r.Expect(call, c.status, c.piece)
				if strings.Contains(a.Body, marvin) {
					t.Error("it names somebody")
				}
			}
			if r.history(id) != before {
				t.Errorf("%s became %s", before, r.history(id))
			}
			if e := r.contracts(id); name == "answered" && e.State != ledger.Done {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestWhoCannotDoItCanStillDoIt(t *testing.T) {
	r := newRig(t)
	id, path := r.tasked()
	r.Expect(post(path, posted("action", "answer", "outcome", "cannot", "ground", "technical"), browser...), http.StatusOK, "may write to you")
	r.Expect(get(path, browser...), http.StatusOK, "Send the answer")
	r.Expect(post(path, posted("action", "answer", "outcome", "done", "records", "1"), browser...), http.StatusOK, "Done, 1 record")
	if e := r.contracts(id); e.State != ledger.Done || e.Records != 1 {
		t.Errorf("%+v", e)
	}
}

// What nobody waits for any longer names nobody, and says so before somebody asks.
func TestATaskThatIsNotRequiredEnds(t *testing.T) {
	for name, c := range map[string]struct {
		end   func(r *rig, id, path string)
		piece string
	}{
		"with its date": {func(r *rig, id, _ string) {
			r.deed(id, ledger.Deed{Act: ledger.Answered, State: ledger.Failed, Outcome: ledger.Outcome{Ground: ledger.NoAnswer}})
		}, "The date of this task is over"},
		"with its answer": {func(r *rig, _, path string) {
			r.Expect(post(path, posted("action", "answer", "outcome", "cannot", "ground", "technical"), browser...), http.StatusOK, "nothing more for you to do")
		}, "This task has been answered"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t).withSystems()
			i := slices.IndexFunc(r.Desk.Systems, func(s ledger.System) bool { return s.ID == "contracts" })
			r.Desk.Systems[i].Required = false
			id := r.erasing().ID
			path := r.taskLink(id)
			c.end(r, id, path)
			before := r.history(id)
			for _, call := range []call{get(path, browser...), post(path, posted("action", "reveal"), browser...)} {
				if a := r.Expect(call, http.StatusGone, c.piece); strings.Contains(a.Body, marvin) || strings.Contains(a.Body, "Show whom") {
					t.Error(a.Body)
				}
			}
			if r.history(id) != before {
				t.Errorf("%s became %s", before, r.history(id))
			}
		})
	}
}
