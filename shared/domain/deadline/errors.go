package deadline

import (
	"errors"

	"privacydesk/shared/domain/fault"
)

// What the engine refuses. Each comes wrapped in a fault whose code says whose mistake it is: fault.Invalid for a request that names what is not known, fault.Conflict for an act that the
// law, or the state of the clocks, does not allow.
var (
	errUnknownKind         = errors.New("unknown kind of request")
	errUnknownJurisdiction = errors.New("not a place of ISO 3166")
	errUnknownCalendar     = errors.New("unknown calendar")
	errUnknownCause        = errors.New("no law of this place stops the clock for this cause")
	errUnknownReason       = errors.New("no law of this place extends for this reason")
	errAlreadyPaused       = errors.New("the clock is stopped already")
	errNotPaused           = errors.New("the clock is not stopped")
	errAlreadyExtended     = errors.New("a period is extended once only")
	errNoNotice            = errors.New("an extension needs a notice to the person")
	errExpired             = errors.New("the period has ended")
	errOrder               = errors.New("earlier than what is recorded already")
	ErrNoClock             = errors.New("no clock is configured for this")
)

func invalid(err error, detail string) error { return fault.Wrap(fault.Invalid, err, detail) }
func conflict(err error, detail string) error {
	return fault.Wrap(fault.Conflict, err, detail).Because(codes[err])
}

// codes say why, for whoever shows it (fault.Because).
var codes = map[error]string{
	errUnknownCause: "law_no_cause", errUnknownReason: "law_no_reason", errAlreadyPaused: "paused_before", errNotPaused: "not_paused",
	errAlreadyExtended: "extended_before", errNoNotice: "no_notice", errExpired: "period_over", errOrder: "order",
}
