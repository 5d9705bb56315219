// Package gateway is an API Gateway HTTP API on one machine: it turns HTTP
// requests into payload format 2.0 events, invokes the function that the
// template's route names, and turns the answer back.
//
// It copies what the service does where a function could notice: header
// folding, what is base64, what is cut off and refused, and that rawPath comes
// decoded. It checks the signature of an AWS_IAM route, and no policy: the local
// user and role may call all of them.
//
// It must not log what a person sends: the access log has the route key, never
// the path, the query string or a header.
package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit/template"
)

// Invoker runs a function; runtime.Runtime does. The error is the caller's
// context's, or says that the function cannot be run at all.
type Invoker interface {
	Invoke(ctx context.Context, function string, payload []byte) (answer []byte, functionError string, err error)
}

// Config is what a gateway needs.
type Config struct {
	API       template.API
	Routes    []template.Route
	Invoker   Invoker
	AccessLog func(line []byte) // gets a line for each request, in the API's format
	Log       *slog.Logger      // what the gateway itself has to say
	Now       func() time.Time
	Since     func(time.Time) time.Duration // how much of the stack's time has passed since one of the machine's; default time.Since
	NewID     func() string
}

// The service's limits, in bytes.
const (
	maxHeader = 10_240    // request line and header values together
	maxBody   = 10 << 20  // payload
	maxEvent  = 6_291_556 // the event made of it, which is Lambda's limit
)

type gateway struct {
	Config
	routes  routes
	bucket  *rate.Limiter
	started time.Time
}

// New gives the handler for the site's port.
func New(config Config) http.Handler {
	if config.Since == nil {
		config.Since = time.Since
	}
	g := &gateway{Config: config, routes: newRoutes(config.Routes), bucket: rate.NewLimiter(rate.Inf, 0), started: time.Now()}
	if config.API.Rate > 0 {
		g.bucket = rate.NewLimiter(rate.Limit(config.API.Rate), config.API.Burst)
	}
	return g
}

// Server gives an HTTP server with room above the service's header limit, so
// that the gateway itself can refuse as the service does.
func Server(handler http.Handler) *http.Server {
	return &http.Server{Handler: handler, MaxHeaderBytes: 1 << 20, ReadHeaderTimeout: 10 * time.Second}
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started, id := time.Now(), g.NewID() // not g.Now, which may be moved meanwhile
	answer, route := g.serve(r, id)
	w.Header().Set("Apigw-Requestid", id)
	answer.write(w)
	if g.API.AccessLog != "" {
		g.AccessLog(accessLine(g.API.AccessLog, access{id, g.Now(), route.Key(), answer, time.Since(started)}))
	}
}

// unmatched is the route in the log of a request that has none.
var unmatched = template.Route{Method: "-", Path: "(no route)"}

func (g *gateway) serve(r *http.Request, id string) (response, template.Route) {
	if headerSize(r) > maxHeader {
		return message(http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large"), unmatched
	}
	found, ok := g.routes.match(r.Method, r.URL.EscapedPath())
	if !ok {
		return message(http.StatusNotFound, "Not Found"), unmatched
	}
	// One bucket for the whole API. The documentation leaves open whether each route has one of its own.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
	if !g.bucket.AllowN(g.started.Add(g.Since(g.started)), 1) {
		refusal := message(http.StatusTooManyRequests, "Too Many Requests")
		refusal.refused = "THROTTLED"
		return refusal, found.route
	}
	body, refusal := readBody(r)
	if refusal != nil {
		return *refusal, found.route
	}
	event := newEvent(r, body, found, g.Now(), id)
	if found.route.IAM {
		if event.RequestContext.Authorizer = g.authorize(r, body, found.route); event.RequestContext.Authorizer == nil {
			return message(http.StatusForbidden, "Forbidden"), found.route
		}
	}
	return g.invoke(r.Context(), found.route, event), found.route
}

func (g *gateway) invoke(ctx context.Context, route template.Route, event event) response {
	ctx, cancel := context.WithTimeout(ctx, route.Timeout)
	defer cancel()
	payload := event.encode()
	if len(payload) > maxEvent {
		return message(http.StatusRequestEntityTooLarge, "Request Too Long")
	}
	started := time.Now()
	answer, fault, err := g.Invoker.Invoke(ctx, route.Function, payload)
	out := answered(ctx, answer, fault, err)
	out.lambda.latency = time.Since(started)
	return out
}

// answered gives the answer to what came of an invocation. A throttled function
// is a 503, as with one that does not answer in time; the documentation of HTTP
// APIs leaves open whether it is a 500.
func answered(ctx context.Context, answer []byte, fault string, err error) response {
	out := message(http.StatusInternalServerError, "Internal Server Error")
	switch {
	case ctx.Err() != nil:
		out = message(http.StatusServiceUnavailable, "Service Unavailable")
	case errors.Is(err, runtime.ErrThrottled):
		out = message(http.StatusServiceUnavailable, "Service Unavailable")
		out.lambda.status = http.StatusTooManyRequests
	case err != nil:
	case fault != "":
		out.lambda.status = http.StatusOK
	default:
		out = parseResponse(answer)
		out.lambda.status = http.StatusOK
	}
	return out
}

// headerSize counts the request line and the headers as they were sent.
func headerSize(r *http.Request) int {
	size := len(r.Method) + len(r.RequestURI) + len(r.Proto) + len(" \r\n ") + len("Host: \r\n") + len(r.Host)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(": \r\n") + len(value)
		}
	}
	return size
}
