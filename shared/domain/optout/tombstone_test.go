package optout_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

const gone = "a@example.com"

// importOne takes over a list with one address on it.
func (d *desk) importOne(tb testing.TB, address string) {
	tb.Helper()
	i := &optout.Importer{Store: d.table, Key: d.Key, Now: func() time.Time { return d.now }}
	if got, err := i.Import(ctx, []optout.Imported{{Address: testkit.Address(tb, address), Scope: "email", At: d.now}}, optout.Import{List: "list"}); err != nil || got[0] != optout.Taken {
		tb.Errorf("%v, %v", got, err)
	}
}

// arrive reads a mail to unsubscribe@ that has just come.
func (d *desk) arrive(tb testing.TB, address string) {
	tb.Helper()
	a := &optout.LateRecorder{Store: d.table, Key: d.Key, Now: func() time.Time { return d.now }}
	if got, err := a.Record(ctx, testkit.Address(tb, address), "email", optout.Evidence{Source: optout.FromMail}); err != nil || got != optout.Taken {
		tb.Errorf("%v, %v", got, err)
	}
}

// makeTombstone tells SES of all that waits and makes a tombstone of a record.
func (d *desk) makeTombstone(tb testing.TB, scope optout.Scope, erased bool) optout.Record {
	tb.Helper()
	d.drain(tb)
	d.now = d.now.Add(time.Hour)
	r := d.record(tb, gone, scope)
	if err := d.table.MakeTombstone(ctx, r.Key, r.Version, d.now, erased); err != nil {
		tb.Fatal(err)
	}
	return d.record(tb, gone, scope)
}

// Whoever was erased comes back opted out, by whatever way the address comes.
func TestTheAddressComesBackOptedOut(t *testing.T) {
	for name, come := range map[string]func(*testing.T, *desk){
		"by nothing": func(*testing.T, *desk) {},
		"by a list": func(t *testing.T, d *desk) {
			i := &optout.Importer{Store: d.table, Key: d.Key, Now: func() time.Time { return d.now }}
			for _, at := range []time.Time{{}, d.now, testkit.T0} {
				got, err := i.Import(ctx, []optout.Imported{{Address: testkit.Address(t, gone), Scope: "email", At: at}}, optout.Import{List: "list", EvenBack: true})
				if err != nil || got[0] != optout.Known {
					t.Errorf("%v, %v", got, err)
				}
			}
			if r := d.record(t, gone, "email"); !r.Tombstone() || !r.Address.IsZero() || r.Version != 1 {
				t.Errorf("the list has filled the tombstone: %+v", r)
			}
		},
		"by a form": func(t *testing.T, d *desk) {
			r := d.out(t, gone, "email")
			if !r.Tombstone() || r.Version != 2 || !r.Address.IsZero() || !r.OutSince.Equal(testkit.T0) || !r.ChangedAt.Equal(d.now) {
				t.Errorf("%+v", r)
			}
		},
		"by a mail": func(t *testing.T, d *desk) {
			d.arrive(t, gone)
			if r := d.record(t, gone, "email"); !r.Tombstone() || r.Version != 2 || !r.Address.IsZero() {
				t.Errorf("%+v", r)
			}
		},
		"by leaving everything": func(t *testing.T, d *desk) {
			d.out(t, gone, "sms", "email")
			if r := d.record(t, gone, "email"); !r.Tombstone() || r.Version != 2 || !r.Address.IsZero() {
				t.Errorf("%+v", r)
			}
		},
		"by the preferences": func(t *testing.T, d *desk) {
			if _, err := d.Choose(ctx, testkit.Address(t, gone), "en", []optout.Choice{{Scope: "email", To: optout.Out}}); err != nil {
				t.Error(err)
			}
			if r := d.record(t, gone, "email"); !r.Tombstone() || r.Version != 2 || !r.Address.IsZero() {
				t.Errorf("%+v", r)
			}
		},
		"by a complaint": func(t *testing.T, d *desk) {
			d.apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.now))
		},
		"by a pause": func(t *testing.T, d *desk) {
			if _, err := d.Choose(ctx, testkit.Address(t, gone), "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}}); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.out(t, gone, "email")
			erased := d.makeTombstone(t, "email", true).ErasedAt
			d.now = d.now.AddDate(0, 0, 1)
			come(t, d)
			d.drain(t)
			if !d.list.held[gone] {
				t.Error("SES does not hold the address")
			}
			for _, channel := range []optout.Channel{optout.Email, optout.SMS} {
				v, err := d.Check(ctx, []person.Address{testkit.Address(t, gone), testkit.Address(t, "other@example.com"), {}}, channel, "news")
				if err != nil || v[0].Suppressed != (channel == optout.Email || name == "by leaving everything") || !v[0].ErasedAt.Equal(erased) || v[1] != (optout.Verdict{}) || v[2] != (optout.Verdict{}) {
					t.Errorf("%s: %+v, %v", channel, v, err)
				}
				if channel == optout.Email && !v[0].Since.Equal(testkit.T0) {
					t.Errorf("since %v", v[0].Since)
				}
			}
			if r := d.record(t, gone, "email"); r.State != optout.Out || !r.FirstAt.Equal(testkit.T0) || !r.ErasedAt.Equal(erased) {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestAListMakesTheFirstDateOfATombstoneEarlier(t *testing.T) {
	d := newDesk(t)
	d.out(t, gone, "email")
	d.makeTombstone(t, "email", false)
	i := &optout.Importer{Store: d.table, Key: d.Key, Now: func() time.Time { return d.now }}
	got, err := i.Import(ctx, []optout.Imported{{Address: testkit.Address(t, gone), Scope: "email", At: longAgo}}, optout.Import{List: "list"})
	if r := d.record(t, gone, "email"); err != nil || got[0] != optout.Known || !r.FirstAt.Equal(longAgo) || !r.Tombstone() || !r.Address.IsZero() {
		t.Errorf("%v, %v, %+v", got, err, r)
	}
}

// A tombstone is the person's as the record was: they come back by their mail.
// Undo is over: whose page view made the opt-out is not kept.
func TestATombstoneIsThePersonsStill(t *testing.T) {
	d := newDesk(t)
	d.out(t, gone, "email")
	r := d.makeTombstone(t, "email", false)
	known, err := d.Preferences(ctx, testkit.Address(t, gone))
	if err != nil || !known["email"].Suppresses(d.now) {
		t.Fatalf("%+v, %v", known, err)
	}
	if _, err := d.Undo(ctx, testkit.Address(t, gone), "en", "email", optout.ViewOf(view)); !conflicts(err) {
		t.Error(err)
	}
	err = d.ConfirmOptIn(ctx, testkit.Address(t, gone), "en", map[optout.Scope]int{"email": r.Version})
	back := d.record(t, gone, "email")
	if err != nil || back.State != optout.In || back.Tombstone() || !back.FirstAt.Equal(testkit.T0) {
		t.Errorf("%+v, %v", back, err)
	}
	if d.drain(t); d.list.held[gone] {
		t.Error("SES holds the address still")
	}
}

// SES takes its entry away when a person calls a mail no spam. The news brings
// the address by which SES is told again, also of a tombstone.
func TestNotSpamPutsATombstoneBack(t *testing.T) {
	d := newDesk(t)
	d.out(t, gone, "email")
	d.makeTombstone(t, "email", true)
	delete(d.list.held, gone)
	d.apply(t, observationOf(t, "email", optout.In, optout.FromNotSpam, d.now))
	if d.drain(t); !d.list.held[gone] {
		t.Error("the opt-out is lost at SES")
	}
	if r := d.record(t, gone, "email"); r.State != optout.Out || !r.FirstAt.Equal(testkit.T0) || r.Tombstone() || r.Version != 2 {
		t.Errorf("%+v", r)
	}
	d.apply(t, observationOf(t, "email", optout.In, optout.FromNotSpam, d.now))
	if r := d.record(t, gone, "email"); r.Version != 2 {
		t.Errorf("heard again: %+v", r)
	}
}

// What is written to a tombstone brings its address along.
func TestNewsFillATombstone(t *testing.T) {
	d := newDesk(t)
	n := observationOf(t, "bounce", optout.Out, optout.FromBounce, d.now)
	d.apply(t, n)
	d.makeTombstone(t, "bounce", false)
	n.Evidence.At = n.Evidence.At.AddDate(0, 0, -1) // an older one that comes late
	d.apply(t, n)
	if r := d.record(t, gone, "bounce"); r.Tombstone() || r.Address != n.Address || !r.FirstAt.Equal(n.Evidence.At) || !r.ChangedAt.Equal(testkit.T0) {
		t.Errorf("%+v", r)
	}
}

// Without an address nobody can be put on the list again: the walk says so.
// Whoever came back is taken off it by the entry's own spelling.
func TestWalkMeetsTombstones(t *testing.T) {
	for name, c := range map[string]struct {
		in, listed bool
		want       string
		held       bool
	}{
		"out, and SES has it":      {listed: true, want: "", held: true},
		"out, and SES has lost it": {want: "missing_erased:1"},
		"in, and SES has it still": {in: true, listed: true, want: "still_listed:1"},
		"in, and SES has it not":   {in: true, want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWalker(t)
			w.out(t, gone, "email")
			w.desk.drain(t)
			if c.in {
				w.in(t, gone)
			}
			w.makeTombstone(t, "email", true)
			if delete(w.ses.held, gone); c.listed {
				w.ses.held[gone] = held{suppression.ListedComplaint, testkit.T0, false}
			}
			w.later(time.Hour)
			d := w.reconcile(t, false)
			if got := counted(d); got != c.want || w.ses.holds(gone) != c.held {
				t.Errorf("found %q, SES holds it: %v", got, w.ses.holds(gone))
			}
			r := w.desk.record(t, gone, "email")
			if !r.Tombstone() || !r.Projection.DueAt.IsZero() {
				t.Errorf("%+v", r)
			}
			// What SES has lost, the next opt-out brings back to it.
			lost := !c.in && !c.listed
			if w.out(t, gone, "email"); lost || c.in {
				w.desk.drain(t)
			}
			if r = w.desk.record(t, gone, "email"); r.Address.IsZero() == (lost || c.in) || !w.ses.holds(gone) {
				t.Errorf("%+v, SES holds it: %v", r, w.ses.holds(gone))
			}
		})
	}
}

// A tombstone says nothing but what was chosen and when.
func TestReduceIsTheTombstone(t *testing.T) {
	d := newDesk(t)
	d.out(t, gone, "email", "sms")
	r := d.makeTombstone(t, "sms", false)
	if r.Evidence != (optout.Evidence{At: testkit.T0}) || r.Name != "" || !r.Address.IsZero() || r.State != optout.Out {
		t.Errorf("%+v", r)
	}
	if again := r.Reduce(d.now.AddDate(1, 0, 0), true); !again.ReducedAt.Equal(r.ReducedAt) || !again.ErasedAt.Equal(d.now.AddDate(1, 0, 0)) {
		t.Errorf("%+v", again)
	}
}
