package e2e

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"privacydesk/infra/local/iam"
	"privacydesk/infra/local/stack"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/faults"
	"privacydesk/shared/testkit/standin"
	"privacydesk/shared/testkit/template"
)

// TestMain looks through the logs of all stacks once everything has run, the
// closing down included: what no single test has looked for may be there too.
func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", "6") // they wait more than they work
	code := m.Run()
	if theDesk != nil {
		theDesk.Close()
		for _, leak := range private.leaks(theDesk.logs()) {
			fmt.Println("--- FAIL: personal data in a log:", leak)
			code = 1
		}
	}
	for _, fault := range roleFaults(code == 0) {
		fmt.Println("--- FAIL: IAM role:", fault)
		code = 1
	}
	_ = os.RemoveAll(scratch)
	os.Exit(code)
}

// asked is what the functions' roles were asked for, in all tests.
var asked iam.Record

// roleFaults are the calls that a role did not permit and, where every test
// has run well, the permissions that a role has and nothing needed.
func roleFaults(well bool) []string {
	faults := asked.Denied()
	chosen := flag.Lookup("test.run").Value.String() + flag.Lookup("test.skip").Value.String()
	if !well || chosen != "" || theDesk == nil {
		return faults
	}
	roles, err := iam.Read(theDesk.Template)
	if err != nil {
		return append(faults, err.Error())
	}
	return append(faults, iam.Unnoticed(roles, asked.Calls())...)
}

// scratch is the folder of what all tests share.
var scratch, _ = os.MkdirTemp("", "privacydesk-e2e-")

// build builds the functions once, as they are deployed but for the tests' own
// settings.
var build = sync.OnceValues(func() (string, error) {
	root, err := testkit.Root()
	if err == nil {
		err = testkit.Sources()
	}
	if err != nil {
		return "", err
	}
	t, err := template.LoadLocal(root, map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, template.Options{})
	if err != nil {
		return "", err
	}
	settings, err := testkit.DeskFlag(scratch)
	if err != nil {
		return "", err
	}
	dist := filepath.Join(scratch, "dist")
	return dist, stack.Build(context.Background(), root, dist, t.Functions, settings)
})

// desk is a running stack and what it has told.
type desk struct {
	*stack.Stack
	prefix string // of its tables' names
	shown  terminal
	relays []*faults.Relay // between the functions and what they call
	stored sync.Map        // by function, how often it called DynamoDB: *atomic.Int64
}

// judged records a call of a function.
func (d *desk) judged(v iam.Verdict) {
	asked.Tell(v)
	if strings.HasPrefix(v.Action, "dynamodb:") {
		n, _ := d.stored.LoadOrStore(v.Function, new(atomic.Int64))
		n.(*atomic.Int64).Add(1)
	}
}

// storeCalls is how often the functions behind the API have called DynamoDB.
func (d *desk) storeCalls() int64 {
	sum, counted := int64(0), map[string]bool{}
	for _, route := range d.Template.Routes {
		if n, called := d.stored.Load(route.Function); called && !counted[route.Function] {
			sum += n.(*atomic.Int64).Load()
		}
		counted[route.Function] = true
	}
	return sum
}

// forgetAfter is when the relays of all tests forget a connection.
const forgetAfter = 1500 * time.Millisecond

// through puts a relay before a server.
func (d *desk) through(server string, how faults.Forgetting) string {
	relay, err := faults.NewRelay(server, forgetAfter, how)
	if err != nil {
		panic(err)
	}
	d.relays = append(d.relays, relay)
	return relay.URL
}

// Close stops everything.
func (d *desk) Close() {
	d.Stack.Close()
	for _, r := range d.relays {
		r.Close()
	}
}

// terminal keeps what a person would have seen.
type terminal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (o *terminal) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *terminal) bytes() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Clone(o.text.Bytes())
}

// start starts a stack of the test's own. Where Java or npm is missing the
// test is skipped and says so; under CI=true it fails.
func start(tb testing.TB, config stack.Config) *desk {
	tb.Helper()
	return startForgetting(tb, config, faults.Reset)
}

func startForgetting(tb testing.TB, config stack.Config, how faults.Forgetting) *desk {
	tb.Helper()
	d, err := newDesk(config, how)
	if errors.Is(err, database.ErrMissing) && os.Getenv("CI") != "true" {
		tb.Skipf("SKIPPED, NOT TESTED: %v", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// newDesk starts a stack whose functions find their connections dead that they
// have not used for a while.
func newDesk(config stack.Config, how faults.Forgetting) (*desk, error) {
	var err error
	if config.Dist, err = build(); err != nil {
		return nil, err
	}
	return newDeskOf(config, how)
}

// newDeskOf is newDesk with functions that are built already.
func newDeskOf(config stack.Config, how faults.Forgetting) (*desk, error) {
	var err error
	if config.Root, err = testkit.Root(); err != nil {
		return nil, err
	}
	d := &desk{prefix: config.TablePrefix}
	config.Out, config.Judged = &d.shown, d.judged
	config.Between = func(server string) string { return d.through(server, how) }
	d.Stack, err = stack.Start(context.Background(), config)
	return d, err
}

// theDesk is the stack that most tests share.
var theDesk *desk

var startShared = sync.OnceValues(func() (*desk, error) {
	d, err := newDesk(stack.Config{
		Data: filepath.Join(scratch, "shared"), Memory: true,
		// The tests look at the list often; that must not use up the functions' rate.
		StandIn:    func(c *standin.Config) { c.RequestsPerSecond = 1000 },
		Parameters: map[string]string{"SesRequestsPerSecond": "50", "SourceRequestsPerMinute": "10000", "LogLevel": "DEBUG"},
	}, faults.Reset)
	if err == nil {
		theDesk = d
	}
	return d, err
})

func shared(tb testing.TB) *desk {
	tb.Helper()
	d, err := startShared()
	if errors.Is(err, database.ErrMissing) && os.Getenv("CI") != "true" {
		tb.Skipf("SKIPPED, NOT TESTED: %v", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return d
}
