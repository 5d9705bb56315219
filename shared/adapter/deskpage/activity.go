package deskpage

import (
	"privacydesk/shared/domain/activity"
	"privacydesk/shared/domain/staff"
)

// PathActivity is the screen of who did what.
const PathActivity = "/desk/activity"

// Activity says who did what at the desk, and who looked.
type Activity struct {
	activity.Report
	Only activity.Only `json:"only,omitempty"`
}

func (a Activity) view(d *Desk, v Visit) view {
	t := v.Texts
	list := &table{Caption: t.Text("desk.activity.caption"), Empty: t.Text("desk.activity.none"), Heads: []string{
		t.Text("desk.activity.when"), t.Text("desk.activity.who"), t.Text("desk.activity.what"), t.Text("desk.activity.where"),
	}}
	for _, l := range a.Lines {
		where := cell{Text: l.Request, Href: FilePath(l.Request)}
		if l.Request == "" {
			where = cell{Text: t.Text("desk.activity.hold", "id", l.Hold), Href: PathHolds + "/" + l.Hold}
		}
		if !v.Account.Role.May(staff.SeeFile) {
			where.Href = ""
		}
		list.Rows = append(list.Rows, []cell{{Head: true, Text: d.moment(t, l.At, v.Now)}, {Text: who(t, v, l.Officer)}, {Text: t.Named("desk.event.", l.What)}, where})
	}
	lead := []string{t.Plural("desk.activity.covers", a.Requests)}
	if a.More {
		lead = append(lead, t.Text("desk.activity.more"))
	}
	var links []link
	for _, only := range []activity.Only{"", activity.Did, activity.Saw} {
		if text := t.Text("desk.activity.only." + string(only)); only != a.Only {
			links = append(links, link{PathActivity + onlyQuery(only), text})
		}
	}
	return view{shape: partsShape, title: t.Text("desk.activity.title"), body: parts{Lead: lead, Parts: []part{{Links: links, Table: list}}}}
}

func onlyQuery(only activity.Only) string {
	if only == "" {
		return ""
	}
	return "?only=" + string(only)
}
