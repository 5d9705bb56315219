package gateway

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/runtime"
	"privacydesk/shared/testkit/template"
)

// function is a fake: it keeps the event and gives an answer.
type function struct {
	event  map[string]any
	answer string
	fault  string
	err    error
	wait   time.Duration
}

func (f *function) Invoke(ctx context.Context, _ string, payload []byte) ([]byte, string, error) {
	f.event = nil
	if err := json.Unmarshal(payload, &f.event); err != nil {
		return nil, "", err
	}
	select {
	case <-time.After(f.wait):
		return []byte(f.answer), f.fault, f.err
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

var testRoutes = []template.Route{
	{Function: "F", Method: "GET", Path: "/", Timeout: time.Second},
	{Function: "F", Method: "GET", Path: "/u/{link}", Timeout: 5 * time.Second},
	{Function: "F", Method: "POST", Path: "/u/{link}", Timeout: 5 * time.Second},
	{Function: "F", Method: "HEAD", Path: "/u/{link}", Timeout: 5 * time.Second},
	{Function: "F", Method: "GET", Path: "/u/fixed", Timeout: time.Second},
	{Function: "F", Method: "POST", Path: "/form", Timeout: 50 * time.Millisecond},
	{Function: "F", Method: "POST", Path: "/links", IAM: true, Timeout: time.Second},
	{Function: "F", Method: "ANY", Path: "/any/{rest+}", Timeout: time.Second},
}

func serve(t *testing.T, f *function) (*httptest.Server, *bytes.Buffer) {
	t.Helper()
	return serveAPI(t, f, template.API{AccessLog: `{"route":"$context.routeKey","status":"$context.status"}`})
}

func serveAPI(t *testing.T, f *function, api template.API) (*httptest.Server, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	handler := New(Config{API: api, Routes: testRoutes, Invoker: f,
		AccessLog: func(line []byte) { log.Write(append(line, '\n')) }, Log: slog.New(slog.NewJSONHandler(&log, nil)),
		Now:   func() time.Time { return time.Date(2026, 9, 23, 20, 0, 0, 5e6, time.UTC) },
		NewID: func() string { return "id=" }})
	server := httptest.NewUnstartedServer(handler)
	server.Config = Server(handler)
	server.Start()
	t.Cleanup(server.Close)
	return server, &log
}

func send(t *testing.T, method, url, body string, header map[string]string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

func TestWholeEvent(t *testing.T) {
	f := &function{answer: `{"statusCode":200}`}
	server, _ := serve(t, f)
	host := strings.TrimPrefix(server.URL, "http://")
	send(t, "POST", server.URL+"/u/a%2Fb?x=1&x=2&y=a%20b+c&z", "a=b", map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "Cookie": "a=1; b=2", "X-Forwarded-For": "192.0.2.1",
		"User-Agent": "test", "Accept-Encoding": "identity"})
	_, port, _ := net.SplitHostPort(host)
	want := map[string]any{
		"version": "2.0", "routeKey": "POST /u/{link}", "rawPath": "/u/a/b", "rawQueryString": "x=1&x=2&y=a%20b+c&z",
		"cookies": []any{"a=1", "b=2"},
		"headers": map[string]any{"accept-encoding": "identity", "content-length": "3", "content-type": "application/x-www-form-urlencoded",
			"host": host, "user-agent": "test", "x-amzn-trace-id": "Root=1-6b0452c0-3e09e5a3e0b0ed0b4fd4bd7d",
			"x-forwarded-for": "192.0.2.1, 127.0.0.1", "x-forwarded-port": port, "x-forwarded-proto": "http"},
		"queryStringParameters": map[string]any{"x": "1,2", "y": "a b c", "z": ""},
		"pathParameters":        map[string]any{"link": "a/b"},
		"requestContext": map[string]any{"accountId": "000000000000", "apiId": "local", "domainName": "127.0.0.1", "domainPrefix": "127",
			"http":      map[string]any{"method": "POST", "path": "/u/a/b", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test"},
			"requestId": "id=", "routeKey": "POST /u/{link}", "stage": "$default", "time": "23/Sep/2026:20:00:00 +0000", "timeEpoch": 1790193600005.0},
		"body": base64.StdEncoding.EncodeToString([]byte("a=b")), "isBase64Encoded": true,
	}
	trace := f.event["headers"].(map[string]any)["x-amzn-trace-id"].(string)
	if !strings.HasPrefix(trace, "Root=1-") || len(trace) != len("Root=1-6b0452c0-3e09e5a3e0b0ed0b4fd4bd7d") {
		t.Errorf("trace id %q", trace)
	}
	want["headers"].(map[string]any)["x-amzn-trace-id"] = trace
	if !reflect.DeepEqual(f.event, want) {
		got, _ := json.MarshalIndent(f.event, "", " ")
		t.Errorf("got %s", got)
	}
}

func TestBodies(t *testing.T) {
	f := &function{answer: `{}`}
	server, _ := serve(t, f)
	coded := base64.StdEncoding.EncodeToString
	cases := map[string]struct {
		kind, body, want string
		base64           bool
	}{
		"form":              {"application/x-www-form-urlencoded", "a=1", coded([]byte("a=1")), true},
		"multipart":         {"multipart/form-data; boundary=b", "--b--", coded([]byte("--b--")), true},
		"json":              {"application/json; charset=utf-8", `{"a":1}`, `{"a":1}`, false},
		"JSON in capitals":  {"Application/JSON", `{}`, `{}`, false},
		"text":              {"text/plain;charset=UTF-8", `{"a":1}`, `{"a":1}`, false},
		"text in Latin-1":   {"text/plain; charset=iso-8859-1", "caf\xe9\xe9", "caf\uFFFD\uFFFD", false},
		"xml":               {"application/xml", "<a/>", "<a/>", false},
		"json of a kind":    {"application/vnd.api+json", "{}", coded([]byte("{}")), true},
		"no type":           {"", "abc", coded([]byte("abc")), true},
		"odd type":          {"text/plain; charset", "abc", "abc", false},
		"empty":             {"application/x-www-form-urlencoded", "", "", false},
		"bytes":             {"application/octet-stream", "\x00\xff", coded([]byte{0, 255}), true},
		"a type of nothing": {";;", "abc", coded([]byte("abc")), true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			header := map[string]string{}
			if c.kind != "" {
				header["Content-Type"] = c.kind
			}
			send(t, "POST", server.URL+"/form", c.body, header)
			body, _ := f.event["body"].(string)
			if body != c.want || f.event["isBase64Encoded"] != c.base64 {
				t.Errorf("got %q, base64 %v", body, f.event["isBase64Encoded"])
			}
			if _, there := f.event["body"]; there != (c.body != "") {
				t.Errorf("body there: %v", there)
			}
		})
	}
}

func TestChunkedBodyGetsItsLength(t *testing.T) {
	f := &function{answer: `{}`}
	server, _ := serve(t, f)
	raw(t, server, "POST /form HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
	headers := f.event["headers"].(map[string]any)
	if f.event["body"] != "abc" || headers["content-length"] != "3" || headers["transfer-encoding"] != nil {
		t.Errorf("got %v", f.event)
	}
}

// raw sends bytes that no client of Go would send, and gives the status line.
func raw(t *testing.T, server *httptest.Server, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	answer, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(answer)
}

func TestRoutingAndRefusals(t *testing.T) {
	made := "AWS4-HMAC-SHA256 Credential=local/20260923/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=" + strings.Repeat("0a", 32)
	cases := map[string]struct {
		method, path, authorization, body string
		status                            int
		want                              string // route key, or the body of a refusal
	}{
		"root":                {"GET", "/", "", "", 200, "GET /"},
		"parameter":           {"GET", "/u/abc", "", "", 200, "GET /u/{link}"},
		"the fixed one":       {"GET", "/u/fixed", "", "", 200, "GET /u/fixed"},
		"greedy":              {"DELETE", "/any/a/b", "", "", 200, "ANY /any/{rest+}"},
		"greedy, no rest":     {"POST", "/any/", "", "", 200, "ANY /any/{rest+}"},
		"greedy, no slash":    {"POST", "/any", "", "", 404, `{"message":"Not Found"}`},
		"no parameter":        {"GET", "/u/", "", "", 404, `{"message":"Not Found"}`},
		"one segment more":    {"GET", "/u/a/b", "", "", 404, `{"message":"Not Found"}`},
		"undeclared method":   {"OPTIONS", "/form", "", "", 404, `{"message":"Not Found"}`},
		"trailing slash":      {"POST", "/form/", "", "", 404, `{"message":"Not Found"}`},
		"unsigned":            {"POST", "/links", "", "", 403, `{"message":"Forbidden"}`},
		"basic":               {"POST", "/links", "Basic abc", "", 403, `{"message":"Forbidden"}`},
		"a made-up signature": {"POST", "/links", made, "", 403, `{"message":"Forbidden"}`},
		"4 MB":                {"POST", "/u/x", "", strings.Repeat("x", 4<<20), 200, "POST /u/{link}"},
		"too much for Lambda": {"POST", "/u/x", "", strings.Repeat("x", 5<<20), 413, `{"message":"Request Too Long"}`},
		"over 10 MB":          {"POST", "/form", "", strings.Repeat("x", maxBody+1), 413, `{"message":"Request Too Long"}`},
		"long request line":   {"GET", "/u/" + strings.Repeat("x", maxHeader), "", "", 431, `{"message":"Request Header Fields Too Large"}`},
		"just short enough":   {"GET", "/u/" + strings.Repeat("x", maxHeader-300), "", "", 200, "GET /u/{link}"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := &function{answer: `{}`}
			server, _ := serve(t, f)
			answer, text := send(t, c.method, server.URL+c.path, c.body, map[string]string{"Authorization": c.authorization})
			if answer.StatusCode != c.status {
				t.Errorf("status %d", answer.StatusCode)
			}
			if c.status == 200 {
				text, _ = f.event["routeKey"].(string)
			}
			if text != c.want {
				t.Errorf("got %q", text)
			}
		})
	}
}

// $default takes what no other route does, by any method, and is handed the whole path.
func TestDefaultRoute(t *testing.T) {
	list := append([]template.Route{{Function: "F", Method: "ANY", Path: "$default", Timeout: time.Second}}, testRoutes...)
	r := newRoutes(list)
	for request, want := range map[string]string{
		"POST /form/": "$default", "OPTIONS /form": "$default", "DELETE /": "$default", "GET /u/": "$default", "GET /u/a/b": "$default", "PROPFIND /x": "$default",
		"POST /form": "POST /form", "POST /links": "POST /links", "POST /links/": "$default", "GET /any/": "ANY /any/{rest+}",
	} {
		method, path, _ := strings.Cut(request, " ")
		if found, ok := r.match(method, path); !ok || found.route.Key() != want {
			t.Errorf("%s: %s", request, found.route.Key())
		}
	}
}

func TestAnswers(t *testing.T) {
	broken := `{"message":"Internal Server Error"}`
	cases := map[string]struct {
		function function
		status   int
		header   http.Header
		body     string
	}{
		"whole": {function{answer: `{"statusCode":201,"headers":{"content-type":"text/html","x-n":5},"cookies":["a=1","b=2"],"body":"<p>"}`},
			201, http.Header{"Content-Type": {"text/html"}, "X-N": {"5"}, "Set-Cookie": {"a=1", "b=2"}, "Apigw-Requestid": {"id="}}, "<p>"},
		"base64":             {function{answer: `{"statusCode":200,"body":"AP8=","isBase64Encoded":true}`}, 200, http.Header{"Content-Type": {"text/plain;charset=UTF-8"}}, "\x00\xff"},
		"status as text":     {function{answer: `{"statusCode":"303","headers":{"location":"/"}}`}, 303, http.Header{"Location": {"/"}}, ""},
		"inferred object":    {function{answer: `{"a":1}`}, 200, http.Header{"Content-Type": {"application/json"}}, `{"a":1}`},
		"inferred text":      {function{answer: `"hello"`}, 200, http.Header{"Content-Type": {"application/json"}}, `hello`},
		"204":                {function{answer: `{"statusCode":204}`}, 204, http.Header{"Content-Type": nil}, ""},
		"broken base64":      {function{answer: `{"statusCode":200,"body":"%","isBase64Encoded":true}`}, 500, nil, broken},
		"status of nonsense": {function{answer: `{"statusCode":"x"}`}, 500, nil, broken},
		"body of nonsense":   {function{answer: `{"statusCode":200,"body":{}}`}, 500, nil, broken},
		"no JSON":            {function{answer: `oh`}, 500, nil, broken},
		"function failed":    {function{answer: `{"errorMessage":"secret"}`, fault: "Unhandled"}, 500, nil, broken},
		"no function":        {function{err: errors.New("secret")}, 500, nil, broken},
		"throttled":          {function{err: fmt.Errorf("%w: secret", runtime.ErrThrottled)}, 503, nil, `{"message":"Service Unavailable"}`},
		"too slow":           {function{answer: `{}`, wait: time.Second}, 503, nil, `{"message":"Service Unavailable"}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			server, _ := serve(t, &c.function)
			answer, text := send(t, "POST", server.URL+"/form", "", nil)
			if answer.StatusCode != c.status || text != c.body {
				t.Errorf("got %d %q", answer.StatusCode, text)
			}
			for header, values := range c.header {
				if got := answer.Header.Values(header); strings.Join(got, "|") != strings.Join(values, "|") {
					t.Errorf("%s: %q", header, got)
				}
			}
		})
	}
}

// Cookies are one by one in the event and in the answer; a comma belongs to a value or to a date.
func TestCookies(t *testing.T) {
	f := &function{answer: `{"statusCode":303,"headers":{"location":"/"},"cookies":["a=1; Expires=Thu, 03 Dec 2026 09:00:00 GMT; Path=/","b=2, 3","c=; Max-Age=0"]}`}
	server, _ := serve(t, f)
	for name, c := range map[string]struct {
		sent string // lines of the request
		want []any
	}{
		"one":                  {"Cookie: a=1\r\n", []any{"a=1"}},
		"several":              {"Cookie: a=1; b=2;c=3; \r\n", []any{"a=1", "b=2", "c=3"}},
		"several headers":      {"Cookie: a=1; b=2\r\nCookie: c=3\r\n", []any{"a=1", "b=2", "c=3"}},
		"commas":               {"Cookie: a=1,2; b=\"3, 4\"\r\n", []any{"a=1,2", `b="3, 4"`}},
		"an equals sign":       {"Cookie: a=b==\r\n", []any{"a=b=="}},
		"one name twice":       {"Cookie: a=1; a=2\r\n", []any{"a=1", "a=2"}},
		"nothing but the name": {"Cookie: a\r\n", []any{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			raw(t, server, "GET /u/x HTTP/1.1\r\nHost: h\r\n"+c.sent+"\r\n")
			if headers := f.event["headers"].(map[string]any); !reflect.DeepEqual(f.event["cookies"], any(c.want)) || headers["cookie"] != nil {
				t.Errorf("got %q, and in a header %q", f.event["cookies"], headers["cookie"])
			}
		})
	}
	answer, _ := send(t, "GET", server.URL+"/u/x", "", nil)
	want := []string{"a=1; Expires=Thu, 03 Dec 2026 09:00:00 GMT; Path=/", "b=2, 3", "c=; Max-Age=0"}
	if got := answer.Header["Set-Cookie"]; !slices.Equal(got, want) {
		t.Errorf("the client got %q", got)
	}
	if _, there := f.event["cookies"]; there {
		t.Errorf("a request without cookies has %q", f.event["cookies"])
	}
}

func TestHeadHasNoBody(t *testing.T) {
	server, _ := serve(t, &function{answer: `{"statusCode":200,"body":"abc"}`})
	answer, text := send(t, "HEAD", server.URL+"/u/x", "", nil)
	if answer.StatusCode != 200 || text != "" || answer.ContentLength != 3 {
		t.Errorf("got %d %q, length %d", answer.StatusCode, text, answer.ContentLength)
	}
}

func TestAccessLogHoldsNothingPersonal(t *testing.T) {
	server, log := serve(t, &function{answer: `{"statusCode":200}`})
	send(t, "POST", server.URL+"/u/tokentoken?email=someone@example.com", "x", map[string]string{"User-Agent": "agent"})
	send(t, "POST", server.URL+"/nowhere/tokentoken", "x", nil)
	for _, secret := range []string{"token", "someone", "agent", "127.0.0.1", "nowhere"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q is in the access log: %s", secret, log)
		}
	}
	if !strings.Contains(log.String(), `"route":"POST /u/{link}","status":"200"`) {
		t.Errorf("got %s", log)
	}
}
