package people

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/staff"
)

func TestHoldsArePlacedAndLifted(t *testing.T) {
	r := newRoomRig(t, staff.Admin)
	mustHave(t, r.get("/desk/holds"), "There is no legal hold.", "Place the hold")
	q := r.open(deadline.Access)
	for name, c := range map[string]struct {
		fields []string
		of     string
	}{
		"by address":       {[]string{"what", " " + strings.ToUpper(zelda), "reason", "because\r\nof a suit"}, "person"},
		"by reference":     {[]string{"what", strings.ToLower(q.ID), "reason", "because", "until", "2027-03-31"}, "request"},
		"of a whole class": {[]string{"class", "closed-request", "reason", "because"}, "class"},
	} {
		w := r.send(http.MethodPost, "/desk/holds", false, c.fields...)
		path := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(path, "/desk/holds/") {
			t.Fatalf("%s: %d %s\n%s", name, w.Code, path, w.Body)
		}
		var h disposal.Hold
		if r.json(path, &h); h.Subject() != c.of || h.By != "Anna Weber/a1" || h.ID != strings.TrimPrefix(path, "/desk/holds/") {
			t.Errorf("%s: %+v", name, h)
		}
		if c.of == "person" && (h.Ref != r.ref() || h.Reason != "because\nof a suit") {
			t.Errorf("%s: %+v", name, h)
		}
		if c.of == "request" && !h.Until.Equal(civil.Date(2027, time.March, 31).End(time.UTC)) {
			t.Errorf("%s: %+v", name, h)
		}
		page := r.get(path)
		mustHave(t, page, "In force", "Anna Weber", "Lift the hold")
		if strings.Contains(page, "@") {
			t.Error("the page has an address")
		}
		if w := r.send(http.MethodPost, path+"/lift", false, "reason", " "); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Say why.") {
			t.Errorf("%s lifted without a reason: %d\n%s", name, w.Code, w.Body)
		}
		if w := r.send(http.MethodPost, path+"/lift", true, "reason", "because it ended"); w.Code != http.StatusOK {
			t.Errorf("%s lifted: %d\n%s", name, w.Code, w.Body)
		}
		mustHave(t, r.get(path), "It has ended, and keeps nothing any more.", "because it ended")
	}
	if w := r.send(http.MethodPost, "/desk/holds/none/lift", false, "reason", "because"); w.Code != http.StatusNotFound {
		t.Errorf("no such hold: %d", w.Code)
	}
}

// What cannot be done is said in the language of who asks for it.
func TestRefusalsInTheOfficersLanguage(t *testing.T) {
	r := newRoomRig(t, staff.Admin)
	hold, err := r.Holds.Place(t.Context(), disposal.Hold{Class: "closed-request", Reason: "because", By: "dpo"})
	if err != nil {
		t.Fatal(err)
	}
	path := "/desk/holds/" + hold.ID
	for lang, want := range map[string][]string{
		"en": {"Nothing waits for a signature.", "The form could not be read."}, "de": {"Nichts wartet auf eine Unterschrift.", "Das Formular war nicht lesbar."},
		"es": {"Nada espera una firma.", "No se pudo leer el formulario."},
	} {
		r.lang = lang
		w := r.send(http.MethodPost, path+"/sign", false, "of", "2026-11-27T09:00:00.000Z")
		if w.Code != http.StatusConflict {
			t.Errorf("%s: %d", lang, w.Code)
		}
		mustHave(t, w.Body.String(), want[0])
		broken := httptest.NewRequest(http.MethodPost, "https://desk.example"+path+"/sign", strings.NewReader("{"))
		broken.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"text/html"}, "Accept-Language": {lang}, "Cookie": {"test=a1.s1"}}
		w = httptest.NewRecorder()
		r.Routes().ServeHTTP(w, broken)
		mustHave(t, w.Body.String(), want[1])
	}
}

func TestHoldsThatHoldNothingAreRefused(t *testing.T) {
	r := newRoomRig(t, staff.Admin)
	for name, c := range map[string]struct {
		fields []string
		says   string
	}{
		"nothing":            {[]string{"reason", "because"}, "One of the three, not two."},
		"two things":         {[]string{"what", zelda, "class", "closed-request", "reason", "because"}, "One of the three, not two."},
		"no reason":          {[]string{"what", zelda}, "Say why."},
		"no address":         {[]string{"what", "zelda@", "reason", "because"}, "one complete email address"},
		"an unknown class":   {[]string{"class", "logs", "reason", "because"}, "Choose a class from the list."},
		"a day that is over": {[]string{"what", zelda, "reason", "because", "until", "2020-01-01"}, "The last day must be in the future."},
		"no day":             {[]string{"what", zelda, "reason", "because", "until", "soon"}, "Enter a day."},
	} {
		w := r.send(http.MethodPost, "/desk/holds", false, c.fields...)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d\n%s", name, w.Code, w.Body)
		}
		mustHave(t, w.Body.String(), c.says)
		if all, _, _ := r.disposals.AllHolds(t.Context()); len(all) > 0 {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

func TestWhoMayNotPlaceAHoldSeesNoForm(t *testing.T) {
	r := newRoomRig(t, staff.Officer)
	if page := r.get("/desk/holds"); strings.Contains(page, "Place the hold") {
		t.Error("an officer is offered to place a hold")
	}
	if w := r.send(http.MethodPost, "/desk/holds", false, "what", zelda, "reason", "because"); w.Code != http.StatusForbidden {
		t.Errorf("an officer placed a hold: %d", w.Code)
	}
}

func TestALiftingIsSignedByAnother(t *testing.T) {
	r := newRoomRig(t, staff.Admin)
	r.Holds.FourEyes = foureyes.Rule{foureyes.HoldLift}
	h, err := r.Holds.Place(t.Context(), disposal.Hold{Ref: r.ref(), Reason: "because", By: "Bruno Díaz/b2"})
	if err == nil {
		h, err = r.Holds.Lift(t.Context(), h.ID, "Anna Weber/a1", "because it ended")
	}
	if err != nil {
		t.Fatal(err)
	}
	path := "/desk/holds/" + h.ID
	page := r.get(path)
	mustHave(t, page, "In force; its lifting waits for a signature", "You asked for it yourself")
	if strings.Contains(page, "Sign: lift the hold") {
		t.Error("who asked for it is offered to sign")
	}
	sign := func(of time.Time) int {
		return r.send(http.MethodPost, path+"/sign", false, "of", of.UTC().Format("2006-01-02T15:04:05.000Z")).Code
	}
	if status := sign(h.Lifting.At); status != http.StatusConflict {
		t.Errorf("signed by who asked: %d", status)
	}
	if status := r.send(http.MethodPost, path+"/keep", false).Code; status != http.StatusSeeOther {
		t.Errorf("kept: %d", status)
	}
	if h, err = r.Holds.Lift(t.Context(), h.ID, "Bruno Díaz/b2", "because it ended"); err != nil {
		t.Fatal(err)
	}
	mustHave(t, r.get(path), "Sign: lift the hold", "Bruno Díaz")
	if status := sign(h.Lifting.At.Add(-time.Second)); status != http.StatusConflict {
		t.Errorf("signed what was not shown: %d", status)
	}
	for _, of := range []string{"", "0001-01-01T00:00:00.000Z"} {
		if status := r.send(http.MethodPost, path+"/sign", false, "of", of).Code; status != http.StatusUnprocessableEntity {
			t.Errorf("signed nothing, of %q: %d", of, status)
		}
	}
	if status := sign(h.Lifting.At); status != http.StatusSeeOther {
		t.Errorf("signed by another: %d", status)
	}
	mustHave(t, r.get(path), "It has ended, and keeps nothing any more.", "Signed by")
}
