package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// requests plants closed requests with an entry each.
func (w *whole) requests(tb testing.TB, n int, closed time.Time) (ids []string) {
	tb.Helper()
	for i := range n {
		id := fmt.Sprintf("PD-%03d", i)
		r := request.Request{
			ID: id, Ref: person.Ref("of-" + id), Version: 1, Kinds: []intake.Kind{deadline.Access}, State: lifecycle.Refused, Name: "Zaphod",
			ReceivedAt: closed, VerifiedAt: closed, ClosedAt: closed, Head: audit.Genesis(id),
		}
		e, err := audit.Append(r.Head, audit.Entry{At: closed, Kind: "refused", Actor: "officer", Private: map[string]audit.Private{"why": audit.Personal("evil")}}, &testkit.Random{})
		if err != nil {
			tb.Fatal(err)
		}
		r.Head = e.Head()
		if err := w.store.Requests.Create(context.Background(), request.Creation{Step: request.Step{Request: r, Events: []audit.Entry{e}}}); err != nil {
			tb.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// Killed before or after any call of DynamoDB, the function leaves the old
// state or the new one, and the next call ends the run: all records are as
// they should be, and certified once. STEP tries every step, which takes
// minutes; without it every seventh is tried.
func TestKilledAtEveryCall(t *testing.T) {
	stride := 7
	if n, err := strconv.Atoi(os.Getenv("STEP")); err == nil {
		stride = max(n, 1)
	}
	for step := 1; ; step += stride {
		w := newWhole(t)
		w.plant(t, "due", 110, now.AddDate(-4, 0, 0))
		ids := w.requests(t, 3, now.AddDate(-3, 0, 0))
		w.meter.step, w.meter.killAt = 0, step
		_, err := w.handle(t.Context(), json.RawMessage(`{}`))
		if !w.meter.dead {
			if err != nil || step < 40 {
				t.Errorf("%d steps, %v", step, err)
			}
			return
		}
		w.meter.dead, w.meter.killAt, w.clock = false, 0, w.clock.Add(15*time.Minute)
		if rep := w.run(t, `{}`); !rep.Whole {
			t.Fatalf("step %d: %+v", step, rep)
		}
		w.allReduced(t, step, ids)
	}
}

func (w *whole) allReduced(t *testing.T, step int, requests []string) {
	t.Helper()
	reduced, names := 0, map[string]int{}
	for _, c := range testkit.Certificates(t, w.store, w.signer) {
		reduced += c.Reduced
		names[c.Digest] += c.Reduced
	}
	if reduced != 113 || names[disposal.Digest(requests)] != len(requests) {
		t.Errorf("step %d: %d records are certified", step, reduced)
	}
	for _, id := range requests {
		if f, err := w.store.Requests.File(t.Context(), id); err != nil || !f.Request.Reduced() || audit.Verify(f.Events, f.Request.Head) != nil {
			t.Errorf("step %d: %s: %v", step, id, err)
		}
	}
	page, _, err := w.store.OptOuts.List(t.Context(), "")
	if err != nil || len(page) != 110 {
		t.Fatalf("step %d: %d opt-outs, %v", step, len(page), err)
	}
	for _, r := range page {
		if !r.Tombstone() || r.State != optout.Out || r.Address != (person.Address{}) {
			t.Errorf("step %d: %+v", step, r)
		}
	}
}
