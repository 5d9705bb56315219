package people

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

// Each act, as its form sends it: where it leads, and what the history then says.
func TestActs(t *testing.T) {
	failed := func(r *rig) request.Request {
		q := r.confirmed(deadline.Access)
		d := testkit.Drain(t, r.door.Rights, r.store.OptOuts.Outbox)
		d.Mailer = silent{}
		if _, err := d.Run(background, func() bool { return false }); err != nil {
			t.Fatal(err)
		}
		return r.file(q.ID).Request
	}
	for name, c := range map[string]struct {
		of    func(*rig) request.Request
		act   string
		typed url.Values
		event lifecycle.Event
		state lifecycle.State
	}{
		"a note":              {func(r *rig) request.Request { return r.confirmed(deadline.Access) }, "note", url.Values{"note": {"call her"}}, lifecycle.EventNoted, lifecycle.Open},
		"assigned":            {func(r *rig) request.Request { return r.confirmed(deadline.Access) }, "assign", url.Values{"to": {"Anna Weber/a1"}}, lifecycle.EventAssigned, lifecycle.Open},
		"verified":            {func(r *rig) request.Request { return r.open(deadline.Access) }, "verify", url.Values{"checked": {"document", "in_person"}}, lifecycle.EventVerified, lifecycle.Open},
		"a proof":             {func(r *rig) request.Request { return r.confirmed(deadline.Access) }, "ask", url.Values{"of": {"identity"}, "evidence": {"persons_identity"}}, lifecycle.EventAsked, lifecycle.WaitingForPerson},
		"a question":          {func(r *rig) request.Request { return r.confirmed(deadline.Access) }, "ask", url.Values{"of": {"clarification"}, "question": {"Which?"}}, lifecycle.EventAsked, lifecycle.WaitingForPerson},
		"a fee, with a comma": {func(r *rig) request.Request { return r.confirmed(deadline.Access) }, "ask", url.Values{"of": {"fee"}, "question": {"IBAN"}, "amount": {"12,50"}, "currency": {"EUR"}, "because": {"excessive"}}, lifecycle.EventAsked, lifecycle.WaitingForPerson},
		"an answer of today":  {(*rig).asked, "answer", url.Values{}, lifecycle.EventAnswered, lifecycle.Open},
		"more time":           {func(r *rig) request.Request { return r.confirmed(deadline.Access) }, "extend", url.Values{"reason": {"complexity"}, "explanation": {"much"}}, lifecycle.EventExtended, lifecycle.Open},
		"opened again":        {(*rig).refused, "reopen", url.Values{"reason": {"new facts"}}, lifecycle.EventReopened, lifecycle.Open},
		"withdrawn":           {func(r *rig) request.Request { return r.confirmed(deadline.Access) }, "withdraw", url.Values{}, lifecycle.EventWithdrawn, lifecycle.Withdrawn},
		"a statement":         {(*rig).refused, "disagree", url.Values{"statement": {"it is wrong"}, "came_by": {"telephone"}, "received_on": {""}}, lifecycle.EventDisagreed, lifecycle.Refused},
		"a letter again":      {failed, "mail", url.Values{"mail": {"acknowledge"}}, lifecycle.EventNoted, lifecycle.Open},
		"the link again":      {func(r *rig) request.Request { return r.open(deadline.Access) }, "resend", url.Values{}, lifecycle.EventResent, lifecycle.Unverified},
		"expired": {func(r *rig) request.Request {
			q := r.asked()
			testkit.Mailed(t, r.door.Rights, r.store.OptOuts.Outbox)
			r.clock = r.clock.Add(90 * 24 * time.Hour)
			r.door.Sessions = one{session: staff.Session{ID: "s1", Account: staff.Account{ID: "a1", Name: "Anna Weber", Role: staff.Officer, SignedInAt: r.clock}, StartedAt: r.clock, SeenAt: r.clock}}
			return q
		}, "expire", url.Values{}, lifecycle.EventExpired, lifecycle.Expired},
		"as spam": {func(r *rig) request.Request { return r.open(deadline.Access) }, "spam", url.Values{}, lifecycle.EventExpired, lifecycle.Expired},
		"seen": {func(r *rig) request.Request {
			q := r.confirmed(deadline.Access)
			return r.ok(r.door.Rights.Replied(background, q.ID, request.Mail{At: r.clock}))
		}, "seen", url.Values{}, lifecycle.EventSeen, lifecycle.Open},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, staff.Officer)
			q := c.of(r)
			form := r.get(deskpage.ActPath(q.ID, c.act) + "?of=" + c.typed.Get("of"))
			if form.Code != http.StatusOK || strings.Contains(form.Body.String(), "⟦") || !strings.Contains(form.Body.String(), `name="seq" value="`+strconv.Itoa(r.file(q.ID).Request.Head.Seq)+`"`) {
				t.Errorf("the form: %d %s", form.Code, form.Body)
			}
			w := r.act(q, c.act, c.typed)
			if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/desk/requests/"+q.ID+"#history" {
				t.Fatalf("%d, to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
			}
			last := r.last(q.ID)
			if last.Kind != string(c.event) || r.file(q.ID).Request.State != c.state {
				t.Errorf("%s, now %s", last.Kind, r.file(q.ID).Request.State)
			}
			if who := audit.Officer(last); who != "Anna Weber/a1" {
				t.Errorf("it was %q", who)
			}
		})
	}
}

// What is wrong stands at its field, in words, with a link from above; what was typed is kept.
func TestWhatIsWrongStandsAtItsField(t *testing.T) {
	r := newRig(t, staff.Officer)
	for name, c := range map[string]struct {
		act, field string
		typed      url.Values
		keeps      string
	}{
		"no words":        {"note", "note", url.Values{"note": {" "}}, ""},
		"no check":        {"verify", "checked", url.Values{}, ""},
		"no question":     {"ask", "question", url.Values{"of": {"clarification"}}, ""},
		"no fee":          {"ask", "amount", url.Values{"of": {"fee"}, "question": {"IBAN DE02"}, "amount": {"twelve"}, "currency": {"EUR"}, "because": {"excessive"}}, "IBAN DE02"},
		"to no colleague": {"assign", "to", url.Values{"to": {"ben@example.com"}}, ""},
		"no choice":       {"assign", "to", url.Values{}, ""},
		"no reason":       {"extend", "reason", url.Values{"explanation": {"much to do"}}, "much to do"},
		"far too much":    {"note", "note", url.Values{"note": {strings.Repeat("much ", 2500)}}, "much much"},
		"nothing to put":  {"amend", "kinds", url.Values{"kinds": {"access"}, "country": {"DE"}, "name": {"Zoë Brandt"}, "on_behalf_of": {"self"}, "language": {"de"}}, "Zoë Brandt"},
		"no such place":   {"amend", "country", url.Values{"kinds": {"access"}, "country": {"DE"}, "region": {"US-CA"}, "name": {"Zoe B"}, "on_behalf_of": {"self"}, "language": {"de"}}, "Zoe B"},
	} {
		t.Run(name, func(t *testing.T) {
			q := r.confirmed(deadline.Access)
			if c.act == "verify" {
				q = r.open(deadline.Erasure)
			}
			before := r.file(q.ID).Request.Head
			w := r.act(q, c.act, c.typed)
			body := w.Body.String()
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `<a href="#f-`+c.field+`">`) || !strings.Contains(body, `id="e-`+c.field+`"`) {
				t.Errorf("%d: %s", w.Code, body)
			}
			if !strings.Contains(body, c.keeps) || r.file(q.ID).Request.Head != before {
				t.Errorf("what was typed is gone, or something was written")
			}
		})
	}
}

// A form that is older than the file does nothing: it tells what the colleague did and keeps what was typed.
func TestStaleForm(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	seq := strconv.Itoa(r.file(q.ID).Request.Head.Seq)
	r.ok(r.door.Rights.Note(background, q.ID, "Ben Ito/b2", "she called"))
	head := r.file(q.ID).Request.Head
	w := r.act(q, "ask", url.Values{"seq": {seq}, "of": {"clarification"}, "question": {"Which of them?"}})
	body := w.Body.String()
	for _, shown := range []string{"Ben Ito", "she called", "Which of them?", `name="seq" value="` + strconv.Itoa(head.Seq) + `"`} {
		if !strings.Contains(body, shown) {
			t.Errorf("it does not show %s", shown)
		}
	}
	if w.Code != http.StatusConflict || r.file(q.ID).Request.Head != head {
		t.Errorf("%d", w.Code)
	}
	if w = r.act(q, "ask", url.Values{"of": {"clarification"}, "question": {"Which of them?"}}); w.Code != http.StatusSeeOther {
		t.Errorf("sent again: %d", w.Code)
	}
	for _, bad := range []string{"", "x", "-1"} {
		if w = r.act(q, "note", url.Values{"seq": {bad}, "note": {"x"}}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("seq %q: %d", bad, w.Code)
		}
	}
}

// Letters that go and doors that look make nothing stale.
func TestWhatMakesNothingStale(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	seq := strconv.Itoa(r.file(q.ID).Request.Head.Seq)
	testkit.Mailed(t, r.door.Rights, r.store.OptOuts.Outbox)
	if w := r.act(q, "note", url.Values{"seq": {seq}, "note": {"x"}}); w.Code != http.StatusSeeOther {
		t.Errorf("%d", w.Code)
	}
}

// An amendment is shown before it is saved, and again when it is changed.
func TestAmendShowsBeforeItSaves(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	head := r.file(q.ID).Request.Head
	typed := url.Values{"kinds": {"access", "erasure"}, "country": {"US"}, "region": {"US-CA"}, "name": {"Zoë Brandt"}, "on_behalf_of": {"self"}, "language": {"de"}}
	w := r.act(q, "amend", typed)
	body := w.Body.String()
	if w.Code != http.StatusOK || !strings.Contains(body, "California") || r.file(q.ID).Request.Head != head {
		t.Fatalf("%d: %s", w.Code, body)
	}
	_, shown, _ := strings.Cut(body, `name="shown" value="`)
	shown, _, _ = strings.Cut(shown, `"`)
	typed.Set("shown", shown)
	typed.Set("language", "es")
	if w = r.act(q, "amend", typed); w.Code != http.StatusOK || r.file(q.ID).Request.Head != head {
		t.Errorf("changed after it was shown: %d", w.Code)
	}
	typed.Set("language", "de")
	if w = r.act(q, "amend", typed); w.Code != http.StatusSeeOther || r.file(q.ID).Request.Place.String() != "US-CA" {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
}

// What is not possible says why, and offers nothing to fill in.
func TestImpossibleActs(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	for _, act := range []string{"answer", "reopen", "expire", "verify", "disagree", "resend", "erase", "mail"} {
		w := r.get(deskpage.ActPath(q.ID, act))
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `class="act`) || !strings.Contains(w.Body.String(), `id="problem"`) {
			t.Errorf("%s: %d %s", act, w.Code, w.Body)
		}
		if w = r.act(q, act, url.Values{"reason": {"x"}, "statement": {"x"}, "checked": {"document"}, "mail": {"decision"}}); w.Code != http.StatusConflict {
			t.Errorf("%s, sent: %d", act, w.Code)
		}
	}
	for _, path := range []string{"/act/decide", "/act/forget", "/act/ask?of=money"} {
		if w := r.get("/desk/requests/" + q.ID + path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := r.get("/desk/requests/PD-NONE/act/note"); w.Code != http.StatusNotFound {
		t.Errorf("no such file: %d", w.Code)
	}
}

func TestActsAsJSON(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	call := func(method, body string) *httptest.ResponseRecorder {
		h := httptest.NewRequest(method, "https://desk.example"+deskpage.ActPath(q.ID, "verify"), strings.NewReader(body))
		h.Header.Set("Content-Type", "application/json")
		h.Header.Set("Accept", "application/json")
		return r.send(h)
	}
	var got deskpage.Act
	w := call(http.MethodGet, "")
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Reference != q.ID || !got.Closed || got.Refused == nil {
		t.Errorf("%d %+v %v", w.Code, got, err)
	}
	q = r.open(deadline.Erasure)
	seq := strconv.Itoa(q.Head.Seq)
	if w = call(http.MethodPost, `{"seq":`+seq+`}`); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"field":"checked"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w = call(http.MethodPost, `{"seq":`+seq+`,"checked":["document","account"]}`); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"status":"done"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if checked := r.file(q.ID).Request.Checked; len(checked) != 2 {
		t.Errorf("checked by %v", checked)
	}
}

// A backend that does not answer is told of without its words.
func TestStoreDown(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	r.door.Rights.Store = failing{r.store}
	if w := r.get(deskpage.ActPath(q.ID, "note")); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "throttled") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A file can be given to whoever may work on it and is signed in.
func TestWhoCanHaveAFile(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	body := r.get(deskpage.ActPath(q.ID, "assign")).Body.String()
	for value, there := range map[string]bool{"Anna Weber/a1": true, "Ben Ito/b2": true, "Cleo Roth/c3": false, "nobody": true} {
		if strings.Contains(body, `name="to" value="`+value+`"`) != there {
			t.Errorf("%s can have it: %t", value, !there)
		}
	}
	r.act(q, "assign", url.Values{"to": {"Ben Ito/b2"}})
	if w := r.act(q, "assign", url.Values{"to": {"nobody"}}); w.Code != http.StatusSeeOther || r.file(q.ID).Request.Assignee != "" {
		t.Errorf("%d, %q has it", w.Code, r.file(q.ID).Request.Assignee)
	}
}

// Whoever opens a form of a file has looked at it, once an hour.
func TestFormsAreLooks(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	for range 2 {
		r.get(deskpage.ActPath(q.ID, "note"))
		r.get(deskpage.DecidePath(q.ID))
	}
	looks := 0
	for _, e := range r.file(q.ID).Events {
		if e.Kind == string(lifecycle.EventLooked) && audit.Officer(e) == "Anna Weber/a1" {
			looks++
		}
	}
	if looks != 1 {
		t.Errorf("%d looks", looks)
	}
}

// What is the same is joined, once it was shown what that changes.
func TestJoiningIsShownFirst(t *testing.T) {
	r := newRig(t, staff.Officer)
	first := r.confirmed(deadline.Access)
	r.clock = r.clock.Add(time.Minute)
	second := r.confirmed(deadline.Access, deadline.Correction)
	form := r.get(deskpage.ActPath(second.ID, "join"))
	if form.Code != http.StatusOK || !strings.Contains(form.Body.String(), `value="`+first.ID+`"`) { // it is known to be alike
		t.Fatalf("%d %s", form.Code, form.Body)
	}
	typed := url.Values{"into": {strings.ToLower(first.ID)}}
	w := r.act(second, "join", typed)
	if page := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(page, "Correction") || !strings.Contains(page, "Join the two") || r.file(second.ID).Request.State != lifecycle.Open {
		t.Fatalf("%d %s", w.Code, page)
	}
	typed.Set("shown", shownIn(w.Body.String()))
	r.ok(r.door.Rights.Amend(background, first.ID, "dpo", request.Amendment{Kinds: []intake.Kind{deadline.Access, deadline.Restriction}})) // by a colleague, meanwhile
	if w = r.act(second, "join", typed); w.Code != http.StatusOK || r.file(second.ID).Request.State != lifecycle.Open {
		t.Fatalf("what changes was not shown: %d", w.Code)
	}
	typed.Set("shown", shownIn(w.Body.String()))
	if w = r.act(second, "join", typed); w.Code != http.StatusSeeOther || r.file(second.ID).Request.State != lifecycle.Joined {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if kinds := r.file(first.ID).Request.Kinds; len(kinds) != 3 {
		t.Errorf("%q", kinds)
	}
	for into, says := range map[string]string{"": "Enter the reference of the other request.", "PD-1111-1111-1111-1111": "There is no request with this reference."} {
		if w := r.act(first, "join", url.Values{"into": {into}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), says) {
			t.Errorf("%q: %d %s", into, w.Code, w.Body)
		}
	}
	if w := r.act(first, "join", url.Values{"into": {second.ID}}); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), second.ID) {
		t.Errorf("into what is closed: %d %s", w.Code, w.Body)
	}
}
