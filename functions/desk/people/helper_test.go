package people

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
)

var background = context.Background()

const zoe = "zoe@example.com"

var germany = deadline.Jurisdiction{Country: "DE"}

// rig is a door with requests behind it.
type rig struct {
	t     *testing.T
	door  *Door
	clock time.Time
	store *testkit.Requests
	jar   string
}

func newRig(t *testing.T, role staff.Role) *rig {
	t.Helper()
	r := &rig{t: t, clock: noon, store: testkit.NewRequests(testkit.NewOptOuts()), jar: "a1.s1"}
	desk := testkit.Desk(t)
	desk.Requests.Calendar = "weekends"
	now := func() time.Time { return r.clock }
	service, err := request.New(r.store, testkit.Key(t), desk, now, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	service.Settings.ExportFor = 5 * 24 * time.Hour
	r.door = testDoor(role, noon.Add(-time.Minute))
	r.door.Rights, r.door.Now = service, now
	r.door.Cases = &casework.Desk{Requests: service, Store: r.store}
	if r.door.Rules, err = schedule.New(desk); err != nil {
		t.Fatal(err)
	}
	r.door.Pages = &deskpage.Desk{Organisation: desk.Organisation, Zone: desk.Organisation.Zone()}
	return r
}

func (r *rig) ok(q request.Request, err error) request.Request {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	return q
}

func (r *rig) open(kinds ...intake.Kind) request.Request {
	r.t.Helper()
	return r.ok(r.door.Rights.Open(background, request.Intake{
		Address: testkit.Address(r.t, zoe), Kinds: kinds, Name: "Zoë Brandt", Details: "all of it",
		Place: germany, OnBehalfOf: intake.Self, Language: "de", Source: intake.FromForm,
	}))
}

// confirmed is a request that its person has confirmed.
func (r *rig) confirmed(kinds ...intake.Kind) request.Request {
	r.t.Helper()
	q := r.open(kinds...)
	q, _, err := r.door.Rights.Confirm(background, q.ID, q.Words())
	return r.ok(q, err)
}

func (r *rig) asked() request.Request {
	q := r.confirmed(deadline.Access)
	return r.ok(r.door.Rights.Ask(background, q.ID, "Ben/b2", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
}

func (r *rig) refused() request.Request {
	q := r.confirmed(deadline.Correction)
	return r.ok(r.door.Rights.Decide(background, q.ID, "Ben/b2", decision.Answer{
		Outcome: decision.Refuse, Explanation: "no such data", Grounds: []decision.Given{{Ground: decision.NoDataFound}},
	}))
}

func (r *rig) file(id string) request.File { return testkit.File(r.t, r.store, id) }

func (r *rig) last(id string) audit.Entry {
	events := r.file(id).Events
	return events[len(events)-1]
}

func (r *rig) send(q *http.Request) *httptest.ResponseRecorder {
	q.Header.Set("Sec-Fetch-Site", "same-origin")
	q.AddCookie(&http.Cookie{Name: "test", Value: r.jar})
	w := httptest.NewRecorder()
	r.door.Routes().ServeHTTP(w, q)
	return w
}

func (r *rig) get(path string) *httptest.ResponseRecorder {
	q := httptest.NewRequest(http.MethodGet, "https://desk.example"+path, nil)
	q.Header.Set("Accept", "text/html")
	return r.send(q)
}

// post sends a form with the seq of the file as it is.
func (r *rig) post(id, path string, typed url.Values) *httptest.ResponseRecorder {
	if _, own := typed["seq"]; !own {
		typed.Set("seq", strconv.Itoa(r.file(id).Request.Head.Seq))
	}
	q := httptest.NewRequest(http.MethodPost, "https://desk.example"+path, strings.NewReader(typed.Encode()))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Accept", "text/html")
	return r.send(q)
}

func (r *rig) act(q request.Request, act string, typed url.Values) *httptest.ResponseRecorder {
	return r.post(q.ID, deskpage.ActPath(q.ID, act), typed)
}

type failing struct{ request.Store }

func (failing) File(context.Context, string) (request.File, error) {
	return request.File{}, fault.New(fault.Unavailable, "throttled")
}

// silent never hears from SES.
type silent struct{}

func (silent) Mail(context.Context, []outbox.Item, func(outbox.Words) error) (string, error) {
	return "", outbox.ErrUnsure
}

func (o one) All(context.Context) ([]staff.Session, error) {
	colleague := func(id, name string, role staff.Role) staff.Session {
		return staff.Session{Account: staff.Account{ID: id, Name: name, Role: role}}
	}
	return []staff.Session{o.session, colleague("b2", "Ben Ito", staff.Officer), colleague("c3", "Cleo Roth", staff.Auditor)}, nil
}

// plainly writes letters that say their language and their outcome.
func plainly(_ context.Context, after request.Request, language string) (deskpage.Mail, error) {
	return deskpage.Mail{Lang: language, Subject: "Answer " + after.ID, Blocks: []deskpage.Block{{Heading: "in " + language}, {Text: string(after.Decision.Outcome)}}}, nil
}

// answering is a rig that can answer; four eyes are needed for what is named.
func answering(t *testing.T, eyes ...foureyes.Act) *rig {
	r := newRig(t, staff.Officer)
	r.door.Letter, r.door.Blocks = plainly, testkit.Desk(t).Requests.TextBlocks
	r.door.Rights.Settings.FourEyes = eyes
	return r
}

// as is somebody else at the same desk.
func (r *rig) as(id, name string) *rig {
	other, door := *r, *r.door
	door.Sessions = one{session: staff.Session{ID: "s9", Account: staff.Account{ID: id, Name: name, Role: staff.Officer, SignedInAt: r.clock}, StartedAt: r.clock, SeenAt: r.clock}}
	other.door, other.jar = &door, id+".s9"
	return &other
}

func with(v url.Values, more url.Values) url.Values {
	all := url.Values{}
	for _, some := range []url.Values{v, more} {
		for name, values := range some {
			all[name] = values
		}
	}
	return all
}

func (r *rig) decide(q request.Request, do string, typed url.Values) *httptest.ResponseRecorder {
	return r.post(q.ID, deskpage.DecidePath(q.ID), with(typed, url.Values{"do": {do}}))
}

func (r *rig) to(w *httptest.ResponseRecorder, path string) {
	r.t.Helper()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != path {
		r.t.Errorf("%d, to %q and not %q: %s", w.Code, w.Header().Get("Location"), path, w.Body)
	}
}

func (r *rig) shows(w *httptest.ResponseRecorder, status int, all ...string) {
	r.t.Helper()
	if w.Code != status {
		r.t.Errorf("%d, want %d", w.Code, status)
	}
	for _, text := range all {
		if !strings.Contains(w.Body.String(), text) {
			r.t.Errorf("it does not show %q: %s", text, w.Body)
		}
	}
}
