package deadline

import (
	"errors"

	"privacydesk/shared/domain/fault"
)

// What the engine refuses; look for them with errors.Is. Each comes wrapped in a fault whose code says whose
// mistake it is: fault.Invalid for a request that names what is not known, fault.Conflict for an act that the
// law, or the state of the clocks, does not allow.
var (
	ErrUnknownKind     = errors.New("law: unknown kind of request")
	ErrUnknownPlace    = errors.New("law: not a place of ISO 3166")
	ErrUnknownCalendar = errors.New("law: unknown calendar")
	ErrUnknownCause    = errors.New("law: no law of this place stops the clock for this cause")
	ErrUnknownReason   = errors.New("law: no law of this place extends for this reason")
	ErrAlreadyPaused   = errors.New("law: the clock is stopped already")
	ErrNotPaused       = errors.New("law: the clock is not stopped")
	ErrAlreadyExtended = errors.New("law: a period is extended once only")
	ErrNoNotice        = errors.New("law: an extension needs a notice to the person")
	ErrExpired         = errors.New("law: the period has ended")
	ErrOrder           = errors.New("law: earlier than what is recorded already")
	ErrNoClock         = errors.New("law: no clock is configured for this")
)

func invalid(err error, detail string) error  { return fault.Wrap(fault.Invalid, err, detail) }
func conflict(err error, detail string) error { return fault.Wrap(fault.Conflict, err, detail) }
