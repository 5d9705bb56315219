package deskpage

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/staff"
)

// Me is the own account: role, sessions, language.
type Me struct {
	Name       string      `json:"name"`
	Role       staff.Role  `json:"role"`
	SignedInAt time.Time   `json:"signed_in_at,omitzero"` // zero: the identity provider does not say
	EndsAt     time.Time   `json:"ends_at"`               // of this session, without a click
	Sessions   []MySession `json:"sessions"`
	Colleagues []Colleague `json:"colleagues,omitempty"` // for administrators: who else is signed in
	Ended      bool        `json:"-"`                    // a colleague's sessions were just ended
}

// Colleague is somebody else who is signed in.
type Colleague struct {
	Account string     `json:"account"`
	Name    string     `json:"name,omitempty"`
	Role    staff.Role `json:"role"`
	SeenAt  time.Time  `json:"seen_at"` // the last click
}

// MySession is a session of the account.
type MySession struct {
	StartedAt time.Time `json:"started_at"`
	SeenAt    time.Time `json:"seen_at"`
	This      bool      `json:"this"` // the one that looks
}

func (s Me) view(d *Desk, v Visit) view {
	t := v.Texts
	body := parts{Parts: []part{s.account(d, t), s.rights(t), s.sessions(d, t), s.language(t)}}
	if v.Account.Role.May(staff.EndSessions) {
		body.Parts = append(body.Parts, s.colleagues(d, t))
	}
	return view{shape: partsShape, title: t.Text("desk.nav.me"), body: body}
}

func (s Me) account(d *Desk, t *catalog.Texts) part {
	name, since := s.Name, t.Text("desk.me.since.unknown")
	if name == "" {
		name = t.Text("desk.me.nameless")
	}
	if !s.SignedInAt.IsZero() {
		since = d.at(t, s.SignedInAt)
	}
	return part{Title: t.Text("desk.me.account"), Facts: []fact{
		{Label: t.Text("desk.me.name"), Value: name},
		{Label: t.Text("desk.me.role"), Value: t.Text("desk.role." + string(s.Role)), Note: t.Text("desk.me.role.note")},
		{Label: t.Text("desk.me.since"), Value: since, Note: t.Text("desk.me.since.note")},
		{Label: t.Text("desk.me.ends"), Value: d.at(t, s.EndsAt), Note: t.Text("desk.me.ends.note")},
	}}
}

// rights says what the role may do.
func (s Me) rights(t *catalog.Texts) part {
	p := part{Title: t.Text("desk.me.rights"), Closed: true}
	for _, x := range staff.Rights {
		if s.Role.May(x) && x != staff.SeeSelf {
			p.Texts = append(p.Texts, t.Text("desk.right."+string(x)))
		}
	}
	return p
}

func (s Me) sessions(d *Desk, t *catalog.Texts) part {
	rows := table{Caption: t.Text("desk.me.sessions.caption"), Heads: []string{t.Text("desk.me.started"), t.Text("desk.me.seen")}, Empty: t.Text("desk.me.sessions.none")}
	for _, one := range s.Sessions {
		started := cell{Text: d.at(t, one.StartedAt), Head: true}
		if one.This {
			started.Tags = []string{t.Text("desk.me.this")}
		}
		rows.Rows = append(rows.Rows, []cell{started, {Text: d.at(t, one.SeenAt)}})
	}
	return part{Title: t.Text("desk.me.sessions"), Table: &rows, Forms: []form{{
		Action: "/desk/logout-everywhere", Intro: []string{t.Text("desk.me.everywhere.text")}, Button: t.Text("desk.me.everywhere"), Quiet: true,
	}}}
}

func (s Me) language(t *catalog.Texts) part {
	f := field{Kind: "select", Name: "language", Label: t.Text("desk.me.language.label"), Options: languages()}
	for i, o := range f.Options {
		f.Options[i].Chosen = o.Value == t.Lang()
	}
	return part{Title: t.Text("desk.me.language"), Forms: []form{{Action: "/desk/language", Fields: []field{f}, Button: t.Text("desk.me.language.save"), Quiet: true}}}
}

// colleagues are all who are signed in, for administrators, who can end somebody's sessions.
func (s Me) colleagues(d *Desk, t *catalog.Texts) part {
	p := part{ID: "colleagues", Title: t.Text("desk.me.colleagues"), Texts: []string{t.Text("desk.me.colleagues.text")}}
	if s.Ended {
		p.Notice = t.Text("desk.me.colleagues.ended")
	}
	f := field{Kind: "select", Name: "account", Label: t.Text("desk.me.colleagues.label")}
	for _, c := range s.Colleagues {
		text := t.Text("desk.me.colleague", "name", d.nameOf(t, c), "role", t.Text("desk.role."+string(c.Role)), "seen", d.at(t, c.SeenAt))
		f.Options = append(f.Options, option{Value: c.Account, Text: text})
	}
	if len(f.Options) == 0 {
		p.Texts = append(p.Texts, t.Text("desk.me.colleagues.none"))
		return p
	}
	p.Forms = []form{{Action: "/desk/end-sessions", Fields: []field{f}, Button: t.Text("desk.me.colleagues.end"), Quiet: true}}
	return p
}

func (d *Desk) nameOf(t *catalog.Texts, c Colleague) string {
	if c.Name == "" {
		return t.Text("desk.me.account") + " " + c.Account
	}
	return c.Name
}

// at is a time where the organisation is.
func (d *Desk) at(t *catalog.Texts, at time.Time) string {
	return t.Moment(at.In(d.Zone), d.Organisation.Place())
}
