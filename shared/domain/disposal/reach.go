package disposal

import (
	"context"
	"crypto/rand"

	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

// Reaches tells what an erasure would reach, by the rules that carry it out. It
// writes nothing.
type Reaches struct {
	Keepers
	Records interface {
		// OfPerson returns all that is kept of the person of an order.
		OfPerson(ctx context.Context, order Item) ([]Record, error)
	}
}

// Reach counts what is kept of the person of a request that has them erased: what
// goes at once, what a legal hold keeps, and what must wait, as the request itself
// does while something is left or another is open.
func (k Reaches) Reach(ctx context.Context, r *request.Request) (draft.Reach, error) {
	order := Item{Class: schedule.ErasureOrder, ID: r.ID, Ref: r.Ref, Start: r.EraseFrom}
	holds, err := k.Holds.InForce(ctx)
	if err != nil {
		return draft.Reach{}, err
	}
	all, err := k.Records.OfPerson(ctx, order)
	if err != nil {
		return draft.Reach{}, err
	}
	e := rules{at: r.EraseFrom, random: rand.Reader}.erase(order, all)
	w := sweep{Sweeper: &Sweeper{Now: k.Now}, holds: &holds}
	var n draft.Reach
	for _, piece := range e.pieces {
		switch {
		case w.held(piece):
			n.Stays++
		case piece.disposes():
			n.Goes++
		default:
			n.Waits++
		}
	}
	switch { // the request itself goes last
	case holds.Covers(order, w.day()):
		n.Stays++
	case e.waits || n.Stays+n.Waits > 0:
		n.Waits++
	default:
		n.Goes++
	}
	return n, nil
}
