package feed

import (
	"context"
	"iter"
	"slices"
	"time"

	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/screening"
)

// Margin is how long before now the feed ends. A choice takes its time right before
// it is written; its write, repeated, ends within 40 seconds, and the index is
// behind the table by less than a second.
const Margin = time.Minute

// PageSize is how many changes one page holds at most.
const PageSize = 1000

// Source reads the feed.
type Source interface {
	// Changes returns the records in the feed after a position, up to a time, inclusive:
	// those that come first by Compare, at most so many. more: others follow.
	Changes(ctx context.Context, after Position, until time.Time, most int) (found []optout.Record, more bool, err error)
}

// Take is what Source.Changes returns of records that come in the order of their
// times, from that of the position on, and those of one time in any order.
func Take(records iter.Seq2[optout.Record, error], after Position, most int) (found []optout.Record, more bool, err error) {
	for r, err := range records {
		if err != nil {
			return nil, false, err
		}
		if len(found) > most && r.FedAt.After(found[most].FedAt) {
			break
		}
		if PositionOf(r).Compare(after) > 0 {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b optout.Record) int { return PositionOf(a).Compare(PositionOf(b)) })
	return found[:min(len(found), most)], len(found) > most, nil
}

// Change is what the feed says of one record: what holds now.
type Change struct {
	Ref      person.Ref
	Scope    optout.Scope
	Address  person.Address
	State    optout.State
	Since    time.Time // of the state
	Until    time.Time // end of a pause
	Reason   string    // as in screening; empty for a return
	ErasedAt time.Time // the person was erased then: nothing from before may be left of them
}

func changeOf(r optout.Record) Change {
	c := Change{Ref: r.Ref, Scope: r.Scope, Address: r.Address, State: r.State, Since: screening.Since(r), ErasedAt: r.ErasedAt}
	if r.State != optout.In {
		c.Reason = screening.Reason(r)
	}
	if r.State == optout.Paused {
		c.Until = r.Until
	}
	return c
}

func changesOf(records []optout.Record) []Change {
	changes := make([]Change, len(records))
	for i, r := range records {
		changes[i] = changeOf(r)
	}
	return changes
}

// Page is a part of the feed.
type Page struct {
	Changes []Change
	Next    Position // from where to read on
	More    bool     // there is more by now
}

// Reader reads the feed up to the margin.
type Reader struct {
	Source Source
	Now    func() time.Time
}

// Page returns the changes after a position.
func (r *Reader) Page(ctx context.Context, after Position) (Page, error) {
	return r.page(ctx, after, PageSize)
}

func (r *Reader) page(ctx context.Context, after Position, most int) (Page, error) {
	found, more, err := r.Source.Changes(ctx, after, r.Now().Add(-Margin), most)
	if err != nil {
		return Page{}, err
	}
	p := Page{Changes: changesOf(found), Next: after, More: more}
	if len(found) > 0 {
		p.Next = PositionOf(found[len(found)-1])
	}
	return p, nil
}
