package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/portal"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/webrig"
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

// rig is the function with its tables in memory.
type rig struct {
	*handler
	webrig.Rig
	store  *store
	counts *testkit.Counts
	clock  time.Time
	random *testkit.Random
	again  call // a press that may come twice
}

func newRig(t testing.TB) *rig {
	t.Helper()
	desk := testkit.Desk(t)
	r := &rig{clock: testkit.T0, random: &testkit.Random{}, store: &store{OptOuts: testkit.NewOptOuts()}}
	now := func() time.Time { return r.clock }
	requests := testkit.NewRequests(r.store.OptOuts)
	r.counts, requests.Counts.Now = requests.Counts, now
	r.store.Outbox.Counts = r.counts
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
		figures: &boot.Reporter{Out: io.Discard, Now: time.Now},
		Site:    pages, optOuts: &optout.Service{Store: r.store, Key: testkit.Key(t), Now: now, Zone: time.UTC, Topics: topics(desk)}, rights: func() (*request.Service, error) { return service, nil },
		checker: &screening.Checker{Store: r.store, Key: testkit.Key(t), Now: now},
		links:   &mylinks.Service{Store: r.store.Outbox, Key: testkit.Key(t), Now: now},
		lists:   &backfill.Importer{Store: r.store, Key: testkit.Key(t), Now: now}, listing: r.store, changes: &feed.Reader{Source: r.store, Now: now},
		undoing: &backfill.Undoer{Store: r.store, Now: now},
		key:     testkit.Key(t), signer: signer, random: r.random, source: quota.Source{Digest: testkit.Key(t).Source, PerMinute: 10, PerDay: 30},
	}
	r.Rig = webrig.Rig{
		Serve: func() http.Handler { return r.routes() }, Writes: func() int { return r.store.writes }, Fails: func() bool { return r.store.err != nil },
		Form: "/unsubscribe", Results: "/done/", Below: []string{"/u/", "/undo/", "/done/", "/preferences/"}, Private: names,
		Links: regexp.MustCompile(`/(?:u|undo|done|preferences|preferences/confirm|choices)/([A-Za-z0-9_-]{30,})`),
	}
	r.Watch(t)
	return r
}

// requests are a person's rights requests.
func (r *rig) requests(address string) []request.Summary {
	r.T.Helper()
	service, err := r.handler.rights()
	if err != nil {
		r.T.Fatal(err)
	}
	found, err := service.Store.OfPerson(context.Background(), testkit.Key(r.T).Ref(testkit.Address(r.T, address)))
	if err != nil {
		r.T.Fatal(err)
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
	r.T.Helper()
	if want := fmt.Sprintf(`"source":%q,"optOuts":%d`, source, optOuts); !strings.Contains(r.Log.String(), want) {
		r.T.Errorf("no %s in the log:\n%s", want, r.Log.String())
	}
}

// Calls and callers; see webrig.
type (
	call   = webrig.Call
	answer = webrig.Answer
)

var (
	browser, script, mailClient = webrig.Browser, webrig.Script, webrig.MailClient
	get, post                   = webrig.Get, webrig.Post
)

func postForm(body string, headers ...string) call { return post("/unsubscribe", body, headers...) }

// link seals a link for a purpose, such as "unsubscribe" or "undo" (of what is
// recorded now), and returns its path.
func (r *rig) link(purpose link.Purpose, address, topic string) string {
	if purpose == link.Choices {
		testkit.WithSystems(r.Desk)
		return r.toChoices(address)
	}
	r.T.Helper()
	c := link.Claims{Address: testkit.Address(r.T, address), Topic: topic}
	prefix := "/u/"
	switch purpose {
	case link.Preferences:
		prefix = "/preferences/"
	case link.Undo:
		prefix, c.ExpiresAt, c.MadeBy = "/undo/", r.clock.Add(optout.UndoFor), r.recorded(address, optout.Email.About(topic)).MadeBy
		c.Versions = map[string]int{string(optout.Email.About(topic)): 1}
	case link.Result:
		prefix, c.ExpiresAt = "/done/", r.clock.Add(portal.ResultFor)
		c.Of = ofForm
		c.Versions = map[string]int{string(optout.Email.About(topic)): 1}
	case link.OptIn:
		prefix, c.ExpiresAt, c.Versions = "/preferences/confirm/", r.clock.Add(optin.ConfirmWithin), map[string]int{string(optout.Email.About(topic)): r.recorded(address, optout.Email.About(topic)).Version}
	}
	path := r.Sealed(prefix, purpose, c)
	r.Note(path)
	return path
}

func (r *rig) recorded(address string, scope optout.Scope) optout.Record {
	key := optout.Key{Ref: r.key.Ref(testkit.Address(r.T, address)), Scope: scope}
	known, _ := r.store.OptOuts.Records(context.Background(), []optout.Key{key})
	return known[key]
}

// rows shows a person's records, such as "email=out@1 sms=out@1": scope, state
// and version.
func (r *rig) rows(address string) string {
	r.T.Helper()
	var rows []string
	for _, known := range r.records(address) {
		rows = append(rows, fmt.Sprintf("%s=%s@%d", known.Scope, known.State, known.Version))
	}
	slices.Sort(rows)
	return strings.Join(rows, " ")
}

func (r *rig) records(address string) []optout.Record {
	r.T.Helper()
	records, err := r.store.OptOuts.OfPerson(context.Background(), r.key.Ref(testkit.Address(r.T, address)))
	if err != nil {
		r.T.Fatal(err)
	}
	return records
}

// only returns the one record of a person.
func (r *rig) only(address string) optout.Record {
	r.T.Helper()
	records := r.records(address)
	if len(records) != 1 {
		r.T.Fatalf("%d records", len(records))
	}
	return records[0]
}

func (r *rig) wantRows(address, want string) {
	r.T.Helper()
	if got := r.rows(address); got != want {
		r.T.Errorf("recorded %q, want %q", got, want)
	}
}

// confirmations are the opt-in confirmations that wait for their mail.
func (r *rig) confirmations() []optout.OptInConfirmation {
	r.T.Helper()
	var all []optout.OptInConfirmation
	for l := range r.store.Outbox.Pending(context.Background(), r.clock) {
		c, err := r.store.Confirmation(context.Background(), l)
		if err != nil {
			r.T.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// store counts the calls to the table, and fails all of them when err is set, reads when
// readErr is.
type store struct {
	*testkit.OptOuts
	err, readErr   error
	failAfterWrite bool // reads fail once something was written
	reads, writes  int
	mu             sync.Mutex // an import writes several at once
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
	if s.failAfterWrite {
		s.readErr = fault.Wrap(fault.Unavailable, errors.New("throttled"), "read")
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
	if s.reads++; s.err != nil || s.readErr != nil {
		return nil, cmp.Or(s.err, s.readErr)
	}
	return s.OptOuts.OfPerson(ctx, ref)
}

func (s *store) Records(ctx context.Context, keys []optout.Key) (map[optout.Key]optout.Record, error) {
	if s.reads++; s.err != nil || s.readErr != nil {
		return nil, cmp.Or(s.err, s.readErr)
	}
	return s.OptOuts.Records(ctx, keys)
}

func (s *store) Changes(ctx context.Context, after feed.Position, until time.Time, most int) ([]optout.Record, bool, error) {
	if s.reads++; s.err != nil {
		return nil, false, s.err
	}
	return s.OptOuts.Changes(ctx, after, until, most)
}
