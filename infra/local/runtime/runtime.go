// Package runtime runs functions as Lambda does: it starts the real bootstrap
// with the environment that Lambda sets, hands it events over the Runtime API
// on loopback, ends it at its timeout and starts another after a crash.
//
// What it does as the service does: one invocation at a time in an execution
// environment, several environments side by side up to the function's reserved
// concurrency, a throttle above that, a deadline for each invocation, payload
// limits, error shapes, and (on Linux) processes that are frozen between
// invocations. What it does not: a function without a reservation has a few
// environments, not a thousand, and callers wait for a free one.
//
// It must not know who invokes, nor read an event.
package runtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"privacydesk/shared/testkit/template"
)

// Settings are the same for all functions of a stack.
type Settings struct {
	Dist         string                             // holds <folder>/bootstrap
	Environment  map[string]string                  // added to every function's own variables; see Renew
	Environments int                                // at most so many per function, where it reserves none; default 4
	Output       func(function string, line []byte) // one line that a function printed
	Log          *slog.Logger                       // what the runtime itself has to say
	Now          func() time.Time                   // real time: deadlines are counted with it
	NewID        func() string                      // request ids
}

// Call is one invocation.
type Call struct {
	Function      string // logical id, name, folder or ARN
	RequestID     string // empty for a new one; a retry of an asynchronous invocation keeps its own
	Payload       []byte
	ClientContext string // JSON; empty for none
}

// Result is what the function answered. FunctionError is "Unhandled" where it
// failed; the payload then has errorType and errorMessage.
type Result struct {
	Payload       []byte
	FunctionError string
	RequestID     string
}

// Payload limits of a synchronous invocation, in bytes.
const maxPayload = 6_291_556

// Faults of the caller, as against those of the function.
var (
	ErrUnknownFunction = errors.New("no such function")
	ErrTooLarge        = errors.New("the payload is over Lambda's limit of 6 MB")
	ErrClosed          = errors.New("the runtime is closed")
	// ErrThrottled is Lambda's TooManyRequestsException.
	// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
	ErrThrottled = errors.New("throttled")
)

// Runtime is all functions of a stack.
type Runtime struct {
	functions map[string]*function // by every name
	all       []*function
}

// New takes the functions in; nothing is started yet.
func New(settings Settings, functions []template.Function) *Runtime {
	if settings.Environments == 0 {
		settings.Environments = 4
	}
	r := &Runtime{functions: map[string]*function{}}
	for _, f := range functions {
		one := newFunction(settings, f)
		r.all = append(r.all, one)
		for _, name := range []string{f.LogicalID, f.Name, f.Folder, f.ARN} {
			r.functions[name] = one
		}
	}
	return r
}

// Invoke runs a function and waits for its answer. It returns ctx's error when
// the caller gives up; the function runs on, as in Lambda. Other errors are
// ErrUnknownFunction, ErrTooLarge, ErrThrottled and ErrClosed.
func (r *Runtime) Invoke(ctx context.Context, name string, payload []byte) ([]byte, string, error) {
	result, err := r.Do(ctx, Call{Function: name, Payload: payload})
	return result.Payload, result.FunctionError, err
}

// Do is Invoke with all that a call can carry.
func (r *Runtime) Do(ctx context.Context, call Call) (Result, error) {
	f, ok := r.functions[call.Function]
	if !ok {
		return Result{}, fmt.Errorf("%w: %q", ErrUnknownFunction, call.Function)
	}
	if len(call.Payload) > maxPayload {
		return Result{}, ErrTooLarge
	}
	return f.invoke(ctx, call)
}

// Warm starts one environment of each function, so that a function that cannot
// start says so now and in its own words.
func (r *Runtime) Warm(ctx context.Context) error {
	faults := make([]error, len(r.all))
	var wait sync.WaitGroup
	for i, f := range r.all {
		wait.Go(func() { faults[i] = f.warm(ctx) })
	}
	wait.Wait()
	return errors.Join(faults...)
}

// Renew sets variables of every function anew, as a change of the functions'
// configuration does: what runs is finished in the environment that has begun
// it, what comes next gets a new one.
func (r *Runtime) Renew(variables map[string]string) {
	for _, f := range r.all {
		f.renew(variables)
	}
}

// Kill ends all environments of a function at once, busy ones too: what runs
// in them fails as after a crash. The next invocation starts a new one.
func (r *Runtime) Kill(name string) {
	if f, ok := r.functions[name]; ok {
		f.kill()
	}
}

// Close ends all functions; it waits until they are gone.
func (r *Runtime) Close() {
	var wait sync.WaitGroup
	for _, f := range r.all {
		wait.Go(f.close)
	}
	wait.Wait()
}
