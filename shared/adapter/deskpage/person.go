package deskpage

import (
	"slices"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/staff"
)

// PathPeople is what stands before a person's keyed reference.
const PathPeople = "/desk/people"

// Ways are those by which people tell somebody at the desk that they opt out.
var Ways = []string{"telephone", "letter", "in_person", "other"}

// PersonPath is where a person is.
func PersonPath(ref person.Ref) string { return PathPeople + "/" + string(ref) }

// Person is all that the desk has of a person, by their keyed reference. No address stands in it.
type Person struct {
	casework.Person
	Today   civil.Day        `json:"-"`
	Topics  []settings.Topic `json:"-"`
	Typed   Typed            `json:"-"` // into one of the forms; it holds an address
	Faults  []Fault          `json:"errors,omitempty"`
	Stopped bool             `json:"-"`                 // an opt-out was just recorded
	Refused *Refusal         `json:"refused,omitempty"` // why what was asked for is not possible
	Lifted  bool             `json:"-"`                 // a bounce was just lifted
}

func (p Person) view(d *Desk, v Visit) view {
	t, in := v.Texts, inputs{v.Texts, "optout", p.Typed, p.Faults}
	body := parts{Head: []part{p.summary(d, t)}}
	body.Problem, body.Faults = in.problem(d, p.Refused)
	list := Queue{Page: casework.Page{Today: p.Today}}
	body.Parts = []part{
		{ID: "choices", Title: t.Text("desk.person.choices"), Table: p.choices(d, v)},
		{ID: "reports", Title: t.Text("desk.person.reports"), Texts: p.aboutReports(t), Table: p.reports(d, v)},
		{ID: "requests", Title: t.Text("desk.person.requests"), Table: caseTable(d, v, list, p.Rows, "desk.person.requests.")},
	}
	if len(p.Unconfirmed) > 0 {
		body.Parts = append(body.Parts, part{ID: "unconfirmed", Title: t.Text("desk.person.unconfirmed"), Texts: []string{t.Text("desk.person.unconfirmed.text")},
			Table: caseTable(d, v, list, p.Unconfirmed, "desk.person.unconfirmed."), Closed: true})
	}
	if len(p.Holds) > 0 {
		body.Parts = append(body.Parts, p.held(d, t))
	}
	if v.Account.Role.May(staff.Handle) {
		if p.bounces() {
			body.Parts[1].Forms = []form{p.liftForm(t)}
		}
		body.Parts = append(body.Parts, part{ID: "optout", Title: t.Text("desk.person.optout"), Texts: []string{t.Text("desk.person.optout.text")}, Forms: []form{p.form(in)}})
	}
	return view{shape: partsShape, title: t.Text("desk.person.title"), body: body, failed: body.Problem != ""}
}

func (p Person) summary(d *Desk, t *catalog.Texts) part {
	s := part{Texts: []string{t.Text("desk.person.lead")}, Facts: said(
		fact{Label: t.Text("desk.person.erased"), Value: d.day(t, p.ErasedAt)},
		fact{Label: t.Text("desk.person.ref"), Value: string(p.Ref), Note: t.Text("desk.person.ref.note")},
	)}
	if p.Stopped {
		s.Notice = t.Text("desk.person.stopped")
	}
	if p.Lifted && !p.bounces() {
		s.Notice = t.Text("desk.person.lifted")
	}
	return s
}

// choices are what holds by channel and topic, and how it came about.
func (p Person) choices(d *Desk, v Visit) *table {
	t := v.Texts
	list := &table{Caption: t.Text("desk.person.choices.caption"), Empty: t.Text("desk.person.choices.none"), Heads: []string{
		t.Text("desk.person.scope"), t.Text("desk.hold.state"), t.Text("desk.person.since"), t.Text("desk.person.how"),
	}}
	for _, c := range p.Choices {
		state := cell{Text: t.Text("desk.person.state." + string(c.State))}
		switch {
		case c.State == optout.Paused && c.Stops:
			state.Note = t.Text("desk.person.until", "date", t.Day(civil.Through(c.Until, d.Zone)))
		case c.State == optout.Paused:
			state.Text = t.Text("desk.person.state.resumed")
		case c.Stops && !c.Synced:
			state.Note = t.Text("desk.person.unsynced")
		}
		list.Rows = append(list.Rows, []cell{{Head: true, Text: p.scope(t, c.Scope)}, state, {Text: d.day(t, c.Since)}, p.how(v, c)})
	}
	return list
}

// scope names a channel, or a topic by its title.
func (p Person) scope(t *catalog.Texts, s optout.Scope) string {
	for _, topic := range p.Topics {
		if s == optout.Email.About(topic.ID) {
			return t.Text("desk.scope.topic", "topic", topic.Title(t.Lang()))
		}
	}
	return scopeName(t, s)
}

func (p Person) how(v Visit, c casework.Choice) cell {
	t := v.Texts
	switch {
	case c.Reduced:
		return cell{Text: t.Text("desk.person.reduced")}
	case c.Source == optout.FromOfficer && c.Detail != "":
		note := t.Named("desk.way.", c.Detail)
		if c.Officer != "" {
			note += " · " + who(t, v, c.Officer)
		}
		return cell{Text: t.Text("desk.told.officer"), Note: note}
	}
	return cell{Text: t.Named("desk.told.", string(c.Source)), Note: c.Campaign}
}

// bounces reports whether a bounce holds the mailbox back.
func (p Person) bounces() bool { return p.stops(p.Reports, optout.Bounce) }

// stops reports whether something of a channel as a whole stops mail.
func (p Person) stops(all []casework.Choice, of optout.Channel) bool {
	return slices.ContainsFunc(all, func(c casework.Choice) bool { return c.Stops && c.Scope == of.Scope() })
}

// aboutReports says what the reports mean; where a bounce was lifted, what stops marketing all the same.
func (p Person) aboutReports(t *catalog.Texts) []string {
	if len(p.Reports) == 0 {
		return nil
	}
	texts := []string{t.Text("desk.person.reports.text")}
	if !slices.ContainsFunc(p.Reports, lifted) {
		return texts
	}
	if p.stops(p.Choices, optout.Email) {
		texts = append(texts, t.Text("desk.person.lifted.optout"))
	}
	if p.stops(p.Reports, optout.Complaint) {
		texts = append(texts, t.Text("desk.person.lifted.complaint"))
	}
	return texts
}

// lifted reports whether an officer has lifted the bounce.
func lifted(c casework.Choice) bool { return c.Source == optout.FromOfficer && !c.Stops }

// reports are what the mail service said of the mailbox.
func (p Person) reports(d *Desk, v Visit) *table {
	t := v.Texts
	list := &table{Caption: t.Text("desk.person.reports.caption"), Empty: t.Text("desk.person.reports.none"), Heads: []string{
		t.Text("desk.person.report"), t.Text("desk.hold.state"), t.Text("desk.person.since"), t.Text("desk.person.how"),
	}}
	for _, c := range p.Reports {
		state, how := "desk.person.report.counted", cell{Text: t.Named("desk.told.", string(c.Source)), Note: c.Detail}
		switch {
		case c.Stops && c.Scope == optout.Bounce.Scope():
			state = "desk.person.report.stops"
		case c.Stops:
			state = "desk.person.report.spam"
		case lifted(c):
			state, how = "desk.person.report.lifted", cell{Text: t.Text("desk.person.lifted.by"), Note: who(t, v, c.Officer) + ": " + c.Detail}
		}
		list.Rows = append(list.Rows, []cell{{Head: true, Text: t.Named("desk.scope.", string(c.Scope))}, {Text: t.Text(state)}, {Text: d.day(t, c.Since)}, how})
	}
	return list
}

// liftForm lets a bounce be lifted. There is none for a complaint: only the person takes that back.
func (p Person) liftForm(t *catalog.Texts) form {
	in, since := inputs{t, "bounce", p.Typed, p.Faults}, []hidden{}
	for _, c := range p.Reports {
		if c.Scope == optout.Bounce.Scope() {
			since = append(since, hidden{"since", c.Since.UTC().Format(civil.Stamp)})
		}
	}
	return form{Action: PersonPath(p.Ref) + "/lift", Hidden: since, Intro: []string{t.Text("desk.person.lift.text")}, Button: t.Text("desk.person.lift.button"), Fields: []field{
		in.area("reason", 2), in.field("text", "mailbox"),
	}}
}

func (p Person) held(d *Desk, t *catalog.Texts) part {
	s := part{ID: "holds", Title: t.Text("desk.hold.title")}
	for _, h := range p.Holds {
		s.Texts = append(s.Texts, t.Text("desk.hold.keeps."+h.Subject()))
		s.Links = append(s.Links, link{PathHolds + "/" + h.ID, holdSubject(t, h)})
	}
	return s
}

// form takes an opt-out that somebody told us of. There is none for coming back: only the person can.
func (p Person) form(in inputs) form {
	t := in.t
	var scopes []option
	for _, c := range optout.Channels {
		scopes = append(scopes, option{Value: string(c.Scope()), Text: p.scope(t, c.Scope())})
	}
	scopes = append(scopes, option{Value: string(optout.Sale.Scope()), Text: p.scope(t, optout.Sale.Scope())})
	for _, topic := range p.Topics {
		s := optout.Email.About(topic.ID)
		scopes = append(scopes, option{Value: string(s), Text: p.scope(t, s)})
	}
	return form{Action: PersonPath(p.Ref) + "/optout", Button: t.Text("desk.person.optout.button"), Fields: []field{
		in.choice("boxes", "scopes", scopes), in.choice("select", "how", coded(t, "desk.way.", Ways)), in.field("text", "address"),
	}}
}

// caseTable lists requests of a person, or of a search.
func caseTable(d *Desk, v Visit, q Queue, rows []casework.Row, key string) *table {
	t := v.Texts
	list := &table{Caption: t.Text(key + "caption"), Empty: t.Text(key + "none")}
	for _, name := range []string{"reference", "due", "person", "kinds", "place", "state", "assignee"} {
		list.Heads = append(list.Heads, t.Text("desk.column."+name))
	}
	for _, r := range rows {
		cells := q.row(d, t, v, r)
		cells[0].Box, cells[0].BoxLabel = "", ""
		list.Rows = append(list.Rows, cells)
	}
	return list
}
