package people

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

func (r *rig) enter(typed url.Values) *httptest.ResponseRecorder {
	q := httptest.NewRequest(http.MethodPost, "https://desk.example/desk/enter", strings.NewReader(typed.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Accept", "text/html")
	return r.send(q)
}

// shownIn is the name of what a screen has shown before it saves.
func shownIn(body string) string {
	_, shown, _ := strings.Cut(body, `name="shown" value="`)
	shown, _, _ = strings.Cut(shown, `"`)
	return shown
}

// A letter of last week is entered with its day; date and earlier requests are shown before anything is saved.
func TestEnter(t *testing.T) {
	r := newRig(t, staff.Officer)
	earlier := r.confirmed(deadline.Correction)
	if w := r.get("/desk/enter"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `value="2026-11-30"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	typed := url.Values{
		"address": {" Zoe@Example.com "}, "received_on": {"2026-11-23"}, "kinds": {"access", "opt_out_of_sale"}, "country": {"DE"},
		"name": {"Zoë Brandt"}, "details": {"all of\r\nit"}, "on_behalf_of": {"self"}, "language": {"de"},
	}
	w := r.enter(typed)
	body := w.Body.String()
	for _, shown := range []string{"23 December 2026", earlier.ID, "Sale and sharing", "the confirmation link", `value=" Zoe@Example.com "`} {
		if !strings.Contains(body, shown) {
			t.Errorf("it does not show %s: %s", shown, body)
		}
	}
	if all, err := r.store.OfPerson(background, earlier.Ref); w.Code != http.StatusOK || len(all) != 1 || err != nil {
		t.Fatalf("%d, and something was saved: %v", w.Code, all)
	}
	typed.Set("shown", shownIn(body))
	w = r.enter(typed)
	id := strings.TrimPrefix(w.Header().Get("Location"), "/desk/requests/")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	f := r.file(id)
	q := f.Request
	if q.Source != intake.FromOfficer || q.State != lifecycle.Unverified || q.Details != "all of\nit" || q.Address != testkit.Address(t, zoe) ||
		q.ReceivedAt.Format("2006-01-02") != "2026-11-23" || audit.Officer(f.Events[0]) != "Anna Weber/a1" {
		t.Errorf("%+v, entered by %q", q, audit.Officer(f.Events[0]))
	}
	if strings.Contains(w.Header().Get("Location"), "@") {
		t.Error("an address leads there")
	}
}

func TestEnterTellsAllThatIsWrong(t *testing.T) {
	r := newRig(t, staff.Officer)
	w := r.enter(url.Values{"address": {"zoe@"}, "received_on": {"2027-01-01"}, "country": {"DE"}, "region": {"US-CA"}, "details": {"kept all the same"}, "language": {"xx"}})
	for _, field := range []string{"address", "received_on", "kinds", "country", "language"} {
		if !strings.Contains(w.Body.String(), `href="#f-`+field+`"`) {
			t.Errorf("%s is not named", field)
		}
	}
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "kept all the same") {
		t.Errorf("%d", w.Code)
	}
}
