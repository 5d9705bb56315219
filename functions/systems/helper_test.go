package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// rig is the function with its tables in memory, and the one system that it tells.
type rig struct {
	*handler
	t        *testing.T
	service  *request.Service
	optOuts  *testkit.OptOuts
	choosing *optout.Service
	ways     *ways
	clock    time.Time
	out, log bytes.Buffer

	mu     sync.Mutex
	answer func(http.ResponseWriter)
	got    []string // bodies
	ids    []string
}

func newRig(t *testing.T, systems ...ledger.System) *rig {
	t.Helper()
	r := &rig{t: t, clock: testkit.T0, optOuts: testkit.NewOptOuts(), answer: func(http.ResponseWriter) {}}
	now := func() time.Time { return r.clock }
	server := httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(server.Close)
	desk := testkit.Desk(t)
	desk.Systems = systems
	store := testkit.NewRequests(r.optOuts)
	service, err := request.New(store, testkit.Key(t), desk, now, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	r.service = service
	r.choosing = &optout.Service{Store: r.optOuts, Key: testkit.Key(t), Now: now, Zone: time.UTC}
	r.ways = &ways{
		client: must(outbound.New(hosts(systems), server.Listener.Addr().String(), now)), signer: must(audit.ParseSigner(ringText)),
		ring: must(link.ParseKeyRing(ringText)), baseURL: "https://privacy.example.com", now: now,
	}
	r.handler = &handler{
		figures: &boot.Reporter{Function: "systems", Out: &r.out, Now: now}, log: slog.New(slog.NewJSONHandler(&r.log, nil)),
		tasks: ledger.Drain{Book: store, Systems: systems, Ways: r.ways.ofTasks(), Whom: service.Whom, Now: now,
			Do: func(ctx context.Context, id string, d ledger.Deed) error {
				_, err := service.Ledger(ctx, id, d)
				return err
			}},
		choices: feed.Drain{Store: r.optOuts, Systems: systems, Ways: r.ways.ofChoices(), Now: now},
	}
	r.hear()
	return r
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (r *rig) serve(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got, r.ids = append(r.got, string(body)), append(r.ids, q.Header.Get("webhook-id"))
	r.answer(w)
}

// erasing is a request of Marvin's whose erasure was granted.
func (r *rig) erasing() request.Request {
	r.t.Helper()
	ctx := context.Background()
	q, err := r.service.Open(ctx, request.Intake{
		Sending: "1", Address: testkit.Address(r.t, marvin), Kinds: []intake.Kind{deadline.Erasure}, Name: "Marvin",
		Place: deadline.Jurisdiction{Country: "DE"}, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
	})
	if err == nil {
		q, _, err = r.service.Confirm(ctx, q.ID, q.Words())
	}
	if err == nil {
		q, err = r.service.Decide(ctx, q.ID, "dpo", decision.Answer{Outcome: decision.Grant, Explanation: "It is done."})
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return q
}

func (r *rig) run() {
	r.t.Helper()
	answer, err := r.handle(context.Background(), boot.Hint{})
	if err != nil || answer.BatchItemFailures == nil {
		r.t.Fatalf("%+v, %v", answer, err)
	}
}

func (r *rig) entry(id string) ledger.Entry {
	r.t.Helper()
	entries, err := r.service.Store.Systems(context.Background(), id)
	if err != nil || len(entries) != 1 {
		r.t.Fatalf("%+v, %v", entries, err)
	}
	return entries[0]
}

func says(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}
