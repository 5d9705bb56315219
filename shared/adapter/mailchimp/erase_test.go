package mailchimp

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/testkit/vendors"
)

const email = "Zaphod@example.com"

// rig is a desk, and an account with three audiences, of which the person is in two.
type rig struct {
	*vendors.Desk
	*vendors.Mailchimp
	way *Way
}

func newRig(t *testing.T) *rig {
	r := &rig{Desk: vendors.NewDesk(t, "mailchimp", "k3y-us21", email)}
	r.Mailchimp = vendors.NewMailchimp("k3y-us21", r.Desk.Now, "news", "events", "partners")
	r.Add("news", "zaphod@example.com", "subscribed")
	r.Add("events", "zaphod@example.com", "archived")
	r.Add("partners", "ford@example.com", "subscribed")
	r.way = &Way{r.API(t, r.Mailchimp)}
	r.Way = r.way
	return r
}

// The person leaves every audience for good, and is archived in none.
func TestErasure(t *testing.T) {
	r := newRig(t)
	if e := r.Tell(t); e.State != ledger.Told || e.Mark != "2" || r.Called("POST") > 0 {
		t.Fatalf("found: %+v", e)
	}
	if e := r.Tell(t); e.State != ledger.Told || !e.TellAt.Equal(r.Desk.Now().Add(10*time.Minute)) {
		t.Fatalf("erased: %+v", e)
	}
	r.Wait(10 * time.Minute)
	if e := r.Tell(t); e.State != ledger.Done || e.Records != 2 {
		t.Errorf("proved: %+v", e)
	}
	hash := vendors.Hash(email)
	if !r.Forgotten["news "+hash] || !r.Forgotten["events "+hash] || r.Forgotten["partners "+hash] || r.Called("DELETE") > 0 || r.Status("partners", "ford@example.com") != "subscribed" {
		t.Errorf("%v, %q", r.Forgotten, r.Calls())
	}
}

func TestNobody(t *testing.T) {
	r := newRig(t)
	clear(r.Audiences["news"])
	clear(r.Audiences["events"])
	if e := r.Tell(t); e.State != ledger.NotFound || r.Called("POST") > 0 {
		t.Errorf("%+v, %q", e, r.Calls())
	}
}

// All pages of audiences are read.
func TestManyAudiences(t *testing.T) {
	r := newRig(t)
	for i := range 1000 {
		id := fmt.Sprintf("a%d", i)
		r.Order, r.Audiences[id] = append(r.Order, id), map[string]*vendors.Member{}
	}
	r.Add("a999", email, "cleaned")
	ids, err := r.way.audiences(t.Context(), r.System)
	if err != nil || len(ids) != 1003 || r.Called("GET /3.0/lists") != 2 {
		t.Errorf("%d, %v, %d calls", len(ids), err, len(r.Calls()))
	}
}

// An attempt that ends between two audiences is gone on with, and both count.
func TestHalfDone(t *testing.T) {
	r := newRig(t)
	r.Tell(t)
	once := true
	r.Lost = func(q *http.Request) bool {
		hit := once && strings.HasSuffix(q.URL.Path, "delete-permanent")
		once = once && !hit
		return hit
	}
	if e := r.Tell(t); e.Trouble != "unavailable" || len(r.Forgotten) != 1 {
		t.Fatalf("%+v", e)
	}
	r.Wait(time.Hour)
	r.Tell(t)
	r.Wait(time.Hour)
	if e := r.Tell(t); e.State != ledger.Done || e.Records != 2 || len(r.Forgotten) != 2 {
		t.Errorf("%+v", e)
	}
}

// A member that Mailchimp still shows is not gone.
func TestStillThere(t *testing.T) {
	r := newRig(t)
	r.Instead = func(w http.ResponseWriter, q *http.Request) bool {
		if q.Method == http.MethodPost {
			w.WriteHeader(http.StatusNoContent)
		}
		return q.Method == http.MethodPost
	}
	for range 5 {
		if e := r.Tell(t); e.State != ledger.Told {
			t.Fatalf("%+v", e)
		}
		r.Wait(time.Hour)
	}
	r.Instead = nil
	r.Tell(t)
	r.Wait(time.Hour)
	if e := r.Tell(t); e.State != ledger.Done || e.Records != 2 {
		t.Errorf("%+v", e)
	}
}

func TestTrouble(t *testing.T) {
	r := newRig(t)
	r.InTrouble(t, &r.Server, r.Attempt)
	if e := r.Tell(t); e.Mark != "2" {
		t.Errorf("%+v", e)
	}
}

func TestTheOwners(t *testing.T) {
	r := newRig(t)
	r.Owners(t, &r.Server)
}
