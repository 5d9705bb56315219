package request_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

const marvin = "marvin@example.com"

var (
	background = context.Background()
	california = deadline.Jurisdiction{Country: "US", Region: "CA"}
	germany    = deadline.Jurisdiction{Country: "DE"}
	britain    = deadline.Jurisdiction{Country: "GB"}
	nowhere    = deadline.Jurisdiction{}
)

// failer is what rigs report to: a test, or one run of a property.
type failer interface {
	Helper()
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// desk is the service over tables in memory, with a clock.
type desk struct {
	*request.Service
	t       failer
	store   *store
	optOuts *testkit.OptOuts
	caps    *quota.Mails
	now     time.Time
	asked   int
}

func newDesk(tb testing.TB) *desk { return newDeskFor(tb, tb) }

func newDeskFor(tb testing.TB, f failer) *desk {
	tb.Helper()
	settings := testkit.Desk(tb)
	d := &desk{t: f, optOuts: testkit.NewOptOuts(), now: testkit.T0}
	d.store = &store{Requests: testkit.NewRequests(d.optOuts)}
	d.store.Counts.Now = func() time.Time { return d.now }
	d.caps = &quota.Mails{Meter: d.store.Counts, Key: testkit.Key(tb), PerMailbox: 1000, PerDay: 100_000}
	var err error
	if d.Service, err = request.New(d.store, testkit.Key(tb), settings, func() time.Time { return d.now }, random(1)); err != nil {
		tb.Fatal(err)
	}
	d.Settings.ExportFor = 5 * 24 * time.Hour
	return d
}

func random(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

// store counts the calls to the table and lets a test come between.
type store struct {
	*testkit.Requests
	calls  []string
	before func(call string) error // asked before each call; its error is the call's
	saved  func(id string)         // told of each step that was saved; may be nil
	broken string                  // the request that cannot be saved
}

func (s *store) call(name string) error {
	s.calls = append(s.calls, name)
	if s.before == nil {
		return nil
	}
	return s.before(name)
}

func (s *store) Create(ctx context.Context, c request.Creation) error {
	if err := s.call("create"); err != nil {
		return err
	}
	err := s.Requests.Create(ctx, c)
	if s.saved != nil && err == nil {
		s.saved(c.Request.ID)
		if c.Also != nil {
			s.saved(c.Also.Request.ID)
		}
	}
	return err
}

func (s *store) Save(ctx context.Context, step request.Step) error {
	if err := s.call("save"); err != nil {
		return err
	}
	if step.Request.ID == s.broken {
		return errors.New("it is too big")
	}
	err := s.Requests.Save(ctx, step)
	if s.saved != nil && err == nil {
		s.saved(step.Request.ID)
		if step.Also != nil {
			s.saved(step.Also.Request.ID)
		}
	}
	return err
}

func (s *store) Load(ctx context.Context, id string) (request.Request, error) {
	if err := s.call("load"); err != nil {
		return request.Request{}, err
	}
	return s.Requests.Load(ctx, id)
}

func (s *store) ConfirmedOf(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	if err := s.call("confirmed of"); err != nil {
		return nil, err
	}
	return s.Requests.ConfirmedOf(ctx, ref)
}

func (s *store) OfPerson(ctx context.Context, ref person.Ref) ([]request.Summary, error) {
	if err := s.call("of person"); err != nil {
		return nil, err
	}
	return s.Requests.OfPerson(ctx, ref)
}

// queue is the outbox beside the table, of one template alone or of all but it.
type queue struct {
	*testkit.Outbox
	*store
	digest bool
}

func (q queue) Pending(ctx context.Context, now time.Time) iter.Seq2[outbox.Letter, error] {
	return func(yield func(outbox.Letter, error) bool) {
		for l, err := range q.Outbox.Pending(ctx, now) {
			if (l.Template == agenda.MailDigest) == q.digest && !yield(l, err) {
				return
			}
		}
	}
}

func (q queue) Move(ctx context.Context, l outbox.Letter, to outbox.State, due time.Time) error {
	if err := q.call("move"); err != nil {
		return err
	}
	return q.Outbox.Move(ctx, l, to, due)
}

func (q queue) Queue(ctx context.Context, l outbox.Letter) error {
	if err := q.call("queue"); err != nil {
		return err
	}
	return q.Outbox.Queue(ctx, l)
}

func (q queue) End(ctx context.Context, l outbox.Letter) error {
	if err := q.call("end"); err != nil {
		return err
	}
	return q.Outbox.End(ctx, l)
}

var errDown = fault.Wrap(fault.Unavailable, errors.New("throttled"), "call the table")

func (d *desk) address(text string) person.Address {
	d.t.Helper()
	a, err := person.Parse(text)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	return a
}

// asks is Marvin's own request for kinds at a place, a sending of its own.
func (d *desk) asks(place deadline.Jurisdiction, kinds ...intake.Kind) request.Intake {
	d.t.Helper()
	d.asked++
	return request.Intake{
		Sending: strconv.Itoa(d.asked),
		Address: d.address(marvin), Kinds: kinds, Place: place, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
	}
}

func (d *desk) open(in request.Intake) request.Request {
	d.t.Helper()
	return d.ok(d.Open(background, in))
}

// opened is a request that the person has confirmed at once.
func (d *desk) opened(in request.Intake) request.Request {
	d.t.Helper()
	return d.confirm(d.open(in))
}

func (d *desk) confirm(r request.Request) request.Request {
	d.t.Helper()
	confirmed, _, err := d.Confirm(background, r.ID, r.Words())
	return d.ok(confirmed, err)
}

// refused is a request that is refused for a ground that fits all.
func (d *desk) refused(in request.Intake) request.Request {
	d.t.Helper()
	return d.ok(d.Decide(background, d.opened(in).ID, "dpo", refusal(decision.NoDataFound)))
}

func refusal(grounds ...decision.Ground) decision.Answer {
	v := decision.Answer{Outcome: decision.Refuse, Explanation: "because"}
	for _, g := range grounds {
		v.Grounds = append(v.Grounds, decision.Given{Ground: g})
	}
	return v
}

func (d *desk) ok(r request.Request, err error) request.Request {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	return r
}

// file reads a request with all that belongs to it, and checks what holds for
// every file.
func (d *desk) file(id string) request.File {
	d.t.Helper()
	f, err := d.store.File(background, id)
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	d.check(f)
	return f
}

func (d *desk) check(f request.File) {
	d.t.Helper()
	r := f.Request
	if err := audit.Verify(f.Events, r.Head); err != nil {
		d.t.Errorf("the history of %s: %v", r.ID, err)
	}
	state := lifecycle.None
	for _, e := range f.Events {
		next, err := lifecycle.Next(state, lifecycle.Event(e.Kind))
		if err != nil {
			d.t.Errorf("the history of %s: %v", r.ID, err)
		}
		state = next
	}
	if state != r.State {
		d.t.Errorf("%s is %q, its history says %q", r.ID, r.State, state)
	}
	if r.State.Closed() == r.ClosedAt.IsZero() {
		d.t.Errorf("%s is %q, closed at %v", r.ID, r.State, r.ClosedAt)
	}
	if (r.State == lifecycle.WaitingForPerson) != (r.Waiting != nil) {
		d.t.Errorf("%s is %q and waits for %+v", r.ID, r.State, r.Waiting)
	}
	seen := map[string]bool{}
	for _, n := range f.Letters {
		key := fmt.Sprint(n.Seq, n.Template)
		if seen[key] || n.Seq < 1 || n.Seq > r.Head.Seq {
			d.t.Errorf("%s has the letter %s twice, or of no event", r.ID, key)
		}
		seen[key] = true
	}
}

// history is the kinds of a request's events, such as "received opted_out".
func (d *desk) history(id string) string {
	d.t.Helper()
	var kinds []string
	for _, e := range d.file(id).Events {
		kinds = append(kinds, e.Kind)
	}
	return strings.Join(kinds, " ")
}

// event is the last event of a kind.
func (d *desk) event(id string, kind lifecycle.Event) audit.Entry {
	d.t.Helper()
	events := d.file(id).Events
	for _, e := range slices.Backward(events) {
		if e.Kind == string(kind) {
			return e
		}
	}
	d.t.Fatalf("nothing was %s", kind)
	return audit.Entry{}
}

// mails are the templates of a request's notices, such as "verify".
func (d *desk) mails(id string) string {
	d.t.Helper()
	var templates []string
	for _, n := range d.file(id).Letters {
		templates = append(templates, string(n.Template))
	}
	return strings.Join(templates, " ")
}

// rows shows a person's opt-outs, such as "email sms".
func (d *desk) rows(address string) string {
	d.t.Helper()
	records, err := d.optOuts.OfPerson(background, d.Key.Ref(d.address(address)))
	if err != nil {
		d.t.Fatalf("%v", err)
	}
	var scopes []string
	for _, r := range records {
		if r.State == optout.Out {
			scopes = append(scopes, string(r.Scope))
		}
	}
	slices.Sort(scopes)
	return strings.Join(scopes, " ")
}

func (d *desk) later(by time.Duration) { d.now = d.now.Add(by) }

const day = 24 * time.Hour

// dayEnd is when the day is over, where the organisation is, that is so many
// days after that of a moment. No change of the clocks comes near it.
func dayEnd(at time.Time, days int) time.Time {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		panic(err)
	}
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d+days+1, 0, 0, 0, 0, zone)
}

// wantFault checks an error's code, and that the public's words are clear.
func (d *desk) wantFault(err error, code fault.Code, piece string) {
	d.t.Helper()
	if fault.CodeOf(err) != code || !strings.Contains(fault.Public(err), piece) {
		d.t.Errorf("%v (%q), want %s with %q", err, fault.Public(err), code, piece)
	}
}

// wantField checks that one field is to blame, and why.
func (d *desk) wantField(err error, field, reason string) {
	d.t.Helper()
	fields := fault.FieldsOf(err)
	if fault.CodeOf(err) != fault.Invalid || len(fields) != 1 || fields[0].Field != field || fields[0].Reason != reason {
		d.t.Errorf("%v %+v, want %s of %s", err, fields, reason, field)
	}
}

// wantUnchanged checks that nothing was written to a request since.
func (d *desk) wantUnchanged(before request.Request) {
	d.t.Helper()
	if f := d.file(before.ID); f.Request.Version != before.Version || f.Request.Head != before.Head {
		d.t.Errorf("%s was written to: %s", before.ID, d.history(before.ID))
	}
}

// by says who caused an event, the officer named too.
func by(e audit.Entry) string {
	if who := audit.Officer(e); who != "" {
		return e.Actor + ":" + who
	}
	return e.Actor
}

// sesID is SES's id of the mail that an event tells of.
func sesID(e audit.Entry) string {
	id, _ := e.Private["ses_message"].Reveal()
	return id
}

// Export is a part of an export.
func (d *desk) Export(ctx context.Context, id, part string, h export.Holdings) (export.Export, error) {
	return (&export.Exporter{Requests: d.Store, Holdings: h, Law: d.Law, Now: d.Now}).Part(ctx, id, part)
}

// stopped reports whether our period stands still.
func stopped(r request.Request) bool {
	return len(r.Pauses) > 0 && r.Pauses[len(r.Pauses)-1].Until.IsZero()
}
