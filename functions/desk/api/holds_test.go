package api

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// disposals gives the rig holds, one of which is in force, and certificates.
func (r *rig) disposals() {
	store, n := testkit.NewDisposals(), 0
	newID := func() string { n++; return fmt.Sprint("hold-", n) }
	r.Holds = &disposal.HoldKeeper{Store: store, Now: r.Now, NewID: newID, Random: rand.NewChaCha8([32]byte{2}), Requests: r.store}
	r.Certificates, r.Zone = proofs(2), time.UTC
	if _, err := r.Holds.Place(background, disposal.Hold{Class: schedule.ClosedRequest, Reason: "an audit", By: "dpo-0"}); err != nil {
		r.t.Fatal(err)
	}
}

// proofs are so many certificates.
type proofs int

func (p proofs) Proofs(_ context.Context, before, limit int) ([]disposal.Proof, error) {
	if p == 0 {
		return nil, down
	}
	var list []disposal.Proof
	for seq := int(p); seq > 0 && len(list) < limit; seq-- {
		if before == 0 || seq < before {
			list = append(list, disposal.Proof{Entry: audit.Entry{Seq: seq}, Certificate: []byte(`{"payload":"x"}`)})
		}
	}
	return list, nil
}

func (r *rig) inForce() []disposal.Hold {
	r.t.Helper()
	all, _, err := r.Holds.Store.AllHolds(background)
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

func TestPlaceAHold(t *testing.T) {
	for name, c := range map[string]struct {
		body body
		of   string
	}{
		"person":       {body{"address": " Marvin@EXAMPLE.com", "reason": "He said that he will sue."}, "person"},
		"class":        {body{"class": "opt-out-evidence", "reason": "an audit"}, "class"},
		"until a day":  {body{"class": "erasure", "reason": "an audit", "until": "2027-03-28", "officer": "dpo-1"}, "class"},
		"with a break": {body{"class": "erasure", "reason": "one\r\ntwo\x00"}, "class"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.Zone, _ = time.LoadLocation("Europe/Berlin")
			a := r.expect(r.call(http.MethodPost, "/api/holds", c.body), http.StatusOK, `"of":"`+c.of+`"`)
			var shown shownHold
			if err := json.Unmarshal([]byte(a.Body), &shown); err != nil || !shown.Active || shown.ID != "hold-2" || !strings.HasSuffix(shown.By, "AIDADPO") {
				t.Errorf("%s, %v", a.Body, err)
			}
			if strings.Contains(a.Body, "@") {
				t.Errorf("an address is kept: %s", a.Body)
			}
			hold := r.inForce()[1]
			if c.of == "person" && hold.Ref != testkit.Key(t).Ref(testkit.Address(t, marvin)) {
				t.Errorf("%+v", hold)
			}
			if c.body["until"] != nil && !hold.Until.Equal(time.Date(2027, 3, 28, 22, 0, 0, 0, time.UTC)) {
				t.Errorf("the last day ends at %s: the clocks go forward in it", hold.Until)
			}
			if name == "with a break" && hold.Reason != "one\ntwo" {
				t.Errorf("%q", hold.Reason)
			}
		})
	}
}

func TestHoldOfARequest(t *testing.T) {
	r := newRig(t)
	q := r.of("refused")
	r.expect(r.call(http.MethodPost, "/api/holds", body{"request": q.ID, "reason": "a complaint"}), http.StatusOK, q.ID)
	if held, err := r.Holds.Store.(*testkit.Disposals).InForce(background); err != nil || !held.Covers(disposal.Item{ID: q.ID}, r.clock) {
		t.Errorf("%+v, %v", held, err)
	}
}

func TestHoldsThatCannotBe(t *testing.T) {
	long := strings.Repeat("x", intake.MaxOfficerText+1)
	for name, c := range map[string]struct {
		body   any
		fields string
	}{
		"nothing held":      {body{"reason": "x"}, "subject"},
		"two things":        {body{"reason": "x", "class": "erasure", "address": marvin}, "subject"},
		"no reason":         {body{"class": "erasure"}, "reason"},
		"a reason's blank":  {body{"class": "erasure", "reason": " \n"}, "reason"},
		"a book":            {body{"class": "erasure", "reason": long}, "reason"},
		"no address":        {body{"address": "marvin", "reason": "x"}, "address"},
		"no such request":   {body{"request": "PD-1", "reason": "x"}, "request"},
		"no such class":     {body{"class": "feet", "reason": "x"}, "class"},
		"no day":            {body{"class": "erasure", "reason": "x", "until": "soon"}, "until"},
		"a day that passed": {body{"class": "erasure", "reason": "x", "until": "2026-11-21"}, "until"},
		"a misspelt member": {body{"class": "erasure", "raeson": "x"}, "raeson"},
		"no JSON":           {`class=erasure`, "body"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if a := r.call(http.MethodPost, "/api/holds", c.body); a.StatusCode != 422 || a.fields() != c.fields || len(r.inForce()) != 1 {
				t.Errorf("%d %s", a.StatusCode, a.Body)
			}
		})
	}
}

// A hold is of today, too: its last day is named.
func TestHoldUntilToday(t *testing.T) {
	r := newRig(t)
	r.expect(r.call(http.MethodPost, "/api/holds", body{"class": "erasure", "reason": "x", "until": "2026-11-22"}), http.StatusOK, `"active":true`)
}

func TestLift(t *testing.T) {
	r := newRig(t)
	for _, without := range []body{{}, {"reason": " \n"}, {"officer": "dpo-9"}} {
		if a := r.call(http.MethodPost, "/api/holds/hold-1/lift", without); a.StatusCode != 422 || a.fields() != "reason" || !r.inForce()[0].Active(r.clock) {
			t.Errorf("lifted without a reason: %s", a.Body)
		}
	}
	first := r.expect(r.call(http.MethodPost, "/api/holds/hold-1/lift", body{"reason": "It is over.", "officer": "dpo-9"}), http.StatusOK, `"active":false`)
	if !strings.Contains(first.Body, `"lifted_by":"dpo-9/AIDADPO","lift_reason":"It is over."`) {
		t.Errorf("%s", first.Body)
	}
	r.clock = r.clock.Add(time.Hour) // twice is once
	if again := r.call(http.MethodPost, "/api/holds/hold-1/lift", body{"reason": "Another one.", "officer": "dpo-3"}); again.StatusCode != http.StatusOK || again.Body != first.Body {
		t.Errorf("%s", again.Body)
	}
	r.expect(r.call(http.MethodGet, "/api/holds", nil), http.StatusOK, `"lifted_at":"2026-11-22T12:00:00Z","lifted_by":"dpo-9/AIDADPO","lift_reason":"It is over."`)
	h, err := r.Holds.Store.(*testkit.Disposals).HoldsHistory(background)
	if err != nil || h.Verify() != nil || len(h.Entries) != 2 {
		t.Errorf("%v, %v, %d", err, h.Verify(), len(h.Entries))
	}
	r.expect(r.call(http.MethodPost, "/api/holds/hold-7/lift", body{}), http.StatusNotFound, "no such hold")
	r.expect(r.call(http.MethodPost, "/api/holds/hold-1/lift", `{"x":1}`), 422, "unknown member x")
}

func TestCertificates(t *testing.T) {
	r := newRig(t)
	r.Certificates = proofs(120)
	seen, before := 0, ""
	for pages := 1; ; pages++ {
		a := r.expect(r.call(http.MethodGet, "/api/certificates"+before, nil), http.StatusOK, `"signed":{"payload":"x"}`)
		var page struct {
			Certificates []struct{ Seq int }
			Next         int
		}
		if err := json.Unmarshal([]byte(a.Body), &page); err != nil || page.Certificates[0].Seq != 120-seen {
			t.Fatalf("%v, %s", err, a.Body)
		}
		if seen += len(page.Certificates); page.Next == 0 {
			if pages != 3 || seen != 120 {
				t.Errorf("%d on %d pages", seen, pages)
			}
			break
		}
		before = fmt.Sprint("?before=", page.Next)
	}
	for _, wrong := range []string{"x", "0", "-1"} {
		if a := r.call(http.MethodGet, "/api/certificates?before="+wrong, nil); a.StatusCode != 422 || a.fields() != "before" {
			t.Errorf("%s", a.Body)
		}
	}
	r.Certificates, r.store.err = proofs(0), down
	r.expect(r.call(http.MethodGet, "/api/certificates", nil), http.StatusServiceUnavailable, "")
}

// The table is down: nothing is said to hold that may not.
func TestHoldsWithoutATable(t *testing.T) {
	r := newRig(t)
	r.Holds.Store, r.store.err = deadHolds{}, down
	for path, method := range map[string]string{"/api/holds": http.MethodGet, "/api/holds/hold-1/lift": http.MethodPost} {
		r.expect(r.call(method, path, body{}), http.StatusServiceUnavailable, "")
	}
	r.expect(r.call(http.MethodPost, "/api/holds", body{"class": "erasure", "reason": "x"}), http.StatusServiceUnavailable, "")
	r.expect(r.call(http.MethodPost, "/api/holds", body{"request": "PD-1", "reason": "x"}), http.StatusServiceUnavailable, "")
}

type deadHolds struct{}

func (deadHolds) AllHolds(context.Context) ([]disposal.Hold, audit.Head, error) {
	return nil, audit.Head{}, down
}
func (deadHolds) Hold(context.Context, string) (disposal.Hold, error) { return disposal.Hold{}, down }
func (deadHolds) SaveHold(context.Context, disposal.Hold, audit.Entry) error {
	return fault.New(fault.Unavailable, "no answer")
}

// A hold's row is never reduced, so no address of an officer may get into it.
func TestHoldsKeepNoOfficersAddress(t *testing.T) {
	r := newRig(t)
	r.disposals()
	sessions := map[string]string{}
	for _, name := range []string{"alice@example.com", "bob@example.com"} {
		e := r.signed("AROADPO:"+name, http.MethodPost, "/api/holds", body{"class": "erasure", "reason": "an audit", "officer": "dpo"})
		sessions[name] = "dpo/AROADPO:" + r.Rights.Key.Officer(name)
		r.expect(r.invoke(e), http.StatusOK, sessions[name])
		lift := r.signed("AROADPO:"+name, http.MethodPost, "/api/holds/hold-2/lift", body{"reason": "It is over."})
		r.expect(r.invoke(lift), http.StatusOK, "")
	}
	if sessions["alice@example.com"] == sessions["bob@example.com"] {
		t.Error("two officers cannot be told apart")
	}
	for _, role := range []string{"Datenschutzbeauftragte 2", "délégué_1", "个人信息保护负责人", "J. Dent-DPO"} {
		r.expect(r.call(http.MethodPost, "/api/holds", body{"class": "erasure", "reason": "x", "officer": role}), http.StatusOK, role+"/AIDADPO")
	}
	for _, role := range []string{"alice@example.com", "Alice <alice＠example.com>", "alice﹫example.com", "alice%40example.com", "alice&#64;example.com",
		"=?utf-8?q?alice=40example.com?=", "alice(at)example.com", "mailto:alice", "ali\u200bce\u200b@example.com", "dpo/AIDABOB"} {
		r.expect(r.call(http.MethodPost, "/api/holds", body{"class": "erasure", "reason": "x", "officer": role}), http.StatusUnprocessableEntity, `"officer"`)
		r.expect(r.call(http.MethodPost, "/api/holds/hold-2/lift", body{"reason": "x", "officer": role}), http.StatusUnprocessableEntity, `"officer"`)
		r.expect(r.act(r.of("open"), "verify", body{"officer": role}), http.StatusUnprocessableEntity, `"officer"`)
	}
	if kept := fmt.Sprint(r.inForce(), r.log.String()); strings.Contains(kept, "alice") || strings.Contains(kept, "bob") {
		t.Error(kept)
	}
}
