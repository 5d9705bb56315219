package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// Lambda makes a Lambda handler of an http.Handler. The request's RemoteAddr
// is requestContext.http.sourceIp, which only API Gateway can set;
// X-Forwarded-For is whatever the client wrote. The request's context ends
// a little before Lambda's deadline.
func Lambda(h http.Handler) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		ctx, cancel := beforeTheEnd(ctx)
		defer cancel()
		w, r := &response{header: http.Header{}}, request(ctx, e)
		serve(h, w, r)
		if r.Method == http.MethodHead {
			w.body.Reset()
		}
		return w.event(), nil
	}
}

// answerIn is the time that is kept for the answer. At Lambda's own deadline
// the function dies, and API Gateway answers for it in JSON of its own: a
// handler whose backend hangs must end before, with the desk's page.
const answerIn = 1500 * time.Millisecond

// beforeTheEnd goes, like Lambda's deadline, by the machine's clock.
func beforeTheEnd(ctx context.Context) (context.Context, context.CancelFunc) {
	if end, ok := ctx.Deadline(); ok {
		return context.WithDeadline(ctx, end.Add(-answerIn))
	}
	return ctx, func() {}
}

// serve answers 500 when the handler panics. The panic's value may hold
// personal data, so only the place is logged.
func serve(h http.Handler, w *response, r *http.Request) {
	defer func() {
		if recover() != nil {
			slog.ErrorContext(r.Context(), "handler panicked", "stack", string(debug.Stack()))
			*w = response{header: http.Header{}}
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
	}()
	h.ServeHTTP(w, r)
}

func request(ctx context.Context, e events.APIGatewayV2HTTPRequest) *http.Request {
	call := e.RequestContext.HTTP
	r := &http.Request{
		Method: call.Method, URL: &url.URL{Path: e.RawPath, RawQuery: e.RawQueryString},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: make(http.Header, len(e.Headers)), Host: e.RequestContext.DomainName,
		RemoteAddr: net.JoinHostPort(call.SourceIP, "0"),
	}
	for name, value := range e.Headers {
		r.Header.Set(name, value)
	}
	if len(e.Cookies) > 0 { // the payload has them apart, one by one
		r.Header.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	r.Body, r.ContentLength = body(e)
	return r.WithContext(withCaller(ctx, e))
}

func body(e events.APIGatewayV2HTTPRequest) (io.ReadCloser, int64) {
	if !e.IsBase64Encoded {
		return io.NopCloser(strings.NewReader(e.Body)), int64(len(e.Body))
	}
	text, err := base64.StdEncoding.DecodeString(e.Body)
	if err != nil {
		// Not the part that can be read: an address that is cut is another's.
		return io.NopCloser(broken{err}), -1
	}
	return io.NopCloser(bytes.NewReader(text)), int64(len(text))
}

// broken is a body that did not arrive whole.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// response collects an answer in memory.
type response struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *response) Header() http.Header { return w.header }

func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *response) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// event is the answer in payload format 2.0. Cookies go apart: they hold
// commas, so several cannot share one header (RFC 6265 section 3).
func (w *response) event() events.APIGatewayV2HTTPResponse {
	w.WriteHeader(http.StatusOK)
	cookies := w.header.Values("Set-Cookie")
	w.header.Del("Set-Cookie")
	headers := make(map[string]string, len(w.header)+len(secured))
	for name, values := range w.header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	secure(headers, w.status)
	return events.APIGatewayV2HTTPResponse{StatusCode: w.status, Headers: headers, Cookies: cookies, Body: w.body.String()}
}

// Source is the caller's network address; the zero one where it is not known.
func Source(r *http.Request) netip.Addr {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	address, _ := netip.ParseAddr(host)
	return address.Unmap().WithZone("")
}

// RetryAfter tells the caller to come back after some seconds (RFC 9110
// section 10.2.3).
func RetryAfter(w http.ResponseWriter, seconds int) {
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
}
