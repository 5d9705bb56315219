package zendesk

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/testkit/vendors"
)

const (
	email = "Zaphod@example.com"
	key   = "agent@example.com/token:t0ken"
)

// rig is a desk, and an account with one user of the address and one of a similar one.
type rig struct {
	*vendors.Desk
	*vendors.Zendesk
	way *Way
}

func newRig(t *testing.T) *rig {
	r := &rig{Desk: vendors.NewDesk(t, "zendesk", key, email)}
	r.Zendesk = vendors.NewZendesk(key, r.Desk.Now)
	r.Users[7] = &vendors.User{Name: "Zaphod Beeblebrox", Email: "zaphod@example.com", Role: "end-user"}
	r.Users[8] = &vendors.User{Name: "Another", Email: "zaphod@example.com.au", Role: "end-user"}
	r.way = &Way{r.API(t, r.Zendesk)}
	r.Way = r.way
	return r
}

func TestErasure(t *testing.T) {
	r := newRig(t)
	if e := r.Tell(t); e.State != ledger.Told || e.Mark != "7" || r.Called("DELETE") > 0 {
		t.Fatalf("found: %+v, %q", e, r.Calls())
	}
	if e := r.Tell(t); e.State != ledger.Told || !e.TellAt.Equal(r.Desk.Now().Add(24*time.Hour)) || r.Users[7].Erased.IsZero() {
		t.Fatalf("erased: %+v", e)
	}
	r.Wait(3 * time.Hour)
	if e := r.Tell(t); e.State != ledger.Told || r.Called("GET /api/v2/users/7/compliance") > 0 {
		t.Errorf("asked too early: %+v", e)
	}
	r.Wait(21 * time.Hour) // one product is through, another has begun: too soon to say
	if e := r.Tell(t); e.State != ledger.Told {
		t.Errorf("asked: %+v", e)
	}
	r.Wait(24 * time.Hour)
	if e := r.Tell(t); e.State != ledger.Done || e.Records != 1 || e.Mark != "" {
		t.Errorf("proved: %+v", e)
	}
	if u := r.Users[8]; u.Deleted {
		t.Error("a user of a similar address is gone")
	}
	want := []string{"GET /api/v2/users/search", "DELETE /api/v2/users/7", "DELETE /api/v2/deleted_users/7"}
	if got := r.Calls(); !slices.Equal(slices.DeleteFunc(got, func(c string) bool { return strings.Contains(c, "compliance") || strings.Contains(c, "identities") }), want) {
		t.Errorf("%q", got)
	}
}

func TestNobody(t *testing.T) {
	r := newRig(t)
	delete(r.Users, 7)
	if e := r.Tell(t); e.State != ledger.NotFound || r.Called("DELETE") > 0 {
		t.Errorf("%+v, %q", e, r.Calls())
	}
}

// A person is found by any of their addresses.
func TestAnotherAddress(t *testing.T) {
	r := newRig(t)
	r.Users[7].Email, r.Users[7].More = "zaphod.b@example.org", []string{"zaphod@example.com"}
	if e := r.Tell(t); e.State != ledger.Told || e.Mark != "7" {
		t.Errorf("%+v", e)
	}
}

// Zendesk refuses, and says the person's name, which must not stand in the ledger.
func TestOpenTickets(t *testing.T) {
	r := newRig(t)
	r.Users[7].Open = 2
	r.Tell(t)
	if e := r.Tell(t); e.State != ledger.Failed || e.Ground != ledger.OpenTickets {
		t.Fatalf("%+v", e)
	}
	r.Users[7].Open = 0
	if _, err := r.Entry.Do(r.Desk.Now(), ledger.Deed{Act: ledger.Again}, r.System); err != nil {
		t.Fatal(err)
	}
	if e := r.Tell(t); e.State != ledger.Told || r.Users[7].Erased.IsZero() {
		t.Errorf("told again: %+v", e)
	}
}

func TestColleagues(t *testing.T) {
	r := newRig(t)
	r.Users[7].Role = "agent"
	if e := r.Tell(t); e.State != ledger.Failed || e.Ground != ledger.WorksThere || r.Called("DELETE") > 0 {
		t.Errorf("%+v", e)
	}
}

// An attempt that ends anywhere is gone on with: the deleted user could not be found a second time.
func TestHalfDone(t *testing.T) {
	for name, lost := range map[string]string{
		"the first step's answer":   "DELETE /api/v2/users/7",
		"the second step's answer":  "DELETE /api/v2/deleted_users/7",
		"the second step not begun": "",
	} {
		r := newRig(t)
		r.Tell(t)
		once := true
		fails := func(q *http.Request) bool {
			hit := once && (q.Method+" "+q.URL.Path == lost || lost == "" && strings.HasPrefix(q.URL.Path, "/api/v2/deleted_users"))
			once = once && !hit
			return hit
		}
		if lost == "" {
			r.Instead = func(_ http.ResponseWriter, q *http.Request) bool {
				if fails(q) {
					panic(http.ErrAbortHandler)
				}
				return false
			}
		} else {
			r.Lost = fails
		}
		if e := r.Tell(t); e.State != ledger.Told || e.Trouble != "unavailable" || !r.Users[7].Deleted {
			t.Fatalf("%s: %+v", name, e)
		}
		r.Wait(time.Hour)
		if e := r.Tell(t); e.Trouble != "" || r.Users[7].Erased.IsZero() {
			t.Errorf("%s, gone on with: %+v", name, e)
		}
		r.Wait(48 * time.Hour)
		if e := r.Tell(t); e.State != ledger.Done || e.Records != 1 {
			t.Errorf("%s, in the end: %+v", name, e)
		}
	}
}

// An erasure of which Zendesk never reports the end is none.
func TestNeverReported(t *testing.T) {
	r := newRig(t)
	r.Tell(t)
	r.Tell(t)
	r.Instead = func(w http.ResponseWriter, _ *http.Request) bool {
		vendors.Answer(w, http.StatusOK, map[string]any{"compliance_deletion_statuses": []any{map[string]any{"action": "started", "application": "chat", "created_at": "2026-11-28T12:00:00Z"}}})
		return true
	}
	for range 30 {
		r.Wait(24 * time.Hour)
		if e := r.Tell(t); e.State != ledger.Told {
			t.Fatalf("%+v", e)
		}
	}
	r.Wait(24 * time.Hour)
	if e := r.Tell(t); e.State != ledger.Failed || e.Ground != ledger.NotShown {
		t.Errorf("%+v", e)
	}
}

func TestTrouble(t *testing.T) {
	r := newRig(t)
	r.InTrouble(t, &r.Server, r.Attempt)
	r.Tell(t)
	if r.Entry.Mark != "7" {
		t.Fatalf("%+v", r.Entry)
	}
	r.Instead = func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return true
	}
	if e := r.Tell(t); e.State != ledger.Failed || e.Ground != ledger.Refuses {
		t.Errorf("%+v", e)
	}
}

func TestTheOwners(t *testing.T) {
	r := newRig(t)
	r.Owners(t, &r.Server)
}

// Whoever runs the desk reads which key is wrong.
func TestAWrongKeyIsNamed(t *testing.T) {
	r := newRig(t)
	r.Key = "Bearer another"
	if e := r.Tell(t); e.Trouble != "forbidden" || !strings.Contains(r.Log.String(), `the key in the secret \"tool\" is wrong, or may not do this`) {
		t.Errorf("%+v, %s", e, r.Log.String())
	}
}

func TestKeys(t *testing.T) {
	r := newRig(t)
	r.Key = "Bearer t0ken"
	r.way.Secret = func(context.Context, string) (string, error) { return "t0ken", nil }
	if e := r.Tell(t); e.State != ledger.Told {
		t.Errorf("%+v", e)
	}
}
