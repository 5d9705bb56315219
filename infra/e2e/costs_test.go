package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"math"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"privacydesk/infra/costs/bill"
)

var update = flag.Bool("update", false, "write what is measured into infra/costs/bill/measured.yaml")

const measuredHead = `# What one act and one run of a schedule with nothing to do use. Never edit it: infra/e2e measures it on the local stack and
# holds it to the code, but for ms, which are those of the machine that measured. Measure anew:
#   go test ./infra/e2e -run TestCostsAreMeasured -update
`

// What make costs calculates with is what the functions do.
func TestCostsAreMeasured(t *testing.T) {
	d, units := startMetered(t)
	got := bill.Measured{Runs: map[string]bill.Use{}}
	for _, s := range d.Template.Schedules {
		run := func() {
			if _, fault, err := d.Runtime.Invoke(t.Context(), s.Function, []byte(cmp.Or(s.Input, "{}"))); err != nil || fault != "" {
				t.Fatalf("%s: %s, %v", s.LogicalID, fault, err)
			}
		}
		d.use(t, units, 1, run) // the first one starts the function
		for range 3 {           // the stack's own schedule may run meanwhile
			one := d.use(t, units, 1, func() { began := time.Now(); run(); units.ms += float64(time.Since(began).Milliseconds()) })
			if least, ok := got.Runs[s.LogicalID]; !ok || cmp.Or(cmp.Compare(one.Reads, least.Reads), cmp.Compare(one.Lines, least.Lines)) < 0 {
				got.Runs[s.LogicalID] = one
			}
		}
	}
	got.OptOut = d.use(t, units, 4, func() { d.leaveByForm(t) })
	got.OptOut.MS += got.Runs["SuppressionFunctionSweep"].MS * (got.OptOut.Starts - got.OptOut.Requests)
	got.RowBytes, got.IndexBytes = d.sizes(t)
	got.Import = d.importOf(t, units)
	got.Request = d.use(t, units, 3, func() { d.askAndConfirm(t) })
	got.Request.MS += got.Runs["NoticesFunctionSweep"].MS * (got.Request.Starts - got.Request.Requests)
	text, err := yaml.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("../costs/bill/measured.yaml", append([]byte(measuredHead), text...), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := bill.LoadMeasured()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "opt_out", got.OptOut, want.OptOut)
	compare(t, "request", got.Request, want.Request)
	compare(t, "import", got.Import, want.Import)
	for name, use := range got.Runs {
		compare(t, name, use, want.Runs[name])
	}
	near(t, "row_bytes", got.RowBytes, want.RowBytes, 20)
	near(t, "index_bytes", got.IndexBytes, want.IndexBytes, 20)
}

// compare leaves out ms. A stream's batch may come in two, and the stack's own schedule may run meanwhile: hence the room.
func compare(t *testing.T, name string, got, want bill.Use) {
	t.Helper()
	near(t, name+": requests", got.Requests, want.Requests, 0)
	near(t, name+": starts", got.Starts, want.Starts, 0.5)
	near(t, name+": writes", got.Writes, want.Writes, 0)
	near(t, name+": reads", got.Reads, want.Reads, 1)
	near(t, name+": lines", got.Lines, want.Lines, 1)
	near(t, name+": bytes", got.Bytes, want.Bytes, 200)
}

func near(t *testing.T, what string, got, want, room float64) {
	t.Helper()
	if math.Abs(got-want) > 0.1*want+room {
		t.Errorf("%s is %.1f; infra/costs/bill/measured.yaml says %.1f (-update measures anew)", what, got, want)
	}
}

// leaveByForm is a person who opens the form and opts out.
func (d *desk) leaveByForm(t *testing.T) {
	t.Helper()
	address, _ := person(t)
	d.get(t, "/unsubscribe")
	if got := d.post(t, "/unsubscribe", url.Values{"email": {address}}); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	d.quiet(t)
}

// askAndConfirm is a person who sends a request and confirms it.
func (d *desk) askAndConfirm(t *testing.T) {
	t.Helper()
	address, name := person(t)
	d.get(t, "/requests")
	d.accepted(t, d.post(t, "/requests", url.Values{"email": {address}, "name": {name}, "kind": {"access"}, "country": {"DE"}}))
	d.confirm(t, d.mailed(t, address, "/requests/confirm/", ""))
	wait(t, "the acknowledgement", func() bool { return len(d.mails(t, address)) == 2 })
	d.quiet(t)
}

// importOf is what an address of a list needs: one call takes many.
func (d *desk) importOf(t *testing.T, units *units) bill.Use {
	t.Helper()
	const n = 60
	all := d.use(t, units, 1, func() {
		d.takesOver(t, n)
		wait(t, "SES knows all of them", func() bool { // what is under way has a later pending_at: quiet would end too soon
			return !slices.ContainsFunc(d.rows(t, "OptOutsTable"), func(r row) bool { return r["pending"] != "" })
		})
	})
	each := func(x float64) float64 { return math.Round(100*x/n) / 100 }
	return bill.Use{
		Requests: each(all.Requests), Starts: each(all.Starts), MS: each(all.MS),
		Writes: each(all.Writes), Reads: each(all.Reads), Lines: each(all.Lines), Bytes: each(all.Bytes),
	}
}

// use is what n acts need, each.
func (d *desk) use(t *testing.T, units *units, n int, act func()) bill.Use {
	t.Helper()
	before := d.soFar(t)
	units.reset()
	for range n {
		act()
	}
	time.Sleep(300 * time.Millisecond) // the last lines of the log
	after := d.soFar(t)
	units.mu.Lock()
	defer units.mu.Unlock()
	per := func(x float64) float64 { return math.Round(10*x/float64(n)) / 10 }
	return bill.Use{
		Requests: per(after.requests - before.requests), Starts: per(after.requests - before.requests + after.runs - before.runs + units.invoked()),
		MS: per(after.ms - before.ms + units.ms), Writes: per(units.writes), Reads: per(units.reads),
		Lines: per(after.lines - before.lines), Bytes: per(after.bytes - before.bytes),
	}
}

// sums are what the logs say so far.
type sums struct{ requests, ms, runs, lines, bytes float64 }

// soFar counts requests in the gateway's log, and runs by the line that each run of a stream's batch writes.
func (d *desk) soFar(t *testing.T) (sum sums) {
	t.Helper()
	logs := d.logs()
	for line := range bytes.Lines(logs["gateway.log"]) {
		var entry struct {
			ResponseLatency float64 `json:",string"`
		}
		if err := json.Unmarshal(line, &entry); err == nil {
			sum.requests++
			sum.ms += entry.ResponseLatency
		}
	}
	for _, f := range d.Template.Functions {
		log := logs[f.Folder+".log"]
		sum.lines += float64(bytes.Count(log, []byte("\n")))
		sum.bytes += float64(len(log))
		sum.runs += float64(bytes.Count(log, []byte(`"message":"suppression synced"`)) + bytes.Count(log, []byte(`"message":"outbox drained"`)))
	}
	return sum
}

// sizes are the bytes of one opt-out as DynamoDB counts them
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html), 100 bytes of
// overhead each; in its indexes once SES has been told: Disposal and Changes, with keys and some attributes.
func (d *desk) sizes(t *testing.T) (row, index float64) {
	t.Helper()
	rows := 0.0
	for _, r := range d.rows(t, "OptOutsTable") {
		if r["scope"] != "email" {
			continue
		}
		rows++
		row, index = row+100, index+2*100
		for name, value := range r {
			row += float64(len(name) + len(value))
			for _, of := range []string{" ref scope disposal disposal_at version ", " ref scope feed feed_at address changed_at erased_at out_since state until "} {
				if strings.Contains(of, " "+name+" ") {
					index += float64(len(name) + len(value))
				}
			}
		}
	}
	return math.Round(row / rows), math.Round(index / rows)
}
