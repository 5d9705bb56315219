package feedback_test

import (
	"testing"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

// SES takes its entry away when a person calls a mail no spam. The event brings
// the address by which SES is synced again, also of a tombstone.
func TestNotSpamPutsATombstoneBack(t *testing.T) {
	d := newDesk(t)
	d.Out(t, gone, "email")
	d.MakeTombstone(t, gone, "email", true)
	delete(d.SES.Held, gone)
	d.Apply(t, observationOf(t, "email", optout.In, optout.FromNotSpam, d.Time))
	if d.Sync(t); !d.SES.Held[gone] {
		t.Error("the opt-out is lost at SES")
	}
	if r := d.Read(t, gone, "email"); r.State != optout.Out || !r.FirstAt.Equal(testkit.T0) || r.Tombstone() || r.Version != 2 {
		t.Errorf("%+v", r)
	}
	d.Apply(t, observationOf(t, "email", optout.In, optout.FromNotSpam, d.Time))
	if r := d.Read(t, gone, "email"); r.Version != 2 {
		t.Errorf("applied again: %+v", r)
	}
}

// What is written to a tombstone brings its address along.
func TestObservationsFillATombstone(t *testing.T) {
	d := newDesk(t)
	n := observationOf(t, "bounce", optout.Out, optout.FromBounce, d.Time)
	d.Apply(t, n)
	d.MakeTombstone(t, gone, "bounce", false)
	n.Evidence.At = n.Evidence.At.AddDate(0, 0, -1) // an older one that comes late
	d.Apply(t, n)
	if r := d.Read(t, gone, "bounce"); r.Tombstone() || r.Address != n.Address || !r.FirstAt.Equal(n.Evidence.At) || !r.ChangedAt.Equal(testkit.T0) {
		t.Errorf("%+v", r)
	}
}
