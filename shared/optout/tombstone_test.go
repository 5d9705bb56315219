package optout_test

import (
	"testing"
	"time"

	"privacydesk/shared/optout"
	"privacydesk/shared/person"
	"privacydesk/shared/testkit"
)

const gone = "a@example.com"

// entomb tells SES of all that waits and makes a tombstone of a record.
func (d *desk) entomb(tb testing.TB, scope optout.Scope, erased bool) optout.Record {
	tb.Helper()
	d.drain(tb)
	d.now = d.now.Add(time.Hour)
	d.drain(tb) // once more, where two runs may have met
	r := d.record(tb, gone, scope)
	if err := d.table.Entomb(r.Key, r.Version, d.now, erased); err != nil {
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
				got, err := i.Import(ctx, []optout.Imported{{Address: testkit.Address(t, gone), Scope: "email", At: at}}, "list", true)
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
			if r.Tombstone() || r.Version != 2 || r.Address != testkit.Address(t, gone) || !r.OutSince.Equal(testkit.T0) {
				t.Errorf("%+v", r)
			}
		},
		"by a complaint": func(t *testing.T, d *desk) {
			d.hear(t, newsOf(t, "complaint", optout.Out, optout.FromComplaint, d.now))
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
			erased := d.entomb(t, "email", true).ErasedAt
			d.now = d.now.AddDate(0, 0, 1)
			come(t, d)
			d.drain(t)
			if !d.list.held[gone] {
				t.Error("SES does not hold the address")
			}
			for _, channel := range []optout.Channel{optout.Email, optout.SMS} {
				v, err := d.Check(ctx, []person.Address{testkit.Address(t, gone), testkit.Address(t, "other@example.com"), {}}, channel, "news")
				if err != nil || v[0].Suppressed != (channel == optout.Email) || !v[0].ErasedAt.Equal(erased) || v[1] != (optout.Verdict{}) || v[2] != (optout.Verdict{}) {
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
	d.entomb(t, "email", false)
	i := &optout.Importer{Store: d.table, Key: d.Key, Now: func() time.Time { return d.now }}
	got, err := i.Import(ctx, []optout.Imported{{Address: testkit.Address(t, gone), Scope: "email", At: longAgo}}, "list", false)
	if r := d.record(t, gone, "email"); err != nil || got[0] != optout.Known || !r.FirstAt.Equal(longAgo) || !r.Tombstone() || !r.Address.IsZero() {
		t.Errorf("%v, %v, %+v", got, err, r)
	}
}

// A tombstone is the person's as the record was: they undo it, and come back.
func TestATombstoneIsThePersonsStill(t *testing.T) {
	d := newDesk(t)
	d.out(t, gone, "email")
	r := d.entomb(t, "email", false)
	known, err := d.Preferences(ctx, testkit.Address(t, gone))
	if err != nil || !known["email"].Suppresses(d.now) {
		t.Fatalf("%+v, %v", known, err)
	}
	back, err := d.Undo(ctx, testkit.Address(t, gone), "email", r.Version)
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
	d.entomb(t, "email", true)
	delete(d.list.held, gone)
	d.hear(t, newsOf(t, "email", optout.In, optout.FromNotSpam, d.now))
	if d.drain(t); !d.list.held[gone] {
		t.Error("the opt-out is lost at SES")
	}
	if r := d.record(t, gone, "email"); r.State != optout.Out || !r.FirstAt.Equal(testkit.T0) || r.Tombstone() || r.Version != 2 {
		t.Errorf("%+v", r)
	}
	d.hear(t, newsOf(t, "email", optout.In, optout.FromNotSpam, d.now))
	if r := d.record(t, gone, "email"); r.Version != 2 {
		t.Errorf("heard again: %+v", r)
	}
}

// What is written to a tombstone brings its address along.
func TestNewsFillATombstone(t *testing.T) {
	d := newDesk(t)
	n := newsOf(t, "bounce", optout.Out, optout.FromBounce, d.now)
	d.hear(t, n)
	d.entomb(t, "bounce", false)
	n.Evidence.At = n.Evidence.At.AddDate(0, 0, -1) // an older one that comes late
	d.hear(t, n)
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
			w.entomb(t, "email", true)
			if delete(w.ses.held, gone); c.listed {
				w.ses.held[gone] = held{optout.ListedComplaint, testkit.T0, false}
			}
			w.later(time.Hour)
			d := w.reconcile(t, false)
			if got := counted(d); got != c.want || w.ses.holds(gone) != c.held {
				t.Errorf("found %q, SES holds it: %v", got, w.ses.holds(gone))
			}
			if r := w.desk.record(t, gone, "email"); !r.Tombstone() || !r.Projection.DueAt.IsZero() {
				t.Errorf("%+v", r)
			}
		})
	}
}

// A tombstone says nothing but what was chosen and when.
func TestReduceIsTheTombstone(t *testing.T) {
	d := newDesk(t)
	d.out(t, gone, "email", "sms")
	r := d.entomb(t, "sms", false)
	if r.Evidence != (optout.Evidence{At: testkit.T0}) || r.Name != "" || !r.Address.IsZero() || r.State != optout.Out {
		t.Errorf("%+v", r)
	}
	if again := r.Reduce(d.now.AddDate(1, 0, 0), true); !again.ReducedAt.Equal(r.ReducedAt) || !again.ErasedAt.Equal(d.now.AddDate(1, 0, 0)) {
		t.Errorf("%+v", again)
	}
}
