package disposal

import (
	"context"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
)

// Lift ends a hold; what it held is due again at the next run. Where another must
// sign it, it waits for that (Hold.Lifting), and the hold stays in force. Doing it
// twice is doing it once. NotFound: there is no such hold. Invalid: without a
// reason.
func (k *HoldKeeper) Lift(ctx context.Context, id, by, reason string) (Hold, error) {
	return k.change(ctx, id, func(h *Hold, at time.Time) (audit.Entry, error) {
		switch {
		case !h.LiftedAt.IsZero(), h.Lifting != nil:
			return audit.Entry{}, nil
		case reason == "":
			return audit.Entry{}, fault.Field("reason", "missing", "lifting a hold needs its reason")
		case len(k.FourEyes.Of(foureyes.HoldLift)) > 0:
			h.Lifting = &Lifting{By: by, At: at, Reason: reason}
			return entry("hold_lift_asked", at, map[string]string{"hold": h.ID}, map[string]string{"reason": reason, "officer": by}), nil
		}
		return h.lift(at, by, reason), nil
	})
}

func (h *Hold) lift(at time.Time, by, reason string) audit.Entry {
	h.LiftedAt, h.LiftedBy, h.LiftReason, h.Lifting = at, by, reason, nil
	return entry("hold_lifted", at, map[string]string{"hold": h.ID}, map[string]string{"reason": reason, "officer": by, "signed_by": h.SignedBy})
}

// SignLift signs that a hold is lifted, and so ends it. of is when that was asked
// for (Lifting.At), so that nobody signs what they have not seen. Doing it twice is
// doing it once. Conflict: nobody has asked for it, or not then, or the officer has
// themselves.
func (k *HoldKeeper) SignLift(ctx context.Context, id, by string, of time.Time) (Hold, error) {
	return k.change(ctx, id, func(h *Hold, at time.Time) (audit.Entry, error) {
		l := h.Lifting
		switch {
		case !h.LiftedAt.IsZero() && foureyes.Caller(h.SignedBy) == foureyes.Caller(by):
			return audit.Entry{}, nil
		case l == nil:
			return audit.Entry{}, fault.New(fault.Conflict, "nothing waits for a signature").Because("nothing_to_sign")
		case !of.Equal(l.At):
			return audit.Entry{}, fault.New(fault.Conflict, "what waits is not what you have seen: name when it was asked for, as the hold shows it now (of)").Because("changed")
		}
		if err := foureyes.Another(l.By, by); err != nil {
			return audit.Entry{}, err
		}
		h.SignedBy = by
		return h.lift(at, l.By, l.Reason), nil
	})
}

// KeepOn takes back that a hold is to be lifted. Doing it twice is doing it once.
// Conflict: it is lifted.
func (k *HoldKeeper) KeepOn(ctx context.Context, id, by string) (Hold, error) {
	return k.change(ctx, id, func(h *Hold, at time.Time) (audit.Entry, error) {
		switch {
		case !h.LiftedAt.IsZero():
			return audit.Entry{}, fault.New(fault.Conflict, "the hold is lifted: place another").Because("lifted")
		case h.Lifting == nil:
			return audit.Entry{}, nil
		}
		h.Lifting = nil
		return entry("hold_kept", at, map[string]string{"hold": h.ID}, map[string]string{"officer": by}), nil
	})
}

// change stores what f makes of a hold; no entry: nothing.
func (k *HoldKeeper) change(ctx context.Context, id string, f func(*Hold, time.Time) (audit.Entry, error)) (Hold, error) {
	return k.write(ctx, func() (Hold, audit.Entry, error) {
		h, err := k.Store.Hold(ctx, id)
		if err != nil {
			return h, audit.Entry{}, err
		}
		e, err := f(&h, k.Now().UTC().Truncate(time.Millisecond))
		return h, e, err
	})
}
