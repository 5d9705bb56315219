package deadline

import (
	"errors"

	"privacydesk/shared/domain/fault"
)

// What the engine refuses. Each comes wrapped in a fault whose code says whose mistake it is: fault.Invalid for a request that names what is not known, fault.Conflict for an act that the
// law, or the state of the clocks, does not allow.
var (
	errUnknownKind         = errors.New("law: unknown kind of request")
	errUnknownJurisdiction = errors.New("law: not a place of ISO 3166")
	errUnknownCalendar     = errors.New("law: unknown calendar")
	errUnknownCause        = errors.New("law: no law of this place stops the clock for this cause")
	errUnknownReason       = errors.New("law: no law of this place extends for this reason")
	errAlreadyPaused       = errors.New("law: the clock is stopped already")
	errNotPaused           = errors.New("law: the clock is not stopped")
	errAlreadyExtended     = errors.New("law: a period is extended once only")
	errNoNotice            = errors.New("law: an extension needs a notice to the person")
	errExpired             = errors.New("law: the period has ended")
	errOrder               = errors.New("law: earlier than what is recorded already")
	ErrNoClock             = errors.New("law: no clock is configured for this")
)

func invalid(err error, detail string) error  { return fault.Wrap(fault.Invalid, err, detail) }
func conflict(err error, detail string) error { return fault.Wrap(fault.Conflict, err, detail) }
