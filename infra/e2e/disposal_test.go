package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// proofs are the certificates that the officer is given, opened with the
// published keys, newest first.
func (d *desk) proofs(t *testing.T) []disposal.Certificate {
	t.Helper()
	keys := d.get(t, "/.well-known/privacy-desk-keys.json")
	got := do(t, request(t, http.MethodGet, d.URL+"/api/certificates", "", signed))
	var page struct {
		Certificates []struct{ Signed json.RawMessage }
	}
	if err := json.Unmarshal([]byte(got.body), &page); err != nil || got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	var all []disposal.Certificate
	for _, p := range page.Certificates {
		c, err := disposal.CheckCertificate(p.Signed, []byte(keys.body))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// reduced sums what certificates say of a class.
func reduced(all []disposal.Certificate, c schedule.Class) (sum int) {
	for _, p := range all {
		if p.Class == c {
			sum += p.Reduced
		}
	}
	return sum
}

// sweeps runs the function by hand, as make invoke does.
func (d *desk) sweeps(t *testing.T, event string) string {
	t.Helper()
	root, err := testkit.Root()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "events/retention", event+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return d.call(t, "retention", text)
}

// Three years of a desk: one is erased at once, what is due goes in the night
// that it is due, what is held stays, everything is proven, and nobody who
// opted out is mailed again.
func TestDisposal(t *testing.T) {
	t.Parallel()
	d := start(t, stack.Config{Data: t.TempDir(), Memory: true})
	defer d.Close()
	leaves := func() string {
		address, name := person(t)
		d.accepted(t, d.post(t, "/unsubscribe", url.Values{"email": {address}, "name": {name}}))
		return address
	}
	gone, held, erased := leaves(), leaves(), leaves()
	d.post(t, d.preferences(t, erased), url.Values{"was_email": {"stop"}, "want_email": {"receive"}}) // never confirmed
	d.quiet(t)
	d.held(t, held)
	stranger, _ := person(t)
	unconfirmed := d.post(t, "/requests", url.Values{"email": {stranger}, "kind": {"access"}, "country": {"DE"}})
	d.accepted(t, unconfirmed)
	never := reference.FindString(unconfirmed.body)

	id := d.entered(t, map[string]any{"address": erased, "kinds": []string{"erasure"}})
	d.officer(t, id, "decide", map[string]any{"outcome": "fulfilled"})
	wait(t, "the letter has gone", func() bool { return len(d.mails(t, erased)) > 0 && strings.Contains(d.mails(t, erased)[0], id) })
	wait(t, "the order is carried out", func() bool { d.sweeps(t, "continue"); return d.request(t, id)["reduced_at"] != "" })
	if len(d.of(t, erased)) != 0 || d.of(t, gone)["email"]["state"] != "out" {
		t.Errorf("erased: %v, others: %v", d.of(t, erased), d.of(t, gone))
	}
	if told := do(t, request(t, http.MethodGet, d.AWS+"/events.json", "", nil)); !strings.Contains(told.body, "Person Erased") || !strings.Contains(told.body, id) || strings.Contains(told.body, erased) {
		t.Errorf("other systems hear %s", told.body)
	}

	d.travel(t, "+1090d")
	if dry := d.sweeps(t, "dry-run"); !strings.Contains(dry, `"whole":true`) || d.of(t, gone)["email"]["address"] != gone {
		t.Errorf("a week before its period ends: %s", dry)
	}
	d.travel(t, "+1100d")
	wait(t, "the night's run has taken the address", func() bool { return len(d.of(t, gone)) == 0 })
	if night := d.sweeps(t, "nightly"); !strings.Contains(night, `"class":"opt-out-evidence","period":"36 months","action":"reduce"`) || !strings.Contains(night, `"held":1`) {
		t.Errorf("the night says of what is held: %s", night)
	}
	if d.of(t, held)["email"]["state"] != "out" {
		t.Error("what was held has gone")
	}
	wait(t, "what nobody confirmed is deleted", func() bool {
		return !slices.ContainsFunc(d.rows(t, "RequestsTable"), func(r row) bool { return r["id"] == never })
	})
	all := d.proofs(t)
	if n := reduced(all, schedule.OptOutEvidence); n != 1 {
		t.Errorf("%d reduced", n)
	}
	if n := reduced(all, schedule.ErasureOrder); n != 2 {
		t.Errorf("%d records of the erased are certified", n)
	}
	if !all[0].Last || all[0].Class != disposal.AllClasses {
		t.Errorf("the night has no end: %+v", all[0])
	}
	for i := range all[1:] {
		if all[i].Prev != all[i+1].Position.Hash {
			t.Errorf("certificate %d does not follow the one before", all[i].Position.Seq)
		}
	}
	check, _ := json.Marshal(map[string]any{"addresses": []string{gone, held, erased}, "channel": "email"})
	if got := do(t, request(t, http.MethodPost, d.URL+"/suppressions/check", string(check), signed)); strings.Count(got.body, `"suppressed":true`) != 3 || strings.Count(got.body, "erased_at") != 1 {
		t.Errorf("%d %s", got.status, got.body)
	}
	for _, leak := range private.leaks(d.logs()) {
		t.Error(leak)
	}
}
