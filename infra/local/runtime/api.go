package runtime

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// job is one invocation on its way through an environment.
type job struct {
	id       string
	call     Call
	deadline time.Time
	answer   chan Result // takes one
}

func newJob(id string, call Call, deadline time.Time) *job {
	return &job{id: id, call: call, deadline: deadline, answer: make(chan Result, 1)}
}

// answeredOr prefers an answer that came just before the end.
func (j *job) answeredOr(otherwise Result) Result {
	select {
	case result := <-j.answer:
		return result
	default:
		return otherwise
	}
}

// api is the Lambda Runtime API (2018-06-01) of one environment, and as much
// of the Extensions API as a function needs that wants a signal before its end.
type api struct {
	function *function
	ready    chan struct{} // closed at the first question for an event
	once     sync.Once
	asked    chan struct{} // the function asked for an event after an answer
	jobs     chan *job

	mu      sync.Mutex
	current *job
	report  string // what init/error said
	signal  bool
}

func newAPI(f *function) *api {
	return &api{function: f, ready: make(chan struct{}), asked: make(chan struct{}, 1), jobs: make(chan *job)}
}

func (a *api) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", a.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", a.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", a.failure)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", a.initFailure)
	mux.HandleFunc("POST /2020-01-01/extension/register", a.register)
	mux.HandleFunc("GET /2020-01-01/extension/event/next", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	return mux
}

func (a *api) next(w http.ResponseWriter, r *http.Request) {
	first := false
	a.once.Do(func() { first = true; close(a.ready) })
	if !first {
		select {
		case a.asked <- struct{}{}:
		default:
		}
	}
	select {
	case j := <-a.jobs:
		a.hold(j)
		a.write(w, j)
	case <-r.Context().Done():
	}
}

func (a *api) write(w http.ResponseWriter, j *job) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", j.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(j.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", a.function.ARN)
	h.Set("Lambda-Runtime-Trace-Id", traceOf(j))
	if j.call.ClientContext != "" {
		h.Set("Lambda-Runtime-Client-Context", j.call.ClientContext)
	}
	_, _ = w.Write(j.call.Payload)
}

// traceOf makes the X-Ray header: Root=1-<seconds>-<24 hex digits>.
func traceOf(j *job) string {
	digits := make([]byte, 0, 24)
	for _, c := range []byte(j.id) {
		if c != '-' && len(digits) < cap(digits) {
			digits = append(digits, c)
		}
	}
	return fmt.Sprintf("Root=1-%08x-%024s;Sampled=0", j.deadline.Unix(), digits)
}

func (a *api) hold(j *job) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.current = j
}

// finish gives the answer to whoever waits for the job with that id; a second
// answer, or one for another job, is refused as Lambda refuses it.
func (a *api) finish(w http.ResponseWriter, id string, result Result) {
	a.mu.Lock()
	j := a.current
	if j != nil && j.id == id {
		a.current = nil
	}
	a.mu.Unlock()
	if j == nil || j.id != id {
		reply(w, http.StatusBadRequest, `{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}`)
		return
	}
	result.RequestID = id
	j.answer <- result
	reply(w, http.StatusAccepted, `{"status":"OK"}`)
}

func (a *api) response(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxPayload+1))
	if err != nil {
		return // the process is gone; the environment says so
	}
	id := r.PathValue("id")
	result := Result{Payload: body}
	if len(body) > maxPayload {
		_, _ = io.Copy(io.Discard, r.Body)
		result = failed(id, "Function.ResponseSizeTooLarge",
			"Response payload size exceeded maximum allowed payload size (%d bytes).", maxPayload)
	}
	if kind := r.Trailer.Get("Lambda-Runtime-Function-Error-Type"); kind != "" {
		result = failed(id, kind, "the function failed while it wrote its answer")
	}
	a.finish(w, id, result)
}

func (a *api) failure(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		a.finish(w, r.PathValue("id"), Result{Payload: body, FunctionError: "Unhandled"})
	}
}

func (a *api) initFailure(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var report struct{ ErrorMessage string }
	_ = json.Unmarshal(body, &report)
	a.mu.Lock()
	a.report = report.ErrorMessage
	a.mu.Unlock()
	reply(w, http.StatusAccepted, `{"status":"OK"}`)
}

func (a *api) initReport() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.report
}

func (a *api) register(w http.ResponseWriter, _ *http.Request) {
	a.mu.Lock()
	a.signal = true
	a.mu.Unlock()
	w.Header().Set("Lambda-Extension-Identifier", a.function.settings.NewID())
	reply(w, http.StatusOK, `{"functionName":"`+a.function.Name+`","functionVersion":"$LATEST"}`)
}

func (a *api) wantsSignal() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.signal
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// failed is an answer in the shape of Lambda's own errors.
func failed(id, kind, format string, args ...any) Result {
	payload, _ := json.Marshal(map[string]string{"errorType": kind, "errorMessage": fmt.Sprintf(format, args...)})
	return Result{Payload: payload, FunctionError: "Unhandled", RequestID: id}
}
