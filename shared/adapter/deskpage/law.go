package deskpage

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/staff"
)

// PathLaw is the law table; below it each law has a page.
const PathLaw = "/desk/law"

// Law lists the laws that the desk counts by, and computes a date by them.
type Law struct {
	Version string    `json:"version"`
	Asked   AskedDate `json:"asked"`
	Dates   []DueDate `json:"dates,omitempty"`
	Faults  []Fault   `json:"errors,omitempty"`
	Laws    []Regime  `json:"laws"`
}

// AskedDate is a request as somebody asks about it.
type AskedDate struct {
	Received civil.Day     `json:"received,omitzero"`
	Kind     deadline.Kind `json:"kind,omitempty"`
	Country  string        `json:"country,omitempty"`
	Region   string        `json:"region,omitempty"` // as a form has it: "US-CA"
	Appeal   bool          `json:"appeal,omitempty"`
}

// DueDate is one date, and why.
type DueDate struct {
	Purpose deadline.Purpose `json:"purpose"`
	Due     time.Time        `json:"due"`
	Law     string           `json:"law,omitempty"` // its name; none: of no law
	Clause  string           `json:"clause,omitempty"`
	Why     []deadline.Part  `json:"-"`
	Because string           `json:"because"` // Why, in English
}

func (l Law) view(d *Desk, v Visit) view {
	t, in := v.Texts, inputs{v.Texts, "law", l.typed(), l.Faults}
	body := parts{Lead: []string{t.Text("desk.law.lead")}, Parts: []part{{
		ID: "date", Title: t.Text("desk.law.date"), Texts: []string{t.Text("desk.law.date.text")}, Forms: []form{l.form(in)},
	}}}
	body.Problem, body.Faults = in.summary()
	if len(l.Dates) > 0 {
		body.Head = []part{l.answer(d, t)}
	}
	body.Parts = append(body.Parts, l.list(t), part{
		Links: append([]link{{PathSettings, t.Text("desk.settings.title")}}, may(v, staff.SeeRegister, link{PathDisposal, t.Text("desk.settings.schedule")})...),
	})
	return view{shape: partsShape, title: t.Text("desk.law.title"), body: body, failed: len(l.Faults) > 0}
}

// typed is what was asked, as the form has it.
func (l Law) typed() Typed {
	typed := Typed{"kind": {string(l.Asked.Kind)}, "country": {l.Asked.Country}, "region": {l.Asked.Region}}
	if !l.Asked.Received.IsZero() {
		typed["received"] = []string{l.Asked.Received.String()}
	}
	if l.Asked.Appeal {
		typed["appeal"] = []string{"yes"}
	}
	return typed
}

func (l Law) form(in inputs) form {
	t := in.t
	var kinds []option
	for _, k := range deadline.Kinds() {
		if key := "desk.kind." + string(k); t.Has(key) {
			kinds = append(kinds, option{Value: string(k), Text: t.Text(key)})
		}
	}
	return form{Get: true, Action: PathLaw, Quiet: true, Button: t.Text("desk.law.button"), Fields: []field{
		in.field("date", "received"), in.choice("select", "kind", kinds), in.choice("select", "country", countries(t)), in.choice("select", "region", regions(t)),
		in.choice("boxes", "appeal", []option{{Value: "yes", Text: t.Text("desk.law.appeal")}}),
	}}
}

// answer is the date by which an answer is due, and all others.
func (l Law) answer(d *Desk, t *catalog.Texts) part {
	p := part{ID: "answer", Title: t.Text("desk.law.answer", "date", d.day(t, l.Dates[0].Due)), Texts: []string{t.Text("desk.law.answer.of",
		"kind", t.Named("desk.kind.", string(l.Asked.Kind)), "place", l.place(t), "date", t.Day(l.Asked.Received),
	)}}
	for _, due := range l.Dates {
		p.Facts = append(p.Facts, fact{
			Label: t.Text("desk.law.must." + string(due.Purpose)), Value: d.day(t, due.Due), Note: deadline.Words(t, due.Why),
		})
	}
	return p
}

func (l Law) place(t *catalog.Texts) string {
	switch region := strings.TrimPrefix(l.Asked.Region, l.Asked.Country+"-"); {
	case l.Asked.Country == "":
		return t.Text("desk.place.unknown")
	default:
		return t.Place(l.Asked.Country, region)
	}
}

func (l Law) list(t *catalog.Texts) part {
	list := &table{Caption: t.Text("desk.law.caption", "version", l.Version), Heads: []string{
		t.Text("desk.law.name"), t.Text("desk.law.places"), t.Text("desk.law.periods"), t.Text("desk.law.checked"),
	}}
	for _, r := range l.Laws {
		list.Rows = append(list.Rows, []cell{
			{Head: true, Text: t.Citation(r.Name), Href: PathLaw + "/" + r.ID}, {Text: lawPlaces(t, r, 2)}, {Text: lawPeriods(t, r)}, {Text: lawDay(t, r.CheckedOn)},
		})
	}
	return part{ID: "laws", Title: t.Text("desk.law.laws"), Table: list}
}

// lawPlaces names where a law holds, or how many places those are where they are more than most.
func lawPlaces(t *catalog.Texts, r Regime, most int) string {
	var names []string
	for _, p := range r.Places {
		country, region, _ := strings.Cut(p, "-")
		if p == "*" {
			return t.Text("desk.law.everywhere")
		}
		names = append(names, t.Place(country, region))
	}
	if len(names) > most {
		return t.Plural("desk.law.countries", len(names))
	}
	return strings.Join(names, "; ")
}

// lawPeriods are the lengths of a law, each purpose with its different ones.
func lawPeriods(t *catalog.Texts, r Regime) string {
	var all []string
	for _, c := range r.Clocks {
		if text := t.Text("desk.law.must."+string(c.Purpose)) + ": " + lawLength(t, c.Length, c.Unit); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return strings.Join(all, "; ")
}

func lawLength(t *catalog.Texts, n int, unit deadline.Unit) string {
	form := ".other"
	if n == 1 {
		form = ".one"
	}
	return t.Text("law.length."+string(unit)+form, "n", strconv.Itoa(n))
}

// lawDay writes a day that is stored as text.
func lawDay(t *catalog.Texts, day string) string {
	at, err := civil.Parse(day)
	if err != nil {
		return day
	}
	return t.Day(at)
}
