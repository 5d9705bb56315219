package backfill_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/optoutrig"
)

// mail records that a mail of z@example.com arrived at a time, and is read at T0.
func mail(t *testing.T, store backfill.Store, at time.Time) (backfill.Outcome, error) {
	t.Helper()
	arrivals := &backfill.LateRecorder{Store: store, Key: testkit.Key(t), Now: func() time.Time { return testkit.T0 }}
	return arrivals.Record(t.Context(), testkit.Address(t, "z@example.com"), "email", optout.Evidence{Source: optout.FromMail, At: at, Campaign: "spring"})
}

// A mail counts from its arrival, whenever it is read. What the person has
// chosen after it stands; before it, or at the same time, they are out.
func TestAMailCountsFromItsArrival(t *testing.T) {
	month, twoDays := testkit.T0.AddDate(0, -1, 0), testkit.T0.AddDate(0, 0, -2)
	for name, c := range map[string]struct {
		before  optout.State // "" for no record; else chosen a month ago, after an opt-out a year ago
		source  optout.Source
		at      time.Time
		want    backfill.Outcome
		state   optout.State
		version int

		firstAt, outSince, changedAt time.Time
	}{
		"nobody knows the person":     {at: twoDays, want: backfill.Taken, state: optout.Out, version: 1, firstAt: twoDays, outSince: twoDays, changedAt: twoDays},
		"a mail of no time":           {want: backfill.Taken, state: optout.Out, version: 1, firstAt: testkit.T0, outSince: testkit.T0, changedAt: testkit.T0},
		"a mail from the future":      {at: tomorrow, want: backfill.Taken, state: optout.Out, version: 1, firstAt: testkit.T0, outSince: testkit.T0, changedAt: testkit.T0},
		"back before the mail":        {before: optout.In, at: twoDays, want: backfill.Taken, state: optout.Out, version: 3, firstAt: lastYear, outSince: twoDays, changedAt: twoDays},
		"back at the same time":       {before: optout.In, at: month, want: backfill.Taken, state: optout.Out, version: 3, firstAt: lastYear, outSince: month, changedAt: month},
		"back after the mail":         {before: optout.In, at: month.Add(-time.Millisecond), want: backfill.Kept, state: optout.In, version: 2, firstAt: lastYear, changedAt: month},
		"back, and the mail is first": {before: optout.In, at: longAgo, want: backfill.Kept, state: optout.In, version: 2, firstAt: longAgo, changedAt: month},
		"paused before the mail":      {before: optout.Paused, at: twoDays, want: backfill.Taken, state: optout.Out, version: 3, firstAt: lastYear, outSince: twoDays, changedAt: twoDays},
		"paused after the mail":       {before: optout.Paused, at: lastYear, want: backfill.Kept, state: optout.Paused, version: 2, firstAt: lastYear, changedAt: month},
		"out before the mail":         {before: optout.Out, at: twoDays, want: backfill.Taken, state: optout.Out, version: 3, firstAt: lastYear, outSince: lastYear, changedAt: twoDays},
		"out after the mail":          {before: optout.Out, at: longAgo, want: backfill.Known, state: optout.Out, version: 2, firstAt: longAgo, outSince: lastYear, changedAt: month},
		"out on SES's page after it": {before: optout.Out, source: optout.FromSubscription, at: longAgo,
			want: backfill.Known, state: optout.Out, version: 3, firstAt: longAgo, outSince: month, changedAt: month},
	} {
		t.Run(name, func(t *testing.T) {
			store := testkit.NewOptOuts()
			a := testkit.Address(t, "z@example.com")
			key := optout.Key{Ref: testkit.Key(t).Ref(a), Scope: "email"}
			for _, step := range []optout.Change{
				{Key: key, To: optout.Out, Address: a, Evidence: optout.Evidence{Source: optout.FromForm, At: lastYear}},
				{Key: key, To: c.before, Address: a, Evidence: optout.Evidence{Source: c.source, At: month}, Until: tomorrow},
			} {
				if c.before == "" {
					continue
				}
				if _, err := store.Apply(t.Context(), step); err != nil {
					t.Fatal(err)
				}
			}
			for _, want := range []backfill.Outcome{c.want, again[c.want]} { // Lambda delivers at least once
				if got, err := mail(t, store, c.at); err != nil || got != want {
					t.Fatalf("%v, %v; want %s", got, err, want)
				}
				found, _ := store.Records(t.Context(), []optout.Key{key})
				r := found[key]
				if r.State != c.state || r.Version != c.version || !r.FirstAt.Equal(c.firstAt) || !r.OutSince.Equal(c.outSince) || !r.ChangedAt.Equal(c.changedAt) {
					t.Errorf("%+v", r)
				}
				if c.want == backfill.Taken && (!r.Projection.DueAt.Equal(testkit.T0) || r.Evidence.Source != optout.FromMail || r.Evidence.Campaign != "spring") {
					t.Errorf("%+v", r)
				}
				if c.source == optout.FromSubscription && r.Evidence.Source != optout.FromMail {
					t.Error("what was said on SES's page takes the mail back")
				}
			}
		})
	}
}

// A mail from before the erasure that is read after it brings nothing back: all
// of its kind is known to be out. One from after it is the person's own act: it
// moves the tombstone's dates, and leaves another scope anew.
func TestAMailFromBeforeTheErasure(t *testing.T) {
	for scope, fresh := range map[optout.Scope]int{"email": 2, "email/newsletter": 1} {
		d := optoutrig.New(t)
		d.Out(t, "a@example.com", "email")
		d.Time = d.Time.Add(time.Hour)
		erased := d.MakeTombstone(t, "a@example.com", "email", true)
		d.Time = d.Time.Add(time.Hour)
		mails := &backfill.LateRecorder{Store: d.Table, Key: d.Key, Now: func() time.Time { return d.Time }}
		for _, c := range []struct {
			at      time.Time
			want    backfill.Outcome
			version int
		}{{erased.ErasedAt.Add(-time.Minute), backfill.Known, fresh - 1}, {erased.ErasedAt.Add(time.Minute), backfill.Taken, fresh}} {
			got, err := mails.Record(t.Context(), testkit.Address(t, "a@example.com"), scope, optout.Evidence{Source: optout.FromMail, At: c.at})
			if r := d.Read(t, "a@example.com", scope); err != nil || got != c.want || r.Version != c.version || r.Address.IsZero() == (c.want == backfill.Taken && scope != "email") || c.want == backfill.Taken && !r.ChangedAt.Equal(c.at) {
				t.Errorf("%s: %s, %v; %+v", scope, got, err, r)
			}
		}
	}
}

// again is what the second delivery of a mail comes to.
var again = map[backfill.Outcome]backfill.Outcome{backfill.Taken: backfill.Known, backfill.Known: backfill.Known, backfill.Kept: backfill.Kept}

func TestAMailLosesARaceToThePerson(t *testing.T) {
	store := &racing{OptOuts: testkit.NewOptOuts()}
	a := testkit.Address(t, "z@example.com")
	key := optout.Key{Ref: testkit.Key(t).Ref(a), Scope: "email"}
	store.back = func() {
		_, _ = store.OptOuts.Apply(t.Context(), optout.Change{Key: key, To: optout.In, Address: a, Evidence: optout.Evidence{At: testkit.T0}})
	}
	if got, err := mail(t, store, lastYear); err != nil || got != backfill.Kept {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAMailThatIsNotRecordedFails(t *testing.T) {
	if _, err := mail(t, broken{testkit.NewOptOuts()}, testkit.T0); fault.CodeOf(err) != fault.Unavailable {
		t.Error(err)
	}
}
