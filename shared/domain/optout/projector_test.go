package optout_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

// fakeList is SES: what it holds, and what it does wrong. fail is asked before
// each call and says what to answer; effect says whether the call took effect
// all the same.
type fakeList struct {
	held  map[string]bool
	as    map[string]suppression.ListReason
	calls int
	fail  func(call int) (err error, effect bool)
}

func (l *fakeList) Put(_ context.Context, a person.Address, r suppression.ListReason) error {
	return l.call(a, r)
}
func (l *fakeList) Delete(_ context.Context, a person.Address) error {
	return l.call(a, suppression.NotListed)
}

// MadeBySES implements optout.List: nothing is SES's own here.
func (l *fakeList) MadeBySES(_ context.Context, e suppression.Entry) (suppression.ListReason, error) {
	if !l.held[e.Address.Reveal()] {
		return suppression.NotListed, suppression.ErrNotListed
	}
	return suppression.NotListed, nil
}

func (l *fakeList) call(a person.Address, as suppression.ListReason) error {
	l.calls++
	err, effect := error(nil), true
	if l.fail != nil {
		err, effect = l.fail(l.calls)
	}
	if !effect {
		return err
	}
	delete(l.as, a.Reveal())
	if delete(l.held, a.Reveal()); as != suppression.NotListed {
		l.held[a.Reveal()], l.as[a.Reveal()] = true, as
	}
	return err
}

// desk is a service and a projector over one table in memory, with a clock.
type desk struct {
	*optout.Service
	*suppression.Syncer
	table *testkit.OptOuts
	list  *fakeList
	now   time.Time
}

type noPace struct{}

func (noPace) Wait(ctx context.Context) error { return ctx.Err() }

func newDesk(tb testing.TB) *desk {
	d := &desk{table: testkit.NewOptOuts(), list: &fakeList{held: map[string]bool{}, as: map[string]suppression.ListReason{}}, now: testkit.T0}
	clock := func() time.Time { return d.now }
	d.Service = &optout.Service{Store: d.table, Key: testkit.Key(tb), Now: clock, Zone: time.UTC}
	d.Syncer = &suppression.Syncer{
		Queue: d.table, List: d.list, Pace: noPace{}, Now: clock,
		Sleep: func(_ context.Context, wait time.Duration) { d.now = d.now.Add(wait) },
	}
	return d
}

// view is the nonce of the one page view from which people leave here.
const view = "the.page.that.is.open."

func (d *desk) out(tb testing.TB, address string, scopes ...optout.Scope) optout.Record {
	tb.Helper()
	r, err := d.Record(context.Background(), optout.Request{
		Address: testkit.Address(tb, address), Scopes: scopes, Source: optout.FromLink, Nonce: view,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func (d *desk) drain(tb testing.TB) suppression.Report {
	tb.Helper()
	report, err := d.Drain(context.Background(), time.Time{})
	if err != nil {
		tb.Fatal(err)
	}
	return report
}

func TestOptOutsReachSES(t *testing.T) {
	d := newDesk(t)
	d.out(t, "a@example.com", "email")
	d.out(t, "b@example.com", "email/newsletter")
	d.out(t, "zoë@example.com", "email")
	d.out(t, "c@example.com", "sms", "email", "post")
	d.now = d.now.Add(time.Minute)
	report := d.drain(t)
	want := suppression.Report{Put: 2, Unsupported: 1, AgeAtSync: time.Minute}
	if report != want || d.list.calls != 2 {
		t.Errorf("report %+v after %d calls", report, d.list.calls)
	}
	if held := slices.Sorted(maps.Keys(d.list.held)); fmt.Sprint(held) != "[a@example.com c@example.com]" {
		t.Errorf("SES holds %v", held)
	}
	if again := d.drain(t); again != (suppression.Report{}) || d.list.calls != 2 {
		t.Errorf("a second run did %+v", again)
	}
}

func TestPauseEndsByItself(t *testing.T) {
	d := newDesk(t)
	a := testkit.Address(t, "a@example.com")
	if _, err := d.Choose(context.Background(), a, "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}}); err != nil {
		t.Fatal(err)
	}
	d.drain(t)
	if !d.list.held["a@example.com"] {
		t.Fatal("a pause is not told to SES")
	}
	d.now = d.now.AddDate(0, 0, 31).Truncate(24 * time.Hour).Add(-time.Second) // the last of its 30th day
	d.drain(t)
	if !d.list.held["a@example.com"] {
		t.Error("the pause ended early")
	}
	d.now = d.now.Add(time.Second)
	d.drain(t)
	if d.list.held["a@example.com"] {
		t.Error("the pause did not end")
	}
}

func TestThrottlingOnlyDelays(t *testing.T) {
	d := newDesk(t)
	d.out(t, "a@example.com", "email")
	ends := d.now.Add(10 * time.Minute)
	d.list.fail = func(int) (error, bool) {
		if d.now.Before(ends) {
			return suppression.ErrThrottled, false
		}
		return nil, true
	}
	for runs := 0; !d.list.held["a@example.com"]; runs++ {
		if runs > 100 {
			t.Fatal("never told")
		}
		report, err := d.Drain(context.Background(), d.now.Add(45*time.Second))
		if err != nil || report.Pending+report.Put != 1 {
			t.Fatalf("%+v, %v", report, err)
		}
		d.now = d.now.Add(time.Minute)
	}
	if d.list.calls > 60 {
		t.Errorf("%d calls in ten minutes of throttling are a retry storm", d.list.calls)
	}
}

func TestARefusalThatCannotBeWaitedOutEndsTheRun(t *testing.T) {
	d := newDesk(t)
	for i := range 5 {
		d.out(t, fmt.Sprintf("z%d@example.com", i), "email")
	}
	d.out(t, "zoë@example.com", "email")
	d.list.fail = func(call int) (error, bool) {
		if call == 1 {
			return nil, true
		}
		return suppression.ErrThrottled, false
	}
	report, err := d.Drain(context.Background(), d.now.Add(2*time.Second))
	if err != nil || d.list.calls != 3 || report.Throttled != 2 || report.Pending < 4 {
		t.Errorf("%d calls, want one that succeeds, one refused, one more a second later: %+v, %v", d.list.calls, report, err)
	}
}

func TestFaultsLeaveTheRecordPending(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		effect bool
	}{
		"before the effect": {errors.New("connection refused"), false},
		"after the effect":  {errors.New("connection reset"), true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.out(t, "a@example.com", "email")
			d.list.fail = func(int) (error, bool) { return c.err, c.effect }
			if report := d.drain(t); report.Failed != 1 || report.Pending != 1 || report.Refused != c.err.Error() {
				t.Errorf("%+v", report)
			}
			d.list.fail = nil
			if report := d.drain(t); report.Put != 1 || !d.list.held["a@example.com"] {
				t.Errorf("%+v", report)
			}
		})
	}
}

func TestAddressThatSESRefusesIsMarkedOnce(t *testing.T) {
	d := newDesk(t)
	r := d.out(t, "a@example.com", "email")
	d.list.fail = func(int) (error, bool) { return suppression.ErrUnlistable, false }
	if report := d.drain(t); report.Unsupported != 1 || report.Pending != 0 {
		t.Errorf("%+v", report)
	}
	found, _ := d.table.Records(context.Background(), []optout.Key{r.Key})
	if p := found[r.Key].Projection; p.Status != optout.Unsupported || p.Reason == "" {
		t.Errorf("%+v", p)
	}
	if d.drain(t); d.list.calls != 1 {
		t.Errorf("tried %d times", d.list.calls)
	}
}

// A choice that changes while SES is told of the old one is told again.
func TestChangeUnderOurHands(t *testing.T) {
	d := newDesk(t)
	r := d.out(t, "a@example.com", "email")
	d.list.fail = func(call int) (error, bool) {
		if call == 1 {
			if _, err := d.Undo(context.Background(), r.Address, "en", "email", r.MadeBy); err != nil {
				t.Fatal(err)
			}
		}
		return nil, true
	}
	if report := d.drain(t); report.Moved != 1 {
		t.Errorf("%+v", report)
	}
	if d.drain(t); d.list.held["a@example.com"] {
		t.Error("SES still holds who took the opt-out back")
	}
}

func TestDrainStopsInTime(t *testing.T) {
	d := newDesk(t)
	for i := range 10 {
		d.out(t, fmt.Sprintf("a%d@example.com", i), "email")
	}
	d.list.fail = func(int) (error, bool) { d.now = d.now.Add(time.Second); return nil, true }
	report, err := d.Drain(context.Background(), d.now.Add(3*time.Second))
	if err != nil || report.Put != 3 || report.Pending != 7 {
		t.Errorf("%+v, %v", report, err)
	}
}

// Random people under random faults, stops and clock jumps: once the faults
// end, SES holds exactly who is suppressed.
func TestSESConverges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t)
		people := []string{"a@example.com", "b@example.com", "c@example.com"}
		steps := rapid.IntRange(1, 40).Draw(rt, "steps")
		for range steps {
			a := rapid.SampledFrom(people).Draw(rt, "person")
			d.step(rt, t, a)
			d.now = d.now.Add(time.Duration(rapid.IntRange(0, 40*24).Draw(rt, "hours")) * time.Hour)
		}
		d.list.fail = nil
		d.drain(t)
		for _, p := range people {
			found, _ := d.table.OfPerson(context.Background(), testkit.Key(t).Ref(testkit.Address(t, p)))
			if want := suppression.ListingOf(d.now, found...); d.list.as[p] != want {
				rt.Fatalf("%s: SES holds %q, the records say %q: %+v", p, d.list.as[p], want, found)
			}
		}
		if report := d.drain(t); report.Pending != 0 {
			rt.Fatalf("still pending: %+v", report)
		}
	})
}

func (d *desk) step(rt *rapid.T, t *testing.T, address string) {
	a, ctx := testkit.Address(t, address), context.Background()
	switch rapid.IntRange(0, 6).Draw(rt, "what") {
	case 0:
		d.out(t, address, "email")
	case 1:
		r := d.out(t, address, "email")
		if _, err := d.Undo(ctx, a, "en", "email", r.MadeBy); err != nil && r.MadeBy != "" {
			rt.Fatal(err)
		}
	case 2:
		if _, err := d.Choose(ctx, a, "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}}); err != nil {
			rt.Fatal(err)
		}
	case 3:
		r := d.out(t, address, "email")
		if err := d.ConfirmOptIn(ctx, a, "en", map[optout.Scope]int{"email": r.Version}); err != nil {
			rt.Fatal(err)
		}
	case 4:
		d.tell(t, address, optout.Bounce.Scope(), rapid.SampledFrom([]optout.State{optout.Out, optout.In}).Draw(rt, "bounce"))
	case 5:
		d.tell(t, address, optout.Complaint.Scope(), rapid.SampledFrom([]optout.State{optout.Out, optout.In}).Draw(rt, "complaint"))
	case 6:
		faults := []error{nil, suppression.ErrThrottled, errors.New("reset")}
		d.list.fail = func(int) (error, bool) {
			err := rapid.SampledFrom(faults).Draw(rt, "fault")
			return err, err == nil || rapid.Bool().Draw(rt, "effect")
		}
		if _, err := d.Drain(ctx, d.now.Add(time.Minute)); err != nil {
			rt.Fatal(err)
		}
	}
}

// tell records what SES says of a person.
func (d *desk) tell(tb testing.TB, address string, scope optout.Scope, to optout.State) {
	tb.Helper()
	a := testkit.Address(tb, address)
	_, err := d.table.Apply(context.Background(), optout.Change{
		Key: optout.Key{Ref: testkit.Key(tb).Ref(a), Scope: scope}, To: to, Address: a,
		Evidence: optout.Evidence{At: d.now}, Observed: &optout.Observation{At: d.now},
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// An address stands on the list while anything recorded of the person says so,
// whatever is taken back and in which order.
func TestListingFollowsAllRecords(t *testing.T) {
	const who = "a@example.com"
	out := func(d *desk, t *testing.T) { d.out(t, who, "email") }
	back := func(d *desk, t *testing.T) {
		if err := d.ConfirmOptIn(ctx, testkit.Address(t, who), "en", map[optout.Scope]int{"email": d.email(t, who).Version}); err != nil {
			t.Fatal(err)
		}
	}
	tell := func(scope optout.Channel, to optout.State) func(*desk, *testing.T) {
		return func(d *desk, t *testing.T) { d.tell(t, who, scope.Scope(), to) }
	}
	type step = func(*desk, *testing.T)
	for name, c := range map[string]struct {
		steps []step
		want  suppression.ListReason
	}{
		"a bounce":                             {[]step{tell(optout.Bounce, optout.Out)}, suppression.ListedBounce},
		"a complaint":                          {[]step{tell(optout.Complaint, optout.Out)}, suppression.ListedComplaint},
		"a bounce, then an opt-out":            {[]step{tell(optout.Bounce, optout.Out), out}, suppression.ListedBounce},
		"an opt-out, then a bounce":            {[]step{out, tell(optout.Bounce, optout.Out)}, suppression.ListedBounce},
		"coming back to a dead mailbox":        {[]step{out, tell(optout.Bounce, optout.Out), back}, suppression.ListedBounce},
		"not spam after a complaint alone":     {[]step{tell(optout.Complaint, optout.Out), tell(optout.Complaint, optout.In)}, suppression.NotListed},
		"not spam leaves the person's opt-out": {[]step{out, tell(optout.Complaint, optout.Out), tell(optout.Complaint, optout.In)}, suppression.ListedComplaint},
		"not spam leaves a bounce":             {[]step{tell(optout.Bounce, optout.Out), tell(optout.Complaint, optout.Out), tell(optout.Complaint, optout.In)}, suppression.ListedBounce},
		"everything taken back":                {[]step{out, tell(optout.Bounce, optout.Out), tell(optout.Bounce, optout.In), back}, suppression.NotListed},
	} {
		t.Run(name, func(t *testing.T) {
			each, atOnce := newDesk(t), newDesk(t)
			for _, step := range c.steps {
				step(each, t)
				each.drain(t)
				each.now = each.now.Add(time.Minute)
				step(atOnce, t)
			}
			atOnce.drain(t)
			if got := each.list.as[who]; got != c.want {
				t.Errorf("told step by step SES holds %q, want %q", got, c.want)
			}
			if got := atOnce.list.as[who]; got != c.want {
				t.Errorf("told at once SES holds %q, want %q", got, c.want)
			}
		})
	}
}

// A bounce that arrives, and is told by another run, while our delete is on
// its way must not stay deleted.
func TestAnotherRecordChangesUnderOurHands(t *testing.T) {
	d := newDesk(t)
	r := d.out(t, "a@example.com", "email")
	d.drain(t)
	if _, err := d.Undo(ctx, r.Address, "en", "email", r.MadeBy); err != nil {
		t.Fatal(err)
	}
	first := true
	d.list.fail = func(int) (error, bool) {
		if first {
			first = false
			d.tell(t, "a@example.com", optout.Bounce.Scope(), optout.Out)
			bounce := optout.Key{Ref: r.Ref, Scope: optout.Bounce.Scope()}
			found, _ := d.table.Records(ctx, []optout.Key{bounce})
			if err := d.table.MarkSynced(ctx, found[bounce], optout.Projection{Status: optout.Listed, At: d.now}); err != nil {
				t.Fatal(err)
			}
		}
		return nil, true
	}
	if report := d.drain(t); report.Moved != 1 {
		t.Errorf("%+v", report)
	}
	if d.drain(t); d.list.as["a@example.com"] != suppression.ListedBounce {
		t.Error("the late delete has won over the bounce")
	}
}

func TestCheckLooksAtWhatSESTold(t *testing.T) {
	d := newDesk(t)
	d.tell(t, "bounced@example.com", optout.Bounce.Scope(), optout.Out)
	d.tell(t, "complained@example.com", optout.Complaint.Scope(), optout.Out)
	d.tell(t, "both@example.com", optout.Complaint.Scope(), optout.Out)
	d.out(t, "both@example.com", "email/newsletter")
	d.tell(t, "lifted@example.com", optout.Complaint.Scope(), optout.In)
	for address, want := range map[string]string{
		"bounced@example.com": "bounced", "complained@example.com": "complained", "both@example.com": "unsubscribed", "lifted@example.com": "",
	} {
		v, err := d.Check(ctx, []person.Address{testkit.Address(t, address)}, optout.Email, "newsletter")
		if err != nil || v[0].Reason != want || v[0].Suppressed != (want != "") {
			t.Errorf("%s: %+v, %v", address, v, err)
		}
		if v, _ := d.Check(ctx, []person.Address{testkit.Address(t, address)}, optout.SMS, ""); v[0].Suppressed {
			t.Errorf("%s: what happens to mails is held against SMS", address)
		}
	}
}

// Whoever called a mail spam and then confirms to come back comes back.
func TestConfirmationTakesAComplaintBack(t *testing.T) {
	d := newDesk(t)
	const who = "a@example.com"
	d.tell(t, who, optout.Complaint.Scope(), optout.Out)
	a := testkit.Address(t, who)
	if _, err := d.Choose(ctx, a, "en", []optout.Choice{{Scope: "email", To: optout.In}}); err != nil {
		t.Fatal(err)
	}
	for _, ask := range d.confirmations(t, a) {
		if named := optout.Subjects(ask.Versions); !slices.Equal(named, []optout.Scope{"email"}) {
			t.Errorf("the mail names %v", named)
		}
		if err := d.ConfirmOptIn(ctx, a, "en", ask.Versions); err != nil {
			t.Fatal(err)
		}
	}
	if d.drain(t); d.list.held[who] {
		t.Error("still listed")
	}
}
