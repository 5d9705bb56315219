package deskpage

import (
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/staff"
)

// systems are what other systems must do, how far each has come, and what it said.
func (p File) systems(d *Desk, v Visit) part {
	t, q := v.Texts, p.File.Request
	if len(p.File.Systems) == 0 {
		return part{}
	}
	s := part{ID: "systems", Title: t.Text("desk.systems"), Table: &table{
		Caption: t.Text("desk.systems.caption"),
		Heads:   []string{t.Text("desk.systems.name"), t.Text("desk.systems.task"), t.Text("desk.systems.state"), t.Text("desk.systems.when"), t.Text("desk.systems.answer")},
	}}
	for _, e := range p.File.Systems {
		s.Table.Rows = append(s.Table.Rows, []cell{
			{Text: d.systemName(t, e.System), Note: d.duty(t, e), Head: true}, {Text: t.Named("desk.task.", string(e.Task))},
			d.howFar(v, e), d.untilWhen(v, e), d.said(v, e),
		})
	}
	if !q.Reduced() {
		s.Links = may(v, staff.SetSystems, link{ActPath(q.ID, "system"), t.Text("desk.form.system")})
		s.Links = append(s.Links, may(v, staff.SetSystems, link{ActPath(q.ID, "tell"), t.Text("desk.form.tell")})...)
	}
	return s
}

// systemName is a system as desk.yaml names it; its id where it is gone from there.
func (d *Desk) systemName(t *catalog.Texts, id string) string {
	for _, s := range d.Systems {
		if s.ID == id {
			return s.Name.In(t.Lang())
		}
	}
	return id
}

// duty says whether the request waits for the system, and who is asked.
func (d *Desk) duty(t *catalog.Texts, e ledger.Entry) string {
	words := t.Text("desk.system.optional")
	if e.Required {
		words = t.Text("desk.system.required")
	}
	for _, s := range d.Systems {
		if s.ID == e.System && e.OfOwner(s) {
			words += ", " + t.Text("desk.system.by_owner", "owner", s.Owner)
		}
	}
	return words
}

func (d *Desk) howFar(v Visit, e ledger.Entry) cell {
	t := v.Texts
	c := cell{Text: t.Named("desk.system.", string(e.State))}
	switch {
	case !e.EndedAt.IsZero():
		c.Note = d.moment(t, e.EndedAt, v.Now)
	case !e.ToldAt.IsZero() && e.State == ledger.Told:
		c.Note = t.Text("desk.system.told_at", "time", d.moment(t, e.ToldAt, v.Now))
		if !e.RemindedAt.IsZero() {
			c.Note += ", " + t.Text("desk.system.reminded_at", "time", d.moment(t, e.RemindedAt, v.Now))
		}
	case e.Attempts > 0:
		c.Note = t.Plural("desk.system.attempts", e.Attempts)
		if !e.TellAt.IsZero() {
			c.Note += ", " + t.Text("desk.system.again", "time", d.moment(t, e.TellAt, v.Now))
		}
	}
	return c
}

func (d *Desk) untilWhen(v Visit, e ledger.Entry) cell {
	switch {
	case e.Ended():
		return cell{}
	case e.Late(v.Now):
		return cell{Text: v.Texts.Text("desk.system.late", "date", d.day(v.Texts, e.DueAt)), Tone: "late"}
	}
	return cell{Text: v.Texts.Text("desk.system.until", "date", d.day(v.Texts, e.DueAt))}
}

// said is what the system answered, or what an officer entered in its place.
func (d *Desk) said(v Visit, e ledger.Entry) cell {
	t := v.Texts
	c := cell{Text: catalog.Capital(t.Ground(e.Ground))}
	if key := "desk.system.ground." + e.Ground; t.Has(key) {
		c.Text = t.Text(key)
	}
	if e.Records > 0 {
		c.Text = t.Plural("desk.system.records", e.Records)
	}
	switch {
	case e.By == "" && e.Why != "":
		c.Note = t.Text("desk.system.owner_why", "why", e.Why)
	case e.By != "":
		c.Note = t.Text("desk.system.why", "who", who(t, v, e.By), "why", e.Why)
	}
	return c
}

// TaskOf names an entry of the ledger in a form: "erasure/crm".
func TaskOf(e ledger.Entry) string { return string(e.Task) + "/" + e.System }

func (d *Desk) systemTasks(t *catalog.Texts, choices []Choice) []option {
	var all []option
	for _, c := range choices {
		task, system, _ := strings.Cut(c.Value, "/")
		all = append(all, option{Value: c.Value, Text: d.systemName(t, system) + ": " + t.Named("desk.task.", task)})
	}
	return all
}

func (a Act) systemFields(d *Desk, in inputs) []field {
	return []field{
		in.choice("radio", "which", d.systemTasks(in.t, a.Choices)), in.choice("radio", "outcome", coded(in.t, "desk.system.", ledger.Outcomes)),
		in.field("text", "records"), in.area("ground", 2), in.area("why", 2),
	}
}
