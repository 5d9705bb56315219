package disposal

import (
	"context"
	"io"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
)

// HoldsSubject is the subject of the history that placing and lifting leave.
const HoldsSubject = "holds"

// HoldStore keeps holds. Every method's errors are faults.
type HoldStore interface {
	// AllHolds returns all holds, lifted ones too, oldest first, and the head
	// of their history.
	AllHolds(context.Context) ([]Hold, audit.Head, error)
	// Hold returns one. NotFound: there is none.
	Hold(ctx context.Context, id string) (Hold, error)
	// SaveHold writes a hold and the entry that tells of it, all or nothing.
	// Conflict: another entry stands there by now.
	SaveHold(context.Context, Hold, audit.Entry) error
}

// HoldKeeper places and lifts holds.
type HoldKeeper struct {
	Store  HoldStore
	Now    func() time.Time
	NewID  func() string
	Random io.Reader // salts of the history
}

// maxHoldTries is how often placing is tried when others place holds meanwhile.
const maxHoldTries = 5

// Place puts a hold in force. No transaction of a disposal succeeds after it has
// returned without knowing of it. Invalid: it holds nothing.
func (k *HoldKeeper) Place(ctx context.Context, h Hold) (Hold, error) {
	h.ID, h.PlacedAt = k.NewID(), k.Now().UTC().Truncate(time.Millisecond)
	h.LiftedAt, h.LiftedBy, h.LiftReason = time.Time{}, "", ""
	if err := h.check(h.PlacedAt); err != nil {
		return Hold{}, err
	}
	return h, k.write(ctx, h, audit.Entry{
		At: h.PlacedAt, Kind: "hold_placed", Actor: "officer", Facts: h.facts(),
		Private: personal(map[string]string{"reason": h.Reason, "officer": h.By, "person": string(h.Ref)}),
	})
}

// Lift ends a hold; what it held is due again at the next run. Doing it twice
// is doing it once. NotFound: there is no such hold. Invalid: without a reason.
func (k *HoldKeeper) Lift(ctx context.Context, id, by, reason string) (Hold, error) {
	h, err := k.Store.Hold(ctx, id)
	if err != nil || !h.LiftedAt.IsZero() {
		return h, err
	}
	if reason == "" {
		return h, fault.Field("reason", "missing", "lifting a hold needs its reason")
	}
	h.LiftedAt, h.LiftedBy, h.LiftReason = k.Now().UTC().Truncate(time.Millisecond), by, reason
	return h, k.write(ctx, h, audit.Entry{
		At: h.LiftedAt, Kind: "hold_lifted", Actor: "officer", Facts: map[string]string{"hold": h.ID},
		Private: personal(map[string]string{"reason": reason, "officer": by}),
	})
}

// facts are what the history says openly of a hold; who is held is private.
func (h Hold) facts() map[string]string {
	facts := map[string]string{"hold": h.ID, "of": h.Subject()}
	if h.Request != "" {
		facts["request"] = h.Request
	}
	if h.Class != "" {
		facts["class"] = string(h.Class)
	}
	if !h.Until.IsZero() {
		facts["until"] = h.Until.UTC().Format(civil.Stamp)
	}
	return facts
}

func personal(values map[string]string) map[string]audit.Private {
	private := map[string]audit.Private{}
	for name, value := range values {
		if value != "" {
			private[name] = audit.Personal(value)
		}
	}
	return private
}

func (k *HoldKeeper) write(ctx context.Context, h Hold, e audit.Entry) error {
	for try := 1; ; try++ {
		_, head, err := k.Store.AllHolds(ctx)
		if err != nil {
			return err
		}
		entry, err := audit.Append(head, e, k.Random)
		if err != nil {
			return err
		}
		err = k.Store.SaveHold(ctx, h, entry)
		if !fault.Is(err, fault.Conflict) || try == maxHoldTries {
			return err
		}
	}
}
