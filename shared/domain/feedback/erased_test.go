package feedback_test

import (
	"testing"
	"time"

	"privacydesk/shared/domain/feedback"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// An event that comes again after the person was erased brings
// nothing back; one that is new is recorded as ever (found by the soak).
func TestObservationsOfAnErasedPerson(t *testing.T) {
	const who = "a@example.com"
	reported := testkit.T0.Add(time.Hour)
	observation := func(scope optout.Channel, to optout.State, source optout.Source, at time.Time) feedback.Observation {
		return feedback.Observation{Address: testkit.Address(t, who), Scope: scope.Scope(), To: to, Evidence: optout.Evidence{Source: source, At: at, Detail: "x"}}
	}
	complained := observation(optout.Complaint, optout.Out, optout.FromComplaint, reported)
	dead := observation(optout.Bounce, optout.Out, optout.FromBounce, reported)
	full := observation(optout.Bounce, optout.In, optout.FromSoftBounces, reported)
	for name, c := range map[string]struct {
		first, then feedback.Observation
		version     int
		state       optout.State
	}{
		"the same again":                   {complained, complained, 1, optout.Out},
		"a newer one":                      {complained, observation(optout.Complaint, optout.In, optout.FromNotSpam, reported.Add(time.Minute)), 2, optout.In},
		"a full mailbox again":             {full, full, 1, optout.In},
		"a full mailbox, after a dead one": {dead, observation(optout.Bounce, optout.In, optout.FromSoftBounces, reported.Add(time.Minute)), 1, optout.Out},
		"a dead mailbox, reported late":    {full, observation(optout.Bounce, optout.Out, optout.FromBounce, reported.Add(-time.Minute)), 2, optout.Out},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.Time = reported.Add(time.Hour)
			l := &feedback.Recorder{Store: d.Table, Key: testkit.Key(t), Now: func() time.Time { return d.Time }, Soft: feedback.SoftBounces{Days: 3, Within: 7}}
			k := optout.Key{Ref: testkit.Key(t).Ref(c.first.Address), Scope: c.first.Scope}
			observe := func(n feedback.Observation) optout.Record {
				if err := l.Apply(ctx, [][]feedback.Observation{{n}})[0]; err != nil {
					t.Fatal(err)
				}
				found, _ := d.Table.Records(ctx, []optout.Key{k})
				return found[k]
			}
			observe(c.first)
			d.Sync(t)
			if err := d.Table.MakeTombstone(ctx, k, 1, d.Time, true); err != nil {
				t.Fatal(err)
			}
			if r := observe(c.then); r.Version != c.version || r.State != c.state || r.Tombstone() != (c.version == 1) || r.Address.IsZero() != (c.version == 1) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// What tells SES again brings the address back, not the evidence: the event
// that the record is from still changes nothing (found by the soak, seed
// 1795370155048644290).
func TestObservationsOfAnErasedPersonWhoIsBack(t *testing.T) {
	d := newDesk(t)
	at := d.Time
	complained := observationOf(t, "complaint", optout.Out, optout.FromComplaint, at)
	d.Apply(t, complained)
	d.Sync(t)
	d.MakeTombstone(t, gone, "complaint", true)
	d.Apply(t, observationOf(t, "complaint", optout.In, optout.FromNotSpam, at.Add(-time.Minute)))
	d.Apply(t, complained)
	if r := d.Read(t, gone, "complaint"); r.Version != 2 || r.State != optout.Out || r.Evidence.Source != "" {
		t.Errorf("%+v", r)
	}
}

// A temporary bounce after the erasure is one, and no more when it comes again
// after the next erasure (found by the soak, seed 182).
func TestTemporaryBouncesOfAnErasedPerson(t *testing.T) {
	d := newDesk(t)
	l := &feedback.Recorder{Store: d.Table, Key: testkit.Key(t), Now: func() time.Time { return d.Time }, Soft: feedback.SoftBounces{Days: 3, Within: 7}}
	observe := func(n feedback.Observation) optout.Record {
		t.Helper()
		if err := l.Apply(ctx, [][]feedback.Observation{{n}})[0]; err != nil {
			t.Fatal(err)
		}
		return d.Read(t, gone, "bounce")
	}
	first := observationOf(t, "bounce", optout.In, optout.FromSoftBounces, d.Time)
	d.Time = d.Time.Add(24 * time.Hour)
	second := observationOf(t, "bounce", optout.In, optout.FromSoftBounces, d.Time)
	observe(first)
	d.MakeTombstone(t, gone, "bounce", true)
	if r := observe(second); r.Version != 2 || !r.ChangedAt.Equal(second.Evidence.At) || len(r.SoftDays) != 1 {
		t.Errorf("%+v", r)
	}
	d.MakeTombstone(t, gone, "bounce", true)
	for _, again := range []feedback.Observation{second, first} {
		if r := observe(again); r.Version != 2 || !r.Tombstone() {
			t.Errorf("%+v", r)
		}
	}
}

// News that bring an address back have SES reported: it may have lost its entry,
// which no run could put again (found by the soak, seed 275).
func TestObservationsOfAnErasedPersonAreSynced(t *testing.T) {
	d := newDesk(t)
	d.Apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.Time))
	d.MakeTombstone(t, gone, "complaint", true)
	d.Apply(t, observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.Time.Add(time.Minute)))
	if r := d.Read(t, gone, "complaint"); r.Tombstone() || r.Projection.DueAt.IsZero() {
		t.Errorf("%+v", r)
	}
}

// Our clock may be some seconds behind SES's: the same event applied again later
// changes nothing (found by the soak, seed 26).
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
			n := observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.Time.Add(c.ahead))
			d.Apply(t, n)
			if r := d.Read(t, gone, "complaint"); !r.ChangedAt.Equal(c.at) {
				t.Error("it counts as of", r.ChangedAt)
			}
			if c.ahead > time.Hour {
				return
			}
			d.Time = d.Time.Add(time.Hour)
			d.Apply(t, n)
			if r := d.Read(t, gone, "complaint"); r.Version != 1 || !r.ChangedAt.Equal(c.at) {
				t.Errorf("%+v", r)
			}
		})
	}
}

// Once the first event of a batch has filled the tombstone it is none for the
// next one.
func TestObservationsOfAnErasedPersonTogether(t *testing.T) {
	d := newDesk(t)
	in := observationOf(t, "complaint", optout.In, optout.FromNotSpam, d.Time)
	out := observationOf(t, "complaint", optout.Out, optout.FromComplaint, d.Time)
	d.Apply(t, in)
	d.MakeTombstone(t, gone, "complaint", true)
	l := &feedback.Recorder{Store: d.Table, Key: testkit.Key(t), Now: func() time.Time { return d.Time }}
	for _, err := range l.Apply(ctx, [][]feedback.Observation{{out}, {in}}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if r := d.Read(t, gone, "complaint"); r.Version != 2 || r.State != optout.Out || r.Tombstone() {
		t.Errorf("%+v", r)
	}
}
