package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/template"
)

// dist is where TestMain builds the echo function.
var dist string

func TestMain(m *testing.M) {
	var err error
	if dist, err = os.MkdirTemp("", "runtime"); err != nil {
		panic(err)
	}
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", filepath.Join(dist, "echo", "bootstrap"), "./testdata/echo")
	if out, err := build.CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	_ = os.RemoveAll(dist)
	os.Exit(code)
}

// output keeps what functions print.
type output struct {
	mu    sync.Mutex
	lines []string
}

func (o *output) line(_ string, line []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lines = append(o.lines, string(line))
}

func (o *output) has(line string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, l := range o.lines {
		if l == line {
			return true
		}
	}
	return false
}

func start(t *testing.T, change func(*template.Function)) (*Runtime, *output) {
	t.Helper()
	if err := testkit.Sources(); err != nil {
		t.Fatal(err)
	}
	f := template.Function{LogicalID: "EchoFunction", Name: "EchoFunction", Folder: "echo",
		ARN:     "arn:aws:lambda:us-east-1:000000000000:function:EchoFunction",
		Timeout: 20 * time.Second, MemoryMB: 256, Reserved: -1, LogFormat: "JSON",
		Environment: map[string]string{"OWN": "1"}}
	if change != nil {
		change(&f)
	}
	var ids atomic.Int64
	out := &output{}
	r := New(Settings{
		Dist: dist, Environment: map[string]string{"ADDED": "2"}, Output: out.line,
		Log: slog.New(slog.DiscardHandler), Now: time.Now,
		NewID: func() string { return fmt.Sprintf("00000000-0000-0000-0000-%012d", ids.Add(1)) },
	}, []template.Function{f})
	t.Cleanup(r.Close)
	return r, out
}

func call(t *testing.T, r *Runtime, do, value string) (string, string) {
	t.Helper()
	event, err := json.Marshal(map[string]string{"do": do, "value": value})
	if err != nil {
		t.Fatal(err)
	}
	payload, fault, err := r.Invoke(t.Context(), "echo", event)
	if err != nil {
		t.Fatal(err)
	}
	return string(payload), fault
}

func TestInvoke(t *testing.T) {
	r, _ := start(t, nil)
	cases := map[string]struct{ do, value, payload, fault string }{
		"own variable":       {"env", "OWN", `"1"`, ""},
		"the stack's":        {"env", "ADDED", `"2"`, ""},
		"Lambda's":           {"env", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", `"256"`, ""},
		"log format":         {"env", "AWS_LAMBDA_LOG_FORMAT", `"JSON"`, ""},
		"nothing from here":  {"env", "HOME", `""`, ""},
		"error":              {"fail", "no luck", `{"errorMessage":"no luck","errorType":"errorString"}`, "Unhandled"},
		"exit":               {"exit", "", `{"errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 3","errorType":"Runtime.ExitError"}`, "Unhandled"},
		"answer over 6 MB":   {"big", "", `{"errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}`, "Unhandled"},
		"after all that, ok": {"env", "OWN", `"1"`, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			payload, fault := call(t, r, c.do, c.value)
			if i := strings.Index(payload, "RequestId: "); i >= 0 {
				payload = payload[:i+11] + "ID" + payload[i+11+36:]
			}
			if payload != c.payload || fault != c.fault {
				t.Errorf("got %q, %s", fault, payload)
			}
		})
	}
}

func TestPanicIsAnErrorAndTheNextCallWorks(t *testing.T) {
	r, _ := start(t, nil)
	if payload, fault := call(t, r, "panic", "oh"); fault != "Unhandled" || !strings.Contains(payload, "oh") {
		t.Errorf("got %q, %s", fault, payload)
	}
	if payload, fault := call(t, r, "env", "OWN"); payload != `"1"` || fault != "" {
		t.Errorf("got %q, %s", fault, payload)
	}
}

func TestContext(t *testing.T) {
	r, _ := start(t, nil)
	result, err := r.Do(t.Context(), Call{Function: "EchoFunction", Payload: []byte(`{"do":"context"}`), ClientContext: `{"custom":{"k":"v"}}`})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Left            float64
		ARN, ID, Client string
		Memory          int
	}
	if err := json.Unmarshal(result.Payload, &got); err != nil {
		t.Fatal(err)
	}
	if got.Left < 10 || got.Left > 20 || got.ARN == "" || got.ID != result.RequestID || got.Client != "v" || got.Memory != 256 {
		t.Errorf("got %+v", got)
	}
}

func TestTimeoutKills(t *testing.T) {
	r, _ := start(t, func(f *template.Function) { f.Timeout = 300 * time.Millisecond })
	payload, fault := call(t, r, "sleep", "1m")
	if fault != "Unhandled" || !strings.Contains(payload, "Task timed out after 0.30 seconds") {
		t.Errorf("got %q, %s", fault, payload)
	}
}

func TestCallerGivesUpAndTheFunctionRunsOn(t *testing.T) {
	r, out := start(t, func(f *template.Function) { f.Reserved = 1 })
	if err := r.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := r.Invoke(ctx, "echo", []byte(`{"do":"sleep","value":"200ms"}`)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if _, _, err := r.Invoke(t.Context(), "echo", []byte(`{}`)); !errors.Is(err, ErrThrottled) {
		t.Errorf("beside it: %v", err)
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if _, _, err := r.Invoke(t.Context(), "echo", []byte(`{"do":"print","value":"still here"}`)); err == nil {
			break
		}
	}
	if !out.has("still here") {
		t.Error("the environment must have lived on")
	}
}

// What is beyond a function's reserved concurrency is throttled at once; where
// nothing is reserved, callers wait for one of this machine's environments.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
func TestConcurrency(t *testing.T) {
	cases := map[string]struct{ reserved, environments, throttled int }{
		"reserved 0":   {0, 0, 6},
		"reserved 1":   {1, 1, 5},
		"reserved 2":   {2, 2, 4},
		"none, then 4": {-1, 4, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r, _ := start(t, func(f *template.Function) { f.Reserved = c.reserved })
			if err := r.Warm(t.Context()); err != nil {
				t.Fatal(err)
			}
			var throttled atomic.Int64
			var wait sync.WaitGroup
			for range 6 {
				wait.Go(func() {
					_, fault, err := r.Invoke(t.Context(), "echo", []byte(`{"do":"sleep","value":"1s"}`))
					if errors.Is(err, ErrThrottled) {
						throttled.Add(1)
					} else if err != nil || fault != "" {
						t.Error(fault, err)
					}
				})
			}
			wait.Wait()
			if got := len(r.all[0].environments()); got != c.environments || int(throttled.Load()) != c.throttled {
				t.Errorf("%d environments, %d throttled", got, throttled.Load())
			}
		})
	}
}

// Who calls again as soon as the answer is there is not throttled.
func TestOneAfterAnotherIsNotThrottled(t *testing.T) {
	r, _ := start(t, func(f *template.Function) { f.Reserved = 1 })
	for range 50 {
		call(t, r, "pid", "")
	}
}

// However an invocation ends, its place is soon free again.
func TestAFaultGivesThePlaceBack(t *testing.T) {
	r, _ := start(t, func(f *template.Function) { f.Reserved, f.Timeout = 1, 2*time.Second })
	for _, do := range []string{"fail", "exit", "panic", "sleep", "big", "kill"} {
		if do == "kill" {
			time.AfterFunc(100*time.Millisecond, func() { r.Kill("echo") })
			do = "sleep"
		}
		if payload, fault := call(t, r, do, "1m"); fault != "Unhandled" {
			t.Errorf("%s: %q, %s", do, fault, payload)
		}
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			_, fault, err := r.Invoke(t.Context(), "echo", []byte(`{}`))
			if err == nil && fault == "" {
				break
			}
			if !errors.Is(err, ErrThrottled) || time.Now().After(deadline) {
				t.Fatalf("after %s: %q, %v", do, fault, err)
			}
		}
	}
}

func TestEnvironmentIsUsedAgain(t *testing.T) {
	r, _ := start(t, nil)
	first, _ := call(t, r, "pid", "")
	if second, _ := call(t, r, "pid", ""); first != second {
		t.Errorf("pids %s and %s", first, second)
	}
	r.Kill("EchoFunction")
	if third, fault := call(t, r, "pid", ""); first == third || fault != "" {
		t.Errorf("after Kill: %s, %s", third, fault)
	}
}

func TestKillWhileItWorks(t *testing.T) {
	r, _ := start(t, nil)
	if err := r.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(100*time.Millisecond, func() { r.Kill("echo") })
	if payload, fault := call(t, r, "sleep", "1m"); fault != "Unhandled" || !strings.Contains(payload, "signal: killed") {
		t.Errorf("got %q, %s", fault, payload)
	}
}

func TestRefusedStartKeepsTheFunctionsOwnWords(t *testing.T) {
	r, _ := start(t, func(f *template.Function) { f.Environment["REFUSE"] = "settings: BASE_URL is missing" })
	err := r.Warm(t.Context())
	if err == nil || !strings.Contains(err.Error(), "the function echo did not start: it said: settings: BASE_URL is missing (exit status 1)") {
		t.Errorf("got %v", err)
	}
	if payload, fault := call(t, r, "env", "OWN"); fault != "Unhandled" || !strings.Contains(payload, "BASE_URL is missing") {
		t.Errorf("got %q, %s", fault, payload)
	}
}

func TestCallersFaults(t *testing.T) {
	r, _ := start(t, nil)
	if _, _, err := r.Invoke(t.Context(), "nobody", nil); !errors.Is(err, ErrUnknownFunction) {
		t.Errorf("got %v", err)
	}
	if _, _, err := r.Invoke(t.Context(), "echo", make([]byte, maxPayload+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	r.Close()
	if _, _, err := r.Invoke(t.Context(), "echo", []byte(`{}`)); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestLines(t *testing.T) {
	cases := map[string]struct {
		writes []string
		want   []string
		last   string
	}{
		"whole":     {[]string{"a\nb\n"}, []string{"a", "b"}, "b"},
		"pieces":    {[]string{"a", "b\nc"}, []string{"ab", "c"}, "c"},
		"blank":     {[]string{"a\n\n"}, []string{"a"}, "a"},
		"JSON":      {[]string{`{"message":"stopped","error":"no key","x":1}`}, []string{`{"message":"stopped","error":"no key","x":1}`}, "stopped: no key"},
		"panic":     {[]string{"panic: oh\ngoroutine 1\n"}, []string{"panic: oh", "goroutine 1"}, "panic: oh"},
		"very long": {[]string{strings.Repeat("x", longestLine)}, []string{strings.Repeat("x", longestLine)}, strings.Repeat("x", longestLine)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			l := &lines{each: func(line []byte) { got = append(got, string(line)) }}
			for _, w := range c.writes {
				_, _ = l.Write([]byte(w))
			}
			l.flush()
			if strings.Join(got, "|") != strings.Join(c.want, "|") || l.last() != c.last {
				t.Errorf("got %q, last %q", got, l.last())
			}
		})
	}
}

// Whenever a function is killed, each caller gets an answer and the next call works.
func TestKillAtAnyMoment(t *testing.T) {
	r, _ := start(t, func(f *template.Function) { f.Reserved = 2 })
	stop := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(time.Duration(i%13) * time.Millisecond):
				r.Kill("echo")
			}
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for range 25 {
				if _, _, err := r.Invoke(ctx, "echo", []byte(`{"do":"sleep","value":"3ms"}`)); err != nil && !errors.Is(err, ErrThrottled) {
					t.Error(err)
				}
			}
		})
	}
	callers.Wait()
	close(stop)
	wait.Wait()
	if payload, fault := call(t, r, "env", "OWN"); payload != `"1"` || fault != "" {
		t.Errorf("afterwards: %q, %s", fault, payload)
	}
}

// A variable that is set anew reaches what comes next; what runs ends as it began.
func TestRenew(t *testing.T) {
	r, _ := start(t, nil)
	before, _ := call(t, r, "pid", "")
	busy := make(chan string)
	go func() {
		payload, fault, err := r.Invoke(t.Context(), "echo", []byte(`{"do":"sleep","value":"500ms"}`))
		busy <- fmt.Sprint(string(payload), fault, err)
	}()
	time.Sleep(100 * time.Millisecond)
	r.Renew(map[string]string{"OWN": "renewed", "NEW": "3"})
	for name, want := range map[string]string{"OWN": `"renewed"`, "NEW": `"3"`, "ADDED": `"2"`} {
		if got, fault := call(t, r, "env", name); got != want || fault != "" {
			t.Errorf("%s: got %s %s", name, got, fault)
		}
	}
	if got := <-busy; got != `"slept"<nil>` {
		t.Errorf("what ran ended with %s", got)
	}
	for range 3 { // the environment that slept must not come back
		if got, _ := call(t, r, "env", "NEW"); got != `"3"` {
			t.Errorf("an old environment answered: %s", got)
		}
	}
	r.Renew(map[string]string{"NEW": "4"})
	if got, _ := call(t, r, "env", "OWN"); got != `"renewed"` {
		t.Errorf("the earlier change is lost: %s", got)
	}
	if after, _ := call(t, r, "pid", ""); after == before {
		t.Error("the process is the same")
	}
}
