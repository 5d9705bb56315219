package deskpage

import (
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
)

// shortDay is a day as lists say it: "Thu 3 Dec", with its year where that is not the year of today.
func shortDay(t *catalog.Texts, day, today civil.Day) string {
	year, month, of := day.Date()
	now, _, _ := today.Date()
	key := "desk.day"
	if year != now {
		key = "desk.day.year"
	}
	return t.Text(key,
		"weekday", strings.Fields(t.Text("desk.weekdays"))[day.Weekday()], "day", strconv.Itoa(of),
		"month", strings.Fields(t.Text("desk.months"))[month-1], "year", strconv.Itoa(year))
}

// moment is a time as the desk's time lines say it, in the organisation's zone: "Thu 3 Dec, 14:05".
func (d *Desk) moment(t *catalog.Texts, at, now time.Time) string {
	local := at.In(d.Zone)
	return t.Text("desk.moment", "day", shortDay(t, civil.Of(at, d.Zone), civil.Of(now, d.Zone)), "time", local.Format("15:04"))
}

// Tones of a date: colour beside the words.
const (
	toneLate = "late"
	toneSoon = "soon"
	toneCalm = "calm"
)

// soon is how many working days are few.
const soon = 3

// left says how long there is until a row's date, and how that looks.
func left(t *catalog.Texts, r casework.Row, today civil.Day) (words, tone string) {
	switch {
	case r.Late > 0:
		return t.Plural("desk.late", r.Late), toneLate
	case r.Paused && r.Until.IsZero():
		return t.Text("desk.stands"), toneCalm
	case r.Paused:
		return t.Text("desk.stands.until", "date", shortDay(t, r.Until, today)), toneCalm
	case r.Due == today:
		return t.Text("desk.left.today"), toneSoon
	case r.Left == 0:
		return t.Text("desk.left.none"), toneSoon
	case r.Left <= soon:
		return t.Plural("desk.left", r.Left), toneSoon
	}
	return t.Plural("desk.left", r.Left), ""
}
