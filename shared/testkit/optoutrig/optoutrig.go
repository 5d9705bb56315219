// Package optoutrig is a desk of opt-outs in memory, for the tests of optout,
// suppression and feedback: a Service and a Syncer over one table, SES's list
// and a clock. For tests only.
package optoutrig

import (
	"context"
	"testing"
	"time"

	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

var ctx = context.Background()

// List is SES: what it holds, and what it does wrong. Fail is asked before
// each call and says what to answer; effect says whether the call took effect
// all the same.
type List struct {
	Held  map[string]bool
	As    map[string]suppression.ListReason
	Own   map[string]time.Time // when SES made the entry by itself; what is not in it, it did not
	Calls int
	Fail  func(call int) (err error, effect bool)
}

// Put implements suppression.List.
func (l *List) Put(_ context.Context, a person.Address, r suppression.ListReason) error {
	return l.call(a, r)
}

// Delete implements suppression.List.
func (l *List) Delete(_ context.Context, a person.Address) error {
	return l.call(a, suppression.NotListed)
}

// MadeBySES implements suppression.List.
func (l *List) MadeBySES(_ context.Context, e suppression.Entry) (suppression.ListReason, time.Time, error) {
	a := e.Address.Reveal()
	switch at, own := l.Own[a]; {
	case !l.Held[a]:
		return suppression.NotListed, time.Time{}, suppression.ErrNotListed
	case own:
		return l.As[a], at, nil
	}
	return suppression.NotListed, time.Time{}, nil
}

// Bounces makes SES list an address by itself.
func (l *List) Bounces(address string, at time.Time) {
	l.Held[address], l.As[address] = true, suppression.ListedBounce
	l.Own = map[string]time.Time{address: at}
}

func (l *List) call(a person.Address, as suppression.ListReason) error {
	l.Calls++
	err, effect := error(nil), true
	if l.Fail != nil {
		err, effect = l.Fail(l.Calls)
	}
	if !effect {
		return err
	}
	delete(l.As, a.Reveal())
	delete(l.Own, a.Reveal())
	if delete(l.Held, a.Reveal()); as != suppression.NotListed {
		l.Held[a.Reveal()], l.As[a.Reveal()] = true, as
	}
	return err
}

// Desk is a Service and a Syncer over one table in memory, at one time.
type Desk struct {
	*optout.Service
	*suppression.Syncer
	Checker *screening.Checker
	Table   *testkit.OptOuts
	SES     *List
	Time    time.Time
}

// NoPace lets every call to SES pass.
type NoPace struct{}

// Wait implements suppression.Pace.
func (NoPace) Wait(ctx context.Context) error { return ctx.Err() }

// View is the nonce of the one page view from which people leave here.
const View = "the.page.that.is.open."

// New makes a desk of which nothing is recorded, at testkit.T0.
func New(tb testing.TB) *Desk {
	d := &Desk{Table: testkit.NewOptOuts(), SES: &List{Held: map[string]bool{}, As: map[string]suppression.ListReason{}}, Time: testkit.T0}
	clock := func() time.Time { return d.Time }
	d.Service = &optout.Service{Store: d.Table, Key: testkit.Key(tb), Now: clock, Zone: time.UTC}
	d.Checker = &screening.Checker{Store: d.Table, Key: d.Service.Key, Now: clock}
	d.Syncer = &suppression.Syncer{
		Queue: d.Table, List: d.SES, Pace: NoPace{}, Now: clock,
		Sleep: func(_ context.Context, wait time.Duration) { d.Time = d.Time.Add(wait) },
	}
	return d
}

// Out opts a person out by the link's own page.
func (d *Desk) Out(tb testing.TB, address string, scopes ...optout.Scope) optout.Record {
	tb.Helper()
	r, err := d.Record(ctx, optout.Request{
		Address: testkit.Address(tb, address), Scopes: scopes, Source: optout.FromLink, Nonce: View,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// Sync lets the Syncer work until nothing is due.
func (d *Desk) Sync(tb testing.TB) suppression.SyncReport {
	tb.Helper()
	report, err := d.Drain(ctx, time.Time{})
	if err != nil {
		tb.Fatal(err)
	}
	return report
}

// Observe records what SES says of a person.
func (d *Desk) Observe(tb testing.TB, address string, scope optout.Scope, to optout.State) {
	tb.Helper()
	a := testkit.Address(tb, address)
	_, err := d.Table.Apply(ctx, optout.Change{
		Key: optout.Key{Ref: testkit.Key(tb).Ref(a), Scope: scope}, To: to, Address: a,
		Evidence: optout.Evidence{At: d.Time}, Observed: &optout.Observation{At: d.Time},
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// Recorder is the feedback's, over the same table.
func (d *Desk) Recorder() *feedback.Recorder {
	return &feedback.Recorder{Store: d.Table, Key: d.Key, Now: func() time.Time { return d.Time }, Soft: feedback.SoftBounces{Days: 3, Within: 7}}
}

// Apply records one event's observations.
func (d *Desk) Apply(tb testing.TB, observations ...feedback.Observation) {
	tb.Helper()
	for _, err := range d.Recorder().Apply(ctx, [][]feedback.Observation{observations}) {
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// Read returns a record as it is now.
func (d *Desk) Read(tb testing.TB, address string, scope optout.Scope) optout.Record {
	tb.Helper()
	k := optout.Key{Ref: d.Key.Ref(testkit.Address(tb, address)), Scope: scope}
	found, err := d.Table.Records(ctx, []optout.Key{k})
	if err != nil {
		tb.Fatal(err)
	}
	return found[k]
}

// ObservationOf is of a@example.com.
func ObservationOf(tb testing.TB, scope optout.Scope, to optout.State, source optout.Source, at time.Time) feedback.Observation {
	return feedback.Observation{Address: testkit.Address(tb, "a@example.com"), Scope: scope, To: to, Evidence: optout.Evidence{Source: source, At: at}}
}

// Email returns the person's own record of e-mail.
func (d *Desk) Email(tb testing.TB, address string) optout.Record {
	tb.Helper()
	known, err := d.Preferences(ctx, testkit.Address(tb, address))
	if err != nil {
		tb.Fatal(err)
	}
	return known["email"]
}

// MakeTombstone syncs what is due, and makes a tombstone of a record.
func (d *Desk) MakeTombstone(tb testing.TB, address string, scope optout.Scope, erased bool) optout.Record {
	tb.Helper()
	d.Sync(tb)
	d.Time = d.Time.Add(time.Hour)
	r := d.Read(tb, address, scope)
	if err := d.Table.MakeTombstone(ctx, r.Key, r.Version, d.Time, erased); err != nil {
		tb.Fatal(err)
	}
	return d.Read(tb, address, scope)
}
