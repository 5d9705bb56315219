package deskpage

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/staff"
)

// PathHolds is the list of legal holds; below it each has a page.
const PathHolds = "/desk/holds"

// Holds lists the legal holds, those in force first, and takes a new one.
type Holds struct {
	Holds   []disposal.Hold  `json:"holds"`
	Classes []schedule.Class `json:"classes"` // of which there can be one
	Typed   Typed            `json:"-"`       // it may hold an address
	Faults  []Fault          `json:"errors,omitempty"`
	Refused *Refusal         `json:"refused,omitempty"`
}

func (h Holds) view(d *Desk, v Visit) view {
	t, in := v.Texts, inputs{v.Texts, "hold", h.Typed, h.Faults}
	list := &table{
		Caption: t.Text("desk.hold.list"), Empty: t.Text("desk.hold.none"),
		Heads: []string{t.Text("desk.hold.keeps"), t.Text("desk.hold.why"), t.Text("desk.hold.placed"), t.Text("desk.hold.until"), t.Text("desk.hold.state")},
	}
	for _, o := range h.Holds {
		list.Rows = append(list.Rows, []cell{
			{Head: true, Text: holdSubject(t, o), Href: PathHolds + "/" + o.ID}, {Text: o.Reason},
			{Text: d.day(t, o.PlacedAt), Note: who(t, v, o.By)}, {Text: d.holdUntil(t, o)}, d.holdState(v, o),
		})
	}
	body := parts{Lead: []string{t.Text("desk.hold.lead")}, Parts: []part{{Table: list}}}
	body.Problem, body.Faults = in.problem(d, h.Refused)
	if v.Account.Role.May(staff.PlaceHold) {
		body.Parts = append(body.Parts, part{ID: "place", Title: t.Text("desk.hold.place"), Forms: []form{h.form(in)}})
	}
	return view{shape: partsShape, title: t.Text("desk.hold.title"), body: body, failed: body.Problem != ""}
}

func (h Holds) form(in inputs) form {
	classes := []option{{Value: "", Text: in.t.Text("desk.hold.class.none")}}
	for _, c := range h.Classes {
		classes = append(classes, option{Value: string(c), Text: className(in.t, c)})
	}
	return form{Action: PathHolds, Button: in.t.Text("desk.hold.place.button"), Fields: []field{
		in.field("text", "what"), in.choice("select", "class", classes), in.area("reason", 3), in.field("date", "until"),
	}}
}

// Hold is one legal hold, with how to lift it.
type Hold struct {
	disposal.Hold
	Typed   Typed    `json:"-"` // for its lifting
	Faults  []Fault  `json:"errors,omitempty"`
	Refused *Refusal `json:"refused,omitempty"`
}

func (h Hold) view(d *Desk, v Visit) view {
	t, o, in := v.Texts, h.Hold, inputs{v.Texts, "lift", h.Typed, h.Faults}
	head := part{
		Texts: []string{t.Text("desk.hold.keeps." + o.Subject())},
		Facts: said(
			fact{Label: t.Text("desk.hold.state"), Value: d.holdState(v, o).Text},
			fact{Label: t.Text("desk.hold.placed"), Value: d.atTime(t, o.PlacedAt), Note: who(t, v, o.By)},
			fact{Label: t.Text("desk.hold.until"), Value: d.holdUntil(t, o)},
			fact{Label: t.Text("desk.hold.lifted"), Value: d.atTime(t, o.LiftedAt), Note: who(t, v, o.LiftedBy)},
			fact{Label: t.Text("desk.hold.signed"), Value: signedBy(t, v, o)},
			fact{Label: t.Text("desk.hold.id"), Value: o.ID},
		),
		Links: holdLinks(t, o),
	}
	if !o.Active(v.Now) {
		head.Texts = []string{t.Text("desk.hold.ended")}
	}
	body := parts{Head: []part{head}, Parts: []part{{Title: t.Text("desk.hold.why"), Quote: o.Reason}}}
	body.Problem, body.Faults = in.problem(d, h.Refused)
	if o.LiftReason != "" {
		body.Parts = append(body.Parts, part{Title: t.Text("desk.hold.lifted.why"), Quote: o.LiftReason})
	}
	body.Parts = append(body.Parts, h.lift(d, v, in)...)
	body.Parts = append(body.Parts, part{Links: []link{{PathHolds, t.Text("desk.hold.back")}}})
	return view{shape: partsShape, title: holdSubject(t, o), body: body, failed: body.Problem != ""}
}

// lift is how the hold can end: by who may, and where another must sign by two of them.
func (h Hold) lift(d *Desk, v Visit, in inputs) []part {
	t, o, path := v.Texts, h.Hold, PathHolds+"/"+h.ID
	keep := form{Action: path + "/keep", Quiet: true, Button: t.Text("desk.hold.keep.button")}
	switch may := v.Account.Role.May(staff.LiftHold); {
	case !o.Active(v.Now) || o.Lifting == nil && !may:
		return nil
	case o.Lifting == nil:
		return []part{{ID: "lift", Title: t.Text("desk.hold.lift"), Texts: []string{t.Text("desk.hold.lift.text")}, Forms: []form{{
			Action: path + "/lift", Danger: true, Button: t.Text("desk.hold.lift.button"), Fields: []field{in.area("reason", 3)},
		}}}}
	default:
		p := part{ID: "sign", Title: t.Text("desk.hold.lifting"), Quote: o.Lifting.Reason, Texts: []string{
			t.Text("desk.hold.lifting.text", "who", who(t, v, o.Lifting.By), "when", d.moment(t, o.Lifting.At, v.Now)),
		}}
		if may && isSelf(v, o.Lifting.By) {
			p.Texts, p.Forms = append(p.Texts, t.Text("desk.hold.lifting.own")), []form{keep}
		} else if may {
			p.Texts = append(p.Texts, t.Text("desk.hold.lift.text"))
			p.Forms = []form{{Action: path + "/sign", Danger: true, Button: t.Text("desk.hold.sign.button"), Hidden: []hidden{{"of", o.Lifting.At.UTC().Format(civil.Stamp)}}}, keep}
		}
		return []part{p}
	}
}

// holdSubject is what a hold is of. It names nobody.
func holdSubject(t *catalog.Texts, o disposal.Hold) string {
	return t.Text("desk.hold.of."+o.Subject(), "reference", o.Request, "class", className(t, o.Class))
}

// signedBy is who signed the lifting, where another had to.
func signedBy(t *catalog.Texts, v Visit, o disposal.Hold) string {
	if o.SignedBy == "" {
		return ""
	}
	return who(t, v, o.SignedBy)
}

func holdLinks(t *catalog.Texts, o disposal.Hold) []link {
	switch o.Subject() {
	case "request":
		return []link{{"/desk/requests/" + o.Request, t.Text("desk.hold.open.request")}}
	case "person":
		return []link{{PathPeople + "/" + string(o.Ref), t.Text("desk.hold.open.person")}}
	}
	return nil
}

func (d *Desk) holdUntil(t *catalog.Texts, o disposal.Hold) string {
	switch {
	case !o.LiftedAt.IsZero():
		return ""
	case o.Until.IsZero():
		return t.Text("desk.hold.until.lifted")
	}
	return t.Day(civil.Through(o.Until, d.Zone))
}

func (d *Desk) holdState(v Visit, o disposal.Hold) cell {
	switch {
	case !o.LiftedAt.IsZero():
		return cell{Text: v.Texts.Text("desk.hold.state.lifted"), Note: d.day(v.Texts, o.LiftedAt), Tone: toneCalm}
	case !o.Active(v.Now):
		return cell{Text: v.Texts.Text("desk.hold.state.over"), Tone: toneCalm}
	}
	if o.Lifting != nil {
		return cell{Text: v.Texts.Text("desk.hold.state.lifting"), Tone: toneSoon}
	}
	return cell{Text: v.Texts.Text("desk.hold.state.active"), Tone: toneSoon}
}
