package deadline

import (
	"cmp"
	"privacydesk/shared/domain/holiday"
	"slices"
	"time"
)

// Engine computes due dates for one controller. It holds no state of its own: everything about a request is in
// its Case. It is safe for use by many goroutines.
type Engine struct {
	book     *Book
	zone     *time.Location
	calendar *holiday.Calendar

	ReviewDays int // for a review where no law of the place knows an appeal
}

// New makes an engine for a controller: the time zone whose days count, and the calendar whose public holidays
// move a last day (Art. 3(4) of Regulation 1182/71). "weekends" is the strictest calendar, and the right one for a
// controller outside the Union. It fails with fault.Invalid for an unknown calendar.
func New(book *Book, zone *time.Location, calendar string) (*Engine, error) {
	c := book.calendar(calendar)
	if c == nil {
		return nil, invalid(errUnknownCalendar, "choosing the controller's calendar")
	}
	return &Engine{book: book, zone: zone, calendar: c, ReviewDays: defaultReviewDays}, nil
}

func (b *Book) calendar(id string) *holiday.Calendar {
	for i := range b.Calendars {
		if b.Calendars[i].ID == id {
			return &b.Calendars[i]
		}
	}
	return nil
}

// calendarOf is the calendar that a clock counts by, nil for one that needs none.
func (e *Engine) calendarOf(c *Clock) *holiday.Calendar {
	if c.Calendar == ControllerCalendar {
		return e.calendar
	}
	return e.book.calendar(c.Calendar)
}

// Case is what the law needs to know of a request, or of an appeal. It holds facts only, so a change of the law
// file or a corrected fact shows in the dates at once. Pause, Resume and Extend return a changed copy.
type Case struct {
	Kinds      []Kind
	Place      Jurisdiction
	ReceivedAt time.Time
	Appeal     bool // an appeal against the answer, received at ReceivedAt
	Pauses     []Pause
	Extension  *Grant
}

// Pause is one stop. Until is zero while it lasts.
type Pause struct {
	Cause       Cause
	From, Until time.Time
}

// Grant is an extension: its reason, and when the person was told.
type Grant struct {
	Reason       Reason
	NoticeSentAt time.Time
}

// basis says how a clock came to be applied.
type basis string

// The bases. All but the first mean that no law is known to set a date for this person. Then the date is borrowed: the
// strictest of the country counts, then that of all configured laws, then the answer to any kind of request.
const (
	basisJurisdiction  basis = "place"
	basisRegionUnknown basis = "region_unknown"
	basisUnknown       basis = "place_unknown"
	basisCountry       basis = "country"
	basisWorld         basis = "world"
	basisAnyKind       basis = "any_kind"
	basisOwn           basis = "own" // no law: the controller's own period
)

// Deadline is one due date, with all that led to it.
type Deadline struct {
	Rule     string // "gdpr/respond"; of a borrowed date "strictest/respond"
	Law      string // the regime's name; "" of a borrowed date, as are the next three
	Clause   string
	Source   string
	Checked  string // against which text the figure was checked
	Purpose  Purpose
	Kinds    []Kind
	Basis    basis
	Due      time.Time // the last second in which it is in time; the earliest possible one while Paused
	Paused   bool
	Extended bool

	engine *Engine
	origin string         // "gdpr/respond", of a borrowed date too
	zone   *time.Location // in which it was counted
	clock  *Clock
	course course
	facts  *Case
}

// borrowed reports whether the date is that of a law of somewhere else. We keep it, and cite that law to nobody.
func (d *Deadline) borrowed() bool { return d.Basis != basisJurisdiction && d.Basis != basisOwn }

// Deadlines returns the due dates of a case, the strictest first. Of borrowed dates that serve the same kinds and
// purpose it returns the strictest alone. It fails with fault.Invalid for an unknown kind or jurisdiction, and with
// ErrNoClock.
func (e *Engine) Deadlines(c Case) ([]Deadline, error) {
	all, err := e.all(c)
	return strictestOnly(all), err
}

// all returns every clock that applies or is borrowed.
func (e *Engine) all(c Case) ([]Deadline, error) {
	picks, err := e.pick(c)
	if err != nil {
		return nil, err
	}
	c.Pauses = slices.Clone(c.Pauses) // what is explained later is what was computed now
	out := make([]Deadline, len(picks))
	for i, p := range picks {
		out[i] = e.deadline(p, &c)
	}
	slices.SortFunc(out, func(a, b Deadline) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.origin, b.origin))
	})
	return out, nil
}

func (e *Engine) deadline(p pick, c *Case) Deadline {
	run, zone := e.earliest(p.clock, c)
	d := Deadline{
		Rule: "strictest/" + string(p.clock.Purpose), Purpose: p.clock.Purpose, Kinds: p.kinds, Basis: p.basis,
		Due: run.due, Paused: run.paused, Extended: run.extended,
		engine: e, origin: p.regime.ID + "/" + p.clock.ID, zone: zone, clock: p.clock, course: run, facts: c,
	}
	if !d.borrowed() {
		d.Rule, d.Law, d.Clause = d.origin, p.regime.Name, p.clock.Clause
		d.Source, d.Checked = p.regime.Source, p.clock.Checked
	}
	return d
}

// earliest counts the days of a clock where the controller is and where the person is. The earlier end is in time for
// both: no law says whose midnight counts.
func (e *Engine) earliest(clock *Clock, c *Case) (course, *time.Location) {
	here := e.run(clock, c, e.zone)
	zone := c.Place.zone()
	if zone == nil || clock.Unit == Hours {
		return here, e.zone
	}
	there := e.run(clock, c, zone)
	if !there.due.Before(here.due) {
		return here, e.zone
	}
	there.due = earlier(there.due, e.lastSecond(there.last)) // the day that people are told is the controller's
	return there, zone
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// strictestOnly leaves out a borrowed date whose kinds have a stricter one of the same purpose already: where no law is
// known to apply, a list of other places' laws says nothing. A stopped date hides none that runs.
func strictestOnly(all []Deadline) []Deadline {
	var kept []Deadline
	for _, d := range all {
		if d.borrowed() {
			d.Kinds = slices.DeleteFunc(slices.Clone(d.Kinds), func(k Kind) bool { return served(kept, d.Purpose, k) })
		}
		if len(d.Kinds) > 0 {
			kept = append(kept, d)
		}
	}
	return kept
}

func served(kept []Deadline, p Purpose, k Kind) bool {
	return slices.ContainsFunc(kept, func(d Deadline) bool {
		return d.borrowed() && !d.Paused && d.Purpose == p && slices.Contains(d.Kinds, k)
	})
}

// Strictest returns the earliest due date that serves one of the purposes.
func Strictest(all []Deadline, purposes ...Purpose) (Deadline, bool) {
	for _, d := range all {
		if slices.Contains(purposes, d.Purpose) {
			return d, true
		}
	}
	return Deadline{}, false
}
