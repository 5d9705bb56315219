package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/portal"
	"privacydesk/shared/testkit"
)

// marvin is the person of most tests.
const marvin = "marvin@example.com"

// names are the people's names in the tests. No log may hold one.
var names = []string{"Marvin", "Paranoid", "Zoë", "王", "Android", "Zaphod", "Beeblebrox", "Müller"}

// Keys of two generations.
var (
	firstKey  = `{"current":"k1","k1":"` + strings.Repeat("a", 32) + `"}`
	bothKeys  = `{"current":"k2","k1":"` + strings.Repeat("a", 32) + `","k2":"` + strings.Repeat("b", 32) + `"}`
	secondKey = `{"current":"k2","k2":"` + strings.Repeat("b", 32) + `"}`
)

// rig is the function with its tables in memory. After every test it looks
// for personal data and link tokens in the log.
type rig struct {
	*handler
	t      testing.TB
	store  *store
	counts *testkit.Counts
	clock  time.Time
	log    bytes.Buffer
	random *testkit.Random
	again  call            // a press that may come twice
	tokens map[string]bool // every link token that was seen
}

func newRig(t testing.TB) *rig {
	t.Helper()
	desk := testkit.Desk(t)
	r := &rig{t: t, clock: testkit.T0, random: &testkit.Random{}, tokens: map[string]bool{}, store: &store{OptOuts: testkit.NewOptOuts()}}
	now := func() time.Time { return r.clock }
	requests := testkit.NewRequests(r.store.OptOuts)
	r.counts, requests.Counts.Now = requests.Counts, now
	service, err := request.New(requests, testkit.Key(t), desk, now, &testkit.Random{})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := audit.ParseSigner(firstKey)
	if err != nil {
		t.Fatal(err)
	}
	pages := portal.New(desk, ring(t, firstKey), "https://privacy.example.com", now)
	pages.Pages.Zone = time.UTC
	r.handler = &handler{
		Site: pages, optOuts: &optout.Service{Store: r.store, Key: testkit.Key(t), Now: now, Zone: time.UTC}, rights: func() (*request.Service, error) { return service, nil },
		checker: &screening.Checker{Store: r.store, Key: testkit.Key(t), Now: now},
		lists:   &backfill.Importer{Store: r.store, Key: testkit.Key(t), Now: now}, listing: r.store,
		undoing: &backfill.Undoer{Store: r.store, Now: now},
		key:     testkit.Key(t), signer: signer, random: r.random, source: quota.Source{Digest: testkit.Key(t).Source, PerMinute: 10, PerDay: 30},
	}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() {
		slog.SetDefault(before)
		r.checkLog()
	})
	return r
}

// requests are a person's rights requests.
func (r *rig) requests(address string) []request.Summary {
	r.t.Helper()
	service, err := r.handler.rights()
	if err != nil {
		r.t.Fatal(err)
	}
	found, err := service.Store.OfPerson(context.Background(), testkit.Key(r.t).Ref(testkit.Address(r.t, address)))
	if err != nil {
		r.t.Fatal(err)
	}
	return found
}

func ring(tb testing.TB, keys string) *link.KeyRing {
	tb.Helper()
	ring, err := link.ParseKeyRing(keys)
	if err != nil {
		tb.Fatal(err)
	}
	return ring
}

// logs checks that the log counts so many opt-outs of a source, as the saved
// queries and the dashboard do.
func (r *rig) logs(source optout.Source, optOuts int) {
	r.t.Helper()
	if want := fmt.Sprintf(`"source":%q,"optOuts":%d`, source, optOuts); !strings.Contains(r.log.String(), want) {
		r.t.Errorf("no %s in the log:\n%s", want, r.log.String())
	}
}

func (r *rig) checkLog() {
	log := r.log.String()
	for _, secret := range slices.Concat(names, slices.Collect(maps.Keys(r.tokens)), []string{"@", "%40", "203.0.113.", "192.0.2."}) {
		if strings.Contains(log, secret) {
			r.t.Errorf("the log holds %q:\n%s", secret, log)
		}
	}
}

// call is a request. Headers come in pairs of name and value.
type call struct {
	method, path, query, body string
	headers                   []string
	source                    string // the client's network address, 203.0.113.7 unless told
}

// ofSystems are the routes that API Gateway hands on with the caller that IAM
// has let through.
var ofSystems = []string{"POST /links", "POST /suppressions/check", "POST /suppressions/import", "POST /suppressions/import/undo", "GET /suppressions"}

// Headers of common callers.
var (
	browser    = []string{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Sec-Fetch-Mode", "navigate"}
	script     = []string{"Accept", "application/json, text/javascript, */*; q=0.01", "Sec-Fetch-Mode", "cors"}
	mailClient = []string{"Accept", "*/*"}
)

func get(path string, headers ...string) call {
	return call{method: http.MethodGet, path: path, headers: headers}
}

// post is an urlencoded post; headers may name another content type.
func post(path, body string, headers ...string) call {
	return call{method: http.MethodPost, path: path, body: body, headers: append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)}
}

func postForm(body string, headers ...string) call { return post("/unsubscribe", body, headers...) }

func (c call) event() events.APIGatewayV2HTTPRequest {
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: c.path, RawQueryString: c.query, Headers: map[string]string{}}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = c.method, c.path
	e.RequestContext.HTTP.SourceIP, e.RequestContext.DomainName = c.source, "privacy.example.com"
	if c.source == "" {
		e.RequestContext.HTTP.SourceIP = "203.0.113.7"
	}
	if slices.Contains(ofSystems, c.method+" "+c.path) {
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{UserID: "AIDAEXAMPLE"}}
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

// answer is a response; text is its body without the escapes of HTML.
type answer struct {
	events.APIGatewayV2HTTPResponse
	text string
}

// brief is what people read of a page, and any other body whole.
func (a answer) brief() string {
	_, main, found := strings.Cut(a.Body, "<main")
	if !found {
		return a.Body
	}
	main, _, _ = strings.Cut(main, "</main>")
	return main
}

func (a answer) json(tb testing.TB) (got struct {
	Code    int
	Status  string
	Message string
	Errors  []fault.FieldError

	RetryAfter int `json:"retry_after"`
}) {
	tb.Helper()
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
		tb.Fatalf("no JSON: %v in %q", err, a.Body)
	}
	return got
}

// send calls the function and checks what holds for every answer.
func (r *rig) send(c call) answer { return r.invoke(c.event()) }

func (r *rig) invoke(e events.APIGatewayV2HTTPRequest) answer { return r.within(r.t.Context(), e) }

// within is a call that Lambda gives so much time.
func (r *rig) within(ctx context.Context, e events.APIGatewayV2HTTPRequest) answer {
	r.t.Helper()
	calls := r.store.writes
	got, err := web.Lambda(r.routes())(ctx, e)
	if err != nil {
		r.t.Fatal(err)
	}
	a := answer{got, html.UnescapeString(got.Body)}
	r.note(e.RawPath, got.Body)
	r.checkAnswer(e, a)
	if e.RequestContext.HTTP.Method != http.MethodPost && r.store.writes != calls {
		r.t.Errorf("%s %s wrote something", e.RequestContext.HTTP.Method, e.RouteKey)
	}
	return a
}

var tokenInPath = regexp.MustCompile(`/(?:u|undo|preferences|preferences/confirm)/([A-Za-z0-9_-]{30,})`)

// note remembers the link tokens of a text.
func (r *rig) note(texts ...string) {
	for _, text := range texts {
		for _, m := range tokenInPath.FindAllStringSubmatch(text, -1) {
			r.tokens[m[1]] = true
		}
	}
}

func (r *rig) checkAnswer(e events.APIGatewayV2HTTPRequest, a answer) {
	r.t.Helper()
	want := map[string]string{}
	switch kind, _, _ := strings.Cut(a.Headers["content-type"], ";"); {
	case e.RawPath == "/style.css":
	case kind == "text/html":
		want = map[string]string{"content-security-policy": "frame-ancestors 'none'", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}
	case kind == "application/json" && !json.Valid([]byte(a.Body)) && e.RequestContext.HTTP.Method != http.MethodHead:
		r.t.Errorf("no JSON: %q", a.Body)
	}
	if strings.HasPrefix(e.RawPath, "/u/") || strings.HasPrefix(e.RawPath, "/undo/") || strings.HasPrefix(e.RawPath, "/preferences/") {
		want["cache-control"], want["referrer-policy"], want["x-robots-tag"] = "no-store", "no-referrer", "noindex"
	}
	for header, value := range want {
		if !strings.Contains(a.Headers[header], value) {
			r.t.Errorf("%s of %s is %q, want %q", header, e.RawPath, a.Headers[header], value)
		}
	}
	if a.Headers["set-cookie"] != "" || len(a.Cookies) > 0 {
		r.t.Errorf("a cookie: %v %v", a.Headers["set-cookie"], a.Cookies)
	}
	if a.StatusCode/100 == 3 && (a.StatusCode != http.StatusSeeOther || e.RawPath != "/unsubscribe") {
		r.t.Errorf("%s is redirected to %q", e.RawPath, a.Headers["location"])
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
func (r *rig) expect(c call, status int, piece string) answer {
	r.t.Helper()
	a := r.send(c)
	if a.StatusCode != status || !strings.Contains(a.text, piece) {
		r.t.Errorf("%s %.40s: status %d, want %d with %q:\n%s", c.method, c.path, a.StatusCode, status, piece, a.brief())
	}
	return a
}

// link seals a link for a purpose, such as "unsubscribe" or "undo" (of what is
// recorded now), and returns its path.
func (r *rig) link(purpose link.Purpose, address, topic string) string {
	r.t.Helper()
	c := link.Claims{Address: testkit.Address(r.t, address), Topic: topic}
	prefix := "/u/"
	switch purpose {
	case link.Preferences:
		prefix = "/preferences/"
	case link.Undo:
		prefix, c.ExpiresAt, c.MadeBy = "/undo/", r.clock.Add(optout.UndoFor), r.recorded(address, optout.Email.About(topic)).MadeBy
	case link.OptIn:
		prefix, c.ExpiresAt, c.Versions = "/preferences/confirm/", r.clock.Add(optin.ConfirmWithin), map[string]int{string(optout.Email.About(topic)): r.recorded(address, optout.Email.About(topic)).Version}
	}
	path := r.Sealed(prefix, purpose, c)
	r.note(path)
	return path
}

func (r *rig) recorded(address string, scope optout.Scope) optout.Record {
	key := optout.Key{Ref: r.key.Ref(testkit.Address(r.t, address)), Scope: scope}
	known, _ := r.store.OptOuts.Records(context.Background(), []optout.Key{key})
	return known[key]
}

// rows shows a person's records, such as "email=out@1 sms=out@1": scope, state
// and version.
func (r *rig) rows(address string) string {
	r.t.Helper()
	var rows []string
	for _, known := range r.records(address) {
		rows = append(rows, fmt.Sprintf("%s=%s@%d", known.Scope, known.State, known.Version))
	}
	slices.Sort(rows)
	return strings.Join(rows, " ")
}

func (r *rig) records(address string) []optout.Record {
	r.t.Helper()
	records, err := r.store.OptOuts.OfPerson(context.Background(), r.key.Ref(testkit.Address(r.t, address)))
	if err != nil {
		r.t.Fatal(err)
	}
	return records
}

// only returns the one record of a person.
func (r *rig) only(address string) optout.Record {
	r.t.Helper()
	records := r.records(address)
	if len(records) != 1 {
		r.t.Fatalf("%d records", len(records))
	}
	return records[0]
}

func (r *rig) wantRows(address, want string) {
	r.t.Helper()
	if got := r.rows(address); got != want {
		r.t.Errorf("recorded %q, want %q", got, want)
	}
}

// confirmations are the opt-in confirmations that wait for their mail.
func (r *rig) confirmations() []optout.OptInConfirmation {
	r.t.Helper()
	var all []optout.OptInConfirmation
	for l := range r.store.Outbox.Pending(context.Background(), r.clock) {
		c, err := r.store.Confirmation(context.Background(), l)
		if err != nil {
			r.t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// store counts the calls to the table, and fails all of them when err is set.
type store struct {
	*testkit.OptOuts
	err           error
	reads, writes int
	mu            sync.Mutex // an import writes several at once
}

// failing is what a write meets: the table's fault, or that its time is over.
func (s *store) failing(ctx context.Context) error {
	if s.err == nil && ctx.Err() != nil {
		return fault.Wrap(fault.Unavailable, ctx.Err(), "call the table")
	}
	return s.err
}

func (s *store) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writes++; s.failing(ctx) != nil {
		return optout.Record{}, s.failing(ctx)
	}
	return s.OptOuts.Apply(ctx, c)
}

func (s *store) ApplyAll(ctx context.Context, changes []optout.Change, c *optout.OptInConfirmation) error {
	if s.writes++; s.failing(ctx) != nil {
		return s.failing(ctx)
	}
	return s.OptOuts.ApplyAll(ctx, changes, c)
}

func (s *store) Create(ctx context.Context, changes []optout.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writes++; s.err != nil {
		return s.err
	}
	return s.OptOuts.Create(ctx, changes)
}

func (s *store) OfPerson(ctx context.Context, ref person.Ref) ([]optout.Record, error) {
	if s.reads++; s.err != nil {
		return nil, s.err
	}
	return s.OptOuts.OfPerson(ctx, ref)
}

func (s *store) Records(ctx context.Context, keys []optout.Key) (map[optout.Key]optout.Record, error) {
	if s.reads++; s.err != nil {
		return nil, s.err
	}
	return s.OptOuts.Records(ctx, keys)
}
