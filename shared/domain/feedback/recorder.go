package feedback

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// EventStore is what a Recorder needs of the table of opt-outs.
type EventStore interface {
	optout.Store
	// Requeue is that of Queue.
	Requeue(ctx context.Context, k optout.Key, at time.Time) error
}

// Recorder records what SES reports of people. Applying the same again changes
// nothing, and the order does not matter.
type Recorder struct {
	Store EventStore
	Key   person.Key
	Now   func() time.Time
	Soft  SoftBounces
}

// Apply records several events, each with its observations, and returns an error for
// each that is not recorded. It reads what is known once, and then writes once
// an event: ten events are at most eleven calls. Those of one event are
// recorded all or none, a hundred at a time.
func (l *Recorder) Apply(ctx context.Context, events [][]Observation) []error {
	faults := make([]error, len(events))
	known, err := l.Store.Records(ctx, l.keys(slices.Concat(events...)))
	for i, observations := range events {
		if faults[i] = err; err == nil {
			faults[i] = l.record(ctx, known, observations)
		}
	}
	return faults
}

// maxTransaction is how many rows one transaction may write.
const maxTransaction = 100

// recordTries is how often a record that has changed meanwhile is read again.
const recordTries = 4

func (l *Recorder) record(ctx context.Context, known map[optout.Key]optout.Record, observations []Observation) error {
	for part := range slices.Chunk(observations, maxTransaction) {
		err := l.store(ctx, known, part)
		for try := 1; try < recordTries && fault.Is(err, fault.Conflict); try++ {
			var now map[optout.Key]optout.Record
			if now, err = l.Store.Records(ctx, l.keys(part)); err == nil {
				for _, k := range l.keys(part) {
					known[k] = now[k]
				}
				err = l.store(ctx, known, part)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// store writes what the observations change and keeps known in step.
func (l *Recorder) store(ctx context.Context, known map[optout.Key]optout.Record, observations []Observation) error {
	changes, after, again := l.changes(known, observations)
	if err := l.write(ctx, changes); err != nil {
		return err
	}
	for _, k := range again {
		if err := l.Store.Requeue(ctx, k, l.Now()); err != nil {
			return err
		}
	}
	for i, c := range changes {
		after[i].Version, after[i].ReducedAt = after[i].Version+1, time.Time{}
		known[c.Key] = after[i]
	}
	return nil
}

func (l *Recorder) write(ctx context.Context, changes []optout.Change) error {
	switch len(changes) {
	case 0:
		return nil
	case 1:
		_, err := l.Store.Apply(ctx, changes[0])
		return err
	}
	return l.Store.ApplyAll(ctx, changes, nil)
}

// changes are what the observations change in the records, one change a record; again
// are the records that stay as they are and must be synced with SES again.
func (l *Recorder) changes(known map[optout.Key]optout.Record, observations []Observation) (changes []optout.Change, after []optout.Record, again []optout.Key) {
	next := map[optout.Key]optout.Record{}
	resync := map[optout.Key]bool{}
	for _, n := range observations {
		k := optout.Key{Ref: l.Key.Ref(n.Address), Scope: n.Scope}
		r, again := next[k]
		if !again {
			r = known[k]
			r.Key = k
		}
		n = l.bounded(n)
		// SES takes its entry off the list by itself then, whatever we had put.
		resync[k] = resync[k] || n.Evidence.Source == optout.FromNotSpam && !isReplay(r, n)
		next[k] = apply(r, n, l.Soft)
	}
	for _, k := range l.keys(observations) {
		r, observed := next[k]
		if !observed {
			continue
		}
		before := known[k]
		living, suppressed := l.synced(known, k.Ref)
		if !same(r, before) || resync[k] && suppressed && len(living) == 0 {
			changes = append(changes, l.change(before, r, resync[k]))
			after = append(after, r)
		} else if resync[k] {
			again = append(again, living...)
		}
	}
	return changes, after, again
}

// synced are the person's records by whose address SES can be synced: tombstones have
// none. It says whether any record, with an address or not, keeps the person suppressed.
func (l *Recorder) synced(known map[optout.Key]optout.Record, ref person.Ref) (living []optout.Key, suppressed bool) {
	for _, k := range optout.Keys(ref, optout.SyncedScopes...) {
		if !known[k].Address.IsZero() {
			living = append(living, k)
		}
		suppressed = suppressed || known[k].Suppresses(l.Now())
	}
	return living, suppressed
}

// skew is how far two clocks may be apart: AWS refuses calls that are further
// off. Within it SES's time is kept, so that the same event is the same whenever
// it is applied.
const skew = 5 * time.Minute

// bounded keeps times as the table can hold them, and out of the future: a
// clock that is ahead must not outweigh everything that comes after.
func (l *Recorder) bounded(n Observation) Observation {
	if now := l.Now(); n.Evidence.At.After(now.Add(skew)) {
		n.Evidence.At = now
	}
	n.Evidence.At = n.Evidence.At.UTC().Truncate(time.Millisecond)
	return n
}

func (l *Recorder) change(before, r optout.Record, resync bool) optout.Change {
	now := l.Now()
	return optout.Change{
		Key: r.Key, To: r.State, Until: r.Until, Address: r.Address, Evidence: r.Evidence,
		IfVersion: cmp.Or(before.Version, optout.Unrecorded),
		Observed: &optout.Observation{
			At: now, FirstAt: r.FirstAt, SoftDays: r.SoftDays,
			// Of a tombstone SES may have lost its entry, and no reconciliation could put it again.
			Quiet:  r.Suppresses(now) == before.Suppresses(now) && !resync && !(before.Tombstone() && r.Suppresses(now)),
			NoNews: r.State == before.State && !before.Tombstone() || r.State == optout.In && before.State == "",
		},
	}
}

// keys are the records that observations are about, each once. A complaint that is
// taken back is about all that SES is synced from.
func (l *Recorder) keys(observations []Observation) []optout.Key {
	var keys []optout.Key
	for _, n := range observations {
		scopes := []optout.Scope{n.Scope}
		if n.Evidence.Source == optout.FromNotSpam {
			scopes = optout.SyncedScopes
		}
		for _, k := range optout.Keys(l.Key.Ref(n.Address), scopes...) {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// same reports whether an observation has changed nothing.
func same(r, before optout.Record) bool {
	return r.State == before.State && r.MadeBy == before.MadeBy && equal(r.Evidence, before.Evidence) && r.FirstAt.Equal(before.FirstAt) &&
		slices.Equal(r.SoftDays, before.SoftDays) && r.Trace.Import == before.Trace.Import
}

func equal(e, other optout.Evidence) bool {
	same := e.At.Equal(other.At)
	e.At, other.At = time.Time{}, time.Time{}
	return same && e == other
}

// String names the observation without the person, for errors and logs.
func (n Observation) String() string {
	return fmt.Sprintf("%s %s (%s)", n.Scope, n.To, n.Evidence.Source)
}
