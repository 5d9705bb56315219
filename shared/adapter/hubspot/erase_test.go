package hubspot

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/testkit/vendors"
)

const email = "Zaphod@example.com"

// rig is a desk, and an account with one contact of the address and one of a similar one.
type rig struct {
	*vendors.Desk
	*vendors.HubSpot
	way *Way
}

func newRig(t *testing.T) *rig {
	r := &rig{Desk: vendors.NewDesk(t, "hubspot", "pat-eu1", email)}
	r.HubSpot = vendors.NewHubSpot("pat-eu1", r.Desk.Now)
	r.Contacts["51"] = &vendors.Contact{Email: "zaphod@example.com"}
	r.Contacts["52"] = &vendors.Contact{Email: "ford@example.org", More: "ford@example.com;zaphod@example.org"}
	r.way = &Way{r.API(t, r.HubSpot)}
	r.Way = r.way
	return r
}

// HubSpot takes up to 30 days, and so does the answer.
func TestErasure(t *testing.T) {
	r := newRig(t)
	if e := r.Tell(t); e.State != ledger.Told || e.Mark != "51" || len(r.Blocked) > 0 {
		t.Fatalf("found: %+v", e)
	}
	if e := r.Tell(t); e.State != ledger.Told || !e.TellAt.Equal(r.Desk.Now().AddDate(0, 0, 30)) || r.Contacts["51"].Erased.IsZero() {
		t.Fatalf("asked for: %+v", e)
	}
	r.Wait(29 * 24 * time.Hour)
	if e := r.Tell(t); e.State != ledger.Told {
		t.Errorf("not over: %+v", e)
	}
	r.Wait(24 * time.Hour)
	if e := r.Tell(t); e.State != ledger.Done || e.Records != 1 || e.Mark != "" {
		t.Errorf("proved: %+v", e)
	}
	if !r.Contacts["52"].Erased.IsZero() || r.Called("POST /crm/v3/objects/contacts/gdpr-delete") != 1 {
		t.Errorf("others: %q", r.Calls())
	}
}

// An address that HubSpot does not know is never given to it for erasure: it would keep it, on a blocklist.
func TestUnknownAddressesAreNotBlocked(t *testing.T) {
	r := newRig(t)
	delete(r.Contacts, "51")
	if e := r.Tell(t); e.State != ledger.NotFound || len(r.Blocked) > 0 || r.Called("POST /crm/v3/objects/contacts/gdpr-delete") > 0 {
		t.Errorf("%+v, %q", e, r.Blocked)
	}
}

// A person is found by an address that is not their contact's first one.
func TestAnotherAddress(t *testing.T) {
	r := newRig(t)
	r.Contacts["51"] = &vendors.Contact{Email: "zb@example.org", More: "zaphod@betelgeuse.example; zaphod@example.com"}
	if e := r.Tell(t); e.State != ledger.Told || e.Mark != "51" {
		t.Errorf("%+v", e)
	}
}

func TestStillThere(t *testing.T) {
	r := newRig(t)
	r.Purge = 31 * 24 * time.Hour
	r.Tell(t)
	r.Tell(t)
	r.Wait(30 * 24 * time.Hour)
	if e := r.Tell(t); e.State != ledger.Failed || e.Ground != ledger.NotShown {
		t.Errorf("%+v", e)
	}
}

// The contact is told by its number again, whatever answer was lost.
func TestHalfDone(t *testing.T) {
	r := newRig(t)
	once := true
	r.Lost = func(q *http.Request) bool { lost := once; once = false; return lost }
	if e := r.Tell(t); e.State != ledger.Due || e.Trouble != "unavailable" {
		t.Fatalf("the search's answer: %+v", e)
	}
	r.Wait(time.Minute)
	r.Tell(t)
	once = true
	if e := r.Tell(t); e.Trouble != "unavailable" || r.Contacts["51"].Erased.IsZero() {
		t.Fatalf("the erasure's answer: %+v", e)
	}
	r.Wait(time.Hour)
	if e := r.Tell(t); e.State != ledger.Told || e.Trouble != "" || !strings.HasPrefix(e.Mark, "51 ") {
		t.Errorf("again: %+v", e)
	}
	r.Wait(31 * 24 * time.Hour)
	if e := r.Tell(t); e.State != ledger.Done {
		t.Errorf("in the end: %+v", e)
	}
}

func TestTrouble(t *testing.T) {
	r := newRig(t)
	r.InTrouble(t, &r.Server, r.Attempt)
	if e := r.Tell(t); e.Mark != "51" {
		t.Errorf("%+v", e)
	}
}

// A number that is none is not put into a path.
func TestNumbers(t *testing.T) {
	r := newRig(t)
	r.Contacts = map[string]*vendors.Contact{"../5": {Email: email}}
	if e := r.Tell(t); e.State != ledger.NotFound {
		t.Errorf("%+v", e)
	}
}

func TestTheOwners(t *testing.T) {
	r := newRig(t)
	r.Owners(t, &r.Server)
}
