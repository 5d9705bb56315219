package requestlog

import (
	"context"
	"time"

	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
)

// Disposal returns the class of a request and the date that starts its period; ""
// while it is under way. An unverified request counts from its receipt, one that
// was closed from its closing, also when only its log is left. An order of
// erasure counts from when it may be carried out.
func Disposal(r *request.Request) (class schedule.Class, since time.Time) {
	switch {
	case r.Reduced():
		return schedule.RequestLog, r.ClosedAt
	case !r.EraseFrom.IsZero() && r.Outstanding > 0:
		return "", time.Time{} // other systems need the address
	case !r.EraseFrom.IsZero():
		return schedule.ErasureOrder, r.EraseFrom
	case r.State == lifecycle.Unverified && (r.NoEmail || r.Look != nil && r.Look.Why == lifecycle.LookCounts):
		return "", time.Time{} // it is under way until an officer has looked
	case neverConfirmed(r):
		return schedule.UnverifiedRequest, firstAsked(r)
	case r.State.Closed():
		return schedule.ClosedRequest, r.ClosedAt
	}
	return "", time.Time{}
}

// neverConfirmed reports whether the request waits for its confirmation, or was let
// go without one: anybody can have sent it.
func neverConfirmed(r *request.Request) bool {
	return r.State == lifecycle.Unverified || r.VerifiedAt.IsZero() && (r.State == lifecycle.Expired || r.State == lifecycle.Withdrawn)
}

// firstAsked is the receipt or, of what reached us late on paper or with an
// opt-out, the day on which the confirmation link was mailed: the request must
// not go while the link is good. The retention schedule is no shorter.
func firstAsked(r *request.Request) time.Time {
	if r.AskedAt.After(r.ReceivedAt) {
		return r.AskedAt
	}
	return r.ReceivedAt
}

// Effect is what becomes of a request when its person is erased.
type Effect string

// The effects.
const (
	Untouched Effect = "untouched" // reduced already, or its own class or order disposes of it
	Delays    Effect = "delays"    // the erasure waits for it
	Deleted   Effect = "deleted"
	Shrunk    Effect = "reduced" // to its log: see Reduce
)

// OnErasure says what becomes of a request of a person whose erasure was
// ordered from a time on, when it is carried out at another.
//
// A request that somebody has confirmed must be answered first. One that nobody
// has confirmed delays nothing, because anybody can send such a request: it is
// deleted, unless it was received after the order. A granted export can be
// fetched to its last day, and a denial be objected to as long as we gave for it.
func OnErasure(r *request.Request, ordered, at time.Time) Effect {
	class, since := Disposal(r)
	switch {
	case r.Reduced(), r.State == lifecycle.Unverified && (class == "" || !since.Before(ordered)):
		return Untouched
	case underWay(r.Summary()), at.Before(r.Summary().NeededUntil):
		return Delays
	case class == schedule.ErasureOrder:
		return Untouched
	case class == schedule.UnverifiedRequest:
		return Deleted
	}
	return Shrunk
}

// underWay reports whether an erasure of the person waits for a request of theirs, and
// nobody knows until when: for its answer, for other systems, or for a letter on paper.
func underWay(s request.Summary) bool {
	return !s.State.Closed() && s.State != lifecycle.Unverified || s.Outstanding > 0 || !s.ToPost.IsZero()
}

// Delay adds to a request with an order of erasure what the person's other requests
// mean for it, by the rule of OnErasure. Others are those that were confirmed.
func Delay(ctx context.Context, store interface {
	ConfirmedOf(context.Context, person.Ref) ([]request.Summary, error)
}, r *request.Request) error {
	if r.EraseFrom.IsZero() || r.Reduced() {
		return nil
	}
	others, err := store.ConfirmedOf(ctx, r.Ref)
	for _, o := range others {
		if o.ID == r.ID || o.Reduced {
			continue
		}
		r.Delayed = r.Delayed || underWay(o)
		if o.NeededUntil.After(r.EraseFrom) {
			r.EraseFrom = o.NeededUntil
		}
	}
	return err
}
