package disposal_test

import (
	"context"
	"testing"
	"time"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// summaries are the requests of a person.
type summaries []request.Summary

func (s summaries) OfPerson(context.Context, person.Ref) ([]request.Summary, error) { return s, nil }

// The officer sees which hold keeps what from being erased.
func TestKeptBack(t *testing.T) {
	others := summaries{{ID: "PD-1", VerifiedAt: t0}, {ID: "PD-2", VerifiedAt: t0}, {ID: "PD-3"}}
	for name, c := range map[string]struct {
		hold disposal.Hold
		want string
	}{
		"the person":                 {disposal.Hold{Ref: testkit.Ref(3)}, "erasure"},
		"somebody else":              {disposal.Hold{Ref: testkit.Ref(4)}, ""},
		"the request":                {disposal.Hold{Request: "PD-1"}, "erasure"},
		"another request of theirs":  {disposal.Hold{Request: "PD-2"}, "request PD-2"},
		"a request of somebody else": {disposal.Hold{Request: "PD-9"}, ""},
		"all erasures":               {disposal.Hold{Class: schedule.ErasureOrder}, "erasure"},
		"closed requests":            {disposal.Hold{Class: schedule.ClosedRequest}, "closed-request"},
		"evidence of opt-outs":       {disposal.Hold{Class: schedule.OptOutEvidence}, "opt-out-evidence"},
		"unverified requests":        {disposal.Hold{Class: schedule.UnverifiedRequest}, "request PD-3"},
		"logs, which stay anyhow":    {disposal.Hold{Class: schedule.RequestLog}, ""},
	} {
		r := newRig(t)
		c.hold.Reason, c.hold.By = "a dispute", "dpo-1"
		placed := r.hold(c.hold)
		k := disposal.Keepers{Holds: r.store, Requests: others, Now: func() time.Time { return r.clock }}
		q := &request.Request{ID: "PD-1", Ref: testkit.Ref(3), Kinds: []intake.Kind{deadline.Erasure}}
		got, err := k.KeptBack(background, q)
		if err != nil || len(got) != min(len(c.want), 1) || len(got) == 1 && (got[0].Keeps != c.want || got[0].Hold != placed.ID || got[0].Reason != "a dispute") {
			t.Errorf("%s: %+v, %v; want %q", name, got, err, c.want)
		}
		if _, err := r.keeper().Lift(background, placed.ID, "dpo-2", "it is settled"); err != nil {
			t.Fatal(err)
		}
		if got, err := k.KeptBack(background, q); err != nil || len(got) != 0 {
			t.Errorf("%s, lifted: %+v, %v", name, got, err)
		}
	}
}

// releaser is who tells people that their erasure follows.
type releaser struct {
	of  []string
	err error
}

func (r *releaser) Release(_ context.Context, id string) error {
	r.of = append(r.of, id)
	return r.err
}

// Whoever was told that a hold keeps their data hears first that it goes now; the
// order waits for that letter, and for nothing while the hold is in force.
func TestTheHeldAreToldBeforeTheyAreErased(t *testing.T) {
	order := func(r *rig) testkit.Disposed {
		return testkit.Disposed{Item: disposal.Item{Class: schedule.ErasureOrder, ID: "order", Ref: testkit.Ref(5), Start: r.clock.Add(-time.Hour)}, HeldBack: true}
	}
	counted := map[string]disposal.Counts{}
	for name, c := range map[string]struct {
		hold        *disposal.Hold
		dry, free   bool
		err         error
		told, ended bool
	}{
		"no hold any more":  {told: true},
		"held still":        {hold: &disposal.Hold{Ref: testkit.Ref(5)}},
		"its request alone": {hold: &disposal.Hold{Class: schedule.ClosedRequest}},
		"a part of it":      {hold: &disposal.Hold{Class: schedule.OptOutEvidence}},
		"a dry run":         {dry: true},
		"it moved":          {err: fault.New(fault.Conflict, "moved"), told: true},
		"not held back":     {free: true, ended: true},
	} {
		r := newRig(t)
		r.person(5)
		p := order(r)
		p.HeldBack = !c.free
		r.store.Put(p)
		r.releaser.err = c.err
		if c.hold != nil {
			c.hold.Reason = "a dispute"
			r.hold(*c.hold)
		}
		report, err := r.sweeper(r.store).Sweep(background, disposal.Task{Continue: true, DryRun: c.dry}, never)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		counted[name] = line(report, schedule.ErasureOrder).Counts
		if told, ended := len(r.releaser.of) == 1, r.store.State("order") == "reduced"; told != c.told || ended != c.ended || ended != (len(r.published) == 1) {
			t.Errorf("%s: told %v, ended %v, published %v", name, r.releaser.of, ended, r.published)
		}
	}
	if foretold, found := counted["a dry run"], counted["no hold any more"]; foretold != found {
		t.Errorf("a dry run counts %+v, the run %+v", foretold, found)
	}
}
