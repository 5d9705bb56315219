package deskpage

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
)

// PathEnter is where a request is entered that came on paper, by telephone or at a counter.
const PathEnter = "/desk/enter"

// Enter is its form. Once Shown is set, it says what follows, and saves when it is sent again as it is.
type Enter struct {
	Typed   Typed             `json:"-"` // it holds an address
	Faults  []Fault           `json:"errors,omitempty"`
	Shown   string            `json:"shown,omitempty"`
	DueAt   time.Time         `json:"due_at,omitzero"` // zero: nothing has to be answered
	Why     []deadline.Part   `json:"-"`
	OptOuts []optout.Scope    `json:"opt_outs,omitempty"` // in effect at once
	Mails   []outbox.Template `json:"mails,omitempty"`
	Checked bool              `json:"checked,omitempty"`  // the officer has verified the person: no link asks them
	Paper   bool              `json:"paper,omitempty"`    // letters are posted
	NoEmail bool              `json:"no_email,omitempty"` // no link can ask them
	Earlier []Earlier         `json:"earlier,omitempty"`
}

// Earlier is a request of the same person.
type Earlier struct {
	Reference  string          `json:"reference"`
	Kinds      []intake.Kind   `json:"kinds"`
	State      lifecycle.State `json:"state"`
	ReceivedAt time.Time       `json:"received_at"`
}

func (e Enter) view(d *Desk, v Visit) view {
	t := v.Texts
	in := inputs{t, "enter", e.Typed, e.Faults}
	body := formBody{Lead: []string{t.Text("desk.enter.lead")}, Form: form{Action: PathEnter, Fields: e.fields(in), Button: t.Text("desk.enter.show")}}
	body.Problem, body.Faults = in.summary()
	if e.Shown != "" {
		body.Form.Hidden = []hidden{{"shown", e.Shown}}
		body.Form.Button = t.Text("desk.enter.save")
		body.Aside = kept(e.follows(d, t), e.earlier(d, t))
		body.Lead = []string{t.Text("desk.enter.check")}
	}
	return view{shape: formShape, title: t.Text("desk.enter"), body: body, failed: len(e.Faults) > 0}
}

func (e Enter) fields(in inputs) []field {
	behalf := coded(in.t, "desk.behalf.", []intake.Behalf{intake.Self, intake.Parent, intake.Agent})
	return []field{
		in.field("email", "address"), in.area("post", 4), in.field("tel", "telephone"), in.field("date", "received_on"), in.choice("boxes", "kinds", coded(in.t, "desk.kind.", intake.Kinds())),
		in.choice("select", "country", countries(in.t)), in.choice("select", "region", regions(in.t)),
		in.field("text", "name"), in.choice("boxes", "checked", coded(in.t, "desk.checked.", intake.Checks)), in.area("details", 6), in.choice("radio", "on_behalf_of", behalf), in.choice("select", "language", languages()),
	}
}

// follows is what the request brings about once it is saved.
func (e Enter) follows(d *Desk, t *catalog.Texts) part {
	p := part{ID: "follows", Title: t.Text("desk.enter.follows")}
	if !e.DueAt.IsZero() {
		p.Texts = append(p.Texts, t.Text("desk.enter.due", "date", d.lastDay(t, e.DueAt)))
		for _, why := range e.Why {
			p.Texts = append(p.Texts, deadline.Words(t, []deadline.Part{why}))
		}
	}
	if len(e.OptOuts) > 0 {
		p.Texts = append(p.Texts, t.Text("desk.enter.out", "scopes", scopes(t, e.OptOuts)))
	}
	p.Texts = append(p.Texts, going(t, e.Paper, e.Mails)...)
	for _, c := range []struct {
		on  bool
		key string
	}{
		{e.NoEmail && len(e.OptOuts) > 1, "desk.enter.noemail.out"},
		{!e.DueAt.IsZero() && !e.Checked && !e.NoEmail, "desk.enter.confirm"}, {!e.DueAt.IsZero() && !e.Checked && e.NoEmail, "desk.banner.verify"},
	} {
		if c.on {
			p.Texts = append(p.Texts, t.Text(c.key))
		}
	}
	return p
}

// earlier are the person's other requests, so that nothing is entered twice.
func (e Enter) earlier(d *Desk, t *catalog.Texts) part {
	list := table{Caption: t.Text("desk.enter.earlier.caption"), Empty: t.Text("desk.enter.earlier.none"), Heads: []string{
		t.Text("fact.reference"), t.Text("desk.field.kinds"), t.Text("fact.state"), t.Text("fact.received"),
	}}
	for _, r := range e.Earlier {
		list.Rows = append(list.Rows, []cell{
			{Text: r.Reference, Href: FilePath(r.Reference), Head: true}, {Text: kindNames(t, r.Kinds)},
			{Text: t.Named("desk.state.", string(r.State))}, {Text: d.day(t, r.ReceivedAt)},
		})
	}
	return part{ID: "earlier", Title: t.Text("desk.enter.earlier"), Table: &list}
}
