package deskpage

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestmail"
)

// Course is what an act does to the date, and which letters go.
type Course struct {
	State  lifecycle.State   `json:"state"`            // after it
	Before time.Time         `json:"before,omitzero"`  // the date now; zero: none runs
	DueAt  time.Time         `json:"due_at,omitzero"`  // the date after it; zero: none runs any more
	Until  time.Time         `json:"until,omitzero"`   // by when the person must answer
	Stands bool              `json:"stands,omitempty"` // our clock stands still meanwhile
	Lapses bool              `json:"lapses,omitempty"` // without an answer the request ends
	Mails  []outbox.Template `json:"mails"`
	Paper  bool              `json:"paper,omitempty"`     // they are posted
	Signed bool              `json:"signature,omitempty"` // a colleague must sign it first; nothing else happens before
}

// CourseOf is what an act makes of a request. While nobody has confirmed it no date of
// ours runs, but the link ends.
func CourseOf(q *request.Request, o casework.Outcome) Course {
	c := Course{State: o.State, Before: o.Before, DueAt: o.DueAt, Stands: o.Stands, Mails: o.Mails, Paper: o.Request.Paper, Signed: !q.Draft.ToSign() && o.Request.Draft.ToSign()}
	if q.State == lifecycle.Unverified && (o.State == lifecycle.Unverified || o.State.Closed()) {
		c.Before = q.DueAt
	}
	if o.State == lifecycle.Unverified {
		c.DueAt = o.Request.DueAt
	}
	if w := o.Request.Waiting; w != nil {
		c.Until, c.Lapses = w.Until, !w.Resumes
	}
	return c
}

// words say it, the date first.
func (c Course) words(d *Desk, t *catalog.Texts) []string {
	if c.Signed {
		return []string{t.Text("desk.course.signed")}
	}
	texts := []string{c.date(d, t)}
	if c.State == lifecycle.WaitingForPerson && !c.Until.IsZero() {
		key := "desk.course.until.goes_on"
		if c.Lapses {
			key = "desk.course.until.ends"
		}
		texts = append(texts, t.Text(key, "until", d.lastDay(t, c.Until)))
	}
	return append(texts, going(t, c.Paper, c.Mails)...)
}

// going says which letters go, and how. What asks for a click goes by email alone.
func going(t *catalog.Texts, paper bool, mails []outbox.Template) []string {
	if len(mails) == 0 {
		return []string{t.Text("desk.course.silent")}
	}
	ways := map[string][]outbox.Template{}
	for _, m := range mails {
		key := "desk.course.mails"
		if paper && m != requestmail.Verify {
			key = "desk.course.papers"
		}
		ways[key] = append(ways[key], m)
	}
	var texts []string
	for _, key := range slices.Sorted(maps.Keys(ways)) {
		texts = append(texts, t.Text(key, "mails", letters(t, ways[key])))
	}
	return texts
}

// letters names letters as an officer does.
func letters(t *catalog.Texts, mails []outbox.Template) string {
	var names []string
	for _, m := range mails {
		names = append(names, t.Named("desk.mail.", string(m)))
	}
	return strings.Join(names, ", ")
}

// scopes names what is opted out of.
func scopes(t *catalog.Texts, all []optout.Scope) string {
	var names []string
	for _, s := range all {
		names = append(names, scopeName(t, s))
	}
	return strings.Join(names, ", ")
}

// scopeName names a channel, or a topic by its id.
func scopeName(t *catalog.Texts, s optout.Scope) string {
	if topic := s.Topic(); topic != "" {
		return t.Text("desk.scope.topic", "topic", topic)
	}
	return t.Named("desk.scope.", string(s))
}

// kindNames names what is asked for as an officer does.
func kindNames(t *catalog.Texts, kinds []intake.Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, t.Named("desk.kind.", string(k)))
	}
	return strings.Join(names, " · ")
}

func (c Course) date(d *Desk, t *catalog.Texts) string {
	due, before := d.lastDay(t, c.DueAt), d.lastDay(t, c.Before)
	switch {
	case c.State.Closed() && c.DueAt.IsZero() && c.Before.IsZero():
		return t.Text("desk.course.stays_closed")
	case c.DueAt.IsZero():
		return t.Text("desk.course.closes")
	case c.Stands:
		return t.Text("desk.course.stands", "date", due)
	case c.Before.IsZero():
		return t.Text("desk.course.opens", "date", due)
	case due == before && c.State == lifecycle.Unverified:
		return t.Text("desk.course.unconfirmed", "date", due)
	case due == before && c.State == lifecycle.WaitingForPerson && !c.Until.IsZero():
		return t.Text("desk.course.runs", "date", due)
	case due == before:
		return t.Text("desk.course.same", "date", due)
	}
	return t.Text("desk.course.moves", "date", due, "before", before)
}

// lastDay is the day of a date that ends a day, where the organisation is.
func (d *Desk) lastDay(t *catalog.Texts, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.Date(at.Add(-time.Millisecond).In(d.Zone))
}

// day is the day of a moment, where the organisation is.
func (d *Desk) day(t *catalog.Texts, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return t.Date(at.In(d.Zone))
}

// clock is the time of day of a moment, where the organisation is.
func (d *Desk) clock(at time.Time) string { return at.In(d.Zone).Format("15:04") }

// Happened is an entry of the history, for whoever had an older file before them.
type Happened struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind"`
	Who  string    `json:"who,omitempty"`  // a name; "": not an officer, or one without a name
	Own  bool      `json:"own,omitempty"`  // who reads this did it
	Note string    `json:"note,omitempty"` // the words that go with it
}

// stale says what somebody did while a form lay open.
func stale(d *Desk, t *catalog.Texts, since []Happened, typed bool) part {
	if len(since) == 0 {
		return part{}
	}
	p := part{ID: "since", Title: t.Text("desk.stale"), Wrong: true, Notice: t.Text("desk.stale.text")}
	if typed {
		p.Texts = []string{t.Text("desk.stale.kept")}
	}
	for _, h := range since {
		what := t.Text("desk.stale.changed")
		if t.Has("desk.event." + h.Kind) {
			what = t.Text("desk.event." + h.Kind)
		}
		who := h.Who
		if h.Own {
			who = t.Text("desk.stale.you")
		}
		p.Events = append(p.Events, event{When: d.day(t, h.At) + ", " + d.clock(h.At), What: what, Who: who, Note: h.Note})
	}
	return p
}

// aboutRequest says which request it is, and what it asks for.
func aboutRequest(t *catalog.Texts, reference string, kinds []intake.Kind, unsure bool) string {
	names := []string{kindNames(t, kinds)}
	if unsure {
		names = append(slices.DeleteFunc(names, func(n string) bool { return n == "" }), t.Text("desk.kind.unsure"))
	}
	return reference + ": " + strings.Join(names, " · ")
}

// in puts one side of a change into words.
func (c Change) in(d *Desk, t *catalog.Texts, codes []string) string {
	group := map[string]string{"kinds": "desk.kind.", "on_behalf_of": "desk.behalf.", "waiting": "law.cause."}[c.What]
	var names []string
	for _, code := range codes {
		switch c.What {
		case "place":
			if p, err := deadline.ParseJurisdiction("", code); err == nil && p.Country != "" {
				code = t.Place(p.Country, p.Region)
			} else if p, err := deadline.ParseJurisdiction(code, ""); err == nil && code != "" {
				code = t.Place(p.Country, "")
			}
		case "language":
			code = catalog.Name(code)
		case "due_at":
			code = d.fact(t, c.What, code)
		}
		if group != "" {
			code = t.Named(group, code)
		}
		names = append(names, code)
	}
	if text := strings.Join(names, " · "); text != "" {
		return text
	}
	return t.Text("desk.unknown")
}

// kept leaves out the parts that say nothing.
func kept(all ...part) []part {
	var some []part
	for _, p := range all {
		if p.Title+p.Notice != "" {
			some = append(some, p)
		}
	}
	return some
}

func number(n int) string { return strconv.Itoa(n) }

func hiddenSeq(seq int) []hidden { return []hidden{{"seq", number(seq)}} }
