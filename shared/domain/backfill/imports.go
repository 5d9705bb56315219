package backfill

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
)

// Row is one row of an opt-out list that another system kept.
type Row struct {
	Address person.Address
	Scope   optout.Scope
	At      time.Time // when the person left, as the list has it; zero without a date
}

// Import sets how rows are taken over.
type Import struct {
	ID       string // by which it can be undone; "": it leaves no trace and cannot
	List     string // the list's name, kept as evidence
	EvenBack bool   // opt out people too who have come back since the list's date
	Dry      bool   // decide, and write nothing
}

// Outcome is the result of an imported row.
type Outcome string

// The outcomes. Only Unsettled is to be sent again.
const (
	Taken     Outcome = "taken"     // a new opt-out
	Repeated  Outcome = "repeated"  // this very import has taken it before
	Known     Outcome = "known"     // it was recorded before; its first date may have become earlier
	Kept      Outcome = "kept"      // the person has chosen otherwise since the list's date: left as it is
	Unsettled Outcome = "unsettled" // the table did not answer for this row
)

// Store keeps imported opt-outs.
type Store interface {
	// Apply and Records are those of Store.
	Apply(context.Context, optout.Change) (optout.Record, error)
	Records(context.Context, []optout.Key) (map[optout.Key]optout.Record, error)
	// Create records choices, at most MaxCreated, of people of whom nothing is
	// recorded yet; all or none. Conflict: one of the records is there.
	Create(context.Context, []optout.Change) error
	// Predate makes the first opt-out of a record earlier; one that is as early
	// already, or no record, is left as it is. A Trace that is not zero takes
	// the place of the record's.
	Predate(ctx context.Context, k optout.Key, firstAt time.Time, t optout.Trace) error
	// Disown takes the trace of an import away; one that is gone is no error.
	Disown(ctx context.Context, k optout.Key, imported string) error
}

// MaxCreated is how many records one Create makes: as many as a transaction of
// DynamoDB takes.
const MaxCreated = 100

// Importer takes over opt-out lists. It may be given the same rows again, in
// whole or in part: an import never makes a first date later, never opts
// anybody out who has come back since the list's date, and writes nothing
// where there is nothing new.
type Importer struct {
	Store Store
	Key   person.Key
	Now   func() time.Time
}

// imported joins all rows of one key.
type imported struct {
	Row
	optout.Key
	first, last time.Time // zero if no row has a date
}

// Writes at the same time: single ones, as many as the HTTP client keeps
// connections, and transactions.
const (
	importWriters = 8
	importBatches = 4
)

// Import takes rows from a list and answers each, in their order. What is not
// settled when ctx ends is Unsettled.
// The error is the store's, when it could not be asked at all.
func (i *Importer) Import(ctx context.Context, rows []Row, m Import) ([]Outcome, error) {
	work, order := i.merge(rows)
	settled := make(map[optout.Key]Outcome, len(order))
	if !m.Dry {
		i.createUnread(ctx, m, work, order, settled)
	}
	rest := unsettled(order, settled)
	known, err := i.Store.Records(ctx, rest)
	if err != nil && len(settled) == 0 {
		return nil, err
	}
	if err != nil {
		return i.answers(rows, settled), nil
	}
	if !m.Dry {
		i.create(ctx, m, work, slices.DeleteFunc(slices.Clone(rest), func(k optout.Key) bool { return known[k].Version > 0 }), settled)
	}
	var mu sync.Mutex
	inParallel(importWriters, unsettled(rest, settled), func(key optout.Key) {
		outcome := Unsettled
		if ctx.Err() == nil {
			outcome = i.settle(ctx, work[key], known[key], m)
		}
		mu.Lock()
		defer mu.Unlock()
		settled[key] = outcome
	})
	return i.answers(rows, settled), nil
}

func unsettled(keys []optout.Key, settled map[optout.Key]Outcome) []optout.Key {
	return slices.DeleteFunc(slices.Clone(keys), func(k optout.Key) bool { return settled[k] != "" })
}

// createUnread records people without a read: most lists hold only new people. If
// some of the first are known, the others are left to be read.
func (i *Importer) createUnread(ctx context.Context, m Import, work map[optout.Key]imported, order []optout.Key, settled map[optout.Key]Outcome) {
	first := order[:min(len(order), MaxCreated)]
	i.create(ctx, m, work, first, settled)
	if len(settled) == len(first) {
		i.create(ctx, m, work, order[len(first):], settled)
	}
}

// create records people of whom nothing is recorded, many in one write. Who is
// not settled then is still to be: somebody of their batch is recorded.
func (i *Importer) create(ctx context.Context, m Import, work map[optout.Key]imported, keys []optout.Key, settled map[optout.Key]Outcome) {
	var mu sync.Mutex
	inParallel(importBatches, slices.Collect(slices.Chunk(keys, MaxCreated)), func(some []optout.Key) {
		changes := make([]optout.Change, len(some))
		for n, key := range some {
			_, c := i.decide(work[key], optout.Record{}, m)
			changes[n] = *c
		}
		if ctx.Err() != nil || i.Store.Create(ctx, changes) != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, key := range some {
			settled[key] = Taken
		}
	})
}

// inParallel does all, up to max at the same time.
func inParallel[T any](max int, all []T, do func(T)) {
	var pool errgroup.Group
	pool.SetLimit(max)
	for _, one := range all {
		pool.Go(func() error { do(one); return nil })
	}
	_ = pool.Wait() // do returns no error
}

// merge makes one piece of work of all rows that are about the same record.
func (i *Importer) merge(rows []Row) (map[optout.Key]imported, []optout.Key) {
	var (
		work  = make(map[optout.Key]imported, len(rows))
		order []optout.Key
		now   = i.Now()
	)
	for _, row := range rows {
		key := optout.Key{Ref: i.Key.Ref(row.Address), Scope: row.Scope}
		w, again := work[key]
		if !again {
			order = append(order, key)
			w = imported{Row: row, Key: key}
		}
		if at := row.At; !at.IsZero() {
			if at.After(now) {
				at = now // a clock that is ahead makes nobody's opt-out later
			}
			if w.first.IsZero() || at.Before(w.first) {
				w.first = at
			}
			if at.After(w.last) {
				w.last = at
			}
		}
		work[key] = w
	}
	return work, order
}

// answers gives every row what became of its record: the first row of a
// record that was taken took it, the others found it there.
func (i *Importer) answers(rows []Row, settled map[optout.Key]Outcome) []Outcome {
	answers := make([]Outcome, len(rows))
	for n, row := range rows {
		key := optout.Key{Ref: i.Key.Ref(row.Address), Scope: row.Scope}
		answers[n] = cmp.Or(settled[key], Unsettled)
		if answers[n] == Taken || answers[n] == Repeated {
			settled[key] = Known
		}
	}
	return answers
}

// writeTries limits how often a record is read again that has changed between the
// read and the write.
const writeTries = 3

func (i *Importer) settle(ctx context.Context, w imported, r optout.Record, m Import) Outcome {
	for range writeTries {
		outcome, err := i.apply(ctx, w, r, m)
		if err == nil {
			return outcome
		}
		if !fault.Is(err, fault.Conflict) {
			return Unsettled
		}
		now, err := i.Store.Records(ctx, []optout.Key{w.Key})
		if err != nil {
			return Unsettled
		}
		r = now[w.Key]
	}
	return Unsettled
}

// apply decides by what is recorded now. Only a change on the condition that
// it still is makes an opt-out, so a choice made meanwhile is never lost.
func (i *Importer) apply(ctx context.Context, w imported, r optout.Record, m Import) (Outcome, error) {
	outcome, change := i.decide(w, r, m)
	switch {
	case m.Dry:
		return outcome, nil
	case change == nil:
		return outcome, i.confirm(ctx, r, w.first, m)
	}
	_, err := i.Store.Apply(ctx, *change)
	return outcome, err
}

// decide returns the outcome for a record and the change that makes it so; nil if
// at most an earlier first date is to be written.
func (i *Importer) decide(w imported, r optout.Record, m Import) (Outcome, *optout.Change) {
	// A list without a date is older than any choice that we know of.
	newer := m.EvenBack || w.last.After(r.ChangedAt) || r.ByUndo()
	switch {
	case r.State == optout.Out && took(r.Trace, m.ID):
		return Repeated, nil
	case r.Revocable(i.Now()):
		c := madeOwn(r, w.Address, optout.Evidence{Source: optout.FromImport, Campaign: m.List}, w.first, i.Now())
		c.Trace = m.trace(r)
		return Known, &c
	case r.State == optout.Out:
		return Known, nil
	case r.State != "" && !newer:
		return Kept, nil
	}
	c := optout.Change{
		Key: w.Key, To: optout.Out, Address: w.Address, IfVersion: cmp.Or(r.Version, optout.Unrecorded),
		Evidence: optout.Evidence{Source: optout.FromImport, At: i.Now(), Campaign: m.List},
		Observed: &optout.Observation{At: i.Now(), SoftDays: r.SoftDays}, Trace: m.trace(r),
	}
	if w.last.After(r.ChangedAt) { // else they came back later, and are out from now on
		c.Evidence.At = w.last
	}
	c.Observed.FirstAt = earliest(r.FirstAt, w.first, c.Evidence.At)
	if r.State == "" {
		c.Evidence.At = c.Observed.FirstAt
	}
	return Taken, &c
}

// confirm is for a record whose choice stays. The list may know an earlier first
// date. If the person is out, no other import may take that back.
func (i *Importer) confirm(ctx context.Context, r optout.Record, first time.Time, m Import) error {
	trace := m.trace(r)
	trace.Before, trace.FirstAt = nil, r.FirstAt
	switch own := r.Trace.Import == m.ID; {
	case own || r.Tombstone():
		trace = optout.Trace{} // what is there takes back both; to a tombstone nothing is added
	case r.State == optout.Out:
		if err := disown(ctx, i.Store, r); err != nil {
			return err
		}
	}
	return predate(ctx, i.Store, r, first, trace)
}
