package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/portal"
	"privacydesk/shared/testkit"
)

// marvin is the person of most tests.
const marvin = "marvin@example.com"

// The policy's own words.
const (
	thankYou = "Thank you! Your submission has been received!"
	oops     = "Oops! Something went wrong while submitting the form."
)

// private is what people say of themselves in the tests. No log may hold it.
var private = []string{"Marvin", "Paranoid", "Zoë", "王", "Zaphod", "planet", "evil", "<script", "depressed"}

// Receipt and link keys of two generations.
var (
	firstKey  = `{"current":"k1","k1":"` + strings.Repeat("a", 32) + `"}`
	bothKeys  = `{"current":"k2","k1":"` + strings.Repeat("a", 32) + `","k2":"` + strings.Repeat("b", 32) + `"}`
	secondKey = `{"current":"k2","k2":"` + strings.Repeat("b", 32) + `"}`
)

// rig is the function with its tables in memory. After every test it looks
// for personal data and link tokens in the log.
type rig struct {
	*handler
	t       testing.TB
	store   *store
	optOuts *testkit.OptOuts
	caps    *quota.Mails
	clock   time.Time
	log     bytes.Buffer
	asked   int
	tokens  map[string]bool // every link token that was seen
}

func newRig(t testing.TB) *rig {
	t.Helper()
	desk := testkit.Desk(t)
	r := &rig{t: t, clock: testkit.T0, tokens: map[string]bool{}, optOuts: testkit.NewOptOuts()}
	r.store = &store{Requests: testkit.NewRequests(r.optOuts)}
	now := func() time.Time { return r.clock }
	r.store.Counts.Now = now
	r.caps = &quota.Mails{Meter: r.store.Counts, Key: testkit.Key(t), PerMailbox: 3, PerDay: 1000}
	service, err := request.New(r.store, testkit.Key(t), desk, now, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	service.Settings.ExportFor = 5 * 24 * time.Hour
	pages := portal.New(desk, ring(t, firstKey), "https://privacy.example.com", now)
	pages.Pages.Zone = time.UTC
	r.handler = &handler{
		Site: pages, rights: service,
		exports: &export.Exporter{Requests: r.store, Holdings: holdings{&choicesSpy{r.optOuts, r.store}, r.caps}, Now: now},
		optOuts: &optout.Service{Store: r.optOuts, Key: testkit.Key(t), Now: now, Zone: time.UTC},
		signer:  signer(t, firstKey),
		limits:  r.store.Counts, source: quota.Source{Digest: testkit.Key(t).Source, PerMinute: 10, PerDay: 30},
	}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() {
		slog.SetDefault(before)
		r.checkLog()
	})
	return r
}

func ring(tb testing.TB, keys string) *link.KeyRing {
	tb.Helper()
	ring, err := link.ParseKeyRing(keys)
	if err != nil {
		tb.Fatal(err)
	}
	return ring
}

func signer(tb testing.TB, keys string) *audit.Signer {
	tb.Helper()
	s, err := audit.ParseSigner(keys)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func (r *rig) checkLog() {
	log := r.log.String()
	for _, secret := range slices.Concat(private, slices.Collect(maps.Keys(r.tokens)), []string{"@", "%40", "203.0.113.", "192.0.2."}) {
		if strings.Contains(log, secret) {
			r.t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
}

// store counts the calls to the table, and fails all of them when err is set.
type store struct {
	*testkit.Requests
	err           error
	reads, writes []string
}

func (s *store) Create(ctx context.Context, c request.Creation) error {
	if s.writes = append(s.writes, "create"); s.err != nil {
		return s.fail(ctx)
	}
	return s.Requests.Create(ctx, c)
}

// errHangs makes a store that answers nobody.
var errHangs = errors.New("hangs")

func (s *store) fail(ctx context.Context) error {
	if s.err != errHangs {
		return s.err
	}
	<-ctx.Done()
	return fault.Wrap(fault.Unavailable, ctx.Err(), "call the table")
}

func (s *store) Save(ctx context.Context, step request.Step) error {
	if s.writes = append(s.writes, "save"); s.err != nil {
		return s.err
	}
	return s.Requests.Save(ctx, step)
}

func (s *store) read(what string) error {
	s.reads = append(s.reads, what)
	return s.err
}

func (s *store) Load(ctx context.Context, id string) (request.Request, error) {
	if err := s.read("load"); err != nil {
		return request.Request{}, err
	}
	return s.Requests.Load(ctx, id)
}

func (s *store) OfPerson(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	if err := s.read("of person"); err != nil {
		return nil, err
	}
	return s.Requests.OfPerson(ctx, ref)
}

func (s *store) ConfirmedOf(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	if s.read("confirmed of") != nil {
		return nil, s.fail(ctx)
	}
	return s.Requests.ConfirmedOf(ctx, ref)
}

func (s *store) File(ctx context.Context, id string) (request.File, error) {
	if err := s.read("file"); err != nil {
		return request.File{}, err
	}
	return s.Requests.File(ctx, id)
}

type choicesSpy struct {
	*testkit.OptOuts
	store *store
}

func (c *choicesSpy) OfPerson(ctx context.Context, ref person.Ref) ([]optout.Record, error) {
	if err := c.store.read("opt-outs"); err != nil {
		return nil, err
	}
	return c.OptOuts.OfPerson(ctx, ref)
}

// call is a request. Headers come in pairs of name and value.
type call struct {
	method, path, query, body string
	headers                   []string
	source                    string // the client's network address, 203.0.113.7 unless told
}

// Headers of common callers.
var (
	browser    = []string{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Sec-Fetch-Mode", "navigate"}
	script     = []string{"Accept", "application/json, text/javascript, */*; q=0.01", "Sec-Fetch-Mode", "cors"}
	mailClient = []string{"Accept", "*/*"}
)

func get(path string, headers ...string) call {
	path, query, _ := strings.Cut(path, "?")
	return call{method: http.MethodGet, path: path, query: query, headers: headers}
}

// post is an urlencoded post; headers may name another content type.
func post(path, body string, headers ...string) call {
	return call{method: http.MethodPost, path: path, body: body, headers: append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)}
}

func postForm(body string, headers ...string) call { return post("/requests", body, headers...) }

func (c call) event() events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: c.path, RawQueryString: c.query, Headers: map[string]string{}}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = c.method, c.path
	e.RequestContext.HTTP.SourceIP, e.RequestContext.DomainName = c.source, "privacy.example.com"
	if c.source == "" {
		e.RequestContext.HTTP.SourceIP = "203.0.113.7"
	}
	for i := 0; i+1 < len(c.headers); i += 2 {
		e.Headers[strings.ToLower(c.headers[i])] = c.headers[i+1]
	}
	e.Body = c.body
	if kind := e.Headers["content-type"]; c.body != "" && !strings.HasPrefix(kind, "text/") && kind != "application/json" {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(c.body)), true
	}
	return e
}

// reply is a response; text is its body without the escapes of HTML.
type reply struct {
	events.APIGatewayV2HTTPResponse
	text string
}

// brief is what people read of a page, and any other body whole.
func (a reply) brief() string {
	_, main, found := strings.Cut(a.Body, "<main")
	if !found {
		return a.Body
	}
	main, _, _ = strings.Cut(main, "</main>")
	return main
}

// said is the JSON of an answer.
type said struct {
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

func (a reply) json(tb testing.TB) (got said) {
	tb.Helper()
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
		tb.Fatalf("no JSON: %v in %q", err, a.Body)
	}
	return got
}

// fields are the names of the fields that an answer complains about.
func (s said) fields() string {
	var names []string
	for _, e := range s.Errors {
		names = append(names, e.Field)
	}
	return strings.Join(names, " ")
}

// send calls the function and checks what holds for every answer.
func (r *rig) send(c call) reply { return r.invoke(c.event()) }

func (r *rig) invoke(e events.APIGatewayV2HTTPRequest) reply {
	r.t.Helper()
	return r.within(r.t.Context(), e)
}

// within is invoke with a deadline, as Lambda has one.
func (r *rig) within(ctx context.Context, e events.APIGatewayV2HTTPRequest) reply {
	r.t.Helper()
	writes := len(r.store.writes)
	r.note(e.RawPath)
	got, err := web.Lambda(r.routes())(ctx, e)
	if err != nil {
		r.t.Fatal(err)
	}
	a := reply{got, html.UnescapeString(got.Body)}
	r.note(got.Body)
	r.checkAnswer(e, a)
	if e.RequestContext.HTTP.Method != http.MethodPost && len(r.store.writes) != writes {
		r.t.Errorf("%s %s wrote something", e.RequestContext.HTTP.Method, e.RouteKey)
	}
	return a
}

var tokenInPath = regexp.MustCompile(`/requests/(?:confirm|resend|status|export)/([A-Za-z0-9_-]{30,})`)

// note remembers the link tokens of a text.
func (r *rig) note(texts ...string) {
	for _, text := range texts {
		for _, m := range tokenInPath.FindAllStringSubmatch(text, -1) {
			r.tokens[m[1]] = true
		}
	}
}

func (r *rig) checkAnswer(e events.APIGatewayV2HTTPRequest, a reply) {
	r.t.Helper()
	want := map[string]string{}
	switch kind, _, _ := strings.Cut(a.Headers["content-type"], ";"); {
	case kind == "text/html":
		want = map[string]string{"content-security-policy": "frame-ancestors 'none'", "referrer-policy": "no-referrer", "x-robots-tag": "noindex", "x-content-type-options": "nosniff"}
	case kind == "application/json" && !json.Valid([]byte(a.Body)) && e.RequestContext.HTTP.Method != http.MethodHead:
		r.t.Errorf("no JSON: %q", a.Body)
	}
	if len(e.RawPath) > len("/requests/") && strings.HasPrefix(e.RawPath, "/requests/") {
		want["cache-control"], want["referrer-policy"], want["x-robots-tag"], want["x-content-type-options"] = "no-store", "no-referrer", "noindex", "nosniff"
	}
	for header, value := range want {
		if !strings.Contains(a.Headers[header], value) {
			r.t.Errorf("%s of %.30s is %q, want %q", header, e.RawPath, a.Headers[header], value)
		}
	}
	if a.Headers["set-cookie"] != "" || len(a.Cookies) > 0 {
		r.t.Errorf("a cookie: %v %v", a.Headers["set-cookie"], a.Cookies)
	}
	if a.StatusCode/100 == 3 && (a.StatusCode != http.StatusSeeOther || e.RawPath != "/requests") {
		r.t.Errorf("%.30s is redirected to %q", e.RawPath, a.Headers["location"])
	}
	if strings.Contains(a.Headers["content-security-policy"], "unsafe") {
		r.t.Errorf("weak policy %q", a.Headers["content-security-policy"])
	}
	if a.StatusCode >= 500 && r.store.err == nil {
		r.t.Errorf("status %d: %.200s\n%.600s", a.StatusCode, a.Body, r.log.String())
	}
	if e.RequestContext.HTTP.Method == http.MethodHead && a.Body != "" {
		r.t.Errorf("HEAD is answered with a body: %q", a.Body)
	}
}

// expect sends a call and checks the answer's status and a piece of its text.
func (r *rig) expect(c call, status int, piece string) reply {
	r.t.Helper()
	a := r.send(c)
	if a.StatusCode != status || !strings.Contains(a.text, piece) {
		r.t.Errorf("%s %.40s: status %d, want %d with %q:\n%s", c.method, c.path, a.StatusCode, status, piece, a.brief())
	}
	return a
}

var california, germany = deadline.Jurisdiction{Country: "US", Region: "CA"}, deadline.Jurisdiction{Country: "DE"}

// open takes a request of Marvin's in, as the form would.
func (r *rig) open(place deadline.Jurisdiction, kinds ...intake.Kind) request.Request {
	r.t.Helper()
	r.asked++
	q, err := r.rights.Open(context.Background(), request.Intake{
		Sending: strconv.Itoa(r.asked), // each is another
		Address: testkit.Address(r.t, marvin), Kinds: kinds, Name: "Marvin", Details: "brain the size of a planet",
		Place: place, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
	})
	return r.ok(q, err)
}

// mailed is a request whose mails have gone, as notices sends them.
func (r *rig) mailed(q request.Request) request.Request {
	r.t.Helper()
	testkit.Mailed(r.t, r.rights, r.store.OptOuts.Outbox)
	return r.file(q.ID).Request
}

// opened is one that the person has confirmed.
func (r *rig) opened(place deadline.Jurisdiction, kinds ...intake.Kind) request.Request {
	r.t.Helper()
	q := r.open(place, kinds...)
	q, _, err := r.rights.Confirm(context.Background(), q.ID, q.Words())
	return r.ok(q, err)
}

// decided is one that was answered.
func (r *rig) decided(v decision.Decision, place deadline.Jurisdiction, kinds ...intake.Kind) request.Request {
	r.t.Helper()
	return r.ok(r.rights.Decide(context.Background(), r.opened(place, kinds...).ID, "dpo", v))
}

func (r *rig) ok(q request.Request, err error) request.Request {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	return q
}

var (
	granted = decision.Decision{Outcome: decision.Grant, Explanation: "Here it is."}
	refused = decision.Decision{Outcome: decision.Refuse, Grounds: []decision.Given{{Ground: decision.NoDataFound}}}
)

// to is the path of a link to a request.
func (r *rig) to(p link.Purpose, q request.Request) string {
	until := map[link.Purpose]time.Time{link.Confirm: q.VerifyBy, link.Resend: q.VerifyBy, link.Export: q.ExportUntil}[p]
	path := r.toRequest("/requests/"+string(p)+"/", p, q.ID, until)
	r.note(path)
	return path
}

// file is a request as it is now.
func (r *rig) file(id string) request.File {
	r.t.Helper()
	f, err := r.store.Requests.File(context.Background(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := audit.Verify(f.Events, f.Request.Head); err != nil {
		r.t.Error(err)
	}
	return f
}

// history is the kinds of a request's events.
func (r *rig) history(id string) string {
	r.t.Helper()
	var kinds []string
	for _, e := range r.file(id).Events {
		kinds = append(kinds, e.Kind)
	}
	return strings.Join(kinds, " ")
}

// of are the requests of an address, the earliest first.
func (r *rig) of(address string) []request.Request {
	r.t.Helper()
	found, err := r.store.Requests.OfPerson(context.Background(), r.rights.Key.Ref(testkit.Address(r.t, address)))
	if err != nil {
		r.t.Fatal(err)
	}
	requests := make([]request.Request, len(found))
	for i, s := range found {
		requests[i] = r.file(s.ID).Request
	}
	slices.SortFunc(requests, func(a, b request.Request) int { return a.ReceivedAt.Compare(b.ReceivedAt) })
	return requests
}

// only returns the one request of a person.
func (r *rig) only(address string) request.Request {
	r.t.Helper()
	found := r.of(address)
	if len(found) != 1 {
		r.t.Fatalf("%d requests", len(found))
	}
	return found[0]
}

// rows shows the scopes that a person is out of.
func (r *rig) rows(address string) string {
	r.t.Helper()
	records, err := r.optOuts.OfPerson(context.Background(), r.rights.Key.Ref(testkit.Address(r.t, address)))
	if err != nil {
		r.t.Fatal(err)
	}
	var scopes []string
	for _, known := range records {
		scopes = append(scopes, string(known.Scope))
	}
	slices.Sort(scopes)
	return strings.Join(scopes, " ")
}

var down = fault.Wrap(fault.Unavailable, errors.New("throttled"), "call the table")
