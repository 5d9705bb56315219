package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/infra/local/stack"
	"privacydesk/infra/local/systems"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/patch"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/faults"
	"privacydesk/shared/testkit/standin"
	"privacydesk/shared/testkit/template"
)

// others are the systems of these tests: two that are called, and one that hears events.
func others(d *settings.Desk) {
	testkit.WithSystems(d)
	kept := d.Systems[:0]
	for _, s := range d.Systems {
		switch s.ID {
		case "newsletter":
			s.Way, s.URL, s.Secret, s.Lists = "webhook", "https://news.example.com/hooks/privacy", "news", nil
		case "contracts":
			continue
		}
		kept = append(kept, s)
	}
	d.Systems = kept
}

// buildWithOthers builds the functions with those systems, once.
var buildWithOthers = sync.OnceValues(func() (string, error) {
	root, err := testkit.Root()
	if err != nil {
		return "", err
	}
	t, err := template.LoadLocal(root, map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, template.Options{})
	if err != nil {
		return "", err
	}
	folder := filepath.Join(scratch, "others")
	overlay, err := testkit.DeskFlag(folder, others)
	if err != nil {
		return "", err
	}
	dist := filepath.Join(folder, "dist")
	return dist, stack.Build(context.Background(), root, dist, t.Functions, overlay)
})

// withOthers is a stack whose desk tells other systems.
func withOthers(tb testing.TB) *desk {
	tb.Helper()
	_, err := buildFor(tb) // which looks at the sources, and skips where there is no DynamoDB Local
	var dist string
	if err == nil {
		dist, err = buildWithOthers()
	}
	var d *desk
	data := tb.TempDir()
	const keys = `{"SystemsSecret":"{\"news\":\"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\"}"}`
	if err == nil {
		err = os.WriteFile(filepath.Join(data, "secrets.json"), []byte(keys), 0o600)
	}
	if err == nil {
		d, err = newDeskOf(stack.Config{
			Data: data, Memory: true, Dist: dist, StandIn: func(c *standin.Config) { c.RequestsPerSecond = 1000 },
		}, faults.Reset)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(d.Close)
	return d
}

// ahead moves the desk's time on.
func (d *desk) ahead(t *testing.T, by time.Duration) {
	t.Helper()
	d.travel(t, fmt.Sprintf("+%ds", int(by.Seconds())))
}

// Erasures that other systems must carry out too. They share a stack, and so they come one after another.
func TestOtherSystems(t *testing.T) {
	t.Parallel()
	d := withOthers(t)
	for _, story := range []struct {
		name string
		tell func(*testing.T, *desk)
	}{
		{"told, and the case closes", othersAreTold}, {"killed at any moment", tellingIsKilled}, {"down for two days", othersAreDown}, {"gone", othersAreGone},
		{"many, and one that desk.yaml has no longer", manyAreDue}, {"done by their owners", ownersDoIt}, // whose clock then reads key by key
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

// erasing is a person whose erasure was granted.
func (d *desk) erasing(t *testing.T) (address, id string) {
	t.Helper()
	address, name := person(t)
	id = d.entered(t, map[string]any{"address": address, "name": name, "kinds": []string{"erasure"}})
	d.officer(t, id, "decide", map[string]any{"outcome": "fulfilled"})
	return address, id
}

// tellsSystems runs the function by hand, as its schedule does every minute.
func (d *desk) tellsSystems(t *testing.T) { d.call(t, "systems", []byte(`{}`)) }

// callsOf are the webhooks about a request to a host.
func (d *desk) callsOf(id, host string) (found []systems.Call) {
	for _, c := range d.Systems.Calls() {
		if c.Request == id && c.Host == host {
			found = append(found, c)
		}
	}
	return found
}

const (
	crmHost  = "crm.example.com"
	newsHost = "news.example.com"
)

// answered is how often the history says that systems have answered.
func (d *desk) happened(t *testing.T, id, kind string) int {
	t.Helper()
	file := do(t, request(t, http.MethodGet, d.URL+"/api/requests/"+id, "", signed))
	return strings.Count(file.body, `"kind":"`+kind+`"`)
}

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
	told := do(t, request(t, http.MethodGet, d.AWS+"/events.json", "", nil))
	if !strings.Contains(told.body, "Erasure Ordered") || !strings.Contains(told.body, id) || strings.Contains(told.body, address) {
		t.Errorf("the bus has %s", told.body)
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

func (d *desk) ledgerRow(t *testing.T, id, system string) row {
	t.Helper()
	for _, r := range d.rows(t, "RequestsTable") {
		if r["id"] == id && r["row"] == "system#erasure#"+system {
			return r
		}
	}
	t.Fatalf("there is no row of %s", system)
	return nil
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
