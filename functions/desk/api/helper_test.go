package api

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/waiting"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/contract"
)

const marvin = "marvin@example.com"

// private is what people say of themselves in the tests. No log may hold it.
var private = []string{"@", "Marvin", "planet", "evil", "<script", "letter by", "because of", "He said", "rang up", "Which"}

var background = context.Background()

// rig is the function with its tables in memory. After every test it looks
// for personal data in the log.
type rig struct {
	*Door
	t       testing.TB
	store   *store
	optOuts *testkit.OptOuts
	bucket  bucket
	systems []settings.System
	first   string // what a request of "again" is the same as
	clock   time.Time
	log     bytes.Buffer
}

func newRig(t testing.TB) *rig {
	t.Helper()
	desk := testkit.Desk(t)
	r := &rig{t: t, clock: testkit.T0, store: &store{Requests: testkit.NewRequests(testkit.NewOptOuts())}}
	now := func() time.Time { return r.clock }
	service, err := request.New(r.store, testkit.Key(t), desk, now, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	service.Settings.ExportFor = 5 * 24 * time.Hour
	r.Door = &Door{Rights: service, Agenda: r, Drifts: kept{}, Now: now}
	r.optOuts = testkit.NewOptOuts()
	r.OptOuts = &optout.Service{Store: r.optOuts, Key: service.Key, Now: now}
	r.disposals()
	r.files()
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() {
		slog.SetDefault(before)
		for _, secret := range private {
			if strings.Contains(r.log.String(), secret) {
				t.Errorf("the log holds %q:\n%s", secret, r.log.String())
			}
		}
	})
	return r
}

// store counts what is written, and fails every call when err is set.
type store struct {
	*testkit.Requests
	err    error
	ids    []string
	writes int
}

func (s *store) Create(ctx context.Context, c request.Creation) error {
	if s.writes++; s.err != nil {
		return s.err
	}
	err := s.Requests.Create(ctx, c)
	if err == nil {
		s.ids = append(s.ids, c.Request.ID)
	}
	return err
}

func (s *store) Save(ctx context.Context, step request.Step) error {
	if s.writes++; s.err != nil {
		return s.err
	}
	return s.Requests.Save(ctx, step)
}

func (s *store) Load(ctx context.Context, id string) (request.Request, error) {
	if s.err != nil {
		return request.Request{}, s.err
	}
	return s.Requests.Load(ctx, id)
}

func (s *store) OfPerson(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	if s.err != nil {
		return nil, s.err
	}
	return s.Requests.OfPerson(ctx, ref)
}

func (s *store) File(ctx context.Context, id string) (request.File, error) {
	if s.err != nil {
		return request.File{}, s.err
	}
	return s.Requests.File(ctx, id)
}

var down = fault.Wrap(fault.Unavailable, errors.New("throttled"), "call the table")

// Watched implements agenda.Agenda.
func (r *rig) Watched(ctx context.Context, w lifecycle.Watch, by time.Time) iter.Seq2[request.Summary, error] {
	if r.store.err != nil {
		return func(yield func(request.Summary, error) bool) { yield(request.Summary{}, r.store.err) }
	}
	return r.store.Requests.Watched(ctx, w, by)
}

var germany, california = deadline.Jurisdiction{Country: "DE"}, deadline.Jurisdiction{Country: "US", Region: "CA"}

func (r *rig) ok(q request.Request, err error) request.Request {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	return q
}

func (r *rig) open(place deadline.Jurisdiction, kinds ...intake.Kind) request.Request {
	r.t.Helper()
	q, err := r.Rights.Open(background, request.Intake{
		Address: testkit.Address(r.t, marvin), Kinds: kinds, Name: "Marvin", Details: "brain the size of a planet",
		Place: place, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
	})
	return r.ok(q, err)
}

func (r *rig) confirm(q request.Request) request.Request {
	r.t.Helper()
	q, _, err := r.Rights.Confirm(background, q.ID, q.Words())
	return r.ok(q, err)
}

// of makes a request that stands where a test needs it.
func (r *rig) of(state string) request.Request {
	r.t.Helper()
	q := r.open(germany, deadline.Correction)
	if state == "unverified" {
		return q
	}
	if state == "partly" {
		q = r.open(germany, deadline.Erasure)
	}
	q = r.confirm(q)
	switch state {
	case "open":
	case "again":
		r.first = q.ID
		r.clock = r.clock.Add(time.Hour)
		q = r.confirm(r.open(germany, deadline.Information))
	case "waiting":
		q = r.ok(r.Rights.Ask(background, q.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
	case "silent":
		q = r.ok(r.Rights.Ask(background, q.ID, "dpo", waiting.Waiting{Cause: deadline.Identity, Question: "Who?"}))
		r.clock = q.Waiting.Until.Add(time.Second)
	case "asked":
		desk := testkit.Desk(r.t)
		testkit.WithSystems(desk)
		r.Rights.Settings.Systems = desk.Systems
		q = r.ok(r.Rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Grant}))
	case "partly":
		q = r.ok(r.Rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Partly, Explanation: "because of the tax", Grounds: []decision.Given{{Ground: decision.LegalObligation}}}))
	case "looked":
		q = r.ok(r.Rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Refuse, Explanation: "because of nothing", Grounds: []decision.Given{{Ground: decision.NoDataFound}}}))
		q = r.ok(r.Rights.Replied(background, q.ID, request.Mail{At: r.clock}))
	case "refused":
		q = r.ok(r.Rights.Decide(background, q.ID, "dpo", decision.Answer{Outcome: decision.Refuse, Explanation: "because of nothing", Grounds: []decision.Given{{Ground: decision.NoDataFound}}}))
	case "drafted", "sent", "unsigned":
		no := decision.Answer{Outcome: decision.Refuse, Explanation: "because of nothing", Grounds: []decision.Given{{Ground: decision.NoDataFound}}}
		if q = r.ok(r.Rights.SaveDraft(background, q.ID, "dpo", no)); state == "drafted" {
			break
		}
		if state == "unsigned" {
			r.Rights.Settings.FourEyes = foureyes.Acts
		}
		q = r.ok(r.Rights.Send(background, q.ID, "dpo", draft.Now))
	case "expected", "filed":
		q = r.withFile(state)
	case "to_post":
		q = r.onPaper()
	case "failed":
		r.drain()
		q = r.file(q.ID).Request
	default:
		r.t.Fatalf("no request is %q", state)
	}
	return q
}

// onPaper is a request of Marvin's by post, whose first letter is written.
func (r *rig) onPaper() request.Request {
	r.t.Helper()
	q, err := r.Rights.Open(background, request.Intake{
		Contact: contract.Contact(r.t), Kinds: []intake.Kind{deadline.Correction}, Name: "Marvin", Place: germany, OnBehalfOf: intake.Self, Language: "en",
		Source: intake.FromOfficer, Officer: "dpo", Checked: []intake.Check{intake.InPerson},
	})
	if _, err := testkit.Drain(r.t, r.Rights, r.store.OptOuts.Outbox).Run(background, func() bool { return false }); err != nil {
		r.t.Fatal(err)
	}
	return r.file(r.ok(q, err).ID).Request
}

// drain sends what is due, and SES never answers.
func (r *rig) drain() {
	r.t.Helper()
	d := testkit.Drain(r.t, r.Rights, r.store.OptOuts.Outbox)
	d.Mailer = noMailer{}
	if _, err := d.Run(background, func() bool { return false }); err != nil {
		r.t.Fatal(err)
	}
}

// noMailer never hears from SES.
type noMailer struct{}

func (noMailer) Mail(context.Context, []outbox.Item, func(outbox.Words) error) (string, error) {
	return "", outbox.ErrUnsure
}

func (r *rig) file(id string) request.File { return testkit.File(r.t, r.store.Requests, id) }

// last is the last event of a request.
func (r *rig) last(id string) audit.Entry {
	events := r.file(id).Events
	return events[len(events)-1]
}

func (r *rig) history(id string) string {
	var kinds []string
	for _, e := range r.file(id).Events {
		kinds = append(kinds, e.Kind)
	}
	return strings.Join(kinds, " ")
}

// by says who caused an event, the officer named too.
func by(e audit.Entry) string {
	if who := audit.Officer(e); who != "" {
		return e.Actor + ":" + who
	}
	return e.Actor
}
