package deskpage

import (
	"encoding/json"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
)

// PathDay is the digest as a screen.
const PathDay = "/desk/day"

// Day is what the day brings: the digest as a screen, by references only.
type Day struct {
	Today   civil.Day       `json:"today"`
	Counts  casework.Counts `json:"counts"`
	Overdue []casework.Row  `json:"overdue"`
	Soon    []casework.Row  `json:"due_this_week"`
	ToSign  []casework.Row  `json:"to_sign"` // drafts of colleagues that wait for another's signature
	ToPost  []casework.Row  `json:"to_post"` // letters on paper
	Looks   []casework.Row  `json:"look_at"` // a mail came, or a letter did not go
	Mine    []casework.Row  `json:"mine"`
}

func (s Day) view(_ *Desk, v Visit) view {
	t := v.Texts
	body := parts{Head: []part{{Links: counts(t, s.Counts)}}}
	for _, l := range []struct {
		id   string
		rows []casework.Row
		more casework.View
	}{{"overdue", s.Overdue, casework.ViewOverdue}, {"soon", s.Soon, casework.ViewWeek}, {"sign", s.ToSign, casework.ViewToSign}, {"post", s.ToPost, casework.ViewToPost}, {"looks", s.Looks, casework.ViewReplies}, {"mine", s.Mine, casework.ViewMine}} {
		body.Parts = append(body.Parts, part{ID: l.id, Title: t.Text("desk.day." + l.id), Table: s.table(t, l.id, l.rows), Links: []link{{PathHome + "?view=" + string(l.more), t.Text("desk.day.open")}}})
	}
	return view{shape: partsShape, title: t.Text("desk.day.title", "date", t.Day(s.Today)), body: body}
}

// table names requests by reference: whose they are is read in their files.
func (s Day) table(t *catalog.Texts, id string, rows []casework.Row) *table {
	list := &table{Caption: t.Text("desk.day.caption", "list", t.Text("desk.day."+id)), Empty: t.Text("desk.day." + id + ".none")}
	for _, name := range []string{"reference", "due", "kinds", "place", "state"} {
		list.Heads = append(list.Heads, t.Text("desk.column."+name))
	}
	for _, r := range rows {
		when := cell{}
		if !r.Due.IsZero() {
			words, tone := left(t, r, s.Today)
			when = cell{Text: words, Note: shortDay(t, r.Due, s.Today), Tone: tone}
		}
		list.Rows = append(list.Rows, []cell{
			{Head: true, Text: r.Reference, Href: FilePath(r.Reference)}, when, {Text: askedFor(t, r.Kinds, r.Unsure)}, placeAndLaw(t, r),
			{Text: stateName(t, r.Kinds, r.State), Tags: tags(t, r)},
		})
	}
	return list
}

// MarshalJSON is the day for machines, without even the masked addresses.
func (s Day) MarshalJSON() ([]byte, error) {
	for _, list := range []*[]casework.Row{&s.Overdue, &s.Soon, &s.ToSign, &s.ToPost, &s.Looks, &s.Mine} {
		*list = append([]casework.Row{}, *list...)
		for i := range *list {
			(*list)[i].Person = ""
		}
	}
	type day Day
	return json.Marshal(day(s))
}
