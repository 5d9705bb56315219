package disposal

import (
	"slices"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
)

// Hold keeps records from disposal while a dispute, an audit or an authority
// needs them. It is of one person, of one request or of one class.
type Hold struct {
	ID      string         `json:"id"`
	Ref     person.Ref     `json:"person,omitempty"`
	Request string         `json:"request,omitempty"`
	Class   schedule.Class `json:"class,omitempty"`

	Reason   string    `json:"reason"` // private: it may name people
	By       string    `json:"by"`     // the officer
	PlacedAt time.Time `json:"placed_at"`
	Until    time.Time `json:"until,omitzero"` // zero: until it is lifted
	LiftedAt time.Time `json:"lifted_at,omitzero"`
	LiftedBy string    `json:"lifted_by,omitempty"`

	LiftReason string `json:"lift_reason,omitempty"` // private, as Reason
	// SignedBy is the other officer who signed that it was lifted.
	SignedBy string `json:"signed_by,omitempty"`
	// Lifting waits for the signature of another; the hold is in force meanwhile.
	Lifting *Lifting `json:"lifting,omitempty"`
}

// Lifting is the end of a hold that another must sign.
type Lifting struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"` // private
}

// Active reports whether the hold holds at the time now.
func (h Hold) Active(now time.Time) bool {
	return h.LiftedAt.IsZero() && (h.Until.IsZero() || now.Before(h.Until))
}

// covers reports whether the hold is about a record.
func (h Hold) covers(i Item) bool {
	switch {
	case h.Request != "":
		return i.ID == h.Request
	case h.Ref != "":
		return i.Ref == h.Ref
	}
	// The request of an order was answered: it is a closed one too.
	return i.Class == h.Class || i.Class == schedule.ErasureOrder && h.Class == schedule.ClosedRequest
}

// Subject says what is held: "person", "request" or "class".
func (h Hold) Subject() string {
	switch {
	case h.Request != "":
		return "request"
	case h.Ref != "":
		return "person"
	}
	return "class"
}

// check refuses a hold that holds nothing, or more than one thing.
func (h Hold) check(now time.Time) error {
	subjects := 0
	for _, given := range []bool{h.Ref != "", h.Request != "", h.Class != ""} {
		if given {
			subjects++
		}
	}
	switch {
	case subjects != 1:
		return fault.Field("subject", "one", "a hold is of a person, of a request or of a class: name one of them")
	case h.Class != "" && !slices.Contains(holdable, h.Class):
		return fault.Field("class", "unknown", "no sweep disposes of such a class, so there is nothing to hold")
	case h.Reason == "":
		return fault.Field("reason", "missing", "a hold needs its reason")
	case !h.Until.IsZero() && !h.Until.After(now):
		return fault.Field("until", "past", "until must be a time to come")
	}
	return nil
}

// holdable are the classes that a hold can be of: those that the sweep, or an
// order, disposes of.
var holdable = []schedule.Class{
	schedule.UnverifiedRequest, schedule.ClosedRequest, schedule.RequestLog, schedule.OptOutEvidence, schedule.SoftBounces, schedule.ErasureOrder,
}

// InForce are the holds as they were read, and the number of the last
// entry of their history: a disposal is refused once another follows.
type InForce struct {
	Seq  int
	List []Hold
}

// coversOrder reports whether nothing of an order may be carried out. A hold of
// all closed requests keeps its own one, and not the rest.
func (h InForce) coversOrder(i Item, now time.Time) bool {
	return slices.ContainsFunc(h.List, func(hold Hold) bool {
		return hold.Class != schedule.ClosedRequest && hold.Active(now) && hold.covers(i)
	})
}

// Covers reports whether a record is held at the time now.
func (h InForce) Covers(i Item, now time.Time) bool {
	return slices.ContainsFunc(h.List, func(hold Hold) bool { return hold.Active(now) && hold.covers(i) })
}

// Holdable lists the classes that a hold can be of.
func Holdable() []schedule.Class { return slices.Clone(holdable) }
