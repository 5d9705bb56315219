package optout_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// An event that comes again after the person was erased brings
// nothing back; one that is new is recorded as ever (found by the soak).
func TestNewsOfAnErasedPerson(t *testing.T) {
	const who = "a@example.com"
	told := testkit.T0.Add(time.Hour)
	news := func(scope optout.Channel, to optout.State, source optout.Source, at time.Time) feedback.Observation {
		return feedback.Observation{Address: testkit.Address(t, who), Scope: scope.Scope(), To: to, Evidence: optout.Evidence{Source: source, At: at, Detail: "x"}}
	}
	complained := news(optout.Complaint, optout.Out, optout.FromComplaint, told)
	dead := news(optout.Bounce, optout.Out, optout.FromBounce, told)
	full := news(optout.Bounce, optout.In, optout.FromSoftBounces, told)
	for name, c := range map[string]struct {
		first, then feedback.Observation
		version     int
		state       optout.State
	}{
		"the same again":                   {complained, complained, 1, optout.Out},
		"a newer one":                      {complained, news(optout.Complaint, optout.In, optout.FromNotSpam, told.Add(time.Minute)), 2, optout.In},
		"a full mailbox again":             {full, full, 1, optout.In},
		"a full mailbox, after a dead one": {dead, news(optout.Bounce, optout.In, optout.FromSoftBounces, told.Add(time.Minute)), 1, optout.Out},
		"a dead mailbox, heard of late":    {full, news(optout.Bounce, optout.Out, optout.FromBounce, told.Add(-time.Minute)), 2, optout.Out},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.now = told.Add(time.Hour)
			l := &feedback.Recorder{Store: d.table, Key: testkit.Key(t), Now: func() time.Time { return d.now }, Soft: feedback.SoftBounces{Days: 3, Within: 7}}
			k := optout.Key{Ref: testkit.Key(t).Ref(c.first.Address), Scope: c.first.Scope}
			hear := func(n feedback.Observation) optout.Record {
				if err := l.Apply(ctx, [][]feedback.Observation{{n}})[0]; err != nil {
					t.Fatal(err)
				}
				found, _ := d.table.Records(ctx, []optout.Key{k})
				return found[k]
			}
			hear(c.first)
			d.drain(t)
			if err := d.table.MakeTombstone(ctx, k, 1, d.now, true); err != nil {
				t.Fatal(err)
			}
			if r := hear(c.then); r.Version != c.version || r.State != c.state || r.Tombstone() != (c.version == 1) || r.Address.IsZero() != (c.version == 1) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// What tells SES again brings the address back, not the evidence: the event
// that the record is from is still no news (found by the soak, seed
// 1795370155048644290).
func TestNewsOfAnErasedPersonWhoIsToldOfAgain(t *testing.T) {
	d := newDesk(t)
	at := d.now
	complained := observationOf(t, "complaint", optout.Out, optout.FromComplaint, at)
	d.apply(t, complained)
	d.drain(t)
	d.makeTombstone(t, "complaint", true)
	d.apply(t, observationOf(t, "complaint", optout.In, optout.FromNotSpam, at.Add(-time.Minute)))
	d.apply(t, complained)
	if r := d.record(t, gone, "complaint"); r.Version != 2 || r.State != optout.Out || r.Evidence.Source != "" {
		t.Errorf("%+v", r)
	}
}

// A temporary bounce after the erasure is one, and no more when it comes again
// after the next erasure (found by the soak, seed 182).
func TestTemporaryBouncesOfAnErasedPerson(t *testing.T) {
	d := newDesk(t)
	l := &feedback.Recorder{Store: d.table, Key: testkit.Key(t), Now: func() time.Time { return d.now }, Soft: feedback.SoftBounces{Days: 3, Within: 7}}
	hear := func(n feedback.Observation) optout.Record {
		t.Helper()
		if err := l.Apply(ctx, [][]feedback.Observation{{n}})[0]; err != nil {
			t.Fatal(err)
		}
		return d.record(t, gone, "bounce")
	}
	first := observationOf(t, "bounce", optout.In, optout.FromSoftBounces, d.now)
	d.now = d.now.Add(24 * time.Hour)
	second := observationOf(t, "bounce", optout.In, optout.FromSoftBounces, d.now)
	hear(first)
	d.makeTombstone(t, "bounce", true)
	if r := hear(second); r.Version != 2 || !r.ChangedAt.Equal(second.Evidence.At) || len(r.SoftDays) != 1 {
		t.Errorf("%+v", r)
	}
	d.makeTombstone(t, "bounce", true)
	for _, again := range []feedback.Observation{second, first} {
		if r := hear(again); r.Version != 2 || !r.Tombstone() {
			t.Errorf("%+v", r)
		}
	}
}

// News that bring an address back have SES told: it may have lost its entry,
// which no walk could put again (found by the soak, seed 275).
func TestNewsOfAnErasedPersonAreTold(t *testing.T) {
	d := newDesk(t)
	d.apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.now))
	d.makeTombstone(t, "complaint", true)
	d.apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.now.Add(time.Minute)))
	if r := d.record(t, gone, "complaint"); r.Tombstone() || r.Projection.DueAt.IsZero() {
		t.Errorf("%+v", r)
	}
}

// Our clock may be some seconds behind SES's: the same event heard again later
// is no news (found by the soak, seed 26).
func TestAnEventAheadOfOurClockIsOne(t *testing.T) {
	for name, c := range map[string]struct {
		ahead time.Duration
		at    time.Time
	}{
		"seconds":        {30 * time.Second, testkit.T0.Add(30 * time.Second)},
		"hours, bounded": {3 * time.Hour, testkit.T0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			n := observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.now.Add(c.ahead))
			d.apply(t, n)
			if r := d.record(t, gone, "complaint"); !r.ChangedAt.Equal(c.at) {
				t.Error("it counts as of", r.ChangedAt)
			}
			if c.ahead > time.Hour {
				return
			}
			d.now = d.now.Add(time.Hour)
			d.apply(t, n)
			if r := d.record(t, gone, "complaint"); r.Version != 1 || !r.ChangedAt.Equal(c.at) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// Once the first event of a batch has filled the tombstone it is none for the
// next one.
func TestNewsOfAnErasedPersonTogether(t *testing.T) {
	d := newDesk(t)
	in := observationOf(t, "complaint", optout.In, optout.FromNotSpam, d.now)
	out := observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.now)
	d.apply(t, in)
	d.makeTombstone(t, "complaint", true)
	l := &feedback.Recorder{Store: d.table, Key: testkit.Key(t), Now: func() time.Time { return d.now }}
	for _, err := range l.Apply(ctx, [][]feedback.Observation{{out}, {in}}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if r := d.record(t, gone, "complaint"); r.Version != 2 || r.State != optout.Out || r.Tombstone() {
		t.Errorf("%+v", r)
	}
}
