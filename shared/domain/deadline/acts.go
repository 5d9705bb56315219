package deadline

import (
	"slices"
	"time"
)

// Pause stops the clocks of a case that a law lets stop for the cause; the others run on, so that where the
// place is not known the strictest date stays. It fails with fault.Conflict where no law of the place knows
// the cause, where the clocks are stopped already or have ended, or where the moment is before what is recorded.
func (e *Engine) Pause(c Case, cause Cause, at time.Time) (Case, error) {
	const doing = "stopping the clock"
	all, err := e.all(c)
	switch {
	case err != nil:
		return c, err
	case c.open():
		return c, conflict(errAlreadyPaused, doing)
	case at.Before(c.latest()):
		return c, conflict(errOrder, doing)
	}
	if err := still(all, at, doing, errUnknownCause, func(d *Deadline) bool { return d.clock.pauseRule(cause) != nil }); err != nil {
		return c, err
	}
	c.Pauses = append(slices.Clone(c.Pauses), Pause{Cause: cause, From: at})
	return c, nil
}

// Resume lets the clocks run again. It fails with fault.Conflict where they are not stopped, or where the moment is
// before the stop.
func (e *Engine) Resume(c Case, at time.Time) (Case, error) {
	const doing = "letting the clock run again"
	if !c.open() {
		return c, conflict(errNotPaused, doing)
	}
	if at.Before(c.latest()) {
		return c, conflict(errOrder, doing)
	}
	c.Pauses = slices.Clone(c.Pauses)
	c.Pauses[len(c.Pauses)-1].Until = at
	return c, nil
}

// Extend extends the periods of a case that a law lets extend for the reason, once, and only if the person was
// told before they ended. It fails with fault.Conflict where the notice is missing, no law knows the
// reason, the period was extended before or has ended, or the moment is before what is recorded.
func (e *Engine) Extend(c Case, g Grant) (Case, error) {
	const doing = "extending the period"
	all, err := e.all(c)
	switch {
	case err != nil:
		return c, err
	case g.NoticeSentAt.IsZero():
		return c, conflict(errNoNotice, doing)
	case c.Extension != nil:
		return c, conflict(errAlreadyExtended, doing)
	case g.NoticeSentAt.Before(c.latest()):
		return c, conflict(errOrder, doing)
	}
	if err := still(all, g.NoticeSentAt, doing, errUnknownReason, func(d *Deadline) bool { return d.clock.extends(g.Reason) }); err != nil {
		return c, err
	}
	c.Extension = &g
	return c, nil
}

// still looks for a clock that allows the act and has not ended. A stopped clock cannot end.
func still(all []Deadline, at time.Time, doing string, none error, allows func(*Deadline) bool) error {
	found := false
	for i := range all {
		if !allows(&all[i]) {
			continue
		}
		if all[i].Paused || !at.After(all[i].Due) {
			return nil
		}
		found = true
	}
	if found {
		return conflict(errExpired, doing)
	}
	return conflict(none, doing)
}

func (c Case) open() bool {
	return len(c.Pauses) > 0 && c.Pauses[len(c.Pauses)-1].Until.IsZero()
}

// latest is the last moment of which the case knows something.
func (c Case) latest() time.Time {
	at := c.ReceivedAt
	for _, p := range c.Pauses {
		for _, t := range []time.Time{p.From, p.Until} {
			if t.After(at) {
				at = t
			}
		}
	}
	if c.Extension != nil && c.Extension.NoticeSentAt.After(at) {
		at = c.Extension.NoticeSentAt
	}
	return at
}
