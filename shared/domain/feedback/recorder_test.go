package feedback_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

func TestSameObservationTwiceIsOneRecord(t *testing.T) {
	d := newDesk(t)
	n := observationOf(t, "bounce", optout.Out, optout.FromBounce, testkit.T0.Add(-time.Hour))
	for range 3 {
		d.Apply(t, n, n)
	}
	r := d.Read(t, "a@example.com", "bounce")
	if r.Version != 1 || !r.FirstAt.Equal(n.Evidence.At) || !r.Projection.DueAt.Equal(d.Time) {
		t.Errorf("%+v", r)
	}
	if d.Sync(t); d.SES.Calls != 1 || d.SES.As["a@example.com"] != suppression.ListedBounce {
		t.Errorf("%d calls, %v", d.SES.Calls, d.SES.As)
	}
	n.Evidence.At = n.Evidence.At.Add(time.Minute)
	d.Apply(t, n)
	if d.Sync(t); d.SES.Calls != 1 {
		t.Error("a second mail that bounces is synced with SES again")
	}
}

// What SES tells may come in any order, and more than once: it ends the same.
func TestObservationsInAnyOrderEndTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var all []feedback.Observation
		for range rapid.IntRange(1, 8).Draw(rt, "observations") {
			kind := rapid.SampledFrom([]feedback.Observation{
				observationOf(t, "bounce", optout.Out, optout.FromBounce, testkit.T0),
				observationOf(t, "bounce", optout.Out, optout.FromSESList, testkit.T0),
				observationOf(t, "bounce", optout.In, optout.FromSoftBounces, testkit.T0),
				observationOf(t, "complaint", optout.Out, optout.FromComplaint, testkit.T0),
				observationOf(t, "complaint", optout.In, optout.FromNotSpam, testkit.T0),
				observationOf(t, "email", optout.Out, optout.FromSubscription, testkit.T0),
				observationOf(t, "email", optout.In, optout.FromSubscription, testkit.T0),
			}).Draw(rt, "kind")
			kind.Evidence.At = kind.Evidence.At.Add(-time.Duration(rapid.IntRange(0, 9).Draw(rt, "half days ago")) * 12 * time.Hour)
			kind.Evidence.Detail = rapid.SampledFrom([]string{"", "General", "MailboxFull"}).Draw(rt, "detail")
			all = append(all, kind)
		}
		want := appliedIn(t, all, 1)
		again := append(slices.Clone(all), all[:rapid.IntRange(0, len(all)).Draw(rt, "doubled")]...)
		got := appliedIn(t, rapid.Permutation(again).Draw(rt, "order"), rapid.IntRange(1, 3).Draw(rt, "at once"))
		if got != want {
			rt.Fatalf("in order:\n%s\nshuffled:\n%s", want, got)
		}
	})
}

// appliedIn is what is recorded after the observations were applied so many at once.
func appliedIn(t *testing.T, observations []feedback.Observation, atOnce int) string {
	d := newDesk(t)
	for part := range slices.Chunk(observations, atOnce) {
		d.Apply(t, part...)
		d.Time = d.Time.Add(time.Minute)
	}
	var end string
	for _, scope := range []optout.Scope{"bounce", "complaint", "email"} {
		r := d.Read(t, "a@example.com", scope)
		r.Version, r.FedAt, r.Projection = 0, time.Time{}, optout.Projection{}
		end += fmt.Sprintf("%s %+v\n", scope, r)
	}
	d.Sync(t)
	return end + string(d.SES.As["a@example.com"])
}

func TestObservationsNeverOverwriteAChoice(t *testing.T) {
	late := testkit.T0.Add(time.Minute)
	for name, n := range map[string]feedback.Observation{
		"a bounce":                observationOf(t, "bounce", optout.Out, optout.FromBounce, late),
		"not spam":                observationOf(t, "complaint", optout.In, optout.FromNotSpam, late),
		"SES's subscription page": observationOf(t, "email", optout.In, optout.FromSubscription, late),
		"SES's header":            observationOf(t, "email", optout.Out, optout.FromSubscription, late),
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			before := d.Out(t, "a@example.com", "email")
			d.Time = d.Time.Add(time.Hour)
			d.Apply(t, n)
			if n.Scope == "email" && n.To == optout.Out { // said twice: nobody undoes it
				before.MadeBy, before.Version = "", 2
			}
			if after := d.Read(t, "a@example.com", "email"); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Errorf("before %+v, after %+v", before, after)
			}
			if d.Sync(t); !d.SES.Held["a@example.com"] {
				t.Error("not listed")
			}
		})
	}
}

// SES drops its entry by itself on "not spam", whoever has put it there.
func TestNotSpamPutsAnOptOutBack(t *testing.T) {
	d := newDesk(t)
	d.Out(t, "a@example.com", "email")
	d.Apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.Time))
	d.Sync(t)
	delete(d.SES.Held, "a@example.com")
	d.Apply(t, observationOf(t, "complaint", optout.In, optout.FromNotSpam, d.Time.Add(time.Second)))
	d.Time = d.Time.Add(time.Minute)
	d.Apply(t, observationOf(t, "complaint", optout.In, optout.FromNotSpam, d.Time))
	if d.Sync(t); !d.SES.Held["a@example.com"] {
		t.Error("the opt-out is not listed any more")
	}
}

// SES drops its entry also on an event that is older than what is recorded: the
// record stays, and the list must be synced all the same.
func TestNotSpamThatComesLatePutsAnOptOutBack(t *testing.T) {
	d := newDesk(t)
	d.Out(t, "a@example.com", "email")
	d.Apply(t, observationOf(t, "complaint", optout.In, optout.FromNotSpam, d.Time))
	d.Sync(t)
	before := d.Read(t, "a@example.com", "complaint")
	delete(d.SES.Held, "a@example.com")
	d.Apply(t, observationOf(t, "complaint", optout.In, optout.FromNotSpam, d.Time.Add(-time.Minute)))
	if r := d.Read(t, "a@example.com", "complaint"); r.Version != before.Version || !r.ChangedAt.Equal(before.ChangedAt) {
		t.Errorf("an old event is history: %+v", r)
	}
	if d.Sync(t); !d.SES.Held["a@example.com"] {
		t.Error("the opt-out is not listed any more")
	}
}

func TestSubscriptionPausesAreEnded(t *testing.T) {
	d := newDesk(t)
	if _, err := d.Choose(ctx, testkit.Address(t, "a@example.com"), "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}}); err != nil {
		t.Fatal(err)
	}
	d.Apply(t, observationOf(t, "email", optout.In, optout.FromSubscription, d.Time))
	if r := d.Read(t, "a@example.com", "email"); r.State != optout.Paused {
		t.Errorf("opted in from a pause: %+v", r)
	}
	d.Time = d.Time.Add(time.Hour)
	d.Apply(t, observationOf(t, "email", optout.Out, optout.FromSubscription, d.Time))
	if r := d.Read(t, "a@example.com", "email"); r.State != optout.Out {
		t.Errorf("an opt-out while paused: %+v", r)
	}
}

func TestTemporaryBounces(t *testing.T) {
	for name, c := range map[string]struct {
		days []int
		soft feedback.SoftBounces
		want bool
	}{
		"off":                          {[]int{0, 1, 2, 3, 4}, feedback.SoftBounces{}, false},
		"three days":                   {[]int{0, 3, 6}, feedback.SoftBounces{Days: 3, Within: 7}, true},
		"three on one day":             {[]int{0, 0, 0}, feedback.SoftBounces{Days: 3, Within: 7}, false},
		"two days":                     {[]int{0, 6}, feedback.SoftBounces{Days: 3, Within: 7}, false},
		"outside the window":           {[]int{0, 3, 7}, feedback.SoftBounces{Days: 3, Within: 7}, false},
		"out of order":                 {[]int{6, 0, 3}, feedback.SoftBounces{Days: 3, Within: 7}, true},
		"a window inside a long story": {[]int{0, 10, 20, 30, 31, 32, 50}, feedback.SoftBounces{Days: 3, Within: 3}, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.Time = d.Time.AddDate(0, 3, 0)
			l := d.Recorder()
			l.Soft = c.soft
			for _, day := range c.days {
				n := observationOf(t, "bounce", optout.In, optout.FromSoftBounces, testkit.T0.AddDate(0, 0, day))
				if err := l.Apply(ctx, [][]feedback.Observation{{n}})[0]; err != nil {
					t.Fatal(err)
				}
			}
			if d.Sync(t); d.SES.Held["a@example.com"] != c.want || !c.want && d.SES.Calls != 0 {
				t.Errorf("held %v after %d calls", d.SES.Held, d.SES.Calls)
			}
		})
	}
}

// A record that changes between read and write is read again.
func TestObservationsWhileARecordChanges(t *testing.T) {
	d := newDesk(t)
	l := d.Recorder()
	l.Store = &interrupted{OptOuts: d.Table, then: func() {
		d.Apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.Time.Add(-time.Hour)))
	}}
	if err := l.Apply(ctx, [][]feedback.Observation{{observationOf(t, "complaint", optout.In, optout.FromNotSpam, d.Time.Add(-time.Minute))}})[0]; err != nil {
		t.Fatal(err)
	}
	if r := d.Read(t, "a@example.com", "complaint"); r.State != optout.In || r.FirstAt.IsZero() || r.Version != 2 {
		t.Errorf("%+v", r)
	}
}

type interrupted struct {
	*testkit.OptOuts
	then func()
}

func (i *interrupted) Records(c context.Context, keys []optout.Key) (map[optout.Key]optout.Record, error) {
	found, err := i.OptOuts.Records(c, keys)
	if then := i.then; then != nil {
		i.then = nil
		then()
	}
	return found, err
}

// One event that cannot be stored fails alone.
func TestObservationsFailAlone(t *testing.T) {
	d := newDesk(t)
	l := d.Recorder()
	l.Store = refusing{d.Table, d.Key.Ref(testkit.Address(t, "bad@example.com"))}
	events := make([][]feedback.Observation, 10)
	for i := range events {
		n := observationOf(t, "bounce", optout.Out, optout.FromBounce, d.Time)
		if n.Address = testkit.Address(t, fmt.Sprintf("z%d@example.com", i)); i == 3 {
			n.Address = testkit.Address(t, "bad@example.com")
		}
		events[i] = []feedback.Observation{n}
	}
	for i, err := range l.Apply(ctx, events) {
		if (err != nil) != (i == 3) {
			t.Errorf("event %d: %v", i, err)
		}
	}
	if report := d.Sync(t); report.Put != 9 {
		t.Errorf("%+v", report)
	}
}

type refusing struct {
	*testkit.OptOuts
	ref person.Ref
}

func (r refusing) Apply(c context.Context, change optout.Change) (optout.Record, error) {
	if change.Ref == r.ref {
		return optout.Record{}, fault.New(fault.Unavailable, "no answer")
	}
	return r.OptOuts.Apply(c, change)
}
