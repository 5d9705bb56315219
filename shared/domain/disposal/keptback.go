package disposal

import (
	"context"
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

// Keepers tells which holds keep a person's records from being erased. It is a
// request.Holds.
type Keepers struct {
	Store interface {
		InForce(context.Context) (InForce, error)
		OfPerson(ctx context.Context, order Item) ([]Record, error)
	}
	Now func() time.Time
}

// KeptBack implements request.Holds. Where nothing is held, which is nearly
// always, it reads the holds alone.
func (k Keepers) KeptBack(ctx context.Context, r *request.Request) ([]request.KeptBack, error) {
	holds, err := k.Store.InForce(ctx)
	if err != nil {
		return nil, err
	}
	active := slices.DeleteFunc(slices.Clone(holds.List), func(h Hold) bool { return !h.Active(k.Now()) })
	if len(active) == 0 {
		return nil, nil
	}
	order := Item{Class: schedule.ErasureOrder, ID: r.ID, Ref: r.Ref}
	all, err := k.Store.OfPerson(ctx, order)
	if err != nil {
		return nil, err
	}
	var kept []request.KeptBack
	for _, h := range active {
		if keeps := h.keeps(order, all); len(keeps) > 0 {
			kept = append(kept, request.KeptBack{Hold: h.ID, Of: h.Subject(), Reason: h.Reason, Until: h.Until, Keeps: keeps})
		}
	}
	return kept, nil
}

// keeps names what a hold keeps of a person who is to be erased: the erasure as a
// whole, or some of their records.
func (h Hold) keeps(order Item, all []Record) []string {
	if h.Class != schedule.ClosedRequest && h.covers(order) {
		return []string{"erasure"}
	}
	var names []string
	for _, found := range all {
		if i, name := found.held(order.Ref); !found.Missing && h.covers(i) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// held is a record as a hold sees it, and what an officer calls it. A request
// that is still open is a closed one by the time of the erasure.
func (r Record) held(ref person.Ref) (Item, string) {
	i := r.Item
	if r.Request == nil {
		return i, string(i.Class)
	}
	i.ID, i.Ref = r.Request.Request.ID, ref
	if i.Class, _ = r.Request.Request.Disposal(); i.Class == "" || i.Class == schedule.ErasureOrder {
		i.Class = schedule.ClosedRequest
	}
	return i, "request " + i.ID
}

// Releaser tells a person that their erasure, which a hold kept back, follows.
type Releaser interface {
	// Release reports whether a letter goes, for which the erasure must wait.
	Release(ctx context.Context, request string) (told bool, err error)
}

// released tells whoever was told that a hold keeps their data that it is erased
// now. The order waits for that letter: it needs the address.
func (w *sweep) released(ctx context.Context, l *ClassLine, item Item, e erasure) (waits bool, err error) {
	own := e.own.Request
	if w.DryRun || own == nil || !own.Request.HeldBack || w.holds.Covers(item, w.day()) || slices.ContainsFunc(e.pieces, func(p Work) bool { return p.disposes() && w.held(p) }) {
		return false, nil
	}
	told, err := w.Releaser.Release(ctx, item.ID)
	if told {
		l.add(Waiting)
	}
	return told, fault.Unless(fault.Conflict, err) // it changed meanwhile: the next sweep sees it
}
