package optout_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/optoutrig"
)

func conflicts(err error) bool { return fault.Is(err, fault.Conflict) }

func TestUndo(t *testing.T) {
	for name, c := range map[string]struct {
		before func(*testing.T, *desk)
		after  func(*testing.T, *desk)
		want   optout.State
		err    bool
	}{
		"at once":      {want: optout.In},
		"from a pause": {before: pauseFor(30), want: optout.Paused},
		"from a pause that is over": {before: func(t *testing.T, d *desk) {
			pauseFor(30)(t, d)
			d.Time = d.Time.AddDate(0, 0, 31)
		}, want: optout.In},
		"after a second click":                   {after: func(t *testing.T, d *desk) { d.Out(t, "a@example.com", "email") }, want: optout.In},
		"after another page's click":             {after: leaves(optout.FromLink, "another.page.was.open."), want: optout.Out, err: true},
		"after a one-click":                      {after: leaves(optout.FromOneClick, ""), want: optout.Out, err: true},
		"after a form":                           {after: leaves(optout.FromForm, ""), want: optout.Out, err: true},
		"after a click with a nonce of nobody's": {after: leaves(optout.FromLink, "x"), want: optout.Out, err: true},
		"after another page's click, and its own again": {after: func(t *testing.T, d *desk) {
			leaves(optout.FromLink, "another.page.was.open.")(t, d)
			leaves(optout.FromLink, view)(t, d)
		}, want: optout.Out, err: true},
		"after the preferences": {after: func(t *testing.T, d *desk) {
			if _, err := d.Choose(ctx, testkit.Address(t, "a@example.com"), "en", []optout.Choice{{Scope: "email", To: optout.Out}}); err != nil {
				t.Fatal(err)
			}
		}, want: optout.Out, err: true},
		"after leaving all together": {after: func(t *testing.T, d *desk) {
			if _, err := d.Record(ctx, optout.Request{Address: testkit.Address(t, "a@example.com"), Scopes: []optout.Scope{"email", "sms"}, Source: optout.FromForm, Nonce: view}); err != nil {
				t.Fatal(err)
			}
		}, want: optout.Out, err: true},
		"after a mail": {after: func(t *testing.T, d *desk) {
			a := &backfill.LateRecorder{Store: d.Table, Key: d.Key, Now: d.Service.Now}
			d.Time = d.Time.Add(time.Minute)
			if _, err := a.Record(ctx, testkit.Address(t, "a@example.com"), "email", optout.Evidence{Source: optout.FromMail}); err != nil {
				t.Fatal(err)
			}
		}, want: optout.Out, err: true},
		"after a mail that came before the click": {after: func(t *testing.T, d *desk) { d.mailed(t, "a@example.com", d.Time.Add(-time.Hour)) }, want: optout.Out, err: true},
		"after a list":                {after: func(t *testing.T, d *desk) { d.listed(t, "a@example.com", d.Time) }, want: optout.Out, err: true},
		"after a list without a date": {after: func(t *testing.T, d *desk) { d.listed(t, "a@example.com", time.Time{}) }, want: optout.Out, err: true},
		"after SES's page": {after: func(t *testing.T, d *desk) {
			d.Apply(t, observationOf(t, "email", optout.Out, optout.FromSubscription, d.Time.Add(time.Minute)))
		}, want: optout.Out, err: true},
		"after SES's page before the click": {after: func(t *testing.T, d *desk) {
			d.Apply(t, observationOf(t, "email", optout.Out, optout.FromSubscription, d.Time.Add(-time.Minute)))
		}, want: optout.Out, err: true},
		"after another scope's": {after: func(t *testing.T, d *desk) { d.Out(t, "a@example.com", "email/news") }, want: optout.In},
		"twice": {after: func(t *testing.T, d *desk) {
			if err := d.Undo(ctx, testkit.Address(t, "a@example.com"), "en", d.Email(t, "a@example.com").MadeBy, "email"); err != nil {
				t.Fatal(err)
			}
		}, want: optout.In},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if c.before != nil {
				c.before(t, d)
			}
			r := d.Out(t, "a@example.com", "email")
			if !d.Undoable(r, view) || d.Undoable(r, "another.page.was.open.") || d.Undoable(r, "") {
				t.Error("undoable by another, or not at once")
			}
			if c.after != nil {
				c.after(t, d)
			}
			err := d.Undo(ctx, r.Address, "de", r.MadeBy, "email")
			if conflicts(err) != c.err || err != nil && !c.err {
				t.Errorf("Undo: %v", err)
			}
			if got := d.Email(t, "a@example.com").State; got != c.want {
				t.Errorf("state %s, want %s", got, c.want)
			}
		})
	}
}

// An undo is no return: an opt-out from before it that is known after it holds.
func TestAnUndoOutweighsNothing(t *testing.T) {
	const who = "a@example.com"
	for name, c := range map[string]struct {
		late func(*testing.T, *desk, time.Time)
		back bool // the person has confirmed that they come back: that does
	}{
		"a mail":         {late: func(t *testing.T, d *desk, at time.Time) { d.mailed(t, who, at) }},
		"a list":         {late: func(t *testing.T, d *desk, at time.Time) { d.listed(t, who, at) }},
		"a list undated": {late: func(t *testing.T, d *desk, _ time.Time) { d.listed(t, who, time.Time{}) }},
		"SES's page": {late: func(t *testing.T, d *desk, at time.Time) {
			d.Apply(t, observationOf(t, "email", optout.Out, optout.FromSubscription, at))
		}},
		"a mail, confirmed": {late: func(t *testing.T, d *desk, at time.Time) { d.mailed(t, who, at) }, back: true},
		"a list, confirmed": {late: func(t *testing.T, d *desk, at time.Time) { d.listed(t, who, at) }, back: true},
		"a page's, confirmed": {late: func(t *testing.T, d *desk, at time.Time) {
			d.Apply(t, observationOf(t, "email", optout.Out, optout.FromSubscription, at))
		}, back: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			said := d.Time
			d.Time = d.Time.Add(time.Hour)
			r, err := d.Out(t, who, "email"), error(nil)
			want := optout.Out
			if c.back {
				err, want = d.ConfirmOptIn(ctx, r.Address, "en", map[optout.Scope]int{"email": r.Version}), optout.In
			} else {
				err = d.Undo(ctx, r.Address, "en", r.MadeBy, "email")
			}
			if err != nil {
				t.Fatal(err)
			}
			d.Time = d.Time.Add(time.Hour)
			for range 2 {
				c.late(t, d, said)
			}
			if got := d.Email(t, who).State; got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

func (d *desk) listed(tb testing.TB, address string, at time.Time) {
	tb.Helper()
	i := &backfill.Importer{Store: d.Table, Key: d.Key, Now: d.Service.Now}
	if _, err := i.Import(ctx, []backfill.Row{{Address: testkit.Address(tb, address), Scope: "email", At: at}}, backfill.Import{List: "list"}); err != nil {
		tb.Fatal(err)
	}
}

func (d *desk) mailed(tb testing.TB, address string, at time.Time) {
	tb.Helper()
	a := &backfill.LateRecorder{Store: d.Table, Key: d.Key, Now: d.Service.Now}
	if _, err := a.Record(ctx, testkit.Address(tb, address), "email", optout.Evidence{Source: optout.FromMail, At: at}); err != nil {
		tb.Fatal(err)
	}
}

// leaves opts out once more, by another way.
func leaves(source optout.Source, nonce string) func(*testing.T, *desk) {
	return func(t *testing.T, d *desk) {
		_, err := d.Record(ctx, optout.Request{Address: testkit.Address(t, "a@example.com"), Scopes: []optout.Scope{"email"}, Source: source, Nonce: nonce})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// An opt-out that was made elsewhere is nobody's to undo: whoever presses the
// button of an old link finds it made.
func TestUndoIsOfferedToWhoeverMadeIt(t *testing.T) {
	const who = "a@example.com"
	for name, make := range map[string]func(*testing.T, *desk){
		"by a form":       leaves(optout.FromForm, ""),
		"by one-click":    leaves(optout.FromOneClick, ""),
		"by another page": leaves(optout.FromLink, "another.page.was.open."),
		"by a list":       func(t *testing.T, d *desk) { d.importOne(t, who) },
		"on SES's page": func(t *testing.T, d *desk) {
			d.Apply(t, observationOf(t, "email", optout.Out, optout.FromSubscription, d.Time))
		},
		"by a mail to us":  func(t *testing.T, d *desk) { d.arrive(t, who) },
		"by the same page": nil,
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if make != nil {
				make(t, d)
			}
			for range 3 { // a poll
				if r := d.Out(t, who, "email"); d.Undoable(r, view) != (make == nil) {
					t.Errorf("undoable: %v, %+v", make != nil, r)
				}
				d.Time = d.Time.Add(10 * time.Minute)
			}
			// Days later the page is posted once more: a new hour begins only
			// for whoever came back meanwhile.
			d.Time = d.Time.AddDate(0, 0, 3)
			if r := d.Out(t, who, "email"); d.Undoable(r, view) {
				t.Error("an old opt-out can be undone")
			}
			if err := d.ConfirmOptIn(ctx, testkit.Address(t, who), "en", map[optout.Scope]int{"email": d.Email(t, who).Version}); err != nil {
				t.Fatal(err)
			}
			if r := d.Out(t, who, "email"); !d.Undoable(r, view) {
				t.Error("this press has made it")
			}
		})
	}
}

// A pause that ran before comes back by undo, and no mail reports it as on.
func TestWhoeverIsBackHearsOfIt(t *testing.T) {
	const who = "a@example.com"
	undo := func(scope optout.Scope) func(*testing.T, *desk) {
		return func(t *testing.T, d *desk) {
			r := d.Out(t, who, scope)
			for range 2 {
				if err := d.Undo(ctx, testkit.Address(t, who), "de", r.MadeBy, scope); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	confirm := func(scopes ...optout.Scope) func(*testing.T, *desk) {
		return func(t *testing.T, d *desk) {
			versions := map[optout.Scope]int{}
			for _, s := range scopes {
				versions[s] = d.Out(t, who, s).Version
			}
			for s := range versions {
				known, _ := d.Preferences(ctx, testkit.Address(t, who))
				versions[s] = known[s].Version
			}
			if err := d.ConfirmOptIn(ctx, testkit.Address(t, who), "de", versions); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		do   []func(*testing.T, *desk)
		want string
	}{
		"undo":                        {[]func(*testing.T, *desk){undo("email")}, "[email]"},
		"undo, then out again":        {[]func(*testing.T, *desk){undo("email"), leaves(optout.FromForm, "")}, ""},
		"undo to a pause":             {[]func(*testing.T, *desk){pauseFor(30), undo("email")}, ""},
		"of a topic, all being out":   {[]func(*testing.T, *desk){leaves(optout.FromForm, ""), undo("email/news")}, ""},
		"of two things, before it is": {[]func(*testing.T, *desk){undo("email/news"), undo("sms")}, "[email/news sms]"},
		"a confirmed opt-in":          {[]func(*testing.T, *desk){confirm("email", "sms")}, "[email sms]"},
		"with a complaint": {[]func(*testing.T, *desk){
			func(t *testing.T, d *desk) {
				d.Apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.Time))
			}, undo("email"),
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			for _, do := range c.do {
				do(t, d)
			}
			v := &optoutrig.Mailer{}
			for range 2 {
				d.Mail(t, v)
				d.Time = d.Time.Add(time.Hour)
			}
			got := ""
			for _, a := range v.Sent {
				if !a.Confirmed || a.Language != "de" || a.Address != testkit.Address(t, who) {
					t.Errorf("%+v", a)
				}
				got += fmt.Sprint(optin.Subjects(a.Versions))
			}
			if got != c.want {
				t.Errorf("mailed %q, want %q", got, c.want)
			}
			for left := range d.Table.Outbox.Pending(ctx, d.Time.AddDate(1, 0, 0)) {
				t.Errorf("left: %+v", left)
			}
		})
	}
}

func pauseFor(days int) func(*testing.T, *desk) {
	return func(t *testing.T, d *desk) {
		_, err := d.Choose(ctx, testkit.Address(t, "a@example.com"), "en", []optout.Choice{{Scope: "email", To: optout.Paused, PauseDays: days}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestUndoableForAnHour(t *testing.T) {
	d := newDesk(t)
	d.Out(t, "a@example.com", "email")
	d.Time = d.Time.Add(optout.UndoFor - time.Second)
	if r := d.Out(t, "a@example.com", "email"); !d.Undoable(r, view) {
		t.Error("a repeat within the hour cannot be undone")
	}
	d.Time = d.Time.Add(time.Second)
	if r := d.Out(t, "a@example.com", "email"); d.Undoable(r, view) {
		t.Error("an old opt-out can be undone by repeating it")
	}
}

func TestComingBackNeedsTheMail(t *testing.T) {
	d := newDesk(t)
	d.Out(t, "a@example.com", "email")
	a := testkit.Address(t, "a@example.com")
	outcome, err := d.Choose(ctx, a, "de", []optout.Choice{{Scope: "email", To: optout.In}, {Scope: "sms", To: optout.In}, {Scope: "post", To: optout.Out}})
	if err != nil || len(outcome.Asked) != 1 || len(outcome.Changed) != 1 {
		t.Fatalf("%+v, %v", outcome, err)
	}
	if d.Email(t, "a@example.com").State != optout.Out {
		t.Fatal("came back without the mail")
	}
	asked := d.Confirmations(t, a)
	if len(asked) != 1 || asked[0].Language != "de" || asked[0].Address != a {
		t.Fatalf("confirmations: %+v", asked)
	}
	versions := asked[0].Versions
	d.Out(t, "a@example.com", "email")
	if err := d.ConfirmOptIn(ctx, a, "en", versions); !conflicts(err) {
		t.Errorf("an old confirmation outlived a later opt-out: %v", err)
	}
	versions["email"] = d.Email(t, "a@example.com").Version
	for range 2 {
		if err := d.ConfirmOptIn(ctx, a, "en", versions); err != nil {
			t.Error(err)
		}
	}
	if r := d.Email(t, "a@example.com"); r.State != optout.In || !r.FirstAt.Equal(testkit.T0) {
		t.Errorf("%+v", r)
	}
	pauseFor(30)(t, d)
	if err := d.ConfirmOptIn(ctx, a, "en", versions); !conflicts(err) {
		t.Errorf("mailed to be back while all is paused: %v", err)
	}
	if err := d.ConfirmOptIn(ctx, a, "en", nil); err == nil {
		t.Error("an empty confirmation was taken")
	}
}

func TestAnOptOutDoesNotBecomeAPause(t *testing.T) {
	d := newDesk(t)
	d.Out(t, "a@example.com", "email")
	pauseFor(30)(t, d)
	d.Time = d.Time.AddDate(0, 0, 31)
	if r := d.Email(t, "a@example.com"); !r.Suppresses(d.Time) {
		t.Errorf("came back by a pause: %+v", r)
	}
}

func TestChooseNothing(t *testing.T) {
	d := newDesk(t)
	outcome, err := d.Choose(ctx, testkit.Address(t, "a@example.com"), "en", []optout.Choice{{Scope: "email", To: optout.In}})
	if err != nil || len(outcome.Asked)+len(outcome.Changed) != 0 {
		t.Errorf("%+v, %v", outcome, err)
	}
	if _, err := d.Record(ctx, optout.Request{}); err == nil {
		t.Error("an empty opt-out was taken")
	}
}

// Whoever called a mail spam and then confirms to come back comes back.
func TestConfirmationTakesAComplaintBack(t *testing.T) {
	d := newDesk(t)
	const who = "a@example.com"
	d.Observe(t, who, optout.Complaint.Scope(), optout.Out)
	a := testkit.Address(t, who)
	if _, err := d.Choose(ctx, a, "en", []optout.Choice{{Scope: "email", To: optout.In}}); err != nil {
		t.Fatal(err)
	}
	for _, ask := range d.Confirmations(t, a) {
		if named := optin.Subjects(ask.Versions); !slices.Equal(named, []optout.Scope{"email"}) {
			t.Errorf("the mail names %v", named)
		}
		if err := d.ConfirmOptIn(ctx, a, "en", ask.Versions); err != nil {
			t.Fatal(err)
		}
	}
	if d.Sync(t); d.SES.Held[who] {
		t.Error("still listed")
	}
}
