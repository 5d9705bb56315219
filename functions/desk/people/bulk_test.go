package people

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

// bulk sends what was ticked.
func (r *rig) bulk(path string, typed url.Values, refs ...string) (int, string) {
	typed["ref"] = refs
	typed.Set("seq", "1")
	w := r.post("", path, typed)
	return w.Code, w.Body.String()
}

// Two pages: the words first, then a line for each request.
func TestBulk(t *testing.T) {
	r := newRig(t, staff.Officer)
	r.door.Sessions = signedIn{r.door.Sessions.(one)}
	open, waiting := r.confirmed(deadline.Access), r.asked()
	if code, page := r.bulk("/desk/bulk", url.Values{"act": {"note"}}, open.ID, waiting.ID); code != 200 || !strings.Contains(page, "2 requests are ticked") || r.count(open.ID, lifecycle.EventNoted) != 0 {
		t.Errorf("the page of the words: %d", code)
	}
	if code, page := r.bulk("/desk/bulk", url.Values{"act": {"note"}, "go": {"yes"}}, open.ID, waiting.ID); code != http.StatusUnprocessableEntity || !strings.Contains(page, "Write the note first.") {
		t.Errorf("without words: %d", code)
	}
	if code, page := r.bulk("/desk/bulk", url.Values{"act": {"note"}, "note": {"seen"}, "go": {"yes"}}, open.ID, waiting.ID, "PD-0"); code != 200 || !strings.Contains(page, "Done for 2 requests. 1 was not done.") || !strings.Contains(page, "There is no such request any more.") {
		t.Errorf("%d: %s", code, page)
	}
	if code, page := r.bulk("/desk/bulk", url.Values{"act": {"ask"}, "cause": {"clarification"}, "question": {"Which?"}, "go": {"yes"}}, open.ID, waiting.ID); code != 200 || !strings.Contains(page, "Done for 1 request. 1 was not done.") {
		t.Errorf("%d: %s", code, page)
	}
	if code, page := r.bulk("/desk/bulk", url.Values{"act": {"assign"}}, open.ID); code != 200 || !strings.Contains(page, "Ben Ito") {
		t.Errorf("a colleague who is signed in cannot be chosen: %d", code)
	}
	r.bulk("/desk/bulk", url.Values{"act": {"assign"}, "to": {"Ben Ito/b2"}, "go": {"yes"}}, open.ID)
	if got := r.file(open.ID).Request.Assignee; got != "Ben Ito/b2" {
		t.Errorf("assigned to %q", got)
	}
}

// signedIn is a store in which a colleague is signed in too, and one who may not answer.
type signedIn struct{ one }

func (s signedIn) All(context.Context) ([]staff.Session, error) {
	of := func(id, name string, role staff.Role) staff.Session {
		return staff.Session{ID: id, Account: staff.Account{ID: id, Name: name, Role: role}, StartedAt: noon, SeenAt: noon}
	}
	return []staff.Session{s.session, of("b2", "Ben Ito", staff.Officer), of("c3", "Cleo Roy", staff.Viewer)}, nil
}

// Nobody decides, erases or verifies many requests with one reason.
func TestWhatIsNeverDoneInBulk(t *testing.T) {
	r := newRig(t, staff.Admin)
	q := r.confirmed(deadline.Erasure)
	for _, act := range []string{"decide", "erase", "verify", "send", "sign", "amend", "extend", "withdraw", "reopen", "", "hold", "csv"} {
		if code, _ := r.bulk("/desk/bulk", url.Values{"act": {act}, "go": {"yes"}}, q.ID); code != http.StatusNotFound {
			t.Errorf("%q: %d", act, code)
		}
	}
	if f := r.file(q.ID); f.Request.State != lifecycle.Open || len(f.Events) != len(r.file(q.ID).Events) {
		t.Error("something was done")
	}
}

func TestBulkSpam(t *testing.T) {
	r := newRig(t, staff.Officer)
	stranger, mine := r.open(deadline.Erasure), r.confirmed(deadline.Access)
	letters := len(r.file(stranger.ID).Letters)
	if _, page := r.bulk("/desk/bulk", url.Values{"act": {"spam"}, "go": {"yes"}}, stranger.ID, mine.ID); !strings.Contains(page, "it is no spam") {
		t.Error(page)
	}
	f := r.file(stranger.ID)
	if f.Request.State != lifecycle.Expired || len(f.Letters) != letters || r.file(mine.ID).Request.State != lifecycle.Open {
		t.Errorf("%s, %d letters; the other is %s", f.Request.State, len(f.Letters)-letters, r.file(mine.ID).Request.State)
	}
}

func TestBulkOfNothingAndOfTooMany(t *testing.T) {
	r := newRig(t, staff.Officer)
	many := make([]string, 201)
	for i := range many {
		many[i] = "PD-" + strings.Repeat("0", i%9) + string(rune('A'+i%26)) + strings.Repeat("1", i/26)
	}
	for want, refs := range map[string][]string{"No request was ticked": nil, "More than 200": many} {
		if code, page := r.bulk("/desk/bulk", url.Values{"act": {"note"}, "note": {"x"}, "go": {"yes"}}, refs...); code != http.StatusUnprocessableEntity || !strings.Contains(page, want) {
			t.Errorf("%s: %d", want, code)
		}
	}
}

// The file that leaves the desk names nobody, begins no formula, and is an entry of each history.
func TestBulkCSV(t *testing.T) {
	r := newRig(t, staff.Officer)
	a, b := r.confirmed(deadline.Access), r.confirmed(deadline.Correction)
	if _, err := r.door.Rights.Assign(background, a.ID, "Ben/b2", "-1 Ben/b2"); err != nil {
		t.Fatal(err)
	}
	code, text := r.bulk("/desk/bulk/csv", url.Values{}, a.ID, b.ID, "PD-0")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if code != 200 || err != nil || len(rows) != 3 || strings.Contains(text, "@") || strings.Contains(text, "Brandt") || !strings.Contains(text, "'-1 Ben") {
		t.Errorf("%d, %v: %s", code, err, text)
	}
	if r.count(a.ID, lifecycle.EventExportedByOfficer) != 1 || r.count(b.ID, lifecycle.EventExportedByOfficer) != 1 {
		t.Error("giving out is no entry")
	}
}

func TestBulkPrint(t *testing.T) {
	r := newRig(t, staff.Viewer)
	a, b := r.confirmed(deadline.Access), r.confirmed(deadline.Correction)
	code, page := r.bulk("/desk/bulk/print", url.Values{}, a.ID, b.ID)
	if code != 200 || strings.Count(page, `<article class="sheet">`) != 2 || strings.Contains(page, testkit.Address(t, zoe).Reveal()) || r.count(b.ID, lifecycle.EventLooked) != 1 {
		t.Errorf("%d: %d sheets", code, strings.Count(page, `<article class="sheet">`))
	}
}
