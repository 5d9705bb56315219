package webrig

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"html"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/fault"
)

// Call is a request. Headers come in pairs of name and value.
type Call struct {
	Method, Path, Query, Body string
	Headers                   []string
	Source                    string // the client's network address, 203.0.113.7 unless told
}

// Headers of common callers.
var (
	Browser    = []string{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Sec-Fetch-Mode", "navigate"}
	Script     = []string{"Accept", "application/json, text/javascript, */*; q=0.01", "Sec-Fetch-Mode", "cors"}
	MailClient = []string{"Accept", "*/*"}
)

// Get asks for a path, which may have a query.
func Get(path string, headers ...string) Call {
	path, query, _ := strings.Cut(path, "?")
	return Call{Method: http.MethodGet, Path: path, Query: query, Headers: headers}
}

// Post is an urlencoded post; headers may name another content type.
func Post(path, body string, headers ...string) Call {
	return Call{Method: http.MethodPost, Path: path, Body: body, Headers: append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)}
}

// OfSystems are the routes that API Gateway hands on with the caller that IAM has let through.
var OfSystems = []string{"POST /links", "POST /suppressions/check", "POST /suppressions/import", "POST /suppressions/import/undo", "GET /suppressions", "GET /api/suppressions"}

// Event is the call as API Gateway hands it on.
func (c Call) Event() events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: c.Path, RawQueryString: c.Query, Headers: map[string]string{}}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = c.Method, c.Path
	e.RequestContext.HTTP.SourceIP, e.RequestContext.DomainName = c.Source, "privacy.example.com"
	if c.Source == "" {
		e.RequestContext.HTTP.SourceIP = "203.0.113.7"
	}
	if slices.Contains(OfSystems, c.Method+" "+c.Path) {
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserID: "AIDAEXAMPLE"}}
	}
	for i := 0; i+1 < len(c.Headers); i += 2 {
		e.Headers[strings.ToLower(c.Headers[i])] = c.Headers[i+1]
	}
	e.Body = c.Body
	if kind := e.Headers["content-type"]; c.Body != "" && !strings.HasPrefix(kind, "text/") && kind != "application/json" {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(c.Body)), true
	}
	return e
}

// Answer is a response; Text is its body without the escapes of HTML.
type Answer struct {
	events.APIGatewayV2HTTPResponse
	Text string
}

// Brief is what people read of a page, and any other body whole.
func (a Answer) Brief() string {
	_, main, found := strings.Cut(a.Body, "<main")
	if !found {
		return a.Body
	}
	main, _, _ = strings.Cut(main, "</main>")
	return main
}

// Said is the JSON of an answer.
type Said struct {
	RetryAfter int `json:"retry_after"`

	Code      int
	Status    string
	Message   string
	Errors    []fault.FieldError
	Reference string
	Receipt   json.RawMessage
	Valid     bool
	Reason    string
}

// JSON reads an answer.
func (a Answer) JSON(tb testing.TB) (got Said) {
	tb.Helper()
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
		tb.Fatalf("no JSON: %v in %q", err, a.Body)
	}
	return got
}

// Fields are the names of the fields that an answer complains about.
func (s Said) Fields() string {
	var names []string
	for _, e := range s.Errors {
		names = append(names, e.Field)
	}
	return strings.Join(names, " ")
}

// Rig calls a function with pages, and checks what holds for every answer. When the test ends it looks for personal data
// and link tokens in the log.
type Rig struct {
	T       testing.TB
	Log     bytes.Buffer
	Tokens  map[string]bool // every link token that was seen
	Serve   func() http.Handler
	Writes  func() int     // of the store so far
	Fails   func() bool    // whether the store is made to fail
	Form    string         // the one path whose answer may lead elsewhere
	Results string         // how the paths begin to which an answer may lead that is the result of a form
	Files   string         // how the addresses begin from which files are fetched
	First   Answer         // of the last call, before it went on to a result
	Below   []string       // how the paths begin that hold links: nobody may keep what is there
	Links   *regexp.Regexp // those paths, the link's token in parentheses
	Private []string       // what people say of themselves in the tests
}

// Watch takes the log over, and checks it when the test ends.
func (r *Rig) Watch(tb testing.TB) {
	r.T, r.Tokens = tb, map[string]bool{}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&r.Log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	r.T.Cleanup(func() {
		slog.SetDefault(before)
		secrets := append([]string{"@", "%40", "203.0.113.", "192.0.2."}, r.Private...)
		for token := range r.Tokens {
			secrets = append(secrets, token)
		}
		for _, secret := range secrets {
			if strings.Contains(r.Log.String(), secret) {
				r.T.Errorf("the log holds %q:\n%s", secret, r.Log.String())
			}
		}
	})
}

// Note remembers the link tokens of texts.
func (r *Rig) Note(texts ...string) {
	for _, text := range texts {
		for _, m := range r.Links.FindAllStringSubmatch(text, -1) {
			r.Tokens[m[1]] = true
		}
	}
}

// Send calls the function.
func (r *Rig) Send(c Call) Answer { return r.Invoke(c.Event()) }

// Invoke is Send of an event.
func (r *Rig) Invoke(e events.APIGatewayV2HTTPRequest) Answer {
	r.T.Helper()
	return r.Follow(r.T.Context(), e)
}

// Follow is Within, and goes on to the result of a form as a browser does.
func (r *Rig) Follow(ctx context.Context, e events.APIGatewayV2HTTPRequest) Answer {
	r.T.Helper()
	r.First = r.Within(ctx, e)
	if path := r.First.Headers["location"]; r.isResult(path) {
		r.Note(path)
		return r.Within(ctx, Get(path, Browser...).Event())
	}
	return r.First
}

// leads reports whether a redirect may go to an address.
func (r *Rig) leads(to string) bool {
	return r.isResult(to) || r.Files != "" && strings.HasPrefix(to, r.Files)
}

func (r *Rig) isResult(path string) bool {
	return r.Results != "" && strings.HasPrefix(path, r.Results)
}

// Within is one call with a deadline, as Lambda has one.
func (r *Rig) Within(ctx context.Context, e events.APIGatewayV2HTTPRequest) Answer {
	r.T.Helper()
	writes := r.Writes()
	got, err := web.Lambda(r.Serve())(ctx, e)
	if err != nil {
		r.T.Fatal(err)
	}
	a := Answer{got, html.UnescapeString(got.Body)}
	r.Note(e.RawPath, got.Body)
	r.check(e, a)
	if e.RequestContext.HTTP.Method != http.MethodPost && r.Writes() != writes {
		r.T.Errorf("%s %s wrote something", e.RequestContext.HTTP.Method, e.RouteKey)
	}
	return a
}

// Expect sends a call and checks the answer's status and a piece of its text.
func (r *Rig) Expect(c Call, status int, piece string) Answer {
	r.T.Helper()
	a := r.Send(c)
	if a.StatusCode != status || !strings.Contains(a.Text, piece) {
		r.T.Errorf("%s %.40s: status %d, want %d with %q:\n%s", c.Method, c.Path, a.StatusCode, status, piece, a.Brief())
	}
	return a
}

func (r *Rig) check(e events.APIGatewayV2HTTPRequest, a Answer) {
	r.T.Helper()
	r.checkHeaders(e, a)
	if a.Headers["set-cookie"] != "" || len(a.Cookies) > 0 {
		r.T.Errorf("a cookie: %v %v", a.Headers["set-cookie"], a.Cookies)
	}
	if a.StatusCode/100 == 3 && (a.StatusCode != http.StatusSeeOther || e.RawPath != r.Form && !r.leads(a.Headers["location"])) {
		r.T.Errorf("%.30s is redirected to %q", e.RawPath, a.Headers["location"])
	}
	if strings.Contains(a.Headers["content-security-policy"], "unsafe") {
		r.T.Errorf("weak policy %q", a.Headers["content-security-policy"])
	}
	if a.StatusCode >= 500 && !r.Fails() {
		r.T.Errorf("status %d: %.200s\n%.600s", a.StatusCode, a.Body, r.Log.String())
	}
	if e.RequestContext.HTTP.Method == http.MethodHead && a.Body != "" {
		r.T.Errorf("HEAD is answered with a body: %q", a.Body)
	}
}

func (r *Rig) checkHeaders(e events.APIGatewayV2HTTPRequest, a Answer) {
	r.T.Helper()
	want := map[string]string{}
	switch kind, _, _ := strings.Cut(a.Headers["content-type"], ";"); {
	case kind == "text/html":
		want = map[string]string{"content-security-policy": "frame-ancestors 'none'", "referrer-policy": "no-referrer", "x-robots-tag": "noindex", "x-content-type-options": "nosniff"}
	case kind == "application/json" && !json.Valid([]byte(a.Body)) && e.RequestContext.HTTP.Method != http.MethodHead:
		r.T.Errorf("no JSON: %q", a.Body)
	}
	for _, prefix := range r.Below {
		if strings.HasPrefix(e.RawPath, prefix) && len(e.RawPath) > len(prefix) {
			want["cache-control"], want["referrer-policy"], want["x-robots-tag"], want["x-content-type-options"] = "no-store", "no-referrer", "noindex", "nosniff"
		}
	}
	for header, value := range want {
		if !strings.Contains(a.Headers[header], value) {
			r.T.Errorf("%s of %.30s is %q, want %q", header, e.RawPath, a.Headers[header], value)
		}
	}
}
