package people

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

var byPost = url.Values{
	"post": {"Hauptstraße 12\r\n01067 Dresden"}, "name": {"Jörg Stein"}, "received_on": {"2026-11-23"}, "kinds": {"access", "objection"}, "country": {"DE"},
	"checked": {"in_person"}, "on_behalf_of": {"self"}, "language": {"de"},
}

// A request by post is entered with how the person was verified. Its letters are printed
// from the file and posted; nothing shows the address before it is revealed.
func TestARequestByPost(t *testing.T) {
	r := newRig(t, staff.Officer)
	body := r.enter(byPost).Body.String()
	for _, says := range []string{"Letters on paper, for you to print and post: the acknowledgement", "Marketing calls", "No email address is known", "acknowledgement"} {
		if !strings.Contains(body, says) {
			t.Errorf("it does not say %q: %s", says, body)
		}
	}
	if strings.Contains(body, "Marketing emails") || strings.Contains(body, "by email:") || strings.Contains(body, "confirms with the link") {
		t.Error("it promises what cannot be")
	}
	w := r.enter(with(byPost, url.Values{"shown": {shownIn(body)}}))
	id := strings.TrimPrefix(w.Header().Get("Location"), "/desk/requests/")
	if q := r.file(id).Request; w.Code != http.StatusSeeOther || q.State != lifecycle.Open || !q.NoEmail {
		t.Fatalf("%d %s: %+v", w.Code, w.Body, q)
	}
	if _, err := testkit.Drain(t, r.door.Rights, r.store.OptOuts.Outbox).Run(background, func() bool { return false }); err != nil {
		t.Fatal(err)
	}
	r.clock = r.clock.Add(1300 * time.Nanosecond) // clocks are finer than what is kept
	page := r.get("/desk/requests/" + id).Body.String()
	for _, says := range []string{"not yet posted", "A letter on paper has waited", "Print the letter: Acknowledgement", "print and post: your question", "/letters/3-acknowledge", "/act/posted?of=3-acknowledge", "H***, 0***"} {
		if !strings.Contains(page, says) {
			t.Errorf("the file does not say %q: %s", says, page)
		}
	}
	for _, path := range []string{"/desk/requests/" + id, "/desk?view=to_post", "/desk/requests/" + id + "/act/amend"} {
		if shown := r.get(path).Body.String(); strings.Contains(shown, "Hauptstra") || strings.Contains(shown, "01067") {
			t.Errorf("%s shows the address", path)
		}
	}
	if !strings.Contains(r.get("/desk?view=to_post").Body.String(), id) || !strings.Contains(r.get("/desk/day").Body.String(), id) {
		t.Error("the view or the day does not list it")
	}
	r.shows(r.get("/desk/requests/"+id+"/letters/3-acknowledge"), http.StatusOK, "Jörg Stein<br>Hauptstraße 12<br>01067 Dresden", "Dear person, "+id, `lang="de"`, "Vorgangsnummer: "+id)
	if r.count(id, lifecycle.EventRevealed) != 1 {
		t.Error("who printed the address is not recorded")
	}
	r.shows(r.get("/desk/requests/"+id+"/letters/4-decision"), http.StatusNotFound)
	q := r.file(id).Request
	r.shows(r.act(q, "posted", url.Values{"letter": {"3-acknowledge"}, "posted_on": {"2027-01-01"}}), http.StatusUnprocessableEntity, "in the future")
	r.shows(r.act(q, "posted", url.Values{"posted_on": {""}}), http.StatusUnprocessableEntity, "Choose a letter")
	r.to(r.act(q, "posted", url.Values{"letter": {"3-acknowledge"}}), "/desk/requests/"+id+"#history")
	if l := r.file(id).Letters[0]; l.State != outbox.Sent || l.SentAt.IsZero() {
		t.Errorf("%+v", l)
	}
	r.shows(r.get("/desk/requests/"+id), http.StatusOK, "posted on", "A letter was posted")
	if strings.Contains(r.get("/desk?view=to_post").Body.String(), id) {
		t.Error("it is listed still")
	}
	for _, act := range []url.Values{{"act": {"withdraw"}}, {"act": {"reopen"}, "reason": {"they think again"}}} {
		if w := r.act(r.file(id).Request, act.Get("act"), act); w.Code != http.StatusSeeOther {
			t.Fatal(w.Code, w.Body)
		}
		r.clock = r.clock.Add(time.Minute)
		if _, err := testkit.Drain(t, r.door.Rights, r.store.OptOuts.Outbox).Run(background, func() bool { return false }); err != nil {
			t.Fatal(err)
		}
	}
	overtaken := r.file(id).Letters[1]
	print := "/letters/" + deskpage.LetterName(overtaken)
	if overtaken.State != outbox.Obsolete || overtaken.Text == "" || strings.Contains(r.get("/desk/requests/"+id).Body.String(), print) {
		t.Errorf("what holds no more is printed: %+v", overtaken)
	}
	r.shows(r.get("/desk/requests/"+id+print), http.StatusNotFound)
}

// Whoever has no email address cannot confirm by a link, gets no email, and downloads nothing. No page says so.
func TestNothingOnPaperIsSaidToGoByEmail(t *testing.T) {
	r := answering(t)
	typed := with(byPost, url.Values{"checked": {}, "kinds": {"access"}})
	w := r.enter(with(typed, url.Values{"shown": {shownIn(r.enter(typed).Body.String())}}))
	id := strings.TrimPrefix(w.Header().Get("Location"), "/desk/requests/")
	silent := func(path string) {
		t.Helper()
		page := r.get(path).Body.String()
		for _, untrue := range []string{"can confirm it until", "by email:", "can download", "Our emails reach", "To -"} {
			if strings.Contains(page, untrue) {
				t.Errorf("%s says %q", path, untrue)
			}
		}
	}
	silent("/desk/requests/" + id)
	r.to(r.act(r.file(id).Request, "verify", url.Values{"checked": {"call_back"}}), "/desk/requests/"+id+"#history")
	silent("/desk/requests/" + id)
	r.decide(r.file(id).Request, "show", url.Values{"outcome.access": {"fulfilled"}})
	silent("/desk/requests/" + id + "/letter")
	r.shows(r.get("/desk/requests/"+id+"/letter"), http.StatusOK, "By post, on paper", "print it from the file")
}
