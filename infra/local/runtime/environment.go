package runtime

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"time"

	"privacydesk/infra/local/loopback"
	"privacydesk/shared/testkit/process"
)

// initLimit is how long Lambda lets an environment start.
const initLimit = 10 * time.Second

// graceful is how long a function that asked for SIGTERM may take to end.
const graceful = 500 * time.Millisecond

// soon is how long an answer waits for the function's next question.
const soon = 20 * time.Millisecond

// environment is one process of a function and the Runtime API that it asks.
type environment struct {
	function *function
	api      *api
	server   *http.Server
	cmd      *exec.Cmd
	output   *lines
	exited   chan struct{} // closed when the process is gone and its output read
	exit     error         // why; to read after exited
	version  int           // of the function's variables when it began
}

func newEnvironment(f *function, renewed map[string]string) (*environment, error) {
	folder, err := f.folder()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the Runtime API finds no port: %w", err)
	}
	e := &environment{function: f, api: newAPI(f), exited: make(chan struct{})}
	e.output = &lines{each: func(line []byte) { f.settings.Output(f.Folder, line) }}
	e.server = &http.Server{Handler: loopback.Only(e.api.handler())}
	e.cmd = exec.Command(filepath.Join(folder, "bootstrap"))
	e.cmd.Dir, e.cmd.Env = folder, f.variables(listener.Addr().String(), folder, renewed)
	e.cmd.Stdout, e.cmd.Stderr = e.output, e.output
	e.cmd.WaitDelay = time.Second
	if err := process.Start(e.cmd); err != nil {
		_ = listener.Close()
		return nil, fmt.Errorf("cannot start its bootstrap: %w", err)
	}
	go func() { _ = e.server.Serve(listener) }()
	go e.wait()
	return e, nil
}

func (e *environment) wait() {
	e.exit = e.cmd.Wait()
	e.output.flush()
	_ = e.server.Close()
	close(e.exited)
}

// waitReady waits for the function's first question for an event.
func (e *environment) waitReady() error {
	select {
	case <-e.api.ready:
		return nil
	case <-e.exited:
		return e.whyNot()
	case <-time.After(initLimit):
		e.end()
		return fmt.Errorf("it asked for no event within %v", initLimit)
	}
}

// whyNot gives the function's own words for not starting.
func (e *environment) whyNot() error {
	if report := e.api.initReport(); report != "" {
		return errors.New(report)
	}
	if last := e.output.last(); last != "" {
		return fmt.Errorf("it said: %s (%s)", last, e.how())
	}
	return fmt.Errorf("it ended without a word (%s)", e.how())
}

// run hands the call over, answers, and gives the environment back once the
// function asks for its next event; one that broke or hangs is gone. free
// gives the slot back.
func (e *environment) run(id string, call Call, answer chan<- Result, free func()) {
	over := func(result Result) { free(); answer <- result }
	limit := time.NewTimer(e.function.Timeout)
	defer limit.Stop()
	job := newJob(id, call, e.function.settings.Now().Add(e.function.Timeout))
	if !e.hand(job, limit.C) {
		over(e.broken(job))
		return
	}
	select {
	case result := <-job.answer:
		e.finish(result, answer, free, limit.C)
	case <-e.exited:
		over(job.answeredOr(e.broken(job)))
	case <-limit.C:
		over(e.timedOut(job))
	}
}

// finish answers, and waits for the next question: the function may work on
// after its answer, until its deadline. Where the question comes at once, as
// it mostly does, it is read before the answer goes out: a caller that calls
// again finds this environment free.
func (e *environment) finish(result Result, answer chan<- Result, free func(), limit <-chan time.Time) {
	select {
	case <-e.api.asked:
		e.function.giveBack(e)
		free()
		answer <- result
		return
	case <-e.exited: // as after a panic, which is answered first
		free()
		answer <- result
		return
	case <-time.After(soon):
		answer <- result
	}
	select {
	case <-e.api.asked:
		e.function.giveBack(e)
	case <-e.exited:
	case <-limit:
		e.end()
	}
}

// hand gives the job to the function's pending question.
func (e *environment) hand(job *job, limit <-chan time.Time) bool {
	select {
	case e.api.jobs <- job:
		return true
	case <-e.exited:
	case <-limit:
		e.end()
	}
	return false
}

func (e *environment) timedOut(job *job) Result {
	e.end()
	seconds := e.function.Timeout.Seconds()
	e.function.settings.Log.Warn("timed out", "function", e.function.Folder, "seconds", seconds, "requestId", job.id)
	return failed(job.id, "Sandbox.Timedout", "RequestId: %s Error: Task timed out after %.2f seconds", job.id, seconds)
}

func (e *environment) broken(job *job) Result {
	e.function.settings.Log.Warn("ended while it worked", "function", e.function.Folder, "how", e.how(), "requestId", job.id)
	return failed(job.id, "Runtime.ExitError", "RequestId: %s Error: Runtime exited with error: %s", job.id, e.how())
}

func (e *environment) how() string {
	if e.gone() && e.exit != nil {
		return e.exit.Error()
	}
	return "exit status 0"
}

func (e *environment) gone() bool {
	select {
	case <-e.exited:
		return true
	default:
		return false
	}
}

// end kills the process and waits until it is gone.
func (e *environment) end() {
	process.Kill(e.cmd)
	<-e.exited
}

// shutDown lets a function that asked for it (an internal extension, as
// lambda.WithEnableSIGTERM makes one) tidy up first.
func (e *environment) shutDown() {
	if e.api.wantsSignal() {
		process.Thaw(e.cmd)
		process.Terminate(e.cmd)
		select {
		case <-e.exited:
		case <-time.After(graceful):
		}
	}
	if !e.gone() {
		e.end()
	}
}
