package rights

import "time"

// The classes of the disposal schedule (package retention) that a request can
// be of, each from a date on.
const (
	ClassUnverified = "unverified-request" // from its receipt
	ClassClosed     = "closed-request"     // from its closing
	ClassLog        = "request-log"        // it is reduced; from its closing
	ClassErasure    = "erasure"            // an order, from when it may be carried out
)

// Disposal is the class of the request and the date that starts its period;
// "" while it is under way.
func (r *Request) Disposal() (class string, since time.Time) {
	switch {
	case r.Reduced():
		return ClassLog, r.ClosedAt
	case !r.EraseFrom.IsZero():
		return ClassErasure, r.EraseFrom
	case r.nobodys():
		return ClassUnverified, r.ReceivedAt
	case r.State.Closed():
		return ClassClosed, r.ClosedAt
	}
	return "", time.Time{}
}

// nobodys reports whether the request waits for its confirmation, or was let
// go without one: anybody can have sent it.
func (r *Request) nobodys() bool {
	return r.State == Unverified || r.VerifiedAt.IsZero() && (r.State == Expired || r.State == Withdrawn)
}

// Reduced reports whether nothing but the log is left of the request.
func (r *Request) Reduced() bool { return !r.ReducedAt.IsZero() }
