package deskpage

import (
	"strings"

	"privacydesk/shared/domain/staff"
)

// frame is what surrounds every screen: head, navigation, who is signed in.
type frame struct {
	Lang, Title, Window string
	Stylesheets         []string
	Script, Icon        string
	Skip, Home, Name    string
	Desk                string
	Navigation          string // names the navigation
	Links               []navLink
	Search              string // label of the search box; "": nobody may search
	SearchButton        string
	Who, Role, Me       string
	LogOut              string
	Body                any
}

type navLink struct {
	Href, Text string
	Current    bool
}

// PathHome is the first screen.
const PathHome = "/desk"

// rooms are the parts of the desk, in the order of the navigation.
var rooms = []struct {
	path, key string
	right     staff.Right
}{
	{"/desk", "desk.nav.queue", staff.SeeQueue},
	{"/desk/day", "desk.nav.day", staff.SeeQueue},
	{"/desk/enter", "desk.nav.enter", staff.Handle},
	{"/desk/holds", "desk.nav.holds", staff.SeeQueue},
	{"/desk/disposal", "desk.nav.disposal", staff.SeeRegister},
	{"/desk/activity", "desk.nav.activity", staff.SeeRegister},
	{"/desk/law", "desk.nav.law", staff.SeeHealth},
	{"/desk/health", "desk.nav.health", staff.SeeHealth},
}

// Home is the first screen that a role may see.
func Home(role staff.Role) string {
	for _, r := range rooms {
		if role.May(r.right) {
			return r.path
		}
	}
	return "/desk/me"
}

func (d *Desk) frame(v Visit, shown view) frame {
	t := v.Texts
	window := shown.title + " – " + t.Text("desk.name") + " – " + d.Organisation.Name
	if shown.failed {
		window = t.Text("form.error") + " " + window
	}
	f := frame{
		Lang: t.Lang(), Title: shown.title, Window: window, Stylesheets: []string{d.Stylesheet, stylesheet.url()}, Script: script.url(), Icon: d.Icon,
		Skip: t.Text("nav.skip"), Home: PathHome, Name: d.Organisation.Name, Desk: t.Text("desk.name"), Body: shown.body,
	}
	if shown.plain || v.Account.Role == "" {
		return f
	}
	f.Navigation, f.LogOut, f.Me = t.Text("desk.nav.title"), t.Text("desk.nav.logout"), t.Text("desk.nav.me")
	f.Who, f.Role = v.Account.Name, t.Text("desk.role."+string(v.Account.Role))
	for _, r := range rooms {
		if v.Account.Role.May(r.right) {
			f.Links = append(f.Links, navLink{r.path, t.Text(r.key), v.Path == r.path || r.path != PathHome && strings.HasPrefix(v.Path, r.path+"/")})
		}
	}
	if v.Account.Role.May(staff.SeeFile) {
		f.Search, f.SearchButton = t.Text("desk.search.label"), t.Text("desk.search.button")
	}
	return f
}
