package hubspot

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/testkit/vendors"
)

// kinds are an account with batches, and one without.
func kinds(t *testing.T, run func(t *testing.T, r *rig)) {
	for name, enterprise := range map[string]bool{"Enterprise": true, "Professional": false} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.Enterprise = enterprise
			r.System.Lists = map[string]string{"newsletter": "7"}
			run(t, r)
		})
	}
}

func (r *rig) choose(t *testing.T, choices ...string) error {
	t.Helper()
	return r.way.Choices(t.Context(), r.Batch(t, choices...))
}

func TestOptOuts(t *testing.T) {
	kinds(t, func(t *testing.T, r *rig) {
		for range 2 { // a batch may come twice
			if err := r.choose(t, "Zaphod@example.com email out", "ford@example.org email/newsletter out", "ford@example.org sms out"); err != nil {
				t.Fatal(err)
			}
		}
		if !r.OptedOut["zaphod@example.com"] || len(r.OptedOut) != 1 || r.Statuses["ford@example.org 7"] != "UNSUBSCRIBED" || len(r.Statuses) != 1 {
			t.Errorf("%v, %v", r.OptedOut, r.Statuses)
		}
	})
}

// Whom HubSpot does not know it is not told of.
func TestStrangersAreNotTold(t *testing.T) {
	kinds(t, func(t *testing.T, r *rig) {
		if err := r.choose(t, "trillian@example.com email out", "trillian@example.com email/newsletter out"); err != nil || len(r.OptedOut)+len(r.Statuses) > 0 || len(r.Calls()) != 1 {
			t.Errorf("%v, %v, %q", err, r.OptedOut, r.Calls())
		}
	})
}

// People come back to a topic, unless they have opted out of all mail at HubSpot; no call takes that back.
func TestReturns(t *testing.T) {
	kinds(t, func(t *testing.T, r *rig) {
		if err := r.choose(t, "zaphod@example.com email/newsletter in"); err != nil || r.Statuses["zaphod@example.com 7"] != "SUBSCRIBED" || r.Log.Len() > 0 {
			t.Errorf("%v, %v, %s", err, r.Statuses, r.Log.String())
		}
		r.OptedOut["ford@example.org"] = true
		if err := r.choose(t, "ford@example.org email in", "ford@example.org email/newsletter in"); err != nil || r.Statuses["ford@example.org 7"] != "" || !r.OptedOut["ford@example.org"] {
			t.Errorf("%v, %v", err, r.Statuses)
		}
		if log := r.Log.String(); !strings.Contains(log, "people=2") || vendors.Names(log, "ford@example.org") {
			t.Error(log)
		}
	})
}

// A batch of 100 is three calls where the account has batches.
func TestManyChoices(t *testing.T) {
	kinds(t, func(t *testing.T, r *rig) {
		var choices []string
		for i := range 100 {
			address, scope := fmt.Sprintf("p%d@example.com", i), "email"
			if i%2 == 1 {
				scope = "email/newsletter"
			}
			r.Contacts[fmt.Sprint(1000+i)] = &vendors.Contact{Email: address}
			choices = append(choices, address+" "+scope+" out")
		}
		if err := r.choose(t, choices...); err != nil || len(r.OptedOut) != 50 || len(r.Statuses) != 50 {
			t.Errorf("%v, %d, %d", err, len(r.OptedOut), len(r.Statuses))
		}
		if n := len(r.Calls()); r.Enterprise && n != 3 || !r.Enterprise && n != 103 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestChoicesInTrouble(t *testing.T) {
	kinds(t, func(t *testing.T, r *rig) {
		batch := r.Batch(t, "zaphod@example.com email out", "zaphod@example.com email/newsletter out")
		r.InTrouble(t, &r.Server, func(ctx context.Context) error { return r.way.Choices(ctx, batch) })
		r.System.Lists["newsletter"] = "seven" // HubSpot answers 400, which is no opt-out
		if err := r.choose(t, "zaphod@example.com email/newsletter out"); err == nil || vendors.Names(err.Error(), email) {
			t.Error(err)
		}
		r.System.Lists["newsletter"] = "7"
		if err := r.way.Choices(t.Context(), batch); err != nil || !r.OptedOut["zaphod@example.com"] {
			t.Error(err)
		}
		calls := len(r.Calls())
		if err := r.choose(t, "zaphod@example.com bounce out"); err != nil || len(r.Calls()) != calls {
			t.Error("HubSpot was called for nothing:", err)
		}
		r.Key = "Bearer another"
		if err := r.way.Choices(t.Context(), batch); !fault.Is(err, fault.Forbidden) {
			t.Error(err)
		}
	})
}
