package backfill_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/optoutrig"
)

// undoing is one person's record of one scope, and what can happen to it.
type undoing struct {
	tb      testing.TB
	store   *testkit.OptOuts
	address person.Address
	key     optout.Key
	now     time.Time
}

func newUndoing(tb testing.TB, scope optout.Scope) *undoing {
	a := testkit.Address(tb, "z@example.com")
	return &undoing{tb, testkit.NewOptOuts(), a, optout.Key{Ref: testkit.Key(tb).Ref(a), Scope: scope}, testkit.T0}
}

func (u *undoing) clock() time.Time { return u.now }

func (u *undoing) choose(to optout.State, source optout.Source) {
	u.tb.Helper()
	c := optout.Change{Key: u.key, To: to, Address: u.address, Name: "Z", Evidence: optout.Evidence{Source: source, At: u.now, Form: "shop.example"}}
	if to == optout.Paused {
		c.Until = u.now.AddDate(0, 0, 30)
	}
	if _, err := u.store.Apply(context.Background(), c); err != nil {
		u.tb.Fatal(err)
	}
}

func (u *undoing) imports(id string, at time.Time, m backfill.Import) backfill.Outcome {
	u.tb.Helper()
	m.ID, m.List = id, "list "+id
	i := &backfill.Importer{Store: u.store, Key: testkit.Key(u.tb), Now: u.clock}
	got, err := i.Import(context.Background(), []backfill.Row{{Address: u.address, Scope: u.key.Scope, At: at}}, m)
	if err != nil {
		u.tb.Fatal(err)
	}
	return got[0]
}

func (u *undoing) apply(to optout.State, source optout.Source, at time.Time) {
	u.tb.Helper()
	l := &feedback.Recorder{Store: u.store, Key: testkit.Key(u.tb), Now: u.clock}
	observation := feedback.Observation{Address: u.address, Scope: u.key.Scope, To: to, Evidence: optout.Evidence{Source: source, At: at}}
	if faults := l.Apply(context.Background(), [][]feedback.Observation{{observation}}); faults[0] != nil {
		u.tb.Fatal(faults)
	}
}

func (u *undoing) arrive(at time.Time) {
	u.tb.Helper()
	a := &backfill.LateRecorder{Store: u.store, Key: testkit.Key(u.tb), Now: u.clock}
	if _, err := a.Record(context.Background(), u.address, u.key.Scope, optout.Evidence{Source: optout.FromMail, At: at}); err != nil {
		u.tb.Fatal(err)
	}
}

func (u *undoing) undo(id string) backfill.UndoCounts {
	u.tb.Helper()
	var all backfill.UndoCounts
	for cursor, more := "", true; more; more = cursor != "" {
		did, next, err := (&backfill.Undoer{Store: u.store, Now: u.clock}).Undo(context.Background(), id, cursor)
		if err != nil {
			u.tb.Fatal(err)
		}
		all.Withdrawn, all.Reverted, all.Left = all.Withdrawn+did.Withdrawn, all.Reverted+did.Reverted, all.Left+did.Left
		cursor = next
	}
	return all
}

func (u *undoing) record() optout.Record {
	found, _ := u.store.Records(context.Background(), []optout.Key{u.key})
	return found[u.key]
}

// said is what a record says of the person: not how often, nor what SES knows.
func said(r optout.Record) optout.Record {
	r.Version, r.FedAt, r.Projection, r.Trace = 0, time.Time{}, optout.Projection{}, optout.Trace{}
	if r.State == "" {
		return optout.Record{}
	}
	return r
}

// What was there before the import stands again, whatever it was.
func TestUndoIsExact(t *testing.T) {
	monthAgo := testkit.T0.AddDate(0, -1, 0)
	for name, c := range map[string]struct {
		scope  optout.Scope
		before func(*undoing)
		at     time.Time
		even   bool
		want   backfill.UndoCounts
	}{
		"nobody":              {"email", func(*undoing) {}, lastYear, false, backfill.UndoCounts{Withdrawn: 1}},
		"nobody, no date":     {"email", func(*undoing) {}, time.Time{}, false, backfill.UndoCounts{Withdrawn: 1}},
		"nobody, sms":         {"sms", func(*undoing) {}, lastYear, false, backfill.UndoCounts{Withdrawn: 1}},
		"a bounce":            {"bounce", func(*undoing) {}, lastYear, false, backfill.UndoCounts{Withdrawn: 1}},
		"a pause":             {"email", func(u *undoing) { u.choose(optout.Paused, optout.FromPreferences) }, testkit.T0, false, backfill.UndoCounts{Withdrawn: 1}},
		"who came back":       {"email", func(u *undoing) { u.choose(optout.Out, optout.FromForm); u.choose(optout.In, optout.FromConfirm) }, testkit.T0, false, backfill.UndoCounts{Withdrawn: 1}},
		"who came back, even": {"email", func(u *undoing) { u.choose(optout.In, optout.FromConfirm) }, longAgo, true, backfill.UndoCounts{Withdrawn: 1}},
		"a first date":        {"email", func(u *undoing) { u.choose(optout.Out, optout.FromForm) }, longAgo, false, backfill.UndoCounts{Reverted: 1}},
		"kept, a first date":  {"email", func(u *undoing) { u.choose(optout.Out, optout.FromForm); u.choose(optout.In, optout.FromConfirm) }, longAgo, false, backfill.UndoCounts{Reverted: 1}},
		"known, nothing new":  {"email", func(u *undoing) { u.choose(optout.Out, optout.FromForm) }, testkit.T0, false, backfill.UndoCounts{}},
		"SES's page":          {"email", func(u *undoing) { u.apply(optout.Out, optout.FromSubscription, lastYear) }, longAgo, false, backfill.UndoCounts{Reverted: 1}},
		"another list":        {"email", func(u *undoing) { u.imports("other", lastYear, backfill.Import{}) }, lastYear, false, backfill.UndoCounts{}},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUndoing(t, c.scope)
			u.now = monthAgo
			c.before(u)
			before := u.record()
			u.now = testkit.T0
			for range 2 { // sent twice, since the answer got lost
				u.imports("a", c.at, backfill.Import{EvenBack: c.even})
			}
			u.now = testkit.T0.Add(time.Hour)
			if got := u.undo("nobody's"); got != (backfill.UndoCounts{}) {
				t.Errorf("another import: %+v", got)
			}
			if got := u.undo("a"); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			if got, want := said(u.record()), said(before); !reflect.DeepEqual(got, want) {
				t.Errorf("%+v\nwant %+v", got, want)
			}
			if got := u.undo("a"); got != (backfill.UndoCounts{}) {
				t.Errorf("again: %+v", got)
			}
			if c.want.Withdrawn == 1 && u.record().Projection.DueAt.IsZero() && c.scope.Synced() {
				t.Error("SES is not synced")
			}
		})
	}
}

// Who is out by anything else stays out.
func TestUndoLeavesAloneWhomAnythingHasHappenedTo(t *testing.T) {
	for name, c := range map[string]struct {
		scope optout.Scope
		since func(*undoing)
		state optout.State
	}{
		"a form":                      {"email", func(u *undoing) { u.choose(optout.Out, optout.FromForm) }, optout.Out},
		"came back":                   {"email", func(u *undoing) { u.choose(optout.In, optout.FromConfirm) }, optout.In},
		"a pause":                     {"email", func(u *undoing) { u.choose(optout.Paused, optout.FromPreferences) }, optout.Paused},
		"another list":                {"email", func(u *undoing) { u.imports("b", longAgo, backfill.Import{}) }, optout.Out},
		"another list, no date":       {"email", func(u *undoing) { u.imports("b", time.Time{}, backfill.Import{}) }, optout.Out},
		"a list that leaves no trace": {"email", func(u *undoing) { u.imports("", lastYear, backfill.Import{}) }, optout.Out},
		"SES's page":                  {"email", func(u *undoing) { u.apply(optout.Out, optout.FromSubscription, u.now) }, optout.Out},
		"SES's page, reported late":   {"email", func(u *undoing) { u.apply(optout.Out, optout.FromSubscription, longAgo) }, optout.Out},
		"a mail":                      {"email", func(u *undoing) { u.arrive(u.now) }, optout.Out},
		"a mail that was read late":   {"email", func(u *undoing) { u.arrive(longAgo) }, optout.Out},
		"a bounce":                    {"bounce", func(u *undoing) { u.apply(optout.Out, optout.FromBounce, u.now) }, optout.Out},
		"a bounce, reported late":     {"bounce", func(u *undoing) { u.apply(optout.Out, optout.FromBounce, longAgo) }, optout.Out},
	} {
		t.Run(name, func(t *testing.T) {
			u := newUndoing(t, c.scope)
			u.imports("a", lastYear, backfill.Import{})
			u.now = testkit.T0.Add(time.Hour)
			c.since(u)
			u.undo("a")
			if got := u.record(); got.State != c.state {
				t.Errorf("%s after undoing the import", got.State)
			}
		})
	}
}

// A list taken over by mistake must not keep the right one out: who is on it
// has not "come back".
func TestAListCanBeTakenOverAfterAnUndo(t *testing.T) {
	for _, scope := range []optout.Scope{"email", "sms"} {
		for _, synced := range []bool{false, true} {
			u := newUndoing(t, scope)
			u.imports("a", time.Time{}, backfill.Import{})
			u.undo("a")
			if r := u.record(); synced {
				if err := u.store.MarkSynced(t.Context(), r, optout.Projection{Status: optout.Unlisted, At: u.now}); err != nil {
					t.Fatal(err)
				}
				if r = u.record(); r.Version != 0 {
					t.Errorf("%+v is left", r)
				}
			}
			u.now = u.now.Add(time.Hour)
			if got := u.imports("b", time.Time{}, backfill.Import{}); got != backfill.Taken || u.record().State != optout.Out || !u.record().FirstAt.Equal(u.now) {
				t.Errorf("%s, %+v", got, u.record())
			}
		}
	}
}

func TestADryImportWritesNothing(t *testing.T) {
	u := newUndoing(t, "email")
	if got := u.imports("a", lastYear, backfill.Import{Dry: true}); got != backfill.Taken || u.record().Version != 0 {
		t.Errorf("%s, %+v", got, u.record())
	}
	u.choose(optout.Out, optout.FromForm)
	before := u.record()
	if got := u.imports("a", longAgo, backfill.Import{Dry: true}); got != backfill.Known || !reflect.DeepEqual(u.record(), before) {
		t.Errorf("%s, %+v", got, u.record())
	}
	u.choose(optout.In, optout.FromConfirm)
	if got := u.imports("a", longAgo, backfill.Import{Dry: true}); got != backfill.Kept || u.record().State != optout.In {
		t.Errorf("%s, %+v", got, u.record())
	}
}

// Whatever happens between, undoing an import opts nobody back in who is out
// by anything but it, and does nothing to who was not on it.
func TestUndoLosesNoOptOut(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		u := newUndoing(t, "email")
		otherwise := false // out by something else than import a, since they last came back
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			u.now = u.now.Add(time.Hour)
			switch rapid.SampledFrom([]string{"form", "back", "page", "mail", "a", "b", "undo"}).Draw(rt, "step") {
			case "form":
				u.choose(optout.Out, optout.FromForm)
				otherwise = true
			case "back":
				u.choose(optout.In, optout.FromConfirm)
				otherwise = false
			case "page":
				u.apply(optout.Out, optout.FromSubscription, u.now)
				otherwise = true
			case "mail":
				u.arrive(u.now)
				otherwise = true
			case "a":
				u.imports("a", u.now, backfill.Import{})
			case "b":
				u.imports("b", u.now, backfill.Import{})
				otherwise = true
			case "undo":
				before := u.record()
				if u.undo("a"); before.Trace.Import != "a" && !reflect.DeepEqual(u.record(), before) {
					rt.Fatalf("%+v became %+v", before, u.record())
				}
			}
			if otherwise && u.record().State != optout.Out {
				rt.Fatalf("an opt-out is lost: %+v", u.record())
			}
		}
	})
}

// The row of who was unknown goes once SES is synced for good.
func TestAnUndoneImportIsForgotten(t *testing.T) {
	d := optoutrig.New(t)
	const who = "a@example.com"
	i := &backfill.Importer{Store: d.Table, Key: d.Key, Now: func() time.Time { return d.Time }}
	if _, err := i.Import(t.Context(), []backfill.Row{{Address: testkit.Address(t, who), Scope: "email"}}, backfill.Import{ID: "a"}); err != nil {
		t.Fatal(err)
	}
	d.Sync(t)
	if !d.SES.Held[who] {
		t.Fatal("SES does not hold the address back")
	}
	if did, _, err := (&backfill.Undoer{Store: d.Table, Now: func() time.Time { return d.Time }}).Undo(t.Context(), "a", ""); err != nil || did.Withdrawn != 1 {
		t.Fatal(did, err)
	}
	d.Sync(t)
	if d.SES.Held[who] {
		t.Error("SES still holds the address back")
	}
	if found, _ := d.Table.Records(t.Context(), []optout.Key{{Ref: d.Key.Ref(testkit.Address(t, who)), Scope: "email"}}); len(found) != 0 {
		t.Errorf("%+v", found)
	}
}
