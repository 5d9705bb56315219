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
	Holds interface {
		InForce(context.Context) (InForce, error)
	}
	Requests interface {
		OfPerson(context.Context, person.Ref) ([]request.Summary, error)
	}
	Now func() time.Time
}

// KeptBack implements request.Holds. Where nothing is held, which is nearly
// always, it reads the holds alone.
func (k Keepers) KeptBack(ctx context.Context, r *request.Request) ([]request.KeptBack, error) {
	holds, err := k.Holds.InForce(ctx)
	if err != nil {
		return nil, err
	}
	var kept []request.KeptBack
	var others []request.Summary
	for _, h := range holds.List {
		if !h.Active(k.Now()) {
			continue
		}
		if others == nil {
			if others, err = k.Requests.OfPerson(ctx, r.Ref); err != nil {
				return nil, err
			}
		}
		if keeps := h.keeps(r, others); keeps != "" {
			kept = append(kept, request.KeptBack{Hold: h.ID, Of: h.Subject(), Reason: h.Reason, Until: h.Until, Keeps: keeps})
		}
	}
	return kept, nil
}

// keeps names what a hold keeps of a person who is to be erased: the erasure as a
// whole, a request, or a class of records, whether there are any or not.
func (h Hold) keeps(r *request.Request, others []request.Summary) string {
	switch order := (Item{Class: schedule.ErasureOrder, ID: r.ID, Ref: r.Ref}); {
	case h.Class == schedule.ClosedRequest:
		return string(h.Class)
	case h.covers(order):
		return "erasure"
	case h.Class == schedule.OptOutEvidence, h.Class == schedule.SoftBounces:
		return string(h.Class)
	}
	for _, o := range others {
		if o.ID == h.Request || h.Class == schedule.UnverifiedRequest && o.ID != r.ID && o.VerifiedAt.IsZero() {
			return "request " + o.ID
		}
	}
	return ""
}

// Releaser tells a person that their erasure, which a hold kept back, follows.
type Releaser interface {
	// Release queues the letter; doing it twice is doing it once. Conflict: the
	// request changes all the time.
	Release(ctx context.Context, request string) error
}

// released tells whoever was told that a hold keeps their data that it is erased
// now. The order waits for that letter: it needs the address.
func (w *sweep) released(ctx context.Context, l *ClassLine, item Item, e erasure) (waits bool, err error) {
	own := e.own.Request
	if own == nil || !own.Request.HeldBack || w.holds.Covers(item, w.day()) || slices.ContainsFunc(e.pieces, func(p Work) bool { return p.disposes() && w.held(p) }) {
		return false, nil
	}
	l.add(Waiting)
	if w.DryRun {
		return true, nil
	}
	return true, fault.Unless(fault.Conflict, w.Releaser.Release(ctx, item.ID)) // the next sweep tries again
}
