package deskpage

import (
	"maps"
	"net/url"
	"slices"
)

// Paths of the login.
const (
	PathLogin    = "/desk/login"
	PathLoggedIn = "/desk/logged-in"
	PathMe       = "/desk/me"
)

// LoginPath begins a login that leads to a path below /desk. Again: whoever is signed in must prove anew who they are.
func LoginPath(to string, again bool) string {
	q := url.Values{"to": {to}}
	if again {
		q.Set("again", "1")
	}
	return PathLogin + "?" + q.Encode()
}

// LoginFailed says why nobody was signed in.
type LoginFailed struct {
	Code  string `json:"code"` // of package login
	To    string `json:"-"`    // where a new login leads
	Again bool   `json:"-"`
}

func (s LoginFailed) view(_ *Desk, v Visit) view {
	t, key := v.Texts, "desk.login."+s.Code
	return view{shape: messageShape, title: t.Text(key), plain: true, body: message{
		Texts: []string{t.Text(key + ".text"), t.Text("desk.login.reason", "code", s.Code)},
		Links: []link{{Href: LoginPath(s.To, s.Again), Text: t.Text("desk.login.retry")}},
	}}
}

// LoginOffered asks somebody whether they want to log in: who comes from another site, or whose session has ended.
type LoginOffered struct {
	Code  string `json:"code"` // "login_offered" or "login_ended"
	To    string `json:"-"`
	Again bool   `json:"-"`
}

func (s LoginOffered) view(d *Desk, v Visit) view {
	t := v.Texts
	return view{shape: messageShape, title: t.Text("desk.login.offered"), plain: true, body: message{
		Texts: []string{t.Text("desk.login."+s.Code+".text", "organisation", d.Organisation.Name)},
		Links: []link{{Href: LoginPath(s.To, s.Again), Text: t.Text("desk.login.button")}},
	}}
}

// LoggedOut says that a session has ended, or all.
type LoggedOut struct {
	Everywhere bool   `json:"everywhere"`
	Provider   string `json:"provider,omitempty"` // where the session at the identity provider can be ended too
}

func (s LoggedOut) view(_ *Desk, v Visit) view {
	t, key := v.Texts, "desk.login.out"
	if s.Everywhere {
		key = "desk.login.out_everywhere"
	}
	body := message{Texts: []string{t.Text(key + ".text")}, Links: []link{{Href: PathHome, Text: t.Text("desk.login.anew")}}}
	if s.Provider != "" {
		body.Texts = append(body.Texts, t.Text("desk.login.out_there.text"))
		body.Links = append(body.Links, link{Href: s.Provider, Text: t.Text("desk.login.out_there")})
	}
	return view{shape: messageShape, title: t.Text(key), plain: true, body: body}
}

// LoggedIn ends a login in a tab of its own: what was typed stands in the other one.
type LoggedIn struct{}

func (LoggedIn) view(_ *Desk, v Visit) view {
	t := v.Texts
	return view{shape: messageShape, title: t.Text("desk.login.in"), body: message{Texts: []string{t.Text("desk.login.in.text")}}}
}

// Kept holds a form that was sent without a session, or without a login that is recent enough. The server does not
// keep it: the page sends the same again.
type Kept struct {
	Code   string   `json:"code"`  // "login": the session has ended; "login_again": the login is too old
	Action string   `json:"-"`     // where the form goes
	Typed  Typed    `json:"-"`     // all of it
	Words  []string `json:"-"`     // what of it somebody has written, to read and copy
	Again  bool     `json:"again"` // it needs a recent login
}

func (s Kept) view(_ *Desk, v Visit) view {
	t, key := v.Texts, "desk.login.kept"
	if s.Code == "login_again" {
		key = "desk.login.kept_again"
	}
	send := form{Action: s.Action, Button: t.Text("desk.login.kept.send")}
	for _, name := range slices.Sorted(maps.Keys(s.Typed)) {
		for _, value := range s.Typed[name] {
			send.Hidden = append(send.Hidden, hidden{name, value})
		}
	}
	body := parts{Lead: []string{t.Text(key + ".text")}, Parts: []part{{
		Title: t.Text("desk.login.kept.first"), Texts: []string{t.Text("desk.login.kept.first.text")},
		Links: []link{{LoginPath(PathLoggedIn, s.Again), t.Text("desk.login.apart")}}, Apart: true,
	}, {
		Title: t.Text("desk.login.kept.second"), Texts: []string{t.Text("desk.login.kept.second.text")}, Forms: []form{send},
	}}}
	for i, words := range s.Words {
		p := part{Quote: words}
		if i == 0 {
			p.Title = t.Text("desk.login.kept.words")
		}
		body.Parts = append(body.Parts, p)
	}
	return view{shape: partsShape, title: t.Text(key), body: body, plain: v.Account.Role == ""}
}
