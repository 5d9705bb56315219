package deadline

import (
	"slices"
	"time"

	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/holiday"
)

// A course is how one clock ran for one case: from where it counts, what was left out, where it ended and why.
type course struct {
	start     time.Time
	suspended int // days that did not count
	restarted Cause
	stopped   Cause // of the last suspension
	extended  bool
	paused    bool

	clamped bool
	moved   []holiday.ClosedDay // the days off over which the end was moved
	last    civil.Day
	due     time.Time
}

// run replays the facts of a case, in the order of time, on one clock with the days of a zone. What comes after the clock has ended has
// no effect on it, even though another clock of the same case may still be running.
func (e *Engine) run(clock *Clock, c *Case, zone *time.Location) course {
	r := replay{engine: e, zone: zone, clock: clock, course: course{start: c.ReceivedAt}}
	r.finish()
	if len(c.Pauses) == 0 && c.Extension == nil {
		return r.course
	}
	for _, event := range c.events() {
		if event.at.After(r.due) && !r.paused {
			continue
		}
		if event.pause != nil {
			r.pause(event.pause)
		} else {
			r.extend(c.Extension)
		}
		r.finish()
	}
	return r.course
}

type event struct {
	at    time.Time
	pause *Pause // nil: the extension
}

func (c *Case) events() []event {
	var all []event
	for i := range c.Pauses {
		all = append(all, event{c.Pauses[i].From, &c.Pauses[i]})
	}
	if c.Extension != nil {
		all = append(all, event{c.Extension.NoticeSentAt, nil})
	}
	slices.SortStableFunc(all, func(a, b event) int { return a.at.Compare(b.at) })
	return all
}

// A replay is a course in the making.
type replay struct {
	course
	engine  *Engine
	zone    *time.Location // whose days count
	clock   *Clock
	counted civil.Day // the last day that was left out already
}

func (r *replay) pause(p *Pause) {
	rule := r.clock.pauseRule(p.Cause)
	switch {
	case rule == nil:
		return
	case p.Until.IsZero():
		r.paused = true
		return
	case rule.Effect == Restart:
		r.start, r.suspended, r.restarted = p.Until, 0, p.Cause
		return
	}
	from, until := civil.Of(p.From, r.zone), civil.Of(p.Until, r.zone)
	if rule.Effect == Suspend {
		until--
	}
	from = max(from, r.counted+1)
	if until >= from {
		r.suspended += int(until-from) + 1
		r.counted, r.stopped = until, p.Cause
	}
}

func (r *replay) extend(g *Grant) {
	if r.clock.extends(g.Reason) {
		r.extended = true
	}
}

func (c *Clock) pauseRule(cause Cause) *PauseRule {
	for i := range c.Pauses {
		if c.Pauses[i].Cause == cause {
			return &c.Pauses[i]
		}
	}
	return nil
}

func (c *Clock) extends(reason Reason) bool {
	for _, r := range c.Extension.Reasons {
		if r == reason {
			return c.Extension.Length > 0
		}
	}
	return false
}

// finish computes the end of the clock from what is known so far.
func (r *replay) finish() {
	r.moved, r.clamped = nil, false
	if r.clock.Unit == Hours {
		length := r.clock.Length
		if r.extended {
			length += r.clock.Extension.Length
		}
		r.due = r.start.Add(time.Duration(length) * time.Hour)
		r.last = civil.Of(r.due, r.zone)
		return
	}
	r.last = r.roll(r.reach() + civil.Day(r.suspended))
	r.due = r.last.End(r.zone).Add(-time.Second)
}

// reach counts the whole period in one piece, as "one month, extended by two" is three months from the start.
func (r *replay) reach() civil.Day {
	d, length := civil.Of(r.start, r.zone), r.clock.Length
	if r.clock.FirstDayCounts {
		d--
	}
	if r.extended && r.clock.Extension.Unit == r.clock.Unit {
		length += r.clock.Extension.Length
	}
	d = r.add(d, length, r.clock.Unit)
	if r.extended && r.clock.Extension.Unit != r.clock.Unit {
		d = r.add(d, r.clock.Extension.Length, r.clock.Extension.Unit)
	}
	return d
}

func (r *replay) add(d civil.Day, n int, unit Unit) civil.Day {
	switch unit {
	case CalendarMonths:
		_, _, was := d.Date()
		d = d.AddMonths(n)
		_, _, is := d.Date()
		r.clamped = was != is
		return d
	case BusinessDays:
		return r.engine.calendarOf(r.clock).AddWorking(d, n)
	}
	return d + civil.Day(n)
}

// roll moves a last day that is no working day to the next one that is.
func (r *replay) roll(d civil.Day) civil.Day {
	if r.clock.Roll != NextWorkingDay {
		return d
	}
	cal := r.engine.calendarOf(r.clock)
	for {
		if name, off := cal.NameOf(d); off {
			r.moved = append(r.moved, holiday.ClosedDay{Day: d, Name: name})
		} else if cal.IsWeekend(d) {
			r.moved = append(r.moved, holiday.ClosedDay{Day: d})
		} else {
			return d
		}
		d++
	}
}
