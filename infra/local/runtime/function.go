package runtime

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"sync"

	"privacydesk/shared/testkit/process"
	"privacydesk/shared/testkit/template"
)

// function keeps the environments of one function.
type function struct {
	template.Function
	settings Settings
	slots    chan struct{} // one for each environment that may exist
	closing  context.Context
	stop     context.CancelFunc

	mu      sync.Mutex
	idle    []*environment // the last one used is the first one taken
	live    map[*environment]bool
	renewed map[string]string // variables set since New; replaced, never changed
	version int               // of the variables; an environment of another is used no more
}

func newFunction(settings Settings, t template.Function) *function {
	limit := settings.Environments
	if t.Reserved >= 0 {
		limit = t.Reserved
	}
	f := &function{Function: t, settings: settings, slots: make(chan struct{}, limit), live: map[*environment]bool{}}
	f.closing, f.stop = context.WithCancel(context.Background())
	return f
}

// invoke runs the call in an environment, and gives the environment back once
// the function asks for its next event.
func (f *function) invoke(ctx context.Context, call Call) (Result, error) {
	if err := f.enter(ctx); err != nil {
		return Result{}, err
	}
	answer := make(chan Result, 1)
	go f.serve(call, answer)
	select {
	case result := <-answer:
		return result, nil
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

// enter takes a slot. A reservation that is used up throttles, as Lambda does;
// where there is none, the caller waits for one of this machine's few
// environments.
func (f *function) enter(ctx context.Context) error {
	full := make(chan struct{})
	if f.Reserved >= 0 {
		close(full)
	}
	select {
	case f.slots <- struct{}{}:
	default:
		select {
		case f.slots <- struct{}{}:
		case <-full:
			return fmt.Errorf("%w: %s runs as often as its reserved concurrency (%d) allows", ErrThrottled, f.Folder, f.Reserved)
		case <-ctx.Done():
			return ctx.Err()
		case <-f.closing.Done():
			return ErrClosed
		}
	}
	if f.closing.Err() != nil { // both were ready
		<-f.slots
		return ErrClosed
	}
	return nil
}

// serve runs the call. It frees the slot before it answers, unless the
// function works on after its answer: who calls again at once is not throttled.
func (f *function) serve(call Call, answer chan<- Result) {
	id := call.RequestID
	if id == "" {
		id = f.settings.NewID()
	}
	free := sync.OnceFunc(func() { <-f.slots })
	defer free()
	e, err := f.take()
	if err != nil {
		free()
		answer <- failed(id, "Runtime.ExitError", "RequestId: %s Error: %v", id, err)
		return
	}
	e.run(id, call, answer, free)
}

// take gives an idle environment, or starts one.
func (f *function) take() (*environment, error) {
	f.mu.Lock()
	for len(f.idle) > 0 {
		e := f.idle[len(f.idle)-1]
		f.idle = f.idle[:len(f.idle)-1]
		if !e.gone() {
			f.mu.Unlock()
			process.Thaw(e.cmd)
			return e, nil
		}
	}
	f.mu.Unlock()
	return f.start()
}

func (f *function) start() (*environment, error) {
	f.mu.Lock()
	version, renewed := f.version, f.renewed
	f.mu.Unlock()
	e, err := newEnvironment(f, renewed)
	if err != nil {
		return nil, err
	}
	e.version = version
	f.mu.Lock()
	closed := f.closing.Err() != nil
	if !closed {
		f.live[e] = true
	}
	f.mu.Unlock()
	if closed {
		e.end()
		return nil, ErrClosed
	}
	go func() {
		<-e.exited
		f.mu.Lock()
		delete(f.live, e)
		f.mu.Unlock()
	}()
	return e, e.waitReady()
}

func (f *function) giveBack(e *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e.version != f.version {
		go e.shutDown()
		return
	}
	process.Freeze(e.cmd)
	f.idle = append(f.idle, e)
}

func (f *function) renew(variables map[string]string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	renewed := maps.Clone(f.renewed)
	if renewed == nil {
		renewed = map[string]string{}
	}
	maps.Copy(renewed, variables)
	f.renewed, f.version = renewed, f.version+1
	for _, e := range f.idle {
		go e.shutDown()
	}
	f.idle = nil
}

func (f *function) warm(ctx context.Context) error {
	if f.Reserved == 0 {
		return nil
	}
	if err := f.enter(ctx); err != nil {
		return err
	}
	defer func() { <-f.slots }()
	e, err := f.take()
	if err != nil {
		return fmt.Errorf("the function %s did not start: %w", f.Folder, err)
	}
	f.giveBack(e)
	return nil
}

func (f *function) environments() []*environment {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []*environment
	for e := range f.live {
		out = append(out, e)
	}
	return out
}

func (f *function) kill() {
	for _, e := range f.environments() {
		e.end()
	}
}

func (f *function) close() {
	f.stop()
	var wait sync.WaitGroup
	for _, e := range f.environments() {
		wait.Go(e.shutDown)
	}
	wait.Wait()
}

// folder is where the bootstrap is, as an absolute path.
func (f *function) folder() (string, error) {
	return filepath.Abs(filepath.Join(f.settings.Dist, f.Folder))
}
