package e2e

import (
	"net/http"
	"strings"
	"testing"

	"privacydesk/infra/local/stack"
)

// Whoever must be kept for a dispute reads so, hears when it is over, and is
// erased then: by the deployed roles and functions.
func TestHeldBackAndThenErased(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	address, _ := person(t)
	id := d.entered(t, map[string]any{"address": address, "kinds": []string{"erasure"}})
	hold := d.held(t, address)
	if got := do(t, request(t, http.MethodPost, d.URL+"/api/requests/"+id+"/decide", `{"outcome":"fulfilled"}`, signed)); got.status != http.StatusConflict || !strings.Contains(got.body, hold) {
		t.Errorf("granted under a hold: %d %s", got.status, got.body)
	}
	d.officer(t, id, "decide", map[string]any{"outcome": "partly_fulfilled", "grounds": []map[string]string{{"ground": "legal_claims"}}, "explanation": "We are in a dispute."})
	tells := func(words string) func() bool {
		return func() bool { return strings.Contains(strings.Join(d.mails(t, address), "\n"), words) }
	}
	wait(t, "the answer has gone", tells("must keep some or all"))
	d.sweeps(t, "continue")
	if d.request(t, id)["reduced_at"] != "" {
		t.Error("erased under a hold")
	}
	d.lifted(t, hold)
	d.sweeps(t, "continue")
	wait(t, "the person is told", tells("keep data of yours"))
	wait(t, "the order is carried out", func() bool { d.sweeps(t, "continue"); return d.request(t, id)["reduced_at"] != "" })
	if file := do(t, request(t, http.MethodGet, d.URL+"/api/requests/"+id, "", signed)); strings.Contains(file.body, "dispute") || strings.Contains(file.body, "must keep some") {
		t.Errorf("what was written is kept beyond the erasure: %s", file.body)
	}
	for _, leak := range private.leaks(d.logs()) {
		t.Error(leak)
	}
}
