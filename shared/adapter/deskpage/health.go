package deskpage

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/health"
)

// Health says how the desk itself is doing.
type Health struct {
	Lines []health.Line `json:"lines"`
}

// tones are the colours of the states, which their words repeat.
var tones = map[health.State]string{health.Good: "calm", health.Look: "soon", health.Act: "late", health.Unknown: "late"}

func (h Health) view(d *Desk, v Visit) view {
	t := v.Texts
	list := &table{Caption: t.Text("desk.health.caption"), Heads: []string{
		t.Text("desk.health.what"), t.Text("desk.health.state"), t.Text("desk.health.found"), t.Text("desk.health.todo"),
	}}
	for _, l := range h.Lines {
		todo := cell{}
		if l.State != health.Good {
			todo = cell{Text: t.Text("desk.health.do." + string(l.Code)), Note: t.Text("desk.health.runbook", "name", "infra/runbooks/"+l.Runbook+".md")}
		}
		list.Rows = append(list.Rows, []cell{
			{Head: true, Text: t.Text("desk.health.of." + string(l.Code)), Href: healthLink[l.Code]},
			{Text: t.Text("desk.health.is." + string(l.State)), Tone: tones[l.State]}, {Text: d.healthFound(t, l)}, todo,
		})
	}
	return view{shape: partsShape, title: t.Text("desk.health.title"), body: parts{Lead: []string{t.Text("desk.health.lead")}, Parts: []part{{Table: list}}}}
}

// healthLink leads to where a line can be worked off.
var healthLink = map[health.Code]string{health.Overdue: PathHome + "?view=overdue", health.Unsent: PathHome + "?view=unsent"}

func (d *Desk) healthFound(t *catalog.Texts, l health.Line) string {
	n := t.Number(l.N)
	if l.More {
		n = t.Text("desk.health.least", "number", n)
	}
	key, pairs := "desk.health.found."+string(l.Code), []string{"number", n, "since", d.atTime(t, l.Since), "repaired", t.Number(l.Repaired)}
	switch {
	case l.State == health.Unknown:
		return t.Text("desk.health.found.unknown")
	case l.N == 0 && l.Since.IsZero():
		return t.Text(key + ".none")
	}
	return t.Text(key, pairs...)
}
