package backfill_test

import (
	"context"
	"testing"
	"time"

	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// choices of a person, by what they are called in the tables below.
var (
	lastYear = testkit.T0.AddDate(-1, 0, 0)
	longAgo  = testkit.T0.AddDate(-5, 0, 0)
	tomorrow = testkit.T0.AddDate(0, 0, 1)
)

func TestImport(t *testing.T) {
	for name, c := range map[string]struct {
		before  optout.State // "" for no record; else chosen a month ago, after an opt-out a year ago
		at      time.Time    // the list's date
		even    bool
		want    backfill.Outcome
		state   optout.State
		firstAt time.Time
		version int
	}{
		"unknown person":                  {at: lastYear, want: backfill.Taken, state: optout.Out, firstAt: lastYear, version: 1},
		"unknown person, no date":         {want: backfill.Taken, state: optout.Out, firstAt: testkit.T0, version: 1},
		"a date to come":                  {at: tomorrow, want: backfill.Taken, state: optout.Out, firstAt: testkit.T0, version: 1},
		"out already":                     {before: optout.Out, at: testkit.T0, want: backfill.Known, state: optout.Out, firstAt: lastYear, version: 2},
		"out already, earlier":            {before: optout.Out, at: longAgo, want: backfill.Known, state: optout.Out, firstAt: longAgo, version: 2},
		"out already, no date":            {before: optout.Out, want: backfill.Known, state: optout.Out, firstAt: lastYear, version: 2},
		"came back since":                 {before: optout.In, at: lastYear, want: backfill.Kept, state: optout.In, firstAt: lastYear, version: 2},
		"came back since, list is old":    {before: optout.In, at: longAgo, want: backfill.Kept, state: optout.In, firstAt: longAgo, version: 2},
		"came back, list has no date":     {before: optout.In, want: backfill.Kept, state: optout.In, firstAt: lastYear, version: 2},
		"came back, left there after":     {before: optout.In, at: testkit.T0.Add(-time.Hour), want: backfill.Taken, state: optout.Out, firstAt: lastYear, version: 3},
		"came back since, and even so":    {before: optout.In, at: longAgo, even: true, want: backfill.Taken, state: optout.Out, firstAt: longAgo, version: 3},
		"paused since":                    {before: optout.Paused, at: lastYear, want: backfill.Kept, state: optout.Paused, firstAt: lastYear, version: 2},
		"came back, no date, and even so": {before: optout.In, even: true, want: backfill.Taken, state: optout.Out, firstAt: lastYear, version: 3},
	} {
		t.Run(name, func(t *testing.T) {
			store := testkit.NewOptOuts()
			a := testkit.Address(t, "z@example.com")
			key := optout.Key{Ref: testkit.Key(t).Ref(a), Scope: "email"}
			if c.before != "" {
				for _, step := range []struct {
					to optout.State
					at time.Time
				}{{optout.Out, lastYear}, {c.before, testkit.T0.AddDate(0, -1, 0)}} {
					choice := optout.Change{Key: key, To: step.to, Address: a, Evidence: optout.Evidence{Source: optout.FromConfirm, At: step.at}}
					if step.to == optout.Paused {
						choice.Until = tomorrow
					}
					if _, err := store.Apply(t.Context(), choice); err != nil {
						t.Fatal(err)
					}
				}
			}
			importer := &backfill.Importer{Store: store, Key: testkit.Key(t), Now: func() time.Time { return testkit.T0 }}
			rows := []backfill.Row{{Address: a, Scope: "email", At: c.at}}
			got, err := importer.Import(t.Context(), rows, backfill.Import{List: "list", EvenBack: c.even})
			if err != nil || got[0] != c.want {
				t.Fatalf("%v, %v; want %s", got, err, c.want)
			}
			check := func() {
				t.Helper()
				found, _ := store.Records(t.Context(), []optout.Key{key})
				r := found[key]
				if r.State != c.state || !r.FirstAt.Equal(c.firstAt) || r.Version != c.version {
					t.Errorf("%s, first %s, version %d; want %s, %s, %d", r.State, r.FirstAt, r.Version, c.state, c.firstAt, c.version)
				}
				if c.want == backfill.Taken && (!r.Projection.DueAt.Equal(testkit.T0) || r.OutSince.IsZero() || r.OutSince.After(testkit.T0) || r.Evidence.Campaign != "list") {
					t.Errorf("%+v", r)
				}
			}
			check()
			again, err := importer.Import(t.Context(), rows, backfill.Import{List: "list"})
			if err != nil || again[0] == backfill.Taken {
				t.Errorf("again: %v, %v", again, err)
			}
			check()
		})
	}
}

// In whatever order they come: what was said on SES's own page can be taken back
// there, and what another list says cannot.
func TestAListOutlastsSESsSubscriptionPage(t *testing.T) {
	for name, first := range map[string]string{"list first": "list", "page first": "page"} {
		t.Run(name, func(t *testing.T) {
			store := testkit.NewOptOuts()
			now := func() time.Time { return testkit.T0 }
			a := testkit.Address(t, "z@example.com")
			key := optout.Key{Ref: testkit.Key(t).Ref(a), Scope: "email"}
			recorder := &feedback.Recorder{Store: store, Key: testkit.Key(t), Now: now}
			page := func(to optout.State, at time.Time) {
				t.Helper()
				observation := feedback.Observation{Address: a, Scope: "email", To: to, Evidence: optout.Evidence{Source: optout.FromSubscription, At: at}}
				if faults := recorder.Apply(t.Context(), [][]feedback.Observation{{observation}}); faults[0] != nil {
					t.Fatal(faults)
				}
			}
			list := func() backfill.Outcome {
				t.Helper()
				got, err := (&backfill.Importer{Store: store, Key: testkit.Key(t), Now: now}).Import(t.Context(), []backfill.Row{{Address: a, Scope: "email", At: longAgo}}, backfill.Import{List: "list"})
				if err != nil {
					t.Fatal(err)
				}
				return got[0]
			}
			if first == "list" {
				list()
			}
			page(optout.Out, lastYear)
			for range 2 {
				if got := list(); got != backfill.Known {
					t.Errorf("the list is %s", got)
				}
			}
			found, _ := store.Records(t.Context(), []optout.Key{key})
			if r := found[key]; first == "page" && (r.Version != 2 || !r.OutSince.Equal(lastYear)) || !r.FirstAt.Equal(longAgo) || r.Projection.DueAt.IsZero() {
				t.Errorf("%+v", r)
			}
			page(optout.In, lastYear.Add(time.Hour))
			if found, _ = store.Records(t.Context(), []optout.Key{key}); found[key].State != optout.Out {
				t.Errorf("%s after the page said in", found[key].State)
			}
		})
	}
}

func TestImportOfTheSamePersonTwice(t *testing.T) {
	store := testkit.NewOptOuts()
	importer := &backfill.Importer{Store: store, Key: testkit.Key(t), Now: func() time.Time { return testkit.T0 }}
	a, b := testkit.Address(t, "z@example.com"), testkit.Address(t, "Z@EXAMPLE.com")
	got, err := importer.Import(t.Context(), []backfill.Row{
		{Address: a, Scope: "email", At: lastYear}, {Address: b, Scope: "email", At: longAgo}, {Address: a, Scope: "sms"}, {Address: b, Scope: "email"},
	}, backfill.Import{List: "list"})
	want := []backfill.Outcome{backfill.Taken, backfill.Known, backfill.Taken, backfill.Known}
	for i := range want {
		if err != nil || got[i] != want[i] {
			t.Fatalf("%v, %v; want %v", got, err, want)
		}
	}
	records, _ := store.OfPerson(t.Context(), testkit.Key(t).Ref(a))
	for _, r := range records {
		if r.Version != 1 || r.Scope == "email" && !r.FirstAt.Equal(longAgo) {
			t.Errorf("%+v", r)
		}
	}
}

// racing is a store in which the person comes back between read and write.
type racing struct {
	*testkit.OptOuts
	back func()
}

func (s *racing) Apply(ctx context.Context, c optout.Change) (optout.Record, error) {
	s.race()
	return s.OptOuts.Apply(ctx, c)
}

func (s *racing) Create(ctx context.Context, changes []optout.Change) error {
	s.race()
	return s.OptOuts.Create(ctx, changes)
}

func (s *racing) race() {
	if back := s.back; back != nil {
		s.back = nil
		back()
	}
}

func TestImportLosesARaceToThePerson(t *testing.T) {
	store := &racing{OptOuts: testkit.NewOptOuts()}
	a := testkit.Address(t, "z@example.com")
	key := optout.Key{Ref: testkit.Key(t).Ref(a), Scope: "email"}
	store.back = func() {
		_, _ = store.OptOuts.Apply(t.Context(), optout.Change{Key: key, To: optout.In, Address: a, Evidence: optout.Evidence{At: testkit.T0}})
	}
	importer := &backfill.Importer{Store: store, Key: testkit.Key(t), Now: func() time.Time { return testkit.T0 }}
	got, err := importer.Import(t.Context(), []backfill.Row{{Address: a, Scope: "email", At: lastYear}}, backfill.Import{List: "list"})
	if err != nil || got[0] != backfill.Kept {
		t.Errorf("%v, %v", got, err)
	}
}

// broken is a store that does not answer writes.
type broken struct{ *testkit.OptOuts }

func (broken) Apply(context.Context, optout.Change) (optout.Record, error) {
	return optout.Record{}, fault.New(fault.Unavailable, "record a choice")
}

func (broken) Create(context.Context, []optout.Change) error {
	return fault.New(fault.Unavailable, "record choices")
}

func TestImportSaysWhatItCouldNotSettle(t *testing.T) {
	importer := &backfill.Importer{Store: broken{testkit.NewOptOuts()}, Key: testkit.Key(t), Now: func() time.Time { return testkit.T0 }}
	got, err := importer.Import(t.Context(), []backfill.Row{{Address: testkit.Address(t, "z@example.com"), Scope: "email"}}, backfill.Import{List: "list"})
	if err != nil || got[0] != backfill.Unsettled {
		t.Errorf("%v, %v", got, err)
	}
}
