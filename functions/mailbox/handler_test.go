package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/boot"
	"privacydesk/shared/inbox"
	"privacydesk/shared/link"
	"privacydesk/shared/optout"
	"privacydesk/shared/person"
	"privacydesk/shared/policy"
	"privacydesk/shared/rights"
	"privacydesk/shared/testkit"
)

const marvin = "marvin@example.com"

// rig is the function with its tables in memory.
type rig struct {
	*handler
	t     *testing.T
	store *testkit.OptOuts
	clock time.Time
	token string
	log   bytes.Buffer
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, clock: testkit.T0, store: testkit.NewOptOuts()}
	now := func() time.Time { return r.clock }
	ring, err := link.ParseKeyRing(`{"current":"k1","k1":"` + strings.Repeat("a", 32) + `"}`)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := policy.Load()
	if err != nil {
		t.Fatal(err)
	}
	service, err := rights.New(testkit.NewRequests(r.store), testkit.Key(t), desk, now, &testkit.Random{})
	if err != nil {
		t.Fatal(err)
	}
	if r.token, err = ring.Seal(link.Unsubscribe, link.Claims{Address: testkit.Address(t, marvin), Topic: "newsletter", Campaign: "spring", IssuedAt: now()}); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewJSONHandler(&r.log, nil))
	r.handler = &handler{
		reader:  &inbox.Reader{Domain: "in.example.com", Own: []person.Address{testkit.Address(t, "privacy@example.com")}, Open: opener(ring, now)},
		optOuts: &optout.Arrivals{Store: r.store, Key: testkit.Key(t), Now: now}, rights: service, key: testkit.Key(t),
		metrics: &boot.Metrics{Function: "mailbox", Out: &r.log, Now: now}, log: log,
	}
	t.Cleanup(func() {
		for _, secret := range []string{"@", "arvin", r.token, "my data"} {
			if strings.Contains(r.log.String(), secret) {
				t.Errorf("the log holds %q:\n%s", secret, r.log.String())
			}
		}
	})
	return r
}

// outs are the scopes that a person has left, requests their rights requests.
func (r *rig) outs(address string) string {
	records, err := r.store.OfPerson(r.t.Context(), r.key.Ref(testkit.Address(r.t, address)))
	if err != nil {
		r.t.Fatal(err)
	}
	var scopes []string
	for _, record := range records {
		if record.State == optout.Out {
			scopes = append(scopes, string(record.Scope)+" "+string(record.Evidence.Source))
		}
	}
	return strings.Join(scopes, ", ")
}

func (r *rig) requests(address string) []rights.Summary {
	found, err := r.rights.Store.OfPerson(r.t.Context(), r.key.Ref(testkit.Address(r.t, address)))
	if err != nil {
		r.t.Fatal(err)
	}
	return found
}

func (r *rig) event(name string) (e events.SimpleEmailEvent) {
	r.t.Helper()
	text, err := os.ReadFile("../../events/mailbox/" + name + ".json")
	if err != nil {
		r.t.Fatal(err)
	}
	strict := json.NewDecoder(strings.NewReader(strings.ReplaceAll(string(text), "{{TOKEN}}", r.token)))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&e); err != nil {
		r.t.Fatalf("%s: %v", name, err)
	}
	return e
}

var eventCases = map[string]struct {
	outs string
	kind rights.Kind // of the one request; "" for none
}{
	"token-subject":    {outs: "email/newsletter mail"},
	"token-local-part": {outs: "email/newsletter mail"},
	"author":           {outs: "email mail"},
	"forged-author":    {},
	"out-of-office":    {},
	"bounce":           {},
	"abuse-report":     {},
	"own-mail":         {},
	"request":          {kind: "information"},
	"request-erasure":  {kind: "erasure"},
	"request-cut":      {kind: "access"},
	"another-mailbox":  {},
}

func TestEvents(t *testing.T) {
	files, _ := filepath.Glob("../../events/mailbox/*.json")
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		c, known := eventCases[name]
		if !known {
			t.Errorf("no test runs %s", file)
			continue
		}
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			for range 2 { // Lambda delivers at least once
				if err := r.handle(t.Context(), r.event(name)); err != nil {
					t.Fatal(err)
				}
			}
			if got := r.outs(marvin); got != c.outs {
				t.Errorf("opt-outs %q, want %q", got, c.outs)
			}
			requests := r.requests(marvin)
			if c.kind == "" {
				if len(requests) > 0 {
					t.Errorf("%+v", requests)
				}
				return
			}
			arrived := time.Date(2026, 11, 22, 11, 59, 30, 0, time.UTC)
			if len(requests) != 1 || requests[0].Kinds[0] != c.kind || requests[0].State != rights.Unverified || !requests[0].ReceivedAt.Equal(arrived) {
				t.Errorf("%+v", requests)
			}
		})
	}
	if len(files) != len(eventCases) {
		t.Errorf("%d files, %d cases", len(files), len(eventCases))
	}
}

// Lambda tries a mail for hours, and a redrive reaches back days: whoever has
// left and come back since has not left again.
func TestALateMailLeavesALaterChoice(t *testing.T) {
	r := newRig(t)
	service := &optout.Service{Store: r.store, Key: r.key, Now: func() time.Time { return r.clock }, Zone: time.UTC}
	a := testkit.Address(t, marvin)
	left, err := service.Record(t.Context(), optout.Request{Address: a, Scopes: []optout.Scope{"email"}, Source: optout.FromLink, Nonce: strings.Repeat("n", 22)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service.Undo(t.Context(), a, "en", "email", left.MadeBy); err != nil {
		t.Fatal(err)
	}
	late, next := r.event("author"), r.event("author")
	arrived := r.clock.AddDate(0, 0, -2)
	late.Records[0].SES.Receipt.Timestamp = arrived
	if err := r.handle(t.Context(), late); err != nil || r.outs(marvin) != "" {
		t.Errorf("out of %q again, %v", r.outs(marvin), err)
	}
	if text := r.log.String(); !strings.Contains(text, `"outcome":"kept"`) {
		t.Error("nobody is told that a later choice stands:", text)
	}
	found, _ := r.store.OfPerson(t.Context(), r.key.Ref(a))
	if len(found) != 1 || !found[0].FirstAt.Equal(arrived) {
		t.Errorf("%+v", found)
	}
	r.clock = r.clock.Add(time.Hour)
	next.Records[0].SES.Receipt.Timestamp = r.clock.Add(-time.Minute)
	if err := r.handle(t.Context(), next); err != nil || r.outs(marvin) != "email mail" {
		t.Errorf("a mail after that: out of %q, %v", r.outs(marvin), err)
	}
}

// Each right is a request of its own, whatever else was asked that day; the
// same once more belongs to the first. Another address has its own.
func TestOneRequestOfAKindADay(t *testing.T) {
	r := newRig(t)
	for range 2 {
		for _, name := range []string{"request", "request-erasure", "request-cut"} {
			if err := r.handle(t.Context(), r.event(name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	other := r.event("request")
	for i, h := range other.Records[0].SES.Mail.Headers {
		if h.Name == "From" {
			other.Records[0].SES.Mail.Headers[i].Value = "zaphod@example.com"
		}
	}
	if err := r.handle(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if mine, theirs := len(r.requests(marvin)), len(r.requests("zaphod@example.com")); mine != 3 || theirs != 1 {
		t.Errorf("%d and %d requests, want three and one", mine, theirs)
	}
}

// A mail that is delivered twice, to a day that has begun anew or after it was
// confirmed, is not taken in twice.
func TestMailDeliveredTwice(t *testing.T) {
	r := newRig(t)
	for range 2 {
		if err := r.handle(t.Context(), r.event("request")); err != nil {
			t.Fatal(err)
		}
		r.clock = r.clock.Add(36 * time.Hour)
		for _, q := range r.requests(marvin) {
			request, err := r.rights.Store.Load(t.Context(), q.ID)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := r.rights.Confirm(t.Context(), q.ID, request.Words()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := len(r.requests(marvin)); got != 1 {
		t.Errorf("%d requests", got)
	}
}

func TestSubjectIsKeptForTheOfficerAlone(t *testing.T) {
	r := newRig(t)
	if err := r.handle(t.Context(), r.event("request")); err != nil {
		t.Fatal(err)
	}
	request, err := r.rights.Store.Load(t.Context(), r.requests(marvin)[0].ID)
	if err != nil || request.Details != "A question about my data" || request.Source != rights.FromMail || request.Language != "de" {
		t.Errorf("%+v, %v", request, err)
	}
}
