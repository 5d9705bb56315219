package people

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

func httpGet(path string) *http.Request {
	return httptest.NewRequest(http.MethodGet, "https://desk.example"+path, nil)
}

// signIn begins a new session now.
func (r *rig) signIn(role staff.Role) {
	account := staff.Account{ID: "a1", Name: "Anna Weber", Role: role, SignedInAt: r.clock}
	r.door.Sessions = one{session: staff.Session{ID: "s1", Account: account, StartedAt: r.clock, SeenAt: r.clock}}
}

func (r *rig) count(id string, event lifecycle.Event) (n int) {
	for _, e := range r.file(id).Events {
		if e.Kind == string(event) {
			n++
		}
	}
	return n
}

// Whoever opens a file stands in its history, once an hour. Looking at its headers is no opening.
func TestOpeningAFileIsAnEntry(t *testing.T) {
	r := newRig(t, staff.Viewer)
	q := r.confirmed(deadline.Access)
	head := httpGet("/desk/requests/" + q.ID)
	head.Method = http.MethodHead
	if r.send(head); r.count(q.ID, lifecycle.EventLooked) != 0 {
		t.Error("HEAD opened the file")
	}
	for range 3 {
		if w := r.get("/desk/requests/" + q.ID); w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
	}
	if n := r.count(q.ID, lifecycle.EventLooked); n != 1 {
		t.Errorf("%d entries", n)
	}
	r.clock = r.clock.Add(time.Hour)
	r.signIn(staff.Viewer)
	if r.get("/desk/requests/" + q.ID); r.count(q.ID, lifecycle.EventLooked) != 2 || audit.Officer(r.last(q.ID)) != "Anna Weber/a1" {
		t.Error("another hour is no new entry")
	}
}

// An address is shown to who asked for it, for a quarter of an hour, and to nobody else.
func TestRevealing(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	path := "/desk/requests/" + q.ID
	shows := func() bool { return strings.Contains(r.get(path).Body.String(), zoe) }
	if shows() {
		t.Error("the address is shown to who did not ask for it")
	}
	if w := r.post(q.ID, path+"/reveal", url.Values{}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != path+"#words" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if !shows() || r.count(q.ID, lifecycle.EventRevealed) != 1 {
		t.Error("the address is not shown, or not noted")
	}
	r.clock = r.clock.Add(15 * time.Minute)
	if r.signIn(staff.Officer); shows() {
		t.Error("the address is shown after a quarter of an hour")
	}
}

// Another officer does not see what a colleague had revealed.
func TestRevealedToOneAlone(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	f := r.file(q.ID)
	if err := r.door.Rights.Looked(background, &f, "Ben/b2", lifecycle.EventRevealed); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(r.get("/desk/requests/"+q.ID).Body.String(), zoe) {
		t.Error("what Ben had revealed is shown to Anna")
	}
}

// The answer for machines holds no address either, wherever the file has one.
func TestFileForMachines(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	get := httpGet("/desk/requests/" + q.ID)
	get.Header.Set("Accept", "application/json")
	w := r.send(get)
	if strings.Contains(w.Body.String(), zoe) {
		t.Errorf("it has the address: %s", w.Body)
	}
	var said struct {
		Reference, Person, Name string
		WordsAre                string `json:"words_are"`
		Acts                    []struct {
			Act, Of, Why    string
			Possible, Usual bool
		}
		Deadlines []struct{ Rule string }
		History   []struct{ Event, Officer string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil {
		t.Fatal(err)
	}
	usual := ""
	for _, a := range said.Acts {
		if a.Usual {
			usual += a.Act
		}
	}
	if said.Reference != q.ID || said.Person != "z***@e***.com" || said.WordsAre != "as_sent" || usual != "draft" || len(said.Deadlines) == 0 || said.History[len(said.History)-1].Officer != "Anna Weber/a1" {
		t.Errorf("%+v", said)
	}
}

// The screen of each state a request can be in says what belongs to it.
func TestFilesOfEveryState(t *testing.T) {
	for name, c := range map[string]struct {
		role staff.Role
		make func(*rig) request.Request
		want []string
		not  []string
	}{
		"confirmed":   {staff.Officer, func(r *rig) request.Request { return r.confirmed(deadline.Access) }, []string{"Answer the request</a>", "Answer by 30 December 2026: in 22 working days", "The person saw these words", "all of it"}, []string{"Nobody has confirmed"}},
		"unconfirmed": {staff.Officer, func(r *rig) request.Request { return r.open(deadline.Access) }, []string{"Nobody has confirmed this request", "Nobody has confirmed these words", "can confirm it until"}, []string{"Answer by"}},
		"waiting":     {staff.Officer, (*rig).asked, []string{"What we wait for", "Who?", "Record the person’s answer</a>"}, []string{`class="button" href="/desk/requests/PD-DBK7-GFTF-QQMH-PVNR/decide`}},
		"refused":     {staff.Officer, (*rig).refused, []string{"Closed on 30 November 2026: Refused", "no such data", "The whole file is kept until"}, []string{"Answer by"}},
		"as a viewer": {staff.Viewer, func(r *rig) request.Request { return r.confirmed(deadline.Access) }, []string{"Your role can only read."}, []string{"Show the address", "/act/", "/decide"}},
		"an appeal": {staff.Officer, func(r *rig) request.Request {
			q := r.refused()
			a, err := r.door.Rights.Appeal(background, q.ID, "look again")
			return r.ok(a, err)
		}, []string{"This is an appeal against the answer to PD-"}, nil},
		"of unsure kinds": {staff.Officer, func(r *rig) request.Request {
			return r.ok(r.door.Rights.Open(background, request.Intake{Address: testkit.Address(r.t, zoe), KindsUnsure: true, Details: "hm", Language: "en", Source: intake.FromMail, Kept: true}))
		}, []string{"Not clear yet", "This came as an email on"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, c.role)
			q := c.make(r)
			page := r.get("/desk/requests/" + q.ID).Body.String()
			for _, want := range c.want {
				if !strings.Contains(page, want) {
					t.Errorf("it does not say %q", want)
				}
			}
			for _, not := range c.not {
				if strings.Contains(page, not) {
					t.Errorf("it says %q", not)
				}
			}
			if strings.Contains(page, zoe) {
				t.Error("it shows the address")
			}
		})
	}
}

// A history that is not what was written says so, first of all.
func TestBrokenHistory(t *testing.T) {
	r := newRig(t, staff.Officer)
	q := r.confirmed(deadline.Access)
	r.door.Rights.Store = forged{r.store}
	if page := r.get("/desk/requests/" + q.ID).Body.String(); !strings.Contains(page, "The history of this file is not intact: entry 2") {
		t.Error("it does not say that the history is broken")
	}
}

// forged is a store in whose files one entry was changed.
type forged struct{ request.Store }

func (s forged) File(ctx context.Context, id string) (request.File, error) {
	f, err := s.Store.File(ctx, id)
	f.Events[1].Facts = map[string]string{"forged": "yes"}
	return f, err
}

func TestNoSuchFile(t *testing.T) {
	r := newRig(t, staff.Officer)
	for _, id := range []string{"PD-0000-0000-0000-0000", "..%2f..", "x"} {
		if w := r.get("/desk/requests/" + id); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", id, w.Code)
		}
	}
}
