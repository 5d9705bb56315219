package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
)

// disorder is how far clocks may be wrong in a round, where they go back by minutes.
const disorder = 10 * time.Minute

// crm is another system that is told what people choose. Now and then it does not
// answer, before or after it has taken a batch.
type crm struct {
	random *rand.Rand // of its own, so that the rest of the course is the seed's as before
	up     bool
	knows  map[optout.Key]feed.Change
}

func newCRM(seed uint64) *crm {
	return &crm{random: rand.New(rand.NewPCG(seed, 14)), knows: map[optout.Key]feed.Change{}}
}

// Choices implements feed.Way.
func (s *crm) Choices(_ context.Context, b feed.Batch) error {
	luck := 9
	if !s.up {
		luck = s.random.IntN(6)
	}
	if luck == 0 {
		return fault.New(fault.Unavailable, "the system is down")
	}
	for _, c := range b.Changes {
		s.knows[optout.Key{Ref: c.Ref, Scope: c.Scope}] = c
	}
	if luck == 1 {
		return fault.New(fault.Unavailable, "the answer is lost")
	}
	return nil
}

// feedStore writes through the faults, and reads past them: the index is read in many
// calls at once, whose order would not be the seed's.
type feedStore struct {
	*optouts.Store
	direct *optouts.Store
}

func (s feedStore) Changes(ctx context.Context, after feed.Position, until time.Time, most int) ([]optout.Record, bool, error) {
	return s.direct.Changes(ctx, after, until, most)
}

func (w *world) feedDirect() *optouts.Store {
	return &optouts.Store{Table: dynamo.Table{DB: w.direct, Name: w.table()}}
}

// tellCRM is one run of the feed. It stays behind the clocks of all writes to come, which may go back.
func (w *world) tellCRM(ctx context.Context) (report feed.Report, err error) {
	drain := feed.Drain{
		Store: feedStore{w.raw, w.feedDirect()}, Ways: map[string]feed.Way{"webhook": w.crm}, Now: func() time.Time { return w.clock.Now().Add(-disorder) },
		Systems: []settings.System{{ID: "crm", Way: "webhook", Told: []string{"opt_out", "opt_in"}, Needs: []string{"email"}}},
	}
	o := &op{kind: "feed"}
	err = w.do(o, func() error {
		report, err = drain.Run(ctx, func() bool { return o.dead })
		return err
	})
	return report, err
}

// sometimesTellCRM is the schedule's minute.
func (w *world) sometimesTellCRM(ctx context.Context) {
	if w.crm != nil && w.crm.random.IntN(5) == 0 {
		w.plan.Count("told a system that fails")
		_, _ = w.tellCRM(ctx)
	}
}

// compareFeed holds the feed against the table, and what the system was told against
// the feed.
func (w *world) compareFeed(ctx context.Context) {
	all, _, err := w.feedDirect().Changes(ctx, feed.Position{}, w.clock.Now(), 1e6)
	if err != nil {
		w.reportDrift("the feed cannot be read: %v", err)
		return
	}
	fed := map[optout.Key]optout.Record{}
	for _, r := range all {
		fed[r.Key] = r
	}
	for row, is := range w.rows {
		k := optout.Key{Ref: person.Ref(row.Ref), Scope: optout.Scope(row.Scope)}
		r, there := fed[k]
		quiet := is.state == "in" && (row.Scope == "bounce" || row.Scope == "complaint") // it may have told nobody anything
		if gone := is.reduced != "" || is.state == ""; there == gone && !quiet || there && (string(r.State) != is.state || r.Address.Reveal() != is.address) {
			w.reportLoss("%v is %+v, and in the feed (%v) as %q", row, is, there, r.State)
		}
	}
	if len(w.rows) < len(fed) {
		w.reportLoss("the feed has %d records, the table %d", len(fed), len(w.rows))
	}
	w.compareCRM(ctx, all)
}

func (w *world) compareCRM(ctx context.Context, all []optout.Record) {
	if w.crm == nil {
		return
	}
	w.crm.up = true
	defer func() { w.crm.up = false }()
	w.clock.Move(feed.Margin + disorder)
	for behind := time.Hour; behind > 0; { // an attempt that was begun is another run's for two minutes; one that failed waits at most a day
		report, err := w.tellCRM(ctx)
		if err != nil {
			w.reportDrift("the feed fails without a fault: %v", err)
			return
		}
		if behind = report.Behind; behind > 0 {
			w.clock.Move(24 * time.Hour)
		}
	}
	missed := slices.DeleteFunc(slices.Clone(all), func(r optout.Record) bool {
		c := w.crm.knows[r.Key]
		return c.State == r.State && c.Address == r.Address && (r.State != optout.Paused || c.Until.Equal(r.Until))
	})
	for _, r := range missed {
		w.reportLoss("%s %s is %s since %s, and the system knows %+v", r.Ref, r.Scope, r.State, stamp(r.FedAt), w.crm.knows[r.Key])
	}
}
