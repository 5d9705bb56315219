package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"privacydesk/infra/local/oidc"
	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/faults"
	"privacydesk/shared/testkit/standin"
)

// A backlog that is larger than the index is read whole goes to SES by one
// import job. The job's answer is lost: the function finds the job again and
// follows it to its end. The other readers of the index see the backlog too.
func TestABacklogGoesByOneJob(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	var jobs atomic.Int64
	away.Store(true)
	d := start(t, stack.Config{Data: t.TempDir(), DynamoDB: testkit.DynamoDBEndpoint(t), TablePrefix: "job-",
		Parameters: map[string]string{"BulkOver": "100", "SesRequestsPerSecond": "50"},
		StandIn: func(c *standin.Config) {
			c.RequestsPerSecond = 1000
			c.Faults = func(r *http.Request) *standin.Fault {
				switch {
				case away.Load() && strings.HasPrefix(r.URL.Path, "/v2/email/") && r.Header.Get("Amz-Sdk-Request") != "":
					return &standin.Fault{Status: http.StatusTooManyRequests}
				case r.Method == http.MethodPost && r.URL.Path == "/v2/email/import-jobs" && jobs.Add(1) == 1:
					return &standin.Fault{Drop: true, After: true}
				}
				return nil
			}
		}})
	defer d.Close()
	all := d.takesOver(t, 120)
	d.isWell(t)
	d.travel(t, "+1h") // longer than any pause after a refusal
	d.invoke(t, "clock")
	d.invoke(t, "notices")
	away.Store(false)
	wait(t, "a job is handed over", func() bool { d.invoke(t, "suppression"); return jobs.Load() > 0 })
	d.travel(t, "+2h") // whoever handed it over counts as dead
	wait(t, "SES holds everybody back", func() bool {
		d.invoke(t, "suppression")
		return d.told(t, all[0]) && len(d.suppressed(t)) == len(all)
	})
	if n := jobs.Load(); n != 1 {
		t.Errorf("%d jobs", n)
	}
}

// isWell opens the screen that says how the desk does. It counts what waits for
// SES and for a mail, in other calls where that is much.
func (d *desk) isWell(t *testing.T) {
	t.Helper()
	_, status, body := d.logIn(t, oidc.Officer).look(d.URL+"/desk/health", nil)
	if status != http.StatusOK || strings.Contains(body, "The database did not answer") {
		t.Errorf("how the desk does: %d\n%s", status, body)
	}
}

// takesOver has the desk take over a list of n opt-outs.
func (d *desk) takesOver(t *testing.T, n int) (all []string) {
	t.Helper()
	var rows []map[string]string
	for range n {
		address, _ := person(t)
		all, rows = append(all, address), append(rows, map[string]string{"address": address})
	}
	for len(rows) > 0 {
		some := rows[:min(len(rows), 60)]
		body, err := json.Marshal(map[string]any{"source": "another system", "rows": some})
		if err != nil {
			t.Fatal(err)
		}
		d.accepted(t, do(t, request(t, http.MethodPost, d.URL+"/suppressions/import", string(body), signed)))
		rows = rows[len(some):]
	}
	return all
}

// invoke runs a function as its schedule does; how it ends shows elsewhere.
func (d *desk) invoke(t *testing.T, function string) {
	t.Helper()
	_, _, err := unthrottled(func() ([]byte, string, error) { return d.Invoke(t.Context(), function, []byte(`{}`)) })
	if err != nil {
		t.Fatal(err)
	}
}

// cutOff starts a stack in which calls to DynamoDB get lost while cut says so.
func cutOff(t *testing.T, prefix string, cut func(*faults.Call) bool) *desk {
	t.Helper()
	dynamoDB := testkit.DynamoDBEndpoint(t)
	proxy := newProxy(t, dynamoDB, dynamoDB)
	proxy.Decide(func(c *faults.Call) faults.Outcome { return faults.Outcome{Lost: cut(c)} })
	gate := httptest.NewServer(proxy)
	t.Cleanup(gate.Close)
	d := start(t, stack.Config{Data: t.TempDir(), DynamoDB: gate.URL, TablePrefix: prefix})
	t.Cleanup(d.Close)
	return d
}

// Where a request cannot be opened with "… and delete my data", the opt-out is
// stored with the wish, and notices opens the request later.
func TestAnErasureThatIsOpenedLater(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	d := cutOff(t, "later-", func(c *faults.Call) bool { return broken.Load() && c.Operation == "TransactWriteItems" })
	address, name := person(t)
	broken.Store(true)
	d.accepted(t, d.post(t, "/unsubscribe", url.Values{"email": {address}, "name": {name}, "erase": {"yes"}}))
	if got, requests := d.states(t, address), d.rows(t, "RequestsTable"); got != "email=out" || len(requests) != 0 {
		t.Errorf("stored: %s, and %d rows of requests", got, len(requests))
	}
	broken.Store(false)
	wait(t, "the letter that has it confirmed", func() bool { d.invoke(t, "notices"); return len(d.mails(t, address)) > 0 })
}

// What a function fails for again and again is kept in the queue of its
// mapping, or of its own: once for each.
func TestWhatIsGivenUpIsKept(t *testing.T) {
	t.Parallel()
	fails := []string{"SuppressionFunction", "NoticesFunction", "MailboxFunction", "SystemsFunction"}
	d := cutOff(t, "given-", func(c *faults.Call) bool {
		for _, function := range fails {
			if strings.Contains(c.Request.Header.Get("Authorization"), "Credential="+function+"/") {
				return true
			}
		}
		return false
	})
	address, name := person(t)
	d.accepted(t, d.post(t, "/unsubscribe", url.Values{"email": {address}, "name": {name}}))
	d.accepted(t, d.post(t, "/requests", url.Values{"email": {address}, "name": {name}, "kind": {"access"}, "country": {"DE"}}))
	raw := "From: " + address + "\r\nTo: privacy@in.example.com\r\nSubject: x\r\n\r\nHello\r\n"
	do(t, request(t, http.MethodPost, d.AWS+"/inbound", raw, map[string]string{"Content-Type": "message/rfc822"}))
	if err := d.later(t, database.Client(d.DynamoDB), "PD-LATER"); err != nil {
		t.Fatal(err)
	}
	moved := time.Now()
	wait(t, "what was given up", func() bool {
		if time.Since(moved) > 2*time.Second { // the next retry is due
			d.travel(t, "+3m")
			moved = time.Now()
		}
		undelivered, unread := d.deadLetters(t, "UndeliveredQueue"), d.deadLetters(t, "UnreadMailQueue")
		return strings.Contains(undelivered, fails[0]) && strings.Contains(undelivered, fails[1]) && strings.Contains(undelivered, fails[3]) && strings.Contains(unread, fails[2])
	})
}

// deadLetters is what is kept in a queue for people.
func (d *desk) deadLetters(t *testing.T, queue string) string {
	t.Helper()
	kept, err := os.ReadFile(filepath.Join(d.Data, "dead-letters", queue+".jsonl"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(kept)
}
