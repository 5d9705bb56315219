package e2e

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"privacydesk/infra/local/database"
	"privacydesk/infra/local/stack"
	"privacydesk/infra/local/standin"
	"privacydesk/infra/local/template"
	"privacydesk/shared/testkit"
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
	_ = os.RemoveAll(scratch)
	os.Exit(code)
}

// scratch is the folder of what all tests share.
var scratch, _ = os.MkdirTemp("", "privacydesk-e2e-")

// build builds the functions once, as they are deployed.
var build = sync.OnceValues(func() (string, error) {
	root, err := testkit.Root()
	if err != nil {
		return "", err
	}
	t, err := template.LoadLocal(root, map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, template.Options{})
	if err != nil {
		return "", err
	}
	dist := filepath.Join(scratch, "dist")
	return dist, stack.Build(context.Background(), root, dist, t.Functions)
})

// desk is a running stack and what it has told.
type desk struct {
	*stack.Stack
	shown terminal
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
	d, err := newDesk(config)
	if errors.Is(err, database.ErrMissing) && os.Getenv("CI") != "true" {
		tb.Skipf("SKIPPED, NOT TESTED: %v", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func newDesk(config stack.Config) (*desk, error) {
	var err error
	if config.Root, err = testkit.Root(); err != nil {
		return nil, err
	}
	if config.Dist, err = build(); err != nil {
		return nil, err
	}
	d := &desk{}
	config.Out = &d.shown
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
	})
	theDesk = d
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
