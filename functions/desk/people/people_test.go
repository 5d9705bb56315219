package people

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

func (r *roomRig) search(what string) (status int, location, page string) {
	r.t.Helper()
	w := r.send(http.MethodPost, "/desk/search", false, "what", what)
	return w.Code, w.Header().Get("Location"), w.Body.String()
}

func TestSearchLeadsToTheFileOrThePerson(t *testing.T) {
	r := newRoomRig(t, staff.Viewer)
	q := r.open(deadline.Access)
	for what, want := range map[string]string{
		q.ID: "/desk/requests/" + q.ID, strings.ToLower(strings.TrimPrefix(q.ID, "PD-")): "/desk/requests/" + q.ID,
		zelda: "/desk/people/" + string(r.ref()), " ZELDA@example.com ": "/desk/people/" + string(r.ref()),
	} {
		if status, location, _ := r.search(what); status != http.StatusSeeOther || location != want {
			t.Errorf("%q: %d %s", what, status, location)
		}
	}
	for what, says := range map[string]string{
		"PD-0000-0000-0000-0000": "There is no request with this reference.", "Zaphod": "No open request has this name.",
	} {
		if status, _, page := r.search(what); status != http.StatusOK || !strings.Contains(page, says) {
			t.Errorf("%q: %d\n%s", what, status, page)
		}
	}
	for what, says := range map[string]string{
		"": "at least two letters of a name", "z": "at least two letters of a name", "zelda@": "This is not a complete email address.",
	} {
		if status, _, page := r.search(what); status != http.StatusUnprocessableEntity || !strings.Contains(page, says) {
			t.Errorf("%q: %d\n%s", what, status, page)
		}
	}
}

func TestAPersonIsShownWithoutTheAddress(t *testing.T) {
	r := newRoomRig(t, staff.Viewer)
	q := r.open(deadline.Erasure)
	if _, err := r.Rights.Verify(t.Context(), q.ID, "Anna Weber/a1", intake.Verification{Checked: []intake.Check{intake.Document}}); err != nil {
		t.Fatal(err)
	}
	other := r.open(deadline.Access)
	if _, err := r.OptOuts.Record(t.Context(), optout.Request{Address: testkit.Address(t, zelda), Scopes: []optout.Scope{"email"}, Source: optout.FromOneClick, Campaign: "autumn"}); err != nil {
		t.Fatal(err)
	}
	page := r.get("/desk/people/" + string(r.ref()))
	mustHave(t, page, "All marketing emails", "Button in the mail program", "autumn", q.ID, other.ID, "z***@e***.com")
	if strings.Contains(page, zelda) || strings.Contains(page, "Record the opt-out") {
		t.Errorf("a viewer sees the address, or a form:\n%s", page)
	}
	var p struct {
		Choices               []struct{ Scope, State, Source string }
		Requests, Unconfirmed []struct{ Reference string }
	}
	if r.json("/desk/people/"+string(r.ref()), &p); len(p.Choices) != 1 || p.Choices[0].Source != "one-click" || len(p.Requests) != 1 || p.Requests[0].Reference != q.ID || len(p.Unconfirmed) != 1 {
		t.Errorf("%+v", p)
	}
	if _, err := r.Holds.Place(t.Context(), disposal.Hold{Ref: r.ref(), Reason: "because", By: "dpo"}); err != nil {
		t.Fatal(err)
	}
	mustHave(t, r.get("/desk/people/"+string(r.ref())), "All records of one person") // at once
	mustHave(t, r.get("/desk/people/"+string(r.Rights.Key.Ref(testkit.Address(t, "nobody@example.com")))), "There is no choice on record")
	if w := r.send(http.MethodGet, "/desk/people/nobody", false); w.Code != http.StatusNotFound {
		t.Errorf("what is no reference: %d", w.Code)
	}
}

func TestAnOptOutByTelephone(t *testing.T) {
	r := newRoomRig(t, staff.Officer)
	path := "/desk/people/" + string(r.ref())
	w := r.send(http.MethodPost, path+"/optout", false, "scopes", "phone", "scopes", "email/"+r.Settings.Topics[0].ID, "how", "telephone", "address", zelda)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != path+"?stopped" {
		t.Fatalf("%d %s\n%s", w.Code, w.Header(), w.Body)
	}
	mustHave(t, r.get(path+"?stopped"), "The opt-out is recorded", "Marketing calls", "By telephone")
	records, err := r.optOuts.OfPerson(t.Context(), r.ref())
	if err != nil || len(records) != 2 || records[0].State != optout.Out || records[0].Evidence.Source != optout.FromOfficer || records[0].Evidence.Detail != "telephone" {
		t.Errorf("%+v, %v", records, err)
	}
}

func TestOptOutsThatCannotBe(t *testing.T) {
	r := newRoomRig(t, staff.Officer)
	path := "/desk/people/" + string(r.ref()) + "/optout"
	for name, c := range map[string]struct {
		fields []string
		says   string
	}{
		"of nothing":           {[]string{"how", "letter", "address", zelda}, "Tick at least one."},
		"of somebody else":     {[]string{"scopes", "email", "how", "letter", "address", "zoe@example.com"}, "This is not the address of the person on this page."},
		"without an address":   {[]string{"scopes", "email", "how", "letter"}, "Enter the person’s email address."},
		"of no channel":        {[]string{"scopes", "fax", "how", "letter", "address", zelda}, "Choose one of the values that are offered"},
		"of what SES observed": {[]string{"scopes", "bounce", "how", "letter", "address", zelda}, "Choose one of the values that are offered"},
		"of no topic":          {[]string{"scopes", "email/x", "how", "letter", "address", zelda}, "Choose one of the values that are offered"},
		"nobody knows how":     {[]string{"scopes", "email", "how", "dream", "address", zelda}, "Choose one of the values that are offered"},
	} {
		w := r.send(http.MethodPost, path, false, c.fields...)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d\n%s", name, w.Code, w.Body)
		}
		mustHave(t, w.Body.String(), c.says)
	}
	if records, _ := r.optOuts.OfPerson(t.Context(), r.ref()); len(records) > 0 {
		t.Errorf("%+v", records)
	}
}

func TestWasThisPersonErased(t *testing.T) {
	r := newRoomRig(t, staff.Auditor)
	ask := func(address string) (int, string) {
		w := r.send(http.MethodPost, "/desk/disposal", false, "address", address)
		return w.Code, w.Body.String()
	}
	if status, page := ask(zelda); status != http.StatusOK || !strings.Contains(page, "No erasure of this person is on record") || strings.Contains(page, "zelda") {
		t.Errorf("nobody: %d\n%s", status, page)
	}
	record, err := r.OptOuts.Record(t.Context(), optout.Request{Address: testkit.Address(t, zelda), Scopes: []optout.Scope{"sms"}, Source: optout.FromForm})
	if err == nil {
		err = r.optOuts.MakeTombstone(t.Context(), record.Key, record.Version, noon.AddDate(0, 0, -3), true)
	}
	if err != nil {
		t.Fatal(err)
	}
	if status, page := ask(zelda); status != http.StatusOK || !strings.Contains(page, "Yes, on 27 November 2026") || strings.Contains(page, "zelda") {
		t.Errorf("erased: %d\n%s", status, page)
	}
	if status, page := ask("zelda"); status != http.StatusUnprocessableEntity || !strings.Contains(page, "one complete email address") {
		t.Errorf("no address: %d\n%s", status, page)
	}
}

func TestActivityTellsWhoDidAndWhoSaw(t *testing.T) {
	r := newRoomRig(t, staff.Auditor)
	mustHave(t, r.get("/desk/activity"), "Nobody has done anything")
	q := r.open(deadline.Access)
	_, err := r.Rights.Verify(t.Context(), q.ID, "Anna Weber/a1", intake.Verification{Checked: []intake.Check{intake.Document}})
	if err == nil {
		f, _ := r.requests.File(t.Context(), q.ID)
		err = r.Rights.Looked(t.Context(), &f, "Bruno Díaz/b2", lifecycle.EventRevealed)
	}
	if err == nil {
		_, err = r.Rights.Note(t.Context(), q.ID, "Bruno Díaz/b2", "because she said so")
	}
	if err == nil {
		_, err = r.Holds.Place(t.Context(), disposal.Hold{Ref: r.ref(), Reason: "because of a suit", By: "dpo/c3"})
	}
	if err != nil {
		t.Fatal(err)
	}
	page := r.get("/desk/activity")
	mustHave(t, page, "You", "Bruno Díaz", "dpo", "Had the address shown", "A note was written", "A legal hold was placed", q.ID)
	for _, secret := range []string{"because", zelda, "z***", string(r.ref()), `href="/desk/requests/`} {
		if strings.Contains(page, secret) {
			t.Errorf("the auditor is shown %q:\n%s", secret, page)
		}
	}
	for only, lines := range map[string]int{"": 4, "?only=saw": 1, "?only=did": 3, "?only=nonsense": 4} {
		var report struct {
			Lines []struct {
				Saw     bool
				Officer string
			}
			Requests int
		}
		if r.json("/desk/activity"+only, &report); len(report.Lines) != lines || report.Requests != 1 {
			t.Errorf("%q: %+v", only, report)
		}
	}
}

func TestTheDayNamesRequestsOnly(t *testing.T) {
	r := newRoomRig(t, staff.Viewer)
	mustHave(t, r.get("/desk/day"), "Nothing is due this week.", "No open request is assigned to you.")
	q := r.open(deadline.Access)
	if _, err := r.Rights.Verify(t.Context(), q.ID, "Anna Weber/a1", intake.Verification{Checked: []intake.Check{intake.Document}}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Rights.Assign(t.Context(), q.ID, "Anna Weber/a1", "Anna Weber/a1"); err != nil {
		t.Fatal(err)
	}
	page := r.get("/desk/day")
	mustHave(t, page, q.ID, "Access", "Germany")
	var day struct {
		Mine   []struct{ Reference, Person string }
		Counts map[string]struct{ N int }
	}
	if r.json("/desk/day", &day); len(day.Mine) != 1 || day.Mine[0].Person != "" || day.Mine[0].Reference != q.ID || strings.Contains(page, "z***") {
		t.Errorf("%+v\n%s", day, page)
	}
}

// bounce is what SES reports of the mailbox.
func (r *roomRig) bounce() {
	r.t.Helper()
	a := testkit.Address(r.t, zelda)
	if _, err := r.optOuts.Apply(r.t.Context(), optout.Change{
		Key: optout.Key{Ref: r.ref(), Scope: "bounce"}, To: optout.Out, Address: a, Evidence: optout.Evidence{Source: optout.FromBounce, At: noon.Add(-time.Hour)}, Observed: &optout.Observation{At: noon},
	}); err != nil {
		r.t.Fatal(err)
	}
}

func TestABounceIsLifted(t *testing.T) {
	r := newRoomRig(t, staff.Officer)
	path := "/desk/people/" + string(r.ref())
	if strings.Contains(r.get(path), "Lift the bounce") {
		t.Error("a bounce can be lifted where there is none")
	}
	w := r.send(http.MethodPost, path+"/lift", false, "reason", "because they wrote", "mailbox", zelda)
	if w.Code != http.StatusConflict {
		t.Errorf("no bounce: %d", w.Code)
	}
	mustHave(t, w.Body.String(), "No bounce holds this mailbox back")
	r.bounce()
	for name, c := range map[string]struct {
		fields []string
		says   string
	}{
		"without a reason":  {[]string{"mailbox", zelda}, "Say why."},
		"without a mailbox": {[]string{"reason", "because they wrote"}, "Enter the person’s email address."},
		"of somebody else":  {[]string{"reason", "because they wrote", "mailbox", "zoe@example.com"}, "Nothing was lifted."},
	} {
		w := r.send(http.MethodPost, path+"/lift", false, c.fields...)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, w.Code)
		}
		mustHave(t, w.Body.String(), c.says, "Nothing is sent there")
	}
	if _, err := r.OptOuts.Record(t.Context(), optout.Request{Address: testkit.Address(t, zelda), Scopes: []optout.Scope{"email"}, Source: optout.FromLink}); err != nil {
		t.Fatal(err)
	}
	_, since, _ := strings.Cut(r.get(path), `name="since" value="`)
	since, _, _ = strings.Cut(since, `"`)
	w = r.send(http.MethodPost, path+"/lift", false, "reason", "because they wrote", "mailbox", zelda, "since", "2020-01-01T00:00:00.000Z")
	if w.Code != http.StatusConflict {
		t.Errorf("a bounce that was not seen: %d", w.Code)
	}
	mustHave(t, w.Body.String(), "Another email has come back", "Nothing is sent there", since)
	w = r.send(http.MethodPost, path+"/lift", false, "reason", "because they wrote", "mailbox", zelda, "since", since)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != path+"?lifted" {
		t.Fatalf("%d %s\n%s", w.Code, w.Header(), w.Body)
	}
	page := r.get(path + "?lifted")
	mustHave(t, page, "The bounce is lifted.", "You: because they wrote", "Marketing emails stay stopped all the same, because the person has opted out")
	if strings.Contains(page, "Nothing is sent there") || strings.Contains(page, zelda) {
		t.Error(page)
	}
}
