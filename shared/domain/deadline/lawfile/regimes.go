package lawfile

import (
	"reflect"
	"slices"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/holiday"
)

const maxLength = 1000

func (c *checker) regime(i int, seen map[string]bool) {
	r := &c.book.Regimes[i]
	c.at("regime "+r.ID, "regimes", i)
	c.id(r.ID, seen)
	c.text("name", r.Name)
	c.text("source", r.Source)
	c.note(r.Note)
	c.date("in_force", r.InForce)
	c.date("checked_on", r.CheckedOn)
	if len(r.Places) == 0 || len(r.Clocks) == 0 {
		c.fault("places", "no places, or no clocks")
	}
	for n, p := range r.Places {
		if !place.MatchString(p) || slices.Contains(r.Places[:n], p) {
			c.fault("places", "%q is no place, or stands twice", p)
		}
	}
	clocks := map[string]bool{}
	for j := range r.Clocks {
		c.clock(i, j, clocks)
	}
	c.withheld(i)
}

func (c *checker) withheld(i int) {
	r := &c.book.Regimes[i]
	w := r.Withholds
	if reflect.ValueOf(w).IsZero() {
		return
	}
	c.at("withheld "+r.ID, "regimes", i, "withholds")
	each(c, "kinds", w.Kinds, deadline.Kinds()...)
	each(c, "what", w.What, deadline.WithheldData...)
	c.text("clause", w.Clause)
	c.note(w.Note)
	c.checked(w.Checked)
	c.date("checked_on", w.CheckedOn)
	if w.InForce != "" {
		c.date("in_force", w.InForce)
	}
}

func (c *checker) clock(i, j int, seen map[string]bool) {
	r := &c.book.Regimes[i]
	k := &r.Clocks[j]
	c.at("clock "+r.ID+"/"+k.ID, "regimes", i, "clocks", j)
	c.id(k.ID, seen)
	c.text("clause", k.Clause)
	c.note(k.Note)
	c.checked(k.Checked)
	if k.InForce != "" {
		c.date("in_force", k.InForce)
	}
	oneOf(c, "purpose", k.Purpose, deadline.Acknowledge, deadline.Respond, deadline.OptOut, deadline.Appeal)
	each(c, "kinds", k.Kinds, deadline.Kinds()...)
	c.number("length", k.Length, 1, maxLength)
	oneOf(c, "figure", k.Figure, "", deadline.OwnFigure, deadline.DisputedFigure)
	c.counting(k)
	c.pauses(i, j)
	c.extension(i, j)
}

// counting checks what belongs together: an appeal and its start, working days and their calendar.
func (c *checker) counting(k *deadline.Clock) {
	oneOf(c, "starts", k.Starts, deadline.FromReceipt, deadline.FromAppeal)
	oneOf(c, "unit", k.Unit, deadline.Hours, deadline.CalendarDays, deadline.CalendarMonths, deadline.BusinessDays)
	oneOf(c, "roll", k.Roll, deadline.NoRoll, deadline.NextWorkingDay)
	if k.Purpose == deadline.Appeal && k.Starts != deadline.FromAppeal {
		c.fault("starts", "an appeal is answered from the appeal on")
	}
	if k.Unit == deadline.Hours && (k.Roll != deadline.NoRoll || k.FirstDayCounts) {
		c.fault("roll", "hours end when they end")
	}
	if k.FirstDayCounts && k.Unit == deadline.BusinessDays {
		c.fault("first_day_counts", "is not defined for business days")
	}
	needs := k.Unit == deadline.BusinessDays || k.Roll == deadline.NextWorkingDay
	if needs != (k.Calendar != "") || needs && !c.knowsCalendar(k.Calendar) {
		c.fault("calendar", "%q: business days and rolls need a calendar of this file, nothing else does", k.Calendar)
	}
}

func (c *checker) knowsCalendar(id string) bool {
	return id == deadline.ControllerCalendar ||
		slices.ContainsFunc(c.book.Calendars, func(cal holiday.Calendar) bool { return cal.ID == id })
}

func (c *checker) pauses(i, j int) {
	k := &c.book.Regimes[i].Clocks[j]
	var causes []deadline.Cause
	for n, p := range k.Pauses {
		c.path = []any{"regimes", i, "clocks", j, "pauses", n}
		oneOf(c, "cause", p.Cause, deadline.Identity, deadline.Clarification, deadline.Fee)
		oneOf(c, "effect", p.Effect, deadline.Suspend, deadline.SuspendInclusive, deadline.Restart)
		c.text("clause", p.Clause)
		c.checked(p.Checked)
		if slices.Contains(causes, p.Cause) || k.Unit == deadline.Hours || k.Unit == deadline.BusinessDays {
			c.fault("cause", "stands twice, or stops a clock of hours or business days")
		}
		causes = append(causes, p.Cause)
	}
}

func (c *checker) extension(i, j int) {
	k := &c.book.Regimes[i].Clocks[j]
	x := k.Extension
	c.path = []any{"regimes", i, "clocks", j, "extension"}
	if x.Length == 0 && x.Unit == "" && x.Reasons == nil && x.Clause == "" && x.Checked == "" {
		return
	}
	c.number("length", x.Length, 1, maxLength)
	oneOf(c, "unit", x.Unit, deadline.CalendarDays, deadline.CalendarMonths)
	each(c, "reasons", x.Reasons, deadline.Complexity, deadline.Number, deadline.Necessary, deadline.Interference, deadline.Consultation)
	c.text("clause", x.Clause)
	c.checked(x.Checked)
	if k.Unit == deadline.Hours {
		c.fault("unit", "hours cannot be extended by days")
	}
}
