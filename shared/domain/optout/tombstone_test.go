package optout_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/testkit"
)

const gone = "a@example.com"

// importOne takes over a list with one address on it.
func (d *desk) importOne(tb testing.TB, address string) {
	tb.Helper()
	i := &backfill.Importer{Store: d.Table, Key: d.Key, Now: func() time.Time { return d.Time }}
	if got, err := i.Import(ctx, []backfill.Row{{Address: testkit.Address(tb, address), Scope: "email", At: d.Time}}, backfill.Import{List: "list"}); err != nil || got[0] != backfill.Taken {
		tb.Errorf("%v, %v", got, err)
	}
}

// arrive reads a mail to unsubscribe@ that has just come.
func (d *desk) arrive(tb testing.TB, address string) {
	tb.Helper()
	a := &backfill.LateRecorder{Store: d.Table, Key: d.Key, Now: func() time.Time { return d.Time }}
	if got, err := a.Record(ctx, testkit.Address(tb, address), "email", optout.Evidence{Source: optout.FromMail}); err != nil || got != backfill.Taken {
		tb.Errorf("%v, %v", got, err)
	}
}

// Whoever was erased comes back opted out, by whatever way the address comes.
func TestTheAddressComesBackOptedOut(t *testing.T) {
	for name, come := range map[string]func(*testing.T, *desk){
		"by nothing": func(*testing.T, *desk) {},
		"by a list": func(t *testing.T, d *desk) {
			i := &backfill.Importer{Store: d.Table, Key: d.Key, Now: func() time.Time { return d.Time }}
			for _, at := range []time.Time{{}, d.Time, testkit.T0} {
				got, err := i.Import(ctx, []backfill.Row{{Address: testkit.Address(t, gone), Scope: "email", At: at}}, backfill.Import{List: "list", EvenBack: true})
				if err != nil || got[0] != backfill.Known {
					t.Errorf("%v, %v", got, err)
				}
			}
			if r := d.Read(t, gone, "email"); !r.Tombstone() || !r.Address.IsZero() || r.Version != 1 {
				t.Errorf("the list has filled the tombstone: %+v", r)
			}
		},
		"by a form": func(t *testing.T, d *desk) {
			r := d.Out(t, gone, "email")
			if !r.Tombstone() || r.Version != 2 || !r.Address.IsZero() || !r.OutSince.Equal(testkit.T0) || !r.ChangedAt.Equal(d.Time) {
				t.Errorf("%+v", r)
			}
		},
		"by a mail": func(t *testing.T, d *desk) {
			d.arrive(t, gone)
			if r := d.Read(t, gone, "email"); !r.Tombstone() || r.Version != 2 || !r.Address.IsZero() {
				t.Errorf("%+v", r)
			}
		},
		"by leaving everything": func(t *testing.T, d *desk) {
			d.Out(t, gone, "sms", "email")
			if r := d.Read(t, gone, "email"); !r.Tombstone() || r.Version != 2 || !r.Address.IsZero() {
				t.Errorf("%+v", r)
			}
		},
		"by the preferences": func(t *testing.T, d *desk) {
			if _, err := d.Choose(ctx, testkit.Address(t, gone), "en", []optout.Choice{{Scope: "email", To: optout.Out}}); err != nil {
				t.Error(err)
			}
			if r := d.Read(t, gone, "email"); !r.Tombstone() || r.Version != 2 || !r.Address.IsZero() {
				t.Errorf("%+v", r)
			}
		},
		"by a complaint": func(t *testing.T, d *desk) {
			d.Apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.Time))
		},
		"by a pause": func(t *testing.T, d *desk) {
			if _, err := d.Choose(ctx, testkit.Address(t, gone), "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: 30}}); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.Out(t, gone, "email")
			erased := d.MakeTombstone(t, gone, "email", true).ErasedAt
			d.Time = d.Time.AddDate(0, 0, 1)
			come(t, d)
			d.Sync(t)
			if !d.SES.Held[gone] {
				t.Error("SES does not hold the address")
			}
			for _, channel := range []optout.Channel{optout.Email, optout.SMS} {
				v, err := d.Checker.Check(ctx, []person.Address{testkit.Address(t, gone), testkit.Address(t, "other@example.com"), {}}, channel, "news")
				if err != nil || v[0].Suppressed != (channel == optout.Email || name == "by leaving everything") || !v[0].ErasedAt.Equal(erased) || v[1] != (screening.Result{}) || v[2] != (screening.Result{}) {
					t.Errorf("%s: %+v, %v", channel, v, err)
				}
				if channel == optout.Email && !v[0].Since.Equal(testkit.T0) {
					t.Errorf("since %v", v[0].Since)
				}
			}
			if r := d.Read(t, gone, "email"); r.State != optout.Out || !r.FirstAt.Equal(testkit.T0) || !r.ErasedAt.Equal(erased) {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestAListMakesTheFirstDateOfATombstoneEarlier(t *testing.T) {
	d := newDesk(t)
	d.Out(t, gone, "email")
	d.MakeTombstone(t, gone, "email", false)
	i := &backfill.Importer{Store: d.Table, Key: d.Key, Now: func() time.Time { return d.Time }}
	got, err := i.Import(ctx, []backfill.Row{{Address: testkit.Address(t, gone), Scope: "email", At: testkit.T0.AddDate(-5, 0, 0)}}, backfill.Import{List: "list"})
	if r := d.Read(t, gone, "email"); err != nil || got[0] != backfill.Known || !r.FirstAt.Equal(testkit.T0.AddDate(-5, 0, 0)) || !r.Tombstone() || !r.Address.IsZero() {
		t.Errorf("%v, %v, %+v", got, err, r)
	}
}

// A tombstone is the person's as the record was: they come back by their mail.
// Undo is over: whose page view made the opt-out is not kept.
func TestATombstoneIsThePersonsStill(t *testing.T) {
	d := newDesk(t)
	made := d.Out(t, gone, "email")
	r := d.MakeTombstone(t, gone, "email", false)
	known, err := d.Preferences(ctx, testkit.Address(t, gone))
	if err != nil || !known["email"].Suppresses(d.Time) {
		t.Fatalf("%+v, %v", known, err)
	}
	if err := d.Undo(ctx, testkit.Address(t, gone), "en", made.MadeBy, "email"); !conflicts(err) {
		t.Error(err)
	}
	err = d.ConfirmOptIn(ctx, testkit.Address(t, gone), "en", map[optout.Scope]int{"email": r.Version})
	back := d.Read(t, gone, "email")
	if err != nil || back.State != optout.In || back.Tombstone() || !back.FirstAt.Equal(testkit.T0) {
		t.Errorf("%+v, %v", back, err)
	}
	if d.Sync(t); d.SES.Held[gone] {
		t.Error("SES holds the address still")
	}
}

// A tombstone says nothing but what was chosen and when.
func TestReduceIsTheTombstone(t *testing.T) {
	d := newDesk(t)
	d.Out(t, gone, "email", "sms")
	r := d.MakeTombstone(t, gone, "sms", false)
	if r.Evidence != (optout.Evidence{At: testkit.T0}) || r.Name != "" || !r.Address.IsZero() || r.State != optout.Out {
		t.Errorf("%+v", r)
	}
	if again := r.Reduce(d.Time.AddDate(1, 0, 0), true); !again.ReducedAt.Equal(r.ReducedAt) || !again.ErasedAt.Equal(d.Time.AddDate(1, 0, 0)) {
		t.Errorf("%+v", again)
	}
}
