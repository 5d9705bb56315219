package deskpage

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/staff"
)

// Fields of the queue's address.
const (
	FieldView  = "view"
	FieldState = "state"
	FieldKind  = "kind"
	FieldPlace = "place"
	FieldLaw   = "law"
	FieldFrom  = "from"
	FieldTo    = "to"
	FieldHeld  = "held"
	FieldAfter = "after"
)

// Queue is the screen at GET /desk: what is due, the soonest first.
type Queue struct {
	Query casework.Query `json:"-"`
	casework.Page
	Unusable []string `json:"unusable,omitempty"` // fields of the address that could not be read
}

type queueBody struct {
	Problem string
	Faults  []link
	Counts  []link
	Names   string // of the views
	Views   []navLink
	Filter  filterForm
	Table   table
	Bulk    *bulkBar
	Notice  string
	Pages   []link
}

type filterForm struct {
	Title, Button string
	Open          bool
	Hidden        []hidden
	Fields        []field
	Clear         *link
}

type bulkBar struct {
	Action, Title string
	Buttons       []bulkButton
}

type bulkButton struct{ Action, Value, Text string }

func (p Queue) view(d *Desk, v Visit) view {
	t := v.Texts
	body := queueBody{Names: t.Text("desk.views"), Filter: p.filter(t), Table: p.table(d, t, v), Bulk: bulk(t, v.Account.Role), Pages: p.pages(t)}
	if len(p.Unusable) > 0 {
		var fields []string
		for _, name := range p.Unusable {
			fields = append(fields, t.Text("desk.filter."+name))
		}
		body.Problem = t.Text("desk.filter.wrong", "fields", strings.Join(fields, ", "))
	}
	if p.Counts != nil {
		body.Counts = counts(t, *p.Counts)
	}
	for _, of := range casework.Views {
		body.Views = append(body.Views, navLink{p.address(casework.Query{View: of}), t.Text("desk.view." + string(of)), of == p.View})
	}
	if p.Partly {
		body.Notice = t.Text("desk.page.partly")
	}
	if len(p.Rows) == 0 {
		body.Bulk = nil
	}
	return view{shape: queueShape, title: t.Text("desk.queue.title"), body: body, failed: len(p.Unusable) > 0}
}

// counts are the first line. What has a view of its own leads there.
func counts(t *catalog.Texts, c casework.Counts) []link {
	var list []link
	for _, one := range []struct {
		key   string
		view  casework.View
		count casework.Count
	}{
		{"desk.count.overdue", casework.ViewOverdue, c.Overdue}, {"desk.count.week", casework.ViewWeek, c.Week}, {"desk.count.appeals", casework.ViewAppeals, c.Appeals},
		{"desk.count.waiting", casework.ViewWaiting, c.Waiting}, {"desk.count.new", "", c.New}, {"desk.count.unconfirmed", casework.ViewUnconfirmed, c.Unconfirmed},
	} {
		l := link{Text: t.Plural(one.key, one.count.N)}
		if one.count.More {
			l.Text = t.Text(one.key+".other", "n", strconv.Itoa(one.count.N)+"+")
		}
		if one.view != "" && one.count.N > 0 {
			l.Href = Queue{}.address(casework.Query{View: one.view})
		}
		list = append(list, l)
	}
	return list
}

// address is that of a queue. It holds no person, and none can be typed into it.
func (p Queue) address(q casework.Query) string {
	values := url.Values{}
	for name, value := range map[string]string{
		FieldState: string(q.State), FieldKind: string(q.Kind), FieldPlace: q.Place, FieldLaw: q.Law, FieldFrom: dayText(q.From), FieldTo: dayText(q.To), FieldAfter: q.After,
	} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.View != "" && q.View != casework.ViewNext {
		values.Set(FieldView, string(q.View))
	}
	if q.Held {
		values.Set(FieldHeld, "yes")
	}
	if len(values) == 0 {
		return PathHome
	}
	return PathHome + "?" + values.Encode()
}

func dayText(d civil.Day) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func (p Queue) filtered() bool {
	q := p.Query
	q.View, q.After, q.Officer, q.Size = "", "", "", 0
	return q != casework.Query{}
}

// filter is the form that narrows a view. It is sent by GET, so that what it shows can be kept as a bookmark.
func (p Queue) filter(t *catalog.Texts) filterForm {
	q := p.Query
	f := filterForm{Title: t.Text("desk.filter.title"), Button: t.Text("desk.filter.button"), Open: len(p.Unusable) > 0}
	if q.View != "" {
		f.Hidden = []hidden{{FieldView, string(q.View)}}
	}
	if p.filtered() {
		f.Open, f.Title, f.Clear = true, t.Text("desk.filter.on"), &link{p.address(casework.Query{View: q.View}), t.Text("desk.filter.clear")}
	}
	selected := func(name, chosen string, options []option) field {
		all := []option{{Text: t.Text("desk.filter.any")}}
		for _, o := range options {
			o.Chosen = o.Value == chosen
			all = append(all, o)
		}
		return field{Kind: "select", Name: name, Label: t.Text("desk.filter." + name), Options: all}
	}
	f.Fields = []field{
		selected(FieldState, string(q.State), coded(t, "desk.state.", lifecycle.States)), selected(FieldKind, string(q.Kind), coded(t, "desk.kind.", intake.Kinds())),
		selected(FieldPlace, q.Place, p.places(t)), selected(FieldLaw, q.Law, laws(t)),
		{Kind: "date", Name: FieldFrom, Label: t.Text("desk.filter.from"), Value: dayText(q.From)},
		{Kind: "date", Name: FieldTo, Label: t.Text("desk.filter.to"), Value: dayText(q.To)},
		{Kind: "boxes", Name: FieldHeld, Label: t.Text("desk.filter.held"), Options: []option{{Value: "yes", Text: t.Text("desk.filter.held.yes"), Chosen: q.Held}}},
	}
	return f
}

// places are those that a law names, and those of the rows.
func (p Queue) places(t *catalog.Texts) []option {
	codes := []string{p.Query.Place}
	for _, r := range deadline.Default().Regimes {
		codes = append(codes, r.Places...)
	}
	for _, r := range p.Rows {
		codes = append(codes, r.Place.Country, r.Place.String())
	}
	slices.Sort(codes)
	var all []option
	for _, code := range slices.Compact(codes) {
		if country, region, _ := strings.Cut(code, "-"); code != "" && code != "*" {
			all = append(all, option{Value: code, Text: t.Place(country, region)})
		}
	}
	slices.SortFunc(all, func(a, b option) int { return strings.Compare(a.Text, b.Text) })
	return all
}

func laws(t *catalog.Texts) []option {
	var all []option
	for _, r := range deadline.Default().Regimes {
		all = append(all, option{Value: r.ID, Text: t.Citation(r.Name)})
	}
	return append(all, option{Value: "strictest", Text: t.Text("desk.filter.strictest")})
}

func (p Queue) pages(t *catalog.Texts) []link {
	var links []link
	at := p.Query
	if at.After != "" {
		at.After = ""
		links = append(links, link{p.address(at), t.Text("desk.page.first")})
	}
	if at.After = p.Next; p.Next != "" {
		key := "desk.page.next"
		if p.Partly {
			key = "desk.page.on"
		}
		links = append(links, link{p.address(at), t.Text(key)})
	}
	return links
}

// bulk offers what a role may do with many requests at once.
func bulk(t *catalog.Texts, role staff.Role) *bulkBar {
	bar := &bulkBar{Action: PathBulk, Title: t.Text("desk.bulk.title")}
	for _, b := range []struct {
		act, path string
		right     staff.Right
	}{
		{"assign", PathBulk, staff.Handle}, {"note", PathBulk, staff.Handle}, {"ask", PathBulk, staff.Handle}, {"expire", PathBulk, staff.Handle}, {"spam", PathBulk, staff.Handle},
		{"hold", PathBulk + "/hold", staff.PlaceHold}, {"print", PathBulk + "/print", staff.SeeFile}, {"csv", PathBulk + "/csv", staff.GiveOut},
	} {
		if role.May(b.right) {
			bar.Buttons = append(bar.Buttons, bulkButton{b.path, b.act, t.Text("desk.bulk." + b.act)})
		}
	}
	if len(bar.Buttons) == 0 {
		return nil
	}
	return bar
}
