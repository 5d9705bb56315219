package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/inbox"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/waiting"
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

	reference string // of the request that events name
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, clock: testkit.T0, store: testkit.NewOptOuts()}
	now := func() time.Time { return r.clock }
	ring, err := link.ParseKeyRing(`{"current":"k1","k1":"` + strings.Repeat("a", 32) + `"}`)
	if err != nil {
		t.Fatal(err)
	}
	desk := testkit.Desk(t)
	service, err := request.New(testkit.NewRequests(r.store), testkit.Key(t), desk, now, &testkit.Random{})
	if err != nil {
		t.Fatal(err)
	}
	if r.token, err = ring.Seal(link.Unsubscribe, link.Claims{Address: testkit.Address(t, marvin), Topic: "newsletter", Campaign: "spring", IssuedAt: now()}); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewJSONHandler(&r.log, nil))
	r.handler = &handler{
		reader:  &inbox.Reader{Domain: "in.example.com", Own: []person.Address{testkit.Address(t, "privacy@example.com")}, Open: opener(ring, now)},
		optOuts: &backfill.LateRecorder{Store: r.store, Key: testkit.Key(t), Now: now}, rights: service,
		figures: &boot.Reporter{Function: "mailbox", Out: &r.log, Now: now}, log: log,
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
	records, err := r.store.OfPerson(r.t.Context(), r.rights.Key.Ref(testkit.Address(r.t, address)))
	if err != nil {
		r.t.Fatal(err)
	}
	var scopes []string
	for _, record := range records {
		if record.State == optout.Out {
			scopes = append(scopes, string(record.Scope)+" "+string(record.Evidence.Source))
		}
	}
	slices.Sort(scopes)
	return strings.Join(scopes, ", ")
}

func (r *rig) requests(address string) []request.Summary {
	found, err := r.rights.Store.OfPerson(r.t.Context(), r.rights.Key.Ref(testkit.Address(r.t, address)))
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
	strict := json.NewDecoder(strings.NewReader(strings.NewReplacer("{{TOKEN}}", r.token, "{{REQUEST}}", r.reference).Replace(string(text))))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&e); err != nil {
		r.t.Fatalf("%s: %v", name, err)
	}
	return e
}

// What becomes of each file in events/mailbox: Marvin's opt-outs, his requests
// and their state, and of the one that he has had before its look.
var eventCases = map[string]struct{ outs, requests, look string }{
	"token-subject":      {outs: "email/newsletter mail"},
	"token-local-part":   {outs: "email/newsletter mail"},
	"apple-button-token": {outs: "email/newsletter mail"},
	"apple-button":       {outs: "email mail"},
	"author":             {outs: "email mail"},
	"no-dmarc-record":    {outs: "email mail"},
	"forged-author":      {requests: "unsure kept"},
	"two-authors":        {requests: "unsure kept"},
	"out-of-office":      {},
	"bounce":             {},
	"abuse-report":       {},
	"own-mail":           {},
	"another-mailbox":    {},

	"request":           {requests: "unsure verify"},
	"request-erasure":   {requests: "erasure verify"},
	"request-cut":       {requests: "access verify"},
	"request-forwarded": {requests: "erasure kept"},
	"request-exchange":  {requests: "erasure kept"},
	"request-group":     {requests: "erasure kept"},
	"request-unsure":    {requests: "unsure verify"},
	"request-negated":   {requests: "access verify"},
	"objection":         {outs: "email mail, phone mail, post mail, sms mail", requests: "objection opted_out"},
	"objection-reasons": {outs: "email mail, phone mail, post mail, sms mail", requests: "objection verify"},
	"objection-forged":  {requests: "unsure kept"},
	"do-not-sell":       {outs: "sale mail", requests: "opt_out_of_sale opted_out"},

	"reply":               {look: "reply"},
	"reply-unknown":       {requests: "erasure verify"},
	"reply-stranger":      {look: "mention"},
	"reply-out-of-office": {},
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
			before := r.waiting()
			for range 2 { // Lambda delivers at least once
				if err := r.handle(t.Context(), r.event(name)); err != nil {
					t.Fatal(err)
				}
			}
			if got := r.outs(marvin); got != c.outs {
				t.Errorf("opt-outs %q, want %q", got, c.outs)
			}
			if got := r.opened(before); got != c.requests {
				t.Errorf("requests %q, want %q", got, c.requests)
			}
			if got := r.look(before); got != c.look {
				t.Errorf("look %q, want %q", got, c.look)
			}
		})
	}
	if len(files) != len(eventCases) {
		t.Errorf("%d files, %d cases", len(files), len(eventCases))
	}
}

// waiting is a request of Marvin's that waits for him, and that events name.
func (r *rig) waiting() string {
	r.t.Helper()
	q, err := r.rights.Open(r.t.Context(), request.Intake{
		Address: testkit.Address(r.t, marvin), Kinds: []intake.Kind{deadline.Correction}, OnBehalfOf: intake.Self, Place: deadline.Jurisdiction{Country: "DE"}, ReceivedAt: r.clock.AddDate(0, 0, -3),
	})
	if err == nil {
		q, err = r.rights.Verify(r.t.Context(), q.ID, "dpo", intake.Verification{Checked: []intake.Check{intake.CallBack}})
	}
	if err == nil {
		q, err = r.rights.Ask(r.t.Context(), q.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"})
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.reference = q.ID
	return q.ID
}

// opened shows Marvin's requests but one: their kinds, and the mails that they
// cause.
func (r *rig) opened(before string) string {
	var all []string
	for _, s := range r.requests(marvin) {
		if s.ID == before {
			continue
		}
		f, err := r.rights.Store.File(r.t.Context(), s.ID)
		if err != nil {
			r.t.Fatal(err)
		}
		q := f.Request
		one := intake.Codes(q.Kinds)
		if q.KindsUnsure {
			one = append(one, "unsure")
		}
		if q.Look != nil {
			one = append(one, string(q.Look.Why))
		}
		for _, n := range f.Letters {
			one = append(one, string(n.Template))
		}
		if arrived := time.Date(2026, 11, 22, 11, 59, 30, 0, time.UTC); !q.ReceivedAt.Equal(arrived) || q.Source != intake.FromMail {
			r.t.Errorf("received at %v from %s", q.ReceivedAt, q.Source)
		}
		all = append(all, strings.Join(one, " "))
	}
	return strings.Join(all, ", ")
}

func (r *rig) look(id string) string {
	q, err := r.rights.Store.Load(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	if q.Look == nil {
		return ""
	}
	if theirs := q.Look.Why == lifecycle.LookReply; theirs != q.Waiting.Replied {
		r.t.Errorf("%s, and the wait goes on: %v", q.Look.Why, !q.Waiting.Replied)
	}
	return string(q.Look.Why)
}

// A request of which nothing but the log is left cannot be answered: the mail
// is a request of its own.
func TestAReplyToWhatIsGone(t *testing.T) {
	r := newRig(t)
	id := r.waiting()
	if _, err := r.rights.Withdraw(t.Context(), id, audit.ByPerson); err != nil {
		t.Fatal(err)
	}
	f, err := r.rights.Store.File(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.handle(t.Context(), r.event("reply")); err != nil || r.opened(id) != "" {
		t.Errorf("to a closed one: %q, %v", r.opened(id), err)
	}
	f, err = r.rights.Store.File(t.Context(), id)
	if err != nil || f.Request.Look == nil {
		t.Fatalf("%+v, %v", f.Request.Look, err)
	}
	f.Request.Version++
	f.Request.ReducedAt = r.clock
	if err := r.rights.Store.Save(t.Context(), request.Step{Request: f.Request}); err != nil {
		t.Fatal(err)
	}
	if err := r.handle(t.Context(), r.event("reply")); err != nil || r.opened(id) != "unsure verify" {
		t.Errorf("to a reduced one: %q, %v", r.opened(id), err)
	}
}

// The day's limit of requests holds no opt-out back.
func TestASecondObjectionOfTheDay(t *testing.T) {
	r := newRig(t)
	if err := r.handle(t.Context(), r.event("do-not-sell")); err != nil {
		t.Fatal(err)
	}
	a := testkit.Address(t, marvin)
	r.clock = r.clock.Add(time.Hour)
	back := optout.Change{Key: optout.Key{Ref: r.rights.Key.Ref(a), Scope: "sale"}, To: optout.In, Address: a, Evidence: optout.Evidence{Source: optout.FromConfirm, At: r.clock}}
	if _, err := r.store.Apply(t.Context(), back); err != nil || r.outs(marvin) != "" {
		t.Fatal(r.outs(marvin), err)
	}
	if err := r.handle(t.Context(), r.event("do-not-sell")); err != nil || r.outs(marvin) != "" {
		t.Errorf("the same mail once more: out of %q, %v", r.outs(marvin), err)
	}
	again := r.event("do-not-sell")
	again.Records[0].SES.Receipt.Timestamp = r.clock.Add(time.Minute)
	r.clock = r.clock.Add(time.Hour)
	if err := r.handle(t.Context(), again); err != nil || r.outs(marvin) != "sale mail" || len(r.requests(marvin)) != 1 {
		t.Errorf("another mail: out of %q, %d requests, %v", r.outs(marvin), len(r.requests(marvin)), err)
	}
}

// Lambda tries a mail for hours, and a redrive reaches back days: whoever has
// left and come back since has not left again.
func TestALateMailLeavesALaterChoice(t *testing.T) {
	r := newRig(t)
	service := &optout.Service{Store: r.store, Key: r.rights.Key, Now: func() time.Time { return r.clock }, Zone: time.UTC}
	a := testkit.Address(t, marvin)
	left, err := service.Record(t.Context(), optout.Request{Address: a, Scopes: []optout.Scope{"email"}, Source: optout.FromLink})
	if err != nil {
		t.Fatal(err)
	}
	if err := service.ConfirmOptIn(t.Context(), a, "en", map[optout.Scope]int{"email": left.Version}); err != nil {
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
	found, _ := r.store.OfPerson(t.Context(), r.rights.Key.Ref(a))
	if len(found) != 1 || !found[0].FirstAt.Equal(arrived) {
		t.Errorf("%+v", found)
	}
	r.clock = r.clock.Add(time.Hour)
	next.Records[0].SES.Receipt.Timestamp = r.clock.Add(-time.Minute)
	if err := r.handle(t.Context(), next); err != nil || r.outs(marvin) != "email mail" {
		t.Errorf("a mail after that: out of %q, %v", r.outs(marvin), err)
	}
}

// Each mail is a request of its own, and once more the same one. Another
// address has its own.
func TestEachMailIsARequest(t *testing.T) {
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

// Whoever forges mails in somebody's name uses up none of the person's own.
func TestForgedMailsHoldUpNone(t *testing.T) {
	r := newRig(t)
	send := func(name, id string, dmarc string) {
		t.Helper()
		e := r.event(name)
		mail, receipt := &e.Records[0].SES.Mail, &e.Records[0].SES.Receipt
		for i, h := range mail.Headers {
			if h.Name == "Message-ID" {
				mail.Headers[i].Value = id
			}
		}
		if dmarc != "" {
			receipt.DMARCVerdict.Status, receipt.SPFVerdict.Status, receipt.DKIMVerdict.Status, receipt.DMARCPolicy = dmarc, dmarc, dmarc, "none"
		}
		if err := r.handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	perDay := quota.MailRequests("").Max
	for i := range 2 * perDay {
		send("request", fmt.Sprintf("<forged-%d@example.net>", i), "FAIL")
	}
	if got := len(r.requests(marvin)); got != perDay {
		t.Errorf("%d requests of forged mails", got)
	}
	send("request", "<one@example.com>", "")
	send("request", "<two@example.com>", "")
	if got := len(r.requests(marvin)); got != perDay+2 {
		t.Errorf("%d requests, want two of the author's own", got-perDay)
	}
}

// A mail that names two requests belongs to both, and to none that is not.
func TestAReplyToTwo(t *testing.T) {
	r := newRig(t)
	one, two := r.waiting(), r.waiting()
	r.reference = "PD-0000-0000-0000-0000 " + one + ", " + two
	if err := r.handle(t.Context(), r.event("reply")); err != nil {
		t.Fatal(err)
	}
	if r.look(one) != "reply" || r.look(two) != "reply" || len(r.requests(marvin)) != 2 {
		t.Errorf("%q, %q, %d requests", r.look(one), r.look(two), len(r.requests(marvin)))
	}
}

// A mail that is delivered twice, to a day that has begun anew or after it was
// confirmed, is not taken in twice.
func TestMailDeliveredTwice(t *testing.T) {
	r := newRig(t)
	for range 2 {
		if err := r.handle(t.Context(), r.event("request-erasure")); err != nil {
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
	file, err := r.rights.Store.File(t.Context(), r.requests(marvin)[0].ID)
	opened := &file.Request
	if err != nil || opened.Details != "A question about my data" || opened.Source != intake.FromMail || opened.Language != "de" {
		t.Fatalf("%+v, %v", opened, err)
	}
	// Nothing else holds it: neither the history and the notices, nor the opt-outs, nor the log.
	opened.Details = ""
	outs, err := r.store.OfPerson(t.Context(), opened.Ref)
	if err != nil {
		t.Fatal(err)
	}
	for what, held := range map[string]any{"the file": file, "the opt-outs": outs, "the log": r.log.String()} {
		if text, err := json.Marshal(held); err != nil || strings.Contains(string(text)+fmt.Sprintf("%+v", held), "question about") {
			t.Errorf("%s holds the subject: %s, %v", what, text, err)
		}
	}
}
