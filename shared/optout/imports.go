package optout

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"privacydesk/shared/fault"
	"privacydesk/shared/person"
)

// Imported is one row of an opt-out list that another system kept.
type Imported struct {
	Address person.Address
	Scope   Scope
	At      time.Time // when the person left, as the list has it; zero if it does not say
}

// ImportOutcome says what became of an imported row.
type ImportOutcome string

// The outcomes. Only Unsettled is to be sent again.
const (
	Taken     ImportOutcome = "taken"     // a new opt-out
	Known     ImportOutcome = "known"     // it was recorded before; its first date may have become earlier
	Kept      ImportOutcome = "kept"      // the person has chosen otherwise since the list's date: left as it is
	Unsettled ImportOutcome = "unsettled" // the table did not answer for this row
)

// ImportStore keeps imported opt-outs.
type ImportStore interface {
	// Apply and Records are those of Store.
	Apply(context.Context, Change) (Record, error)
	Records(context.Context, []Key) (map[Key]Record, error)
	// Predate makes the first opt-out of a record earlier; one that is as early
	// already, or no record, is left as it is.
	Predate(ctx context.Context, k Key, firstAt time.Time) error
}

// Importer takes over opt-out lists. It may be given the same rows again, in
// whole or in part: an import never makes a first date later, never opts
// anybody out who has come back since the list's date, and writes nothing
// where there is nothing new.
type Importer struct {
	Store ImportStore
	Key   person.Key
	Now   func() time.Time
}

// imported is what all rows of one key say together.
type imported struct {
	Imported
	Key
	first, last time.Time // zero if no row has a date
}

// importWriters is how many rows are written at the same time: as many as the
// HTTP client keeps connections.
const importWriters = 8

// Import takes rows from a list of the given name and answers each, in their
// order. With even, people who came back since are opted out all the same.
// What is not settled when ctx ends is Unsettled.
// The error is the store's, when it could not be asked at all.
func (i *Importer) Import(ctx context.Context, rows []Imported, list string, even bool) ([]ImportOutcome, error) {
	work, order := i.merge(rows)
	known, err := i.Store.Records(ctx, order)
	if err != nil {
		return nil, err
	}
	var (
		settled = make(map[Key]ImportOutcome, len(order))
		mu      sync.Mutex
		wg      sync.WaitGroup
		slots   = make(chan struct{}, importWriters)
	)
	for _, key := range order {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			outcome := Unsettled
			if ctx.Err() == nil {
				outcome = i.settle(ctx, work[key], known[key], list, even)
			}
			mu.Lock()
			defer mu.Unlock()
			settled[key] = outcome
		})
	}
	wg.Wait()
	return i.answers(rows, settled), nil
}

// merge makes one piece of work of all rows that are about the same record.
func (i *Importer) merge(rows []Imported) (map[Key]imported, []Key) {
	var (
		work  = make(map[Key]imported, len(rows))
		order []Key
		now   = i.Now()
	)
	for _, row := range rows {
		key := Key{i.Key.Ref(row.Address), row.Scope}
		w, again := work[key]
		if !again {
			order = append(order, key)
			w = imported{Imported: row, Key: key}
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
func (i *Importer) answers(rows []Imported, settled map[Key]ImportOutcome) []ImportOutcome {
	answers := make([]ImportOutcome, len(rows))
	for n, row := range rows {
		key := Key{i.Key.Ref(row.Address), row.Scope}
		answers[n] = settled[key]
		if answers[n] == Taken {
			settled[key] = Known
		}
	}
	return answers
}

// settleTries is how often a record is looked at again that has changed
// between the read and the write.
const settleTries = 3

func (i *Importer) settle(ctx context.Context, w imported, r Record, list string, even bool) ImportOutcome {
	for range settleTries {
		outcome, err := i.apply(ctx, w, r, list, even)
		if err == nil {
			return outcome
		}
		if !errors.Is(err, &fault.Error{Code: fault.Conflict}) {
			return Unsettled
		}
		now, err := i.Store.Records(ctx, []Key{w.Key})
		if err != nil {
			return Unsettled
		}
		r = now[w.Key]
	}
	return Unsettled
}

// apply decides by what is recorded now. Only a change on the condition that
// it still is makes an opt-out, so a choice made meanwhile is never lost.
func (i *Importer) apply(ctx context.Context, w imported, r Record, list string, even bool) (ImportOutcome, error) {
	// A list without a date is older than any choice that we know of.
	newer := even || w.last.After(r.ChangedAt)
	switch {
	case r.State == Out && r.Evidence.Source == FromSubscription:
		evidence := Evidence{Source: FromImport, Campaign: list}
		return Known, makeOwn(ctx, i.Store, r, w.Address, evidence, w.first, i.Now())
	case r.State == Out:
		return Known, predate(ctx, i.Store, r, w.first)
	case r.Version > 0 && !newer:
		return Kept, predate(ctx, i.Store, r, w.first)
	}
	c := Change{
		Key: w.Key, To: Out, Address: w.Address, IfVersion: cmp.Or(r.Version, Unrecorded),
		Evidence: Evidence{Source: FromImport, At: i.Now(), Campaign: list},
		Told:     &Told{At: i.Now(), SoftDays: r.SoftDays},
	}
	if w.last.After(r.ChangedAt) { // else they came back later, and are out from now on
		c.Evidence.At = w.last
	}
	c.Told.FirstAt = earliest(r.FirstAt, w.first, c.Evidence.At)
	if r.Version == 0 {
		c.Evidence.At = c.Told.FirstAt
	}
	if _, err := i.Store.Apply(ctx, c); err != nil {
		return "", err
	}
	return Taken, nil
}
