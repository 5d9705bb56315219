package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/infra/local/systems"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/testkit/database"
)

// Erasures that other systems must carry out too. They share a stack, and so they come one after another.
func TestOtherSystems(t *testing.T) {
	t.Parallel()
	d := withOthers(t)
	for _, story := range []struct {
		name string
		tell func(*testing.T, *desk)
	}{
		{"told, and the case closes", othersAreTold}, {"killed at any moment", tellingIsKilled}, {"down for two days", othersAreDown}, {"gone", othersAreGone},
		{"many, and one that desk.yaml has no longer", manyAreDue}, {"what they hold", filesAreSent}, {"all that is held, by parts", answeredByParts},
		{"done by their owners", ownersDoIt}, // whose clock then reads key by key
	} {
		if d.Systems.Behave(systems.Done); !t.Run(story.name, func(t *testing.T) { story.tell(t, d) }) {
			return
		}
	}
	logs := d.logs()
	for _, leak := range private.leaks(logs) {
		t.Error(leak)
	}
	if len(logs["systems.log"]) == 0 {
		t.Error("systems.log is empty")
	}
}

const (
	crmHost  = "crm.example.com"
	newsHost = "news.example.com"
)

// The case waits for the systems that are told, and closes on what they answer; what is sent names nobody.
func othersAreTold(t *testing.T, d *desk) {
	address, id := d.erasing(t)
	wait(t, "the case is closed", func() bool { return d.request(t, id)["state"] == "fulfilled" })
	for _, host := range []string{crmHost, newsHost} {
		wait(t, "the call to "+host+" has ended", func() bool { return len(d.callsOf(id, host)) > 0 })
		calls := d.callsOf(id, host)
		if len(calls) != 1 || !calls[0].Genuine || !strings.Contains(calls[0].Fetched, address) || !strings.HasSuffix(calls[0].Answered, " 200") {
			t.Errorf("%s: %+v", host, calls)
		}
		for _, c := range calls {
			if strings.Contains(c.Body, address) {
				t.Errorf("a call names the person: %s", c.Body)
			}
		}
	}
	if n, m := d.happened(t, id, "system_answered"), d.happened(t, id, "fetched_by_system"); n != 2 || m != 2 {
		t.Errorf("the history has %d answers, %d fetched", n, m)
	}
	wait(t, "the person reads what was done", func() bool {
		return strings.Contains(strings.Join(d.mails(t, address), " "), "carried_out") || len(d.mails(t, address)) > 1
	})
	bus := func() string { return do(t, request(t, http.MethodGet, d.AWS+"/events.json", "", nil)).body }
	wait(t, "the bus has the event", func() bool { return strings.Contains(bus(), "Erasure Ordered") && strings.Contains(bus(), id) })
	if strings.Contains(bus(), address) {
		t.Errorf("the bus has %s", bus())
	}
	page := do(t, request(t, http.MethodGet, d.AWS+"/systems", "", browser))
	if page.status != http.StatusOK || !strings.Contains(page.body, id) {
		t.Errorf("the stack shows %d %.300s", page.status, page.body)
	}
}

// A system that is down for two days, in each manner, is told in the end: nothing is lost, and the ledger has it once.
func othersAreDown(t *testing.T, d *desk) {
	var ids []string
	for _, manner := range []systems.Manner{systems.Broken, systems.Down, systems.Garbage, systems.Busy} {
		d.Systems.Behave(manner)
		_, id := d.erasing(t)
		wait(t, string(manner)+": it was tried", func() bool { return len(d.callsOf(id, crmHost)) > 0 })
		ids = append(ids, id)
	}
	d.Systems.Behave(systems.Broken)
	for _, by := range []time.Duration{6 * time.Minute, 2 * time.Hour, 24 * time.Hour, 22 * time.Hour} {
		d.ahead(t, by)
		d.tellsSystems(t)
	}
	for _, id := range ids {
		if state := d.request(t, id)["state"]; state != "carrying_out" {
			t.Errorf("after two days it is %s", state)
		}
	}
	d.Systems.Behave(systems.Done)
	d.ahead(t, 25*time.Hour)
	wait(t, "all cases are closed", func() bool {
		d.tellsSystems(t)
		for _, id := range ids {
			if d.request(t, id)["state"] != "fulfilled" {
				return false
			}
		}
		return true
	})
	for _, id := range ids {
		if n := d.happened(t, id, "system_answered"); n != 2 {
			t.Errorf("%d answers in the history: %v %v %v", n, d.ledgerRow(t, id, "crm"), d.ledgerRow(t, id, "newsletter"), d.ledgerRow(t, id, "warehouse"))
		}
		for _, c := range d.callsOf(id, crmHost) {
			if c.ID != id+":erasure:crm" || !c.Genuine {
				t.Errorf("another notice: %+v", c)
			}
		}
	}
}

// A system that answers 410 is asked no more; the case does not close by itself.
func othersAreGone(t *testing.T, d *desk) {
	d.Systems.Behave(systems.Gone)
	_, id := d.erasing(t)
	wait(t, "the owner has the task", func() bool {
		return d.ledgerRow(t, id, "crm")["by_owner"] == "1" && d.ledgerRow(t, id, "newsletter")["by_owner"] == "1"
	})
	d.Systems.Behave(systems.Done)
	d.ahead(t, 4*24*time.Hour)
	d.tellsSystems(t)
	if n := len(d.callsOf(id, crmHost)); n > 1 || d.request(t, id)["state"] != "carrying_out" {
		t.Errorf("%d calls, %s", n, d.request(t, id)["state"])
	}
}

// Killed at any moment, the function tells each system under one id, and the ledger has each answer once.
func tellingIsKilled(t *testing.T, d *desk) {
	for delay := time.Duration(0); delay < 240*time.Millisecond; delay += 20 * time.Millisecond {
		killer := time.AfterFunc(delay, func() { d.Runtime.Kill("systems") })
		_, id := d.erasing(t)
		killer.Stop()
		d.Runtime.Kill("systems")
		wait(t, fmt.Sprintf("killed after %s, the case is closed", delay), func() bool {
			if d.request(t, id)["state"] == "fulfilled" {
				return true
			}
			d.ahead(t, 130*time.Second) // an attempt is a run's own for two minutes
			d.tellsSystems(t)
			return false
		})
		if n := d.happened(t, id, "system_answered"); n != 2 {
			t.Errorf("killed after %s: %d answers", delay, n)
		}
		ids := map[string]bool{}
		for _, c := range d.callsOf(id, crmHost) {
			ids[c.ID] = true
		}
		if len(ids) != 1 {
			t.Errorf("killed after %s: told as %v", delay, ids)
		}
	}
}

// What is due is found where it is much, and how far a system was told is forgotten with it.
func manyAreDue(t *testing.T, d *desk) {
	db := database.Client(d.DynamoDB)
	choices := &optouts.Store{Table: dynamo.Table{DB: db, Name: d.prefix + "OptOutsTable"}}
	if err := choices.SaveCursor(t.Context(), feed.Cursor{System: "sold", Version: 1}); err != nil {
		t.Fatal(err)
	}
	for i := range 120 {
		if err := d.later(t, db, fmt.Sprintf("PD-LATER-%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	_, id := d.erasing(t)
	wait(t, "the case is closed", func() bool { d.tellsSystems(t); return d.request(t, id)["state"] == "fulfilled" })
	cursors, err := choices.Cursors(t.Context())
	for _, c := range cursors {
		if c.System == "sold" {
			t.Error("a system that is gone from desk.yaml is remembered")
		}
	}
	if err != nil || len(cursors) == 0 {
		t.Errorf("%+v, %v", cursors, err)
	}
}

// later is a row of the ledger that is due in many years.
func (d *desk) later(t *testing.T, db *dynamodb.Client, id string) error {
	t.Helper()
	table := dynamo.Table{DB: db, Name: d.prefix + "RequestsTable"}
	var u patch.Patch
	u.Set("pending", "system")
	u.Set("pending_at", d.Now().AddDate(20, 0, 0))
	return table.Update(t.Context(), requests.Key(id, "system#erasure#crm"), u)
}
