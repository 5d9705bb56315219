package disposal

import (
	"cmp"
	"context"
	"io"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/request"
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
	// FourEyes is what needs the signature of another; empty: nothing does.
	FourEyes foureyes.Rule
	// Requests finds those that a hold is of; nil: nobody asks whether there is one.
	Requests interface {
		Load(ctx context.Context, id string) (request.Request, error)
	}
}

// maxHoldTries is how often placing is tried when others place holds meanwhile.
const maxHoldTries = 5

// Place puts a hold in force. No transaction of a disposal succeeds after it has
// returned without knowing of it. Invalid: it holds nothing, or there is no such
// request.
func (k *HoldKeeper) Place(ctx context.Context, h Hold) (Hold, error) {
	h.ID, h.PlacedAt = k.NewID(), k.Now().UTC().Truncate(time.Millisecond)
	h.LiftedAt, h.LiftedBy, h.LiftReason, h.SignedBy, h.Lifting = time.Time{}, "", "", "", nil
	if err := cmp.Or(h.check(h.PlacedAt), k.there(ctx, h.Request)); err != nil {
		return Hold{}, err
	}
	return k.write(ctx, func() (Hold, audit.Entry, error) {
		return h, entry("hold_placed", h.PlacedAt, h.facts(), map[string]string{"reason": h.Reason, "officer": h.By, "person": string(h.Ref)}), nil
	})
}

// there reports that there is a request.
func (k *HoldKeeper) there(ctx context.Context, id string) error {
	if id == "" || k.Requests == nil {
		return nil
	}
	_, err := k.Requests.Load(ctx, id)
	if fault.CodeOf(err) == fault.NotFound {
		return fault.Field("request", "unknown", "there is no such request")
	}
	return err
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

// write stores a hold as change makes it, and the entry that tells of it. What
// change reads is as young as the history that the entry continues.
func (k *HoldKeeper) write(ctx context.Context, change func() (Hold, audit.Entry, error)) (Hold, error) {
	for try := 1; ; try++ {
		_, head, err := k.Store.AllHolds(ctx)
		if err != nil {
			return Hold{}, err
		}
		h, e, err := change()
		if err != nil || e.Kind == "" {
			return h, err
		}
		if e, err = audit.Append(head, e, k.Random); err != nil {
			return h, err
		}
		switch err = k.Store.SaveHold(ctx, h, e); {
		case !fault.Is(err, fault.Conflict):
			return h, err
		case try == maxHoldTries:
			return h, fault.New(fault.Conflict, "the holds change all the time; try again").Because("changed")
		}
	}
}

func entry(kind string, at time.Time, facts, private map[string]string) audit.Entry {
	return audit.Entry{At: at, Kind: kind, Actor: audit.ByOfficer, Facts: facts, Private: personal(private)}
}
