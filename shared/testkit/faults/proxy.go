package faults

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
)

// Outcome is what happens to one call. The zero value is nothing.
type Outcome struct {
	Meanwhile func() (lost bool) // runs before the call takes effect, or after
	After     bool               // Meanwhile, Lost and Refused come after the effect
	Lost      bool               // no answer; before the effect: no effect either
	Refused   Refusal            // instead of the answer; before the effect: no effect either
	Stale     bool               // a query gets an answer that it got before
}

// Refusal is an answer that is an error. DynamoDB's are Status 400 and a code,
// but for its own faults.
type Refusal struct {
	Status int
	Code   string
}

// Proxy passes calls on to DynamoDB and AWS's other services (the stand-in),
// each as Outcome says. A call that has come this far arrives, whatever becomes
// of its caller. Set its fields before the first call; Outcome may be replaced.
type Proxy struct {
	DynamoDB, AWS http.Handler
	Effect        func(*Call, int) // sees what took effect, and its status; may be nil

	outcome atomic.Pointer[func(*Call) Outcome]
	calls   atomic.Int64

	mu  sync.Mutex
	old map[string][]*httptest.ResponseRecorder
}

// Forward is a backend of a Proxy at an address.
func Forward(to string) (http.Handler, error) {
	target, err := url.Parse(to)
	if err != nil {
		return nil, err
	}
	return &httputil.ReverseProxy{
		Rewrite:  func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}, nil
}

// Decide has f decide the outcome of the calls from now on; nil: all pass.
func (p *Proxy) Decide(f func(*Call) Outcome) { p.outcome.Store(&f) }

// Calls is how many calls have come since Recount.
func (p *Proxy) Calls() int64 { return p.calls.Load() }

// Recount begins to count the calls anew.
func (p *Proxy) Recount() { p.calls.Store(0) }

// ServeHTTP implements http.Handler.
func (p *Proxy) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	call, err := read(r.WithContext(context.WithoutCancel(r.Context())))
	if err != nil {
		panic(http.ErrAbortHandler) // the caller is gone: nothing has been asked
	}
	call.N = p.calls.Add(1)
	var outcome Outcome
	if decide := p.outcome.Load(); decide != nil && *decide != nil {
		outcome = (*decide)(call)
	}
	if !outcome.After {
		outcome.strike(out, call)
		if outcome.Refused.Status != 0 {
			return
		}
	}
	answer := p.pass(call, outcome.Stale)
	if outcome.After {
		outcome.strike(out, call)
		if outcome.Refused.Status != 0 {
			return
		}
	}
	maps.Copy(out.Header(), answer.Header())
	out.WriteHeader(answer.Code)
	_, _ = out.Write(answer.Body.Bytes())
}

// strike does what the outcome has in store; net/http closes the connection of a
// handler that panics so, and says nothing.
func (f Outcome) strike(out http.ResponseWriter, c *Call) {
	lost := f.Lost
	if f.Meanwhile != nil {
		lost = f.Meanwhile() || lost
	}
	if lost {
		panic(http.ErrAbortHandler)
	}
	if f.Refused.Status != 0 {
		f.Refused.write(out, c)
	}
}

func (f Refusal) write(out http.ResponseWriter, c *Call) {
	answer := map[string]any{"message": "A fault was asked for."}
	status := f.Status
	switch {
	case c.Service == DynamoDB && f.Code == Throttled.Code && c.Operation == "BatchGetItem":
		// DynamoDB answers what it could read, and here that is nothing.
		var in struct{ RequestItems json.RawMessage }
		_ = json.Unmarshal(c.Body, &in)
		status, answer = http.StatusOK, map[string]any{"Responses": map[string]any{}, "UnprocessedKeys": in.RequestItems}
	case c.Service == DynamoDB && f.Code == Throttled.Code && c.Operation == "TransactWriteItems":
		answer["__type"] = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
		answer["CancellationReasons"] = []map[string]string{{"Code": "ThrottlingError", "Message": "throttled"}}
	case c.Service == DynamoDB:
		answer["__type"] = "com.amazonaws.dynamodb.v20120810#" + f.Code
	default:
		out.Header().Set("X-Amzn-ErrorType", f.Code)
	}
	out.Header().Set("Content-Type", "application/x-amz-json-1.0")
	out.WriteHeader(status)
	_ = json.NewEncoder(out).Encode(answer)
}

// remembered is how many answers to a query an index can fall back to.
const remembered = 3

// pass lets the call take effect. A stale answer is the oldest one remembered
// of the same query at another time.
func (p *Proxy) pass(c *Call, stale bool) *httptest.ResponseRecorder {
	indexed, question := query(c)
	if indexed && stale {
		p.mu.Lock()
		old := p.old[question]
		p.mu.Unlock()
		if len(old) > 0 {
			return old[0]
		}
	}
	backend := p.AWS
	if c.Service == DynamoDB {
		backend = p.DynamoDB
	}
	c.rewind()
	answer := httptest.NewRecorder()
	backend.ServeHTTP(answer, c.Request)
	if p.Effect != nil {
		p.Effect(c, answer.Code)
	}
	if indexed && answer.Code == http.StatusOK {
		p.remember(question, answer)
	}
	return answer
}

func (p *Proxy) remember(question string, answer *httptest.ResponseRecorder) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.old == nil {
		p.old = map[string][]*httptest.ResponseRecorder{}
	}
	all := append(p.old[question], answer)
	p.old[question] = all[max(0, len(all)-remembered):]
}

// query tells the queries of an index, which are eventually consistent, and
// what they ask for, whatever the time.
func query(c *Call) (bool, string) {
	var in struct {
		IndexName                 string
		Select                    string
		Limit                     int
		ExclusiveStartKey         json.RawMessage
		ExpressionAttributeValues map[string]json.RawMessage
	}
	if c.Operation != "Query" || json.Unmarshal(c.Body, &in) != nil || in.IndexName == "" || in.ExclusiveStartKey != nil {
		return false, ""
	}
	delete(in.ExpressionAttributeValues, ":now")
	question, _ := json.Marshal(in)
	return true, string(question)
}
