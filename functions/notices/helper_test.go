package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

const marvin = "marvin@example.com"

// private is what people say of themselves in the tests. No log may hold it.
var private = []string{"@", "Marvin", "planet", "evil", "<script", "Which"}

var (
	background = context.Background()
	germany    = deadline.Jurisdiction{Country: "DE"}
	california = deadline.Jurisdiction{Country: "US", Region: "CA"}
)

// rig is the function with its tables in memory and a post office for SES.
// After every test it looks for personal data and link tokens in log and
// metrics.
type rig struct {
	*handler
	*mailer
	t       testing.TB
	optOuts *testkit.OptOuts
	store   *testkit.Requests
	post    *post
	counts  *testkit.Counts
	mails   *quota.Mails
	clock   time.Time
	out     bytes.Buffer // log
	figures bytes.Buffer
	asked   int
	held    []request.KeptBack // legal holds
}

// KeptBack implements request.Holds.
func (r *rig) KeptBack(context.Context, *request.Request) ([]request.KeptBack, error) {
	return r.held, nil
}

func newRig(t testing.TB) *rig {
	t.Helper()
	desk := testkit.Desk(t)
	schedule, err := schedule.New(desk)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := link.ParseKeyRing(`{"current":"k1","k1":"` + strings.Repeat("a", 32) + `"}`)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, clock: testkit.T0, optOuts: testkit.NewOptOuts(), post: &post{}, counts: &testkit.Counts{}}
	r.store = testkit.NewRequests(r.optOuts)
	now, log := func() time.Time { return r.clock }, slog.New(slog.NewJSONHandler(&r.out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.counts.Now = now
	service, err := request.New(r.store, testkit.Key(t), desk, now, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	service.Settings.ExportFor = 5 * 24 * time.Hour
	r.mails = &quota.Mails{Meter: r.counts, Key: testkit.Key(t), PerMailbox: 3, PerDay: 1000}
	r.mailer = &mailer{
		ring: ring, holds: r, sender: r.post, rights: service, desk: desk, schedule: schedule, zone: time.UTC,
		baseURL: "https://privacy.example.com", now: now, log: log,
	}
	letters := r.optOuts.Outbox
	r.handler = &handler{
		pending: r.optOuts, service: service, figures: &boot.Reporter{Function: "notices", Out: &r.figures, Now: now}, log: log,
		outbox: outbox.Drain{
			Queue: letters, Mailer: r.mailer, Caps: r.mails, Now: now, Kinds: kinds(
				optin.Confirmations{Store: r.optOuts, Ender: letters, Now: now}, mylinks.Letters{Store: letters, Requests: r.store, Ender: letters, Now: now}, request.Letters{Service: service},
				agenda.Digests{Service: service, Agenda: r.store, Ender: letters, To: testkit.Address(t, officer)}, agenda.Weekly(service, r.store, letters),
			),
		},
	}
	r.outbox.Unknown = r.unknown
	t.Cleanup(r.checkLog)
	return r
}

var tokenInMail = regexp.MustCompile(`https://privacy\.example\.com/[a-z/]+/([A-Za-z0-9_-]{30,})`)

func (r *rig) checkLog() {
	secrets := slices.Clone(private)
	for _, m := range r.post.mails {
		for _, found := range tokenInMail.FindAllStringSubmatch(m.Text+m.HTML, -1) {
			secrets = append(secrets, found[1])
		}
	}
	for _, secret := range secrets {
		if strings.Contains(r.out.String()+r.figures.String(), secret) {
			r.t.Errorf("the log holds %q:\n%s%s", secret, r.out.String(), r.figures.String())
		}
	}
}

// post is SES: what it was given, and how it fails.
type post struct {
	mails []ses.Mail
	tries int
	err   error
}

func (p *post) Send(_ context.Context, m ses.Mail) (string, error) {
	if p.tries++; p.err != nil {
		return "", p.err
	}
	p.mails = append(p.mails, m)
	return fmt.Sprint("ses-", len(p.mails)), nil
}

// intake is a request of Marvin's, who says more than he should.
func (r *rig) intake(place deadline.Jurisdiction, kinds ...intake.Kind) request.Intake {
	r.t.Helper()
	r.asked++
	return request.Intake{
		Sending: strconv.Itoa(r.asked), // each is another
		Address: testkit.Address(r.t, marvin), Kinds: kinds, Name: "Marvin", Details: "a planet <script>evil</script>",
		Place: place, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
	}
}

func (r *rig) open(in request.Intake) request.Request {
	r.t.Helper()
	return r.ok(r.rights.Open(background, in))
}

func (r *rig) opened(in request.Intake) request.Request {
	r.t.Helper()
	q := r.open(in)
	q, _, err := r.rights.Confirm(background, q.ID, q.Words())
	return r.ok(q, err)
}

func (r *rig) ok(q request.Request, err error) request.Request {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	return q
}

func (r *rig) file(id string) request.File { return testkit.File(r.t, r.store, id) }

const officer = "dpo@example.com"

// run wakes the function up, a second later.
func (r *rig) run() {
	r.t.Helper()
	r.clock = r.clock.Add(time.Second)
	if _, err := r.handle(r.t.Context(), boot.Hint{}); err != nil {
		r.t.Error(err)
	}
}

// last is the mail that came last, checked for what holds for every mail.
func (r *rig) last() ses.Mail {
	r.t.Helper()
	if len(r.post.mails) == 0 {
		r.t.Fatal("no mail")
	}
	m := r.post.mails[len(r.post.mails)-1]
	if m.To.Reveal() != marvin || m.Subject == "" || strings.ContainsAny(m.Subject, "\r\n") || m.Text == "" || m.HTML == "" {
		r.t.Errorf("%q", m.Subject)
	}
	if !slices.Contains(m.Headers, ses.Header{Name: "Auto-Submitted", Value: "auto-generated"}) {
		r.t.Errorf("headers %v", m.Headers)
	}
	for _, text := range []string{m.Subject, m.Text, m.HTML} {
		for _, typed := range []string{"Marvin", "planet", "evil", "January 1", "%!"} {
			if strings.Contains(text, typed) {
				r.t.Errorf("the mail holds %q:\n%s", typed, text)
			}
		}
	}
	if strings.Contains(m.HTML, "<script") {
		r.t.Error("a script in a mail")
	}
	return m
}

// opens returns the claims of the link in a mail that begins with prefix, as
// text and HTML have it alike.
func (r *rig) opens(m ses.Mail, prefix string, p link.Purpose) link.Claims {
	r.t.Helper()
	for _, found := range tokenInMail.FindAllStringSubmatch(m.Text, -1) {
		if !strings.HasPrefix(found[0], "https://privacy.example.com"+prefix) {
			continue
		}
		claims, err := r.ring.Open(p, found[1], r.clock)
		if err != nil || !strings.Contains(m.HTML, found[0]) {
			r.t.Errorf("%s: %v", prefix, err)
		}
		return claims
	}
	r.t.Errorf("no link to %s in\n%s", prefix, m.Text)
	return link.Claims{}
}

// states are what became of a request's notices, such as "verify sent".
func (r *rig) states(id string) string {
	var all []string
	for _, n := range r.file(id).Letters {
		all = append(all, fmt.Sprint(n.Template, " ", n.State))
	}
	return strings.Join(all, ", ")
}

// brokenErasures cannot be read.
type brokenErasures struct{}

func (brokenErasures) PendingErasures(context.Context) iter.Seq2[optout.Record, error] {
	return func(yield func(optout.Record, error) bool) { yield(optout.Record{}, errDown) }
}

// brokenQueue cannot be read to its end.
type brokenQueue struct{ *testkit.Outbox }

func (q brokenQueue) Pending(ctx context.Context, now time.Time) iter.Seq2[outbox.Letter, error] {
	return func(yield func(outbox.Letter, error) bool) {
		for l := range q.Outbox.Pending(ctx, now) {
			if !yield(l, nil) {
				return
			}
		}
		yield(outbox.Letter{}, errDown)
	}
}

var errDown = fault.Wrap(fault.Unavailable, errors.New("throttled"), "call the table")

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// asks wants to come back to what the person left, in so many choices.
func (r *rig) asks(ask optout.OptInConfirmation) {
	r.t.Helper()
	for scope, version := range ask.Versions {
		k := optout.Key{Ref: ask.Ref, Scope: scope}
		for {
			known, err := r.optOuts.Records(background, []optout.Key{k})
			if err == nil && known[k].Version < version {
				_, err = r.optOuts.Apply(background, optout.Change{Key: k, To: optout.Out, Address: ask.Address, Evidence: optout.Evidence{At: r.clock}})
			}
			if err != nil {
				r.t.Fatal(err)
			}
			if known[k].Version >= version {
				break
			}
		}
	}
	if err := r.optOuts.ApplyAll(background, nil, &ask); err != nil {
		r.t.Fatal(err)
	}
}
