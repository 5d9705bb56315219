package main

import (
	"context"
	"math/rand/v2"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/screening"
)

// check asks who may be mailed. If nothing has changed meanwhile the answer
// must be the table's.
func (w *world) check(random *rand.Rand) {
	seen, now := w.choices(), w.clock.Now()
	verdicts, err := w.verdicts()
	if err != nil || seen != w.choices() || !now.Equal(w.clock.Now()) {
		return
	}
	for i, v := range verdicts {
		if want := w.suppressed(w.people[i], stamp(now)); v.Suppressed != want {
			w.reportLoss("person %d is suppressed: %v, and the check says %v", i, want, v.Suppressed)
		}
	}
}

func (w *world) verdicts() (verdicts []screening.Result, err error) {
	err = w.do(&op{kind: "check"}, func() error {
		verdicts, err = w.checker().Check(context.Background(), w.people, optout.Email, "")
		return err
	})
	return verdicts, err
}

// startSync wakes the syncer, as a stream record or the schedule does. Most
// records of the stream get lost.
func (w *world) startSync(random *rand.Rand) {
	if random.IntN(3) == 0 {
		w.plan.Count("lost stream record")
		return
	}
	w.drainAtOnce(random)
}

// drainAtOnce syncs, even while a run is under way. The function's reserved
// concurrency is one; but a run that Lambda has given up may go on.
func (w *world) drainAtOnce(random *rand.Rand) {
	o := &op{kind: "sync"}
	_ = w.do(o, func() error {
		p := w.syncer(len(w.doing) > 1)
		_, err := p.Drain(context.Background(), w.clock.Now().Add(time.Duration(1+random.IntN(45))*time.Second))
		return err
	})
	if o.dead && len(w.doing) == 0 {
		w.warm = nil
	}
}

// timePasses moves the clock: mostly on, by seconds or weeks.
func (w *world) timePasses(random *rand.Rand) {
	most := []time.Duration{time.Second, time.Minute, time.Minute, time.Minute, 10 * time.Minute, time.Hour, 24 * time.Hour, 20 * 24 * time.Hour}[random.IntN(8)]
	w.plan.Count("clock jump")
	if random.IntN(8) == 0 {
		most = -time.Minute
	}
	if len(w.doing) > 0 { // no call is under way for days
		most = min(most, 10*time.Second)
	}
	w.clock.Move(time.Duration(random.Float64() * float64(most)).Truncate(time.Millisecond))
}
