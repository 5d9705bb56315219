package async

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit/template"
)

// Outcomes of a try: the function answers, fails, or is throttled.
const (
	well      = "well"
	fails     = "fails"
	throttled = "throttled"
)

// trial is a queue whose function does as it is told, try by try; the last
// outcome repeats.
type trial struct {
	queue    *Queue
	clock    *clock.Clock
	began    time.Time
	outcomes []string
	log      bytes.Buffer

	mu      sync.Mutex
	tries   []string // when
	ids     map[string]bool
	letters []Letter
	kept    []Waiting
}

func newTrial(t *testing.T, ctx context.Context, f template.Function, outcomes ...string) *trial {
	tr := &trial{clock: clock.New(0), began: time.Now(), outcomes: outcomes, ids: map[string]bool{}}
	f.Reserved = 1
	f.LogicalID, f.ARN = "F", "arn:aws:lambda:us-east-1:000000000000:function:F"
	var wait sync.WaitGroup
	t.Cleanup(wait.Wait)
	n := 0
	tr.queue = New(ctx, Config{Functions: []template.Function{f}, Do: tr.do, Clock: tr.clock, Log: slog.New(slog.NewTextHandler(&tr.log, nil)), Go: wait.Go,
		NewID: func() string { n++; return fmt.Sprint("id-", n) },
		DeadLetter: func(_ string, message []byte) {
			var letter Letter
			if err := json.Unmarshal(message, &letter); err != nil {
				t.Error(err)
			}
			tr.letters = append(tr.letters, letter)
		},
		Keep: func(w Waiting) { tr.kept = append(tr.kept, w) }})
	return tr
}

func (tr *trial) do(ctx context.Context, call runtime.Call) (runtime.Result, error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.tries, tr.ids[call.RequestID] = append(tr.tries, time.Since(tr.began).String()), true
	outcome := tr.outcomes[min(len(tr.tries), len(tr.outcomes))-1]
	switch {
	case ctx.Err() != nil:
		return runtime.Result{}, ctx.Err()
	case outcome == throttled:
		return runtime.Result{}, runtime.ErrThrottled
	case outcome == fails:
		return runtime.Result{Payload: []byte(`{"errorMessage":"no"}`), FunctionError: "Unhandled"}, nil
	}
	return runtime.Result{Payload: []byte(`"done"`)}, nil
}

const hour = time.Hour

// After faults of the function Lambda waits one minute, then two. After
// throttles it waits a second and doubles that, up to five minutes, until the
// event is too old.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
func TestRetries(t *testing.T) {
	cases := map[string]struct {
		retries   int
		age       time.Duration
		outcomes  []string
		tries     string
		condition string // of the letter
		invokes   int
	}{
		"well at once":             {2, 6 * hour, []string{well}, "0s", "", 0},
		"fails twice, then well":   {2, 6 * hour, []string{fails, fails, well}, "0s 1m0s 3m0s", "", 0},
		"fails for good":           {2, 6 * hour, []string{fails}, "0s 1m0s 3m0s", "RetriesExhausted", 3},
		"no retries":               {0, time.Minute, []string{fails}, "0s", "RetriesExhausted", 1},
		"one retry":                {1, hour, []string{fails}, "0s 1m0s", "RetriesExhausted", 2},
		"too old for the second":   {2, 2 * time.Minute, []string{fails}, "0s 1m0s", "EventAgeExceeded", 2},
		"throttled, then well":     {0, time.Minute, []string{throttled, throttled, throttled, well}, "0s 1s 3s 7s", "", 0},
		"throttled for a minute":   {0, time.Minute, []string{throttled}, "0s 1s 3s 7s 15s 31s", "EventAgeExceeded", 0},
		"throttled, up to 5 min":   {0, 25 * time.Minute, []string{throttled}, "0s 1s 3s 7s 15s 31s 1m3s 2m7s 4m15s 8m31s 13m31s 18m31s 23m31s", "EventAgeExceeded", 0},
		"throttled between faults": {1, hour, []string{fails, throttled, throttled, fails}, "0s 1m0s 1m1s 1m3s", "RetriesExhausted", 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := newTrial(t, t.Context(), template.Function{Retries: c.retries, EventAge: c.age, OnFailure: "arn:Q"}, c.outcomes...)
				tr.queue.Send(runtime.Call{Function: "F", Payload: []byte(`{"mail":"someone@example.com"}`)})
				time.Sleep(7 * hour)
				if got := strings.Join(tr.tries, " "); got != c.tries || len(tr.ids) != 1 {
					t.Errorf("tried at %s with %d ids", got, len(tr.ids))
				}
				if strings.Contains(tr.log.String(), "someone") {
					t.Error("the event is in the log")
				}
				if c.condition == "" {
					if len(tr.letters) != 0 {
						t.Errorf("given up: %+v", tr.letters)
					}
					return
				}
				if len(tr.letters) != 1 || tr.letters[0].RequestContext.Condition != c.condition || tr.letters[0].RequestContext.Invokes != c.invokes {
					t.Errorf("given up: %+v", tr.letters)
				}
			})
		})
	}
}

// A move forward makes the next try due at once; one that goes beyond the
// event's age does not take that try away.
func TestMovedTimeBringsTheNextTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTrial(t, t.Context(), template.Function{Retries: 2, EventAge: 6 * hour, OnFailure: "arn:Q"}, fails)
		tr.queue.Send(runtime.Call{Function: "F", Payload: []byte(`{}`)})
		time.Sleep(time.Second)
		tr.clock.Set(3 * time.Minute)
		time.Sleep(time.Second)
		tr.clock.Set(31 * 24 * hour)
		synctest.Wait()
		if got := strings.Join(tr.tries, " "); got != "0s 1s 2s" || len(tr.letters) != 1 || tr.letters[0].RequestContext.Condition != "RetriesExhausted" {
			t.Errorf("tried at %s, given up %+v", got, tr.letters)
		}
	})
}

// The letter has the members of AWS's own example.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func TestLetter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got string
		tr := newTrial(t, t.Context(), template.Function{EventAge: hour, OnFailure: "arn:Q"}, fails)
		tr.queue.DeadLetter = func(destination string, message []byte) { got = destination + " " + string(message) }
		tr.queue.Send(runtime.Call{Function: "F", Payload: []byte(`{"a":1}`)})
		synctest.Wait()
		const want = `arn:Q {"version":"1.0","timestamp":"2000-01-01T00:00:00Z","requestContext":{"requestId":"id-1",` +
			`"functionArn":"arn:aws:lambda:us-east-1:000000000000:function:F:$LATEST","condition":"RetriesExhausted","approximateInvokeCount":1},` +
			`"requestPayload":{"a":1},"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},` +
			`"responsePayload":{"errorMessage":"no"}}`
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// What waits for a try when the queue stops goes on in another, with its age
// and its failures. What was done by then does not.
func TestStoppingKeepsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := template.Function{Retries: 2, EventAge: hour, OnFailure: "arn:Q"}
		ctx, cancel := context.WithCancel(t.Context())
		before := newTrial(t, ctx, f, fails, fails, well)
		before.queue.Send(runtime.Call{Function: "F", Payload: []byte(`{"a":1}`)})
		time.Sleep(2 * time.Minute)
		before.queue.Send(runtime.Call{Function: "F", Payload: []byte(`{"a":2}`)})
		synctest.Wait()
		cancel()
		synctest.Wait()
		if len(before.letters) != 0 || len(before.kept) != 1 || before.kept[0].Failures != 2 || string(before.kept[0].Call.Payload) != `{"a":1}` {
			t.Fatalf("letters %+v, kept %+v", before.letters, before.kept)
		}
		time.Sleep(2 * hour)
		after := newTrial(t, t.Context(), f, fails)
		after.queue.Resume(before.kept[0])
		time.Sleep(hour)
		if got := strings.Join(after.tries, " "); got != "0s" || len(after.letters) != 1 || after.letters[0].RequestContext.Condition != "RetriesExhausted" ||
			after.letters[0].RequestContext.Invokes != 3 || after.letters[0].RequestContext.RequestID != before.kept[0].Call.RequestID {
			t.Errorf("tried at %s, given up %+v", got, after.letters)
		}
	})
}

// A function whose reserved concurrency is 0 is switched off: its events go to
// the destination without a try.
// https://aws.amazon.com/blogs/compute/introducing-new-asynchronous-invocation-metrics-for-aws-lambda/
func TestSwitchedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := newTrial(t, t.Context(), template.Function{Retries: 2, EventAge: hour, OnFailure: "arn:Q"}, throttled)
		tr.queue.Functions[0].Reserved = 0
		tr.queue.Send(runtime.Call{Function: "F", Payload: []byte(`{}`)})
		time.Sleep(time.Second)
		if len(tr.letters) != 1 || tr.letters[0].RequestContext.Condition != "ZeroReservedConcurrency" || tr.letters[0].RequestContext.Invokes != 0 {
			t.Errorf("given up: %+v", tr.letters)
		}
	})
}
