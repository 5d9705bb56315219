package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

var (
	background = context.Background()
	germany    = deadline.Jurisdiction{Country: "DE"}
	california = deadline.Jurisdiction{Country: "US", Region: "CA"}
	errDown    = fault.Wrap(fault.Unavailable, errors.New("throttled"), "call the table")
)

// rig is the function with its tables in memory. After every test it looks for
// personal data in log and figures.
type rig struct {
	*handler
	t       *testing.T
	service *request.Service
	store   *testkit.Requests
	waits   *waits
	clock   time.Time
	out     bytes.Buffer // log
	figures bytes.Buffer
}

func newRig(t *testing.T) *rig {
	t.Helper()
	desk := testkit.Desk(t)
	r := &rig{t: t, clock: testkit.T0, waits: &waits{}}
	r.store = testkit.NewRequests(testkit.NewOptOuts())
	now, log := func() time.Time { return r.clock }, slog.New(slog.NewJSONHandler(&r.out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if r.service, err = request.New(r.store, testkit.Key(t), desk, now, rand.NewChaCha8([32]byte{1})); err != nil {
		t.Fatal(err)
	}
	r.handler = &handler{
		clock: agenda.Clock{Service: r.service, Agenda: r.store, Tasks: r.store, Letters: r.store.OptOuts.Outbox}, optOuts: r.waits,
		now: now, figures: &boot.Reporter{Function: "clock", Out: &r.figures, Now: now}, log: log,
	}
	t.Cleanup(func() {
		said := r.out.String() + r.figures.String()
		for _, secret := range []string{"arvin", "planet", "Which one"} {
			if strings.Contains(said, secret) {
				t.Errorf("%q is told:\n%s", secret, said)
			}
		}
	})
	return r
}

// waits is what SES has not been told.
type waits struct {
	count  int
	oldest time.Time
	err    error
	before time.Time
}

func (w *waits) Late(_ context.Context, before, _ time.Time) (int, time.Time, error) {
	w.before = before
	return w.count, w.oldest, w.err
}

func (r *rig) open(place deadline.Jurisdiction) request.Request {
	r.t.Helper()
	q, err := r.service.Open(background, request.Intake{
		Address: testkit.Address(r.t, "marvin@example.com"), Kinds: []intake.Kind{deadline.Access}, Name: "Marvin", Details: "brain the size of a planet",
		Place: place, OnBehalfOf: intake.Self, Language: "de", Source: intake.FromForm,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return q
}

func (r *rig) opened(place deadline.Jurisdiction) request.Request {
	r.t.Helper()
	q := r.open(place)
	q, _, err := r.service.Confirm(background, q.ID, q.Words())
	if err != nil {
		r.t.Fatal(err)
	}
	return q
}

func (r *rig) run() error { return r.handle(r.t.Context(), boot.Hint{}) }

func (r *rig) state(id string) lifecycle.State {
	q, err := r.store.Load(background, id)
	if err != nil {
		r.t.Fatal(err)
	}
	return q.State
}

// figure is the last value of a figure, -1 for none.
func (r *rig) figure(name string) float64 {
	found := -1.0
	for line := range strings.Lines(r.figures.String()) {
		var all map[string]any
		if err := json.Unmarshal([]byte(line), &all); err != nil {
			r.t.Fatal(err)
		}
		if v, ok := all[name].(float64); ok {
			found = v
		}
	}
	return found
}

// What each file in events/clock is.
var eventCases = map[string]any{"hourly": &events.EventBridgeEvent{}}

func TestEvents(t *testing.T) {
	testkit.Events(t, "clock", eventCases, func(t *testing.T, _ string, event []byte) {
		r := newRig(t)
		q := r.open(germany)
		testkit.Mailed(t, r.service, r.store.OptOuts.Outbox)
		r.clock = q.VerifyBy
		if _, err := lambda.NewHandler(r.handle).Invoke(t.Context(), event); err != nil || r.state(q.ID) != lifecycle.Expired || r.figure("RequestsExpired") != 1 {
			t.Errorf("%s, %v", r.state(q.ID), err)
		}
	})
}

// A request from its opening until it is long overdue: what is counted, and
// when there is news for the officer.
func TestTheCourseOfARequest(t *testing.T) {
	r := newRig(t)
	due := r.opened(germany).DueAt
	for _, at := range []struct {
		days    int
		news    bool
		overdue float64
		soon    float64
	}{{-20, false, 0, 0}, {-9, true, 0, 1}, {0, true, 0, 1}, {1, true, 1, 0}} {
		r.clock = due.AddDate(0, 0, at.days).Add(-time.Hour)
		for range 2 {
			if err := r.run(); err != nil {
				t.Fatal(err)
			}
		}
		digests := 0
		for l := range r.store.OptOuts.Outbox.Pending(background, r.clock) {
			if l.Template == agenda.MailDigest {
				digests++
			}
		}
		if (digests == 1) != at.news || digests > 1 || r.figure("RequestsOverdue") != at.overdue || r.figure("RequestsDueSoon") != at.soon {
			t.Errorf("day %d: %d digests; overdue %v, soon %v", at.days, digests, r.figure("RequestsOverdue"), r.figure("RequestsDueSoon"))
		}
	}
}

func TestOptOutsThatAreLate(t *testing.T) {
	r := newRig(t)
	r.waits.count, r.waits.oldest = 3, r.clock.Add(-30*time.Hour)
	if err := r.run(); err != nil || r.figure("OptOutsLate") != 3 || r.figure("OldestOptOutSeconds") != 30*3600 || !r.waits.before.Equal(r.clock.Add(-24*time.Hour)) {
		t.Errorf("late %v, oldest %v, %v", r.figure("OptOutsLate"), r.figure("OldestOptOutSeconds"), err)
	}
	r.waits.count, r.waits.oldest = 0, time.Time{}
	if err := r.run(); err != nil || r.figure("OptOutsLate") != 0 {
		t.Errorf("none: %v, %v", r.figure("OptOutsLate"), err)
	}
	r = newRig(t)
	r.waits.err = errDown
	if err := r.run(); !errors.Is(err, errDown) || r.figure("OptOutsLate") != -1 || r.figure("RequestsOverdue") != 0 {
		t.Errorf("a table that is down reports %v, %v", r.figure("OptOutsLate"), err)
	}
}

// Nothing is begun that Lambda would cut off; the next hour goes on.
func TestStopsBeforeTheDeadline(t *testing.T) {
	r := newRig(t)
	q := r.open(california)
	testkit.Mailed(t, r.service, r.store.OptOuts.Outbox)
	r.clock = q.VerifyBy
	short, end := context.WithTimeout(t.Context(), margin/2)
	defer end()
	if err := r.handle(short, boot.Hint{}); err != nil || r.state(q.ID) != lifecycle.Unverified || r.figure("RequestsOverdue") != 0 {
		t.Errorf("%s, %v", r.state(q.ID), err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*margin)
	defer cancel()
	if err := r.handle(ctx, boot.Hint{}); err != nil || r.state(q.ID) != lifecycle.Expired {
		t.Errorf("%s, %v", r.state(q.ID), err)
	}
}
