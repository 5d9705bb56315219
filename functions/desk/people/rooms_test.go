package people

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/health"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/staff"
	"privacydesk/shared/testkit"
)

// roomRig is the door with tables in memory. No log of a test may hold an address.
type roomRig struct {
	*Door
	t         testing.TB
	optOuts   *testkit.OptOuts
	requests  *testkit.Requests
	disposals *testkit.Disposals
	lang      string // of the browser
}

const zelda = "zelda@example.com"

func newRoomRig(t testing.TB, role staff.Role) *roomRig {
	t.Helper()
	desk, optOuts := testkit.Desk(t), testkit.NewOptOuts()
	r := &roomRig{Door: testDoor(role, noon.Add(-time.Minute)), t: t, optOuts: optOuts, requests: testkit.NewRequests(optOuts), disposals: testkit.NewDisposals()}
	now := func() time.Time { return noon }
	rights, err := request.New(r.requests, testkit.Key(t), desk, now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := schedule.New(desk)
	if err != nil {
		t.Fatal(err)
	}
	r.Rights, r.Rules = rights, plan
	r.Cases = &casework.Desk{Requests: rights, Store: r.requests, OptOuts: optOuts, Holds: r.disposals}
	r.Rooms = Rooms{
		Settings: desk, Proofs: r.disposals, History: r.disposals,
		OptOuts: &optout.Service{Store: optOuts, Key: testkit.Key(t), Now: now, Zone: time.UTC},
		Holds:   &disposal.HoldKeeper{Store: r.disposals, Now: now, NewID: rand.Text, Random: rand.Reader, Requests: r.requests},
		Health:  health.Checker{Requests: r.requests, Letters: optOuts.Outbox, OptOuts: optOuts, Disposals: r.disposals, Now: now},
	}
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	t.Cleanup(func() {
		slog.SetDefault(before)
		if strings.Contains(log.String(), "@") || strings.Contains(log.String(), "because") {
			t.Errorf("the log holds what people say: %s", &log)
		}
	})
	return r
}

// send makes a request as a browser does, or for JSON; fields are name, value, name, value.
func (r *roomRig) send(method, path string, asJSON bool, fields ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	req := httptest.NewRequest(method, "https://desk.example"+path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Accept", map[bool]string{true: "application/json", false: "text/html"}[asJSON])
	req.Header.Set("Accept-Language", r.lang)
	req.AddCookie(&http.Cookie{Name: "test", Value: "a1.s1"})
	w := httptest.NewRecorder()
	r.Routes().ServeHTTP(w, req)
	return w
}

func (r *roomRig) get(path string) string {
	r.t.Helper()
	w := r.send(http.MethodGet, path, false)
	if w.Code != http.StatusOK {
		r.t.Fatalf("GET %s: %d\n%s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// json reads a screen's JSON.
func (r *roomRig) json(path string, into any) {
	r.t.Helper()
	w := r.send(http.MethodGet, path, true)
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil || w.Code != http.StatusOK {
		r.t.Fatalf("GET %s: %d, %v\n%s", path, w.Code, err, w.Body)
	}
}

func (r *roomRig) open(kinds ...intake.Kind) request.Request {
	r.t.Helper()
	q, err := r.Rights.Open(r.t.Context(), request.Intake{
		Address: testkit.Address(r.t, zelda), Kinds: kinds, Place: deadline.Jurisdiction{Country: "DE"}, Language: "en", Source: intake.FromForm,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return q
}

func (r *roomRig) ref() person.Ref { return r.Rights.Key.Ref(testkit.Address(r.t, zelda)) }

func mustHave(t testing.TB, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not say %q:\n%s", text, page)
		}
	}
}

func TestDisposalShowsTheScheduleAndCertificates(t *testing.T) {
	r := newRoomRig(t, staff.Auditor)
	mustHave(t, r.get("/desk/disposal"), "There is no certificate yet.", "Closed requests", "24 months", "11 CCR 7101(a)")
	head := audit.Genesis(disposal.DisposalsSubject)
	for range 30 {
		e, err := audit.Append(head, audit.Entry{At: noon, Kind: "disposed", Actor: "system", Facts: map[string]string{
			"class": "unverified-request", "deleted": "3", "reduced": "0", "cutoff": noon.Format(civil.Stamp), "backups_until": "2026-12-14", "last": "false",
		}}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		head = e.Head()
		if err := r.disposals.Dispose(t.Context(), disposal.Batch{Proof: disposal.Proof{Entry: e}}); err != nil {
			t.Fatal(err)
		}
	}
	page := r.get("/desk/disposal")
	mustHave(t, page, "No. 30", "3 records deleted", "14 December 2026", `href="/desk/disposal?before=6"`)
	var older struct{ Certificates []struct{ Seq, Deleted int } }
	if r.json("/desk/disposal?before=6", &older); len(older.Certificates) != 5 || older.Certificates[0].Seq != 5 || older.Certificates[0].Deleted != 3 {
		t.Errorf("%+v", older)
	}
	if w := r.send(http.MethodGet, "/desk/disposal?before=x", false); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("before=x: %d", w.Code)
	}
}

func TestHealthIsShownWhateverFails(t *testing.T) {
	r := newRoomRig(t, staff.Viewer)
	mustHave(t, r.get("/desk/health"), "No date has passed.", "infra/runbooks/drift.md")
	var report struct {
		Lines []struct{ Code, State, Runbook string }
	}
	if r.json("/desk/health", &report); len(report.Lines) != 7 || report.Lines[0].Code != "overdue" || report.Lines[0].State != "good" {
		t.Errorf("%+v", report)
	}
}

func TestLawComputesADate(t *testing.T) {
	r := newRoomRig(t, staff.Auditor)
	mustHave(t, r.get("/desk/law"), "GDPR", "37 countries and territories")
	mustHave(t, r.get("/desk/law?received=2026-11-22&kind=access&country=DE&region="), "The first date is 22 December 2026", "Art. 12(3) GDPR")
	var asked struct {
		Dates []struct {
			Purpose, Clause, Because string
			Due                      time.Time
		}
	}
	if r.json("/desk/law?received=2026-11-22&kind=erasure&country=&region=US-VA&appeal=yes", &asked); len(asked.Dates) == 0 || asked.Dates[0].Purpose != "appeal" {
		t.Errorf("%+v", asked)
	}
	for query, says := range map[string]string{
		"received=&kind=access&country=DE":                            "Enter the day on which it came.",
		"received=2026-11-22&kind=nonsense&country=DE":                "Choose what is asked for.",
		"received=2026-11-22&kind=access&country=DE&region=US-CA":     "is not in the country that you chose",
		"received=2026-11-22&kind=access&country=%3Cscript%3E&region": "This state or province is not in that country.",
	} {
		w := r.send(http.MethodGet, "/desk/law?"+query, false)
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", query, w.Code)
		}
		mustHave(t, w.Body.String(), says)
	}
	mustHave(t, r.get("/desk/law/gdpr"), "Art. 12(3) GDPR", "Germany")
	mustHave(t, r.get("/desk/law/settings"), "Settings of this desk", r.Settings.Organisation.LegalName)
	if w := r.send(http.MethodGet, "/desk/law/nowhere", false); w.Code != http.StatusNotFound {
		t.Errorf("an unknown law: %d", w.Code)
	}
}
