package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/portal"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/webrig"
)

// marvin is the person of most tests.
const marvin = "marvin@example.com"

// The policy's own words.
const (
	thankYou = "Thank you! Your submission has been received!"
	problem  = "There is a problem" // of what the caller sent
)

// private is what people say of themselves in the tests. No log may hold it.
var private = []string{"Marvin", "Paranoid", "Zoë", "王", "Zaphod", "planet", "evil", "<script", "depressed"}

// Receipt and link keys of two generations.
var (
	firstKey  = `{"current":"k1","k1":"` + strings.Repeat("a", 32) + `"}`
	bothKeys  = `{"current":"k2","k1":"` + strings.Repeat("a", 32) + `","k2":"` + strings.Repeat("b", 32) + `"}`
	secondKey = `{"current":"k2","k2":"` + strings.Repeat("b", 32) + `"}`
)

var tokenInPath = regexp.MustCompile(`/(?:systems|requests/(?:confirm|resend|done|status|export))/([A-Za-z0-9_-]{30,})`)

// rig is the function with its tables in memory.
type rig struct {
	*handler
	webrig.Rig
	store   *store
	optOuts *testkit.OptOuts
	caps    *quota.Mails
	clock   time.Time
	asked   int
	bucket  *bucket
	ids     int
}

func newRig(t testing.TB) *rig {
	t.Helper()
	desk := testkit.Desk(t)
	r := &rig{clock: testkit.T0, optOuts: testkit.NewOptOuts()}
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
	rules, err := schedule.New(desk)
	if err != nil {
		t.Fatal(err)
	}
	r.bucket = &bucket{objects: map[string]attachment.Content{}, texts: map[string]string{}}
	r.handler = &handler{
		bucket: r.bucket, files: &filing.Service{Store: r.store, Objects: r.bucket, Now: now, Random: &testkit.Random{}, NewID: func() string { r.ids++; return "file" + strconv.Itoa(r.ids) }},
		rules: rules, Site: pages, rights: service,
		exports: &export.Exporter{Requests: r.store, Holdings: holdings{&choicesSpy{r.optOuts, r.store}, r.caps}, Law: service.Law, Now: now},
		optOuts: &optout.Service{Store: r.optOuts, Key: testkit.Key(t), Now: now, Zone: time.UTC},
		signer:  signer(t, firstKey),
		limits:  r.store.Counts, source: quota.Source{Digest: testkit.Key(t).Source, PerMinute: 10, PerDay: 30},
	}
	r.Rig = webrig.Rig{
		Serve: func() http.Handler { return r.routes() }, Writes: func() int { return len(r.store.writes) }, Fails: func() bool { return r.store.err != nil },
		Form: "/requests", Results: "/requests/done/", Files: "https://files.s3.example/", Below: []string{"/requests/"}, Links: tokenInPath, Private: private,
	}
	r.Watch(t)
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

// Save counts no step that says only who has asked: reading whom a system's task is about is written down.
func (s *store) Save(ctx context.Context, step request.Step) error {
	// S3 leads a browser back with GET: that a file is there, or is there no more, which the POST to S3 has brought about,
	// is recorded then.
	came := len(step.Files) == 1 && step.Files[0].State != attachment.Expected
	if (came || len(step.Events) == 1 && step.Events[0].Kind == string(lifecycle.EventSystemFetched)) && s.err == nil {
		return s.Requests.Save(ctx, step)
	}
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

// Calls and callers; see webrig.
type (
	call  = webrig.Call
	reply = webrig.Answer
)

var (
	browser, script, mailClient = webrig.Browser, webrig.Script, webrig.MailClient
	get, post                   = webrig.Get, webrig.Post
)

func postForm(body string, headers ...string) call { return post("/requests", body, headers...) }

var california, germany = deadline.Jurisdiction{Country: "US", Region: "CA"}, deadline.Jurisdiction{Country: "DE"}

// open takes a request of Marvin's in, as the form would.
func (r *rig) open(place deadline.Jurisdiction, kinds ...intake.Kind) request.Request {
	r.T.Helper()
	r.asked++
	q, err := r.rights.Open(context.Background(), request.Intake{
		Sending: strconv.Itoa(r.asked), // each is another
		Address: testkit.Address(r.T, marvin), Kinds: kinds, Name: "Marvin", Details: "brain the size of a planet",
		Place: place, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
	})
	return r.ok(q, err)
}

// mailed is a request whose mails have gone, as notices sends them.
func (r *rig) mailed(q request.Request) request.Request {
	r.T.Helper()
	testkit.Mailed(r.T, r.rights, r.store.OptOuts.Outbox)
	return r.file(q.ID).Request
}

// opened is one that the person has confirmed.
func (r *rig) opened(place deadline.Jurisdiction, kinds ...intake.Kind) request.Request {
	r.T.Helper()
	q := r.open(place, kinds...)
	q, _, err := r.rights.Confirm(context.Background(), q.ID, q.Words())
	return r.ok(q, err)
}

// decided is one that was answered.
func (r *rig) decided(v decision.Answer, place deadline.Jurisdiction, kinds ...intake.Kind) request.Request {
	r.T.Helper()
	return r.ok(r.rights.Decide(context.Background(), r.opened(place, kinds...).ID, "dpo", v))
}

func (r *rig) ok(q request.Request, err error) request.Request {
	r.T.Helper()
	if err != nil {
		r.T.Fatal(err)
	}
	return q
}

var (
	granted = decision.Answer{Outcome: decision.Grant, Explanation: "Here it is."}
	refused = decision.Answer{Outcome: decision.Refuse, Explanation: "We looked everywhere.", Grounds: []decision.Given{{Ground: decision.NoDataFound}}}
)

// to is the path of a link to a request.
func (r *rig) to(p link.Purpose, q request.Request) string {
	until := map[link.Purpose]time.Time{link.Confirm: q.VerifyBy, link.Resend: q.VerifyBy, link.Export: q.ExportUntil}[p]
	path := r.toRequest("/requests/"+string(p)+"/", p, q.ID, until)
	if p == link.System {
		return r.task(q, "crm")
	}
	if p == link.Result {
		path = r.Sealed("/requests/done/", p, link.Claims{
			Request: q.ID, Address: q.Address, ExpiresAt: r.clock.Add(portal.ResultFor), Of: ofForm, Details: map[string]string{detailKinds: "access"},
		})
	}
	r.Note(path)
	return path
}

// file is a request as it is now.
func (r *rig) file(id string) request.File { return testkit.File(r.T, r.store.Requests, id) }

// history is the kinds of a request's events.
func (r *rig) history(id string) string {
	r.T.Helper()
	var kinds []string
	for _, e := range r.file(id).Events {
		kinds = append(kinds, e.Kind)
	}
	return strings.Join(kinds, " ")
}

// of are the requests of an address, the earliest first.
func (r *rig) of(address string) []request.Request {
	r.T.Helper()
	found, err := r.store.Requests.OfPerson(context.Background(), r.rights.Key.Ref(testkit.Address(r.T, address)))
	if err != nil {
		r.T.Fatal(err)
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
	r.T.Helper()
	found := r.of(address)
	if len(found) != 1 {
		r.T.Fatalf("%d requests", len(found))
	}
	return found[0]
}

// rows shows the scopes that a person is out of.
func (r *rig) rows(address string) string {
	r.T.Helper()
	records, err := r.optOuts.OfPerson(context.Background(), r.rights.Key.Ref(testkit.Address(r.T, address)))
	if err != nil {
		r.T.Fatal(err)
	}
	var scopes []string
	for _, known := range records {
		scopes = append(scopes, string(known.Scope))
	}
	slices.Sort(scopes)
	return strings.Join(scopes, " ")
}

var down = fault.Wrap(fault.Unavailable, errors.New("throttled"), "call the table")
