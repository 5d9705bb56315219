package deadline

import (
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/domain/civil"
)

// Part is one sentence of an explanation: the key of a text, and what goes into its {placeholders}.
type Part struct {
	Key    string
	Values []Value
}

// Value fills the placeholder Name: with a Text as it is, with the catalogue's words for the key in Word, or
// with a Date, a Cite the time of a Zone or the name of a Place. A Word may count something, which then stands in it as {n}.
type Value struct {
	Name  string
	Text  string
	Word  string
	N     int
	Date  time.Time
	Cite  string // a clause, or the name of a law
	Zone  string // IANA name
	Place Jurisdiction
}

// Texts is a catalogue of a language, such as *catalog.Texts: Text fills the placeholders that are given as pairs
// of name and value, Date writes a day, Citation a clause or the name of a law, Zone what the time of a place is
// called, Place a country or a part of it. English is one.
type Texts interface {
	Text(key string, pairs ...string) string
	Date(at time.Time) string
	Citation(clause string) string
	Zone(place string) string
	Place(country, region string) string
}

// Explain says which rule, clause, start, unit and holiday gave the date, sentence by sentence.
func (d Deadline) Explain() []Part {
	var parts []Part
	if d.Basis != basisJurisdiction && d.Basis != basisOwn {
		parts = append(parts, Part{"law.basis." + string(d.Basis), []Value{{Name: "place", Place: d.facts.Place}}})
	}
	parts = append(append(parts, d.rulePart()), d.startParts()...)
	if d.course.clamped {
		parts = append(parts, Part{Key: "law.clamped"})
	}
	parts = append(parts, d.changeParts()...)
	return append(parts, d.endParts()...)
}

// ExplainToPerson is Explain for the person whose request it is.
func (d Deadline) ExplainToPerson() []Part {
	parts := d.Explain()
	for i, p := range parts {
		if own := p.Key + ".you"; sentences[own] != "" {
			parts[i].Key = own
		}
	}
	return parts
}

func (d Deadline) rulePart() Part {
	if d.Basis == basisOwn {
		return Part{"law.review", []Value{length("length", d.clock.Length, d.clock.Unit)}}
	}
	return Part{d.ruleKey(), []Value{
		{Name: "law", Cite: d.Law}, {Name: "clause", Cite: d.Clause},
		{Name: "purpose", Word: "law.purpose." + string(d.Purpose)},
		length("length", d.clock.Length, d.clock.Unit),
		{Name: "start", Word: "law.start." + string(d.clock.Starts)},
	}}
}

// ruleKey is the sentence that says which rule it is, and whose the figure is.
func (d Deadline) ruleKey() string {
	switch {
	case d.borrowed():
		return "law.rule.borrowed"
	case d.clock.Figure != "":
		return "law.rule." + string(d.clock.Figure)
	case names(d.Clause, d.Law):
		return "law.rule.clause"
	}
	return "law.rule"
}

// uncited is the key of a sentence that cites a clause, or of the one that cites none.
func (d Deadline) uncited(key string) string {
	if d.borrowed() {
		return key + ".borrowed"
	}
	return key
}

// names reports whether a clause names its law itself: "Art. 12(3) GDPR".
func names(clause, law string) bool { return strings.HasSuffix(" "+clause, " "+law) }

// startParts tell from which day it counts. Where that is not the controller's, which all else is told in, the first says
// whose it is.
func (d Deadline) startParts() []Part {
	if day := civil.Of(d.course.start, d.zone); day != civil.Of(d.course.start, d.engine.zone) {
		return []Part{{"law.from.where", []Value{{Name: "date", Date: d.course.start.In(d.zone)}}}, d.startPart()}
	}
	return []Part{d.startPart()}
}

func (d Deadline) startPart() Part {
	key := "law.from"
	switch {
	case d.clock.Unit == Hours:
		key = "law.from.instant"
	case d.clock.FirstDayCounts:
		key = "law.from.first"
	}
	start := d.course.start.In(d.zone)
	values := []Value{
		{Name: "date", Date: start}, {Name: "time", Text: start.Format("15:04")},
		{Name: "zone", Zone: d.zone.String()},
	}
	if d.course.restarted != "" {
		key = "law.from.restart"
		values = append(values, Value{Name: "cause", Word: "law.cause." + string(d.course.restarted)})
	}
	return Part{key, values}
}

// changeParts tells of stops and of the extension.
func (d Deadline) changeParts() []Part {
	var parts []Part
	if d.course.suspended > 0 {
		rule := d.clock.pauseRule(d.course.stopped)
		parts = append(parts, Part{d.uncited("law.suspended"), []Value{
			length("days", d.course.suspended, CalendarDays),
			{Name: "cause", Word: "law.cause." + string(rule.Cause)}, {Name: "clause", Cite: rule.Clause},
		}})
	}
	if d.Extended {
		x := d.clock.Extension
		parts = append(parts, Part{d.uncited("law.extended"), []Value{
			length("length", x.Length, x.Unit), {Name: "clause", Cite: x.Clause},
			{Name: "reason", Word: "law.reason." + string(d.facts.Extension.Reason)},
			{Name: "date", Date: d.facts.Extension.NoticeSentAt.In(d.zone)},
		}})
	}
	return parts
}

// endParts tells over which days the end was moved, and where it is.
func (d Deadline) endParts() []Part {
	parts := d.skipped()
	for _, m := range d.course.moved {
		key := "law.moved." + strings.ToLower(m.Day.Weekday().String())
		values := []Value{{Name: "date", Date: m.Day.UTC()}}
		if m.Name != "" {
			key, values = "law.moved.holiday", append(values, Value{Name: "holiday", Text: m.Name})
		}
		parts = append(parts, Part{key, values})
	}
	due := d.Due.In(d.zone)
	values := []Value{{Name: "date", Date: due}, {Name: "time", Text: due.Format("15:04")}, {Name: "zone", Zone: d.zone.String()}}
	switch {
	case d.Paused:
		return append(parts, Part{"law.paused", values})
	case d.clock.Unit == Hours:
		return append(parts, Part{"law.due.instant", values})
	}
	return append(parts, Part{"law.due", values})
}

// skipped names the public holidays that lie within a count of business days; weekends go without saying.
func (d Deadline) skipped() []Part {
	var parts []Part
	if d.clock.Unit != BusinessDays {
		return parts
	}
	cal := d.engine.calendarOf(d.clock)
	for at := civil.Of(d.course.start, d.zone) + 1; at < d.course.last; at++ {
		if name, off := cal.NameOf(at); off && !cal.IsWeekend(at) {
			parts = append(parts, Part{"law.skipped", []Value{{Name: "date", Date: at.UTC()}, {Name: "holiday", Text: name}}})
		}
	}
	return parts
}

func length(name string, n int, unit Unit) Value {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	return Value{Name: name, Word: "law.length." + string(unit) + form, N: n}
}

// Words writes an explanation in a language.
func Words(t Texts, parts []Part) string {
	sentences := make([]string, len(parts))
	for i, p := range parts {
		pairs := make([]string, 0, 2*len(p.Values))
		for _, v := range p.Values {
			pairs = append(pairs, v.Name, v.in(t))
		}
		sentences[i] = t.Text(p.Key, pairs...)
	}
	return strings.Join(sentences, " ")
}

func (v Value) in(t Texts) string {
	switch {
	case v.Word != "":
		return t.Text(v.Word, "n", strconv.Itoa(v.N))
	case !v.Date.IsZero():
		return t.Date(v.Date)
	case v.Cite != "":
		return t.Citation(v.Cite)
	case v.Zone != "":
		return t.Zone(v.Zone)
	case v.Place != Jurisdiction{}:
		return t.Place(v.Place.Country, v.Place.Region)
	}
	return v.Text
}
