package deskpage

import (
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
)

// Found is what a search has found, where it leads to no one place.
type Found struct {
	casework.Found
	Today  civil.Day `json:"-"`
	Faults []Fault   `json:"errors,omitempty"`
}

func (f Found) view(d *Desk, v Visit) view {
	t := v.Texts
	if len(f.Faults) > 0 {
		in := inputs{t, "search", nil, f.Faults}
		_, wrong := in.summary()
		return view{shape: messageShape, title: t.Text("desk.search.title"), body: message{Texts: []string{wrong[0].Text}, Links: []link{{PathHome, t.Text("desk.back")}}, Wrong: true}, failed: true}
	}
	body := parts{Parts: []part{{Table: caseTable(d, v, Queue{Page: casework.Page{Today: f.Today}}, f.Rows, "desk.search."+string(f.By)+".")}}}
	if f.By == casework.ByName {
		body.Lead = []string{t.Text("desk.search.lead")}
	}
	if f.More {
		body.Lead = append(body.Lead, t.Text("desk.search.more"))
	}
	return view{shape: partsShape, title: t.Text("desk.search.title"), body: body}
}
