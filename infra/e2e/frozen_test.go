package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/faults"
)

// A function is frozen from one call to the next (SIGSTOP), and its kept
// connections die meanwhile. Its next call loses no letter and no click.
func TestFrozenFunctionsLoseNothing(t *testing.T) {
	for name, how := range map[string]faults.Forgetting{"RST": faults.Reset, "FIN": faults.Finish, "black hole": faults.Swallow} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := startForgetting(t, stack.Config{
				Data: t.TempDir(), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: fmt.Sprintf("frozen-%d-", how),
			}, how)
			defer d.Close()
			for range 4 { // the first opens the connections
				d.letterArrivesOnce(t)
				d.clickIsStored(t)
				time.Sleep(forgetAfter + 300*time.Millisecond)
			}
			dead := 0
			for _, relay := range d.relays {
				dead += relay.Dead()
			}
			if t.Logf("%d connections were dead", dead); dead == 0 {
				t.Error("nothing was tried")
			}
		})
	}
}

// letterArrivesOnce asks for something, and waits for what becomes of the
// letter by which that is confirmed.
func (d *desk) letterArrivesOnce(t *testing.T) {
	t.Helper()
	address, name := person(t)
	began := time.Now()
	asked := d.post(t, "/requests", url.Values{"email": {address}, "name": {name}, "kind": {"access"}, "country": {"DE"}})
	d.accepted(t, asked)
	took := time.Since(began)
	id := reference.FindString(asked.body)
	states := ""
	wait(t, "the letter has gone, or not", func() bool {
		states = d.letters(t, id)
		return !strings.Contains(states, "pending") && !strings.Contains(states, "sending")
	})
	time.Sleep(200 * time.Millisecond) // a second one would be here by then
	if mails := d.mails(t, address); states != "verify sent" || len(mails) != 1 {
		t.Errorf("%q, and %d mails are in the box", states, len(mails))
	}
	t.Logf("answered after %v, the letter was there after %v", took.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
}

// letters are the letters of a request and their states, as the officer sees
// them.
func (d *desk) letters(t *testing.T, id string) string {
	t.Helper()
	got := do(t, request(t, http.MethodGet, d.URL+"/api/requests/"+id, "", signed))
	var file struct {
		Mails []struct{ Template, State string }
	}
	if err := json.Unmarshal([]byte(got.body), &file); err != nil || got.status != http.StatusOK {
		t.Fatalf("the request's file: %d %s", got.status, got.body)
	}
	var out []string
	for _, m := range file.Mails {
		out = append(out, m.Template+" "+m.State)
	}
	return strings.Join(out, ", ")
}

func (d *desk) clickIsStored(t *testing.T) {
	t.Helper()
	address, _ := person(t)
	link := d.link(t, address, "")
	time.Sleep(forgetAfter + 300*time.Millisecond) // making the link has used the connection
	began := time.Now()
	d.accepted(t, d.oneClick(t, link))
	t.Logf("a click was answered after %v", time.Since(began).Round(time.Millisecond))
	if states := d.states(t, address); states != "email=out" {
		t.Errorf("stored: %q", states)
	}
}
