// Package async is Lambda's queue of asynchronous invocations on one machine.
// Schedules, SES receipt rules and the invocation type Event put events into
// it. It tries an event again while the function fails or is throttled, and
// sends what it gives up to the function's on-failure destination.
//
// Ages and waits are counted in the stack's time: a move forward makes the next
// try due at once. A try that was due before the event's age was up is made,
// even if the move went beyond that.
//
// Events live in memory; those that wait when the stack stops are given back,
// to be resumed. It must not log what an event holds.
//
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
package async

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"privacydesk/infra/local/clock"
	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit/template"
)

// Config is what a queue needs.
type Config struct {
	Functions  []template.Function
	Do         func(ctx context.Context, call runtime.Call) (runtime.Result, error)
	DeadLetter func(destination string, message []byte) // gets a Letter as JSON
	Keep       func(Waiting)                            // gets what is not done when the queue stops, from many goroutines
	Clock      *clock.Clock
	Log        *slog.Logger
	NewID      func() string
	Go         func(func()) // runs something in the background
}

// Queue is the asynchronous invocations of a stack.
type Queue struct {
	Config
	ctx context.Context
}

// Waiting is an event that was neither done nor given up when its queue stopped.
type Waiting struct {
	Call     runtime.Call
	Sent     time.Time // of the machine's time
	Failures int       // of the function
}

// New makes a queue that works until ctx ends, and keeps what then waits.
func New(ctx context.Context, config Config) *Queue { return &Queue{config, ctx} }

// Attempt is what came of one try.
type Attempt struct {
	Result runtime.Result
	Err    error // as runtime.Do gives it
}

// Failed tells whether the event will be tried again or given up.
func (a Attempt) Failed() bool { return a.Err != nil || a.Result.FunctionError != "" }

// Send takes an event and returns at once. The channel gets the first attempt,
// for whoever wants to know.
func (q *Queue) Send(call runtime.Call) <-chan Attempt {
	call.RequestID = q.NewID()
	return q.Resume(Waiting{Call: call, Sent: time.Now()})
}

// Resume goes on with what another queue has kept; the next try is made at once.
func (q *Queue) Resume(w Waiting) <-chan Attempt {
	call := w.Call
	e := &event{queue: q, call: call, sent: w.Sent, failures: w.Failures}
	for _, f := range q.Functions {
		if call.Function == f.LogicalID || call.Function == f.Name || call.Function == f.Folder || call.Function == f.ARN {
			e.function = f
		}
	}
	first := make(chan Attempt, 1)
	q.Go(func() { e.run(first) })
	return first
}

// event is one asynchronous invocation.
type event struct {
	queue    *Queue
	call     runtime.Call
	function template.Function
	sent     time.Time // of the machine's time
	last     Attempt
	ended    time.Time // of the last attempt, in the machine's time
	failures int       // of the function
	refusals int       // throttles, and faults of Lambda itself
}

// Conditions of an event that was given up.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
const (
	exhausted   = "RetriesExhausted"
	tooOld      = "EventAgeExceeded"
	switchedOff = "ZeroReservedConcurrency"
	stopped     = "" // the stack stops; the event is no letter
)

func (e *event) run(first chan<- Attempt) {
	for {
		result, err := e.queue.Do(e.queue.ctx, e.call)
		e.last, e.ended = Attempt{result, err}, time.Now()
		select {
		case first <- e.last:
		default:
		}
		if !e.last.Failed() {
			return
		}
		if condition, again := e.again(); !again {
			e.end(condition)
			return
		}
	}
}

func (e *event) end(condition string) {
	if condition == stopped {
		e.queue.Keep(Waiting{e.call, e.sent, e.failures})
	} else {
		e.giveUp(condition)
	}
}

// again waits for the next try, or gives the condition under which there is none.
func (e *event) again() (condition string, again bool) {
	if e.last.Err != nil && e.queue.ctx.Err() != nil {
		return stopped, false
	}
	wait := e.wait()
	switch {
	case e.failures > e.function.Retries:
		return exhausted, false
	case e.function.Reserved == 0:
		return switchedOff, false
	}
	age := e.queue.Clock.Since(e.sent) - e.queue.Clock.Since(e.ended) // when the attempt ended
	left := e.function.EventAge - age
	if e.queue.Clock.Sleep(e.queue.ctx, e.ended, min(wait, left)) != nil {
		return stopped, false
	}
	return tooOld, wait <= left
}

// wait counts the attempt and gives how long Lambda waits before the next: one
// minute and two after faults of the function; after throttles a second that
// doubles, up to five minutes.
func (e *event) wait() time.Duration {
	if e.last.Err == nil {
		e.failures++
		e.queue.Log.Warn("asynchronous invocation failed", "target", e.function.Folder, "attempt", e.failures,
			"fault", e.last.Result.FunctionError, "requestId", e.call.RequestID)
		return time.Duration(e.failures) * time.Minute
	}
	e.refusals++
	switch {
	case !errors.Is(e.last.Err, runtime.ErrThrottled):
		e.queue.Log.Warn("asynchronous invocation could not be made", "target", e.function.Folder, "error", e.last.Err)
	case e.refusals == 1:
		e.queue.Log.Info("throttled", "target", e.function.Folder, "requestId", e.call.RequestID)
	}
	return min(time.Second<<min(e.refusals-1, 9), 5*time.Minute)
}
