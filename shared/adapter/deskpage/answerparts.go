package deskpage

import (
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
)

// AnswerPart is what a system gives to an answer to a request for access; one without a system is what officers add.
type AnswerPart struct {
	ledger.Entry
	Files int `json:"files"`
}

// AnswerParts are those of a request; none where it asks for no data.
func AnswerParts(f *request.File) []AnswerPart {
	if !intake.Exports(f.Request.Kinds) {
		return nil
	}
	var all []AnswerPart
	for _, p := range access.Parts(f.Systems, f.Files) {
		e, err := ledger.Find(f.Systems, p.System, ledger.Access)
		if err != nil { // nobody was asked for it
			e = ledger.Entry{System: p.System, Task: ledger.Access, State: p.State, EndedAt: f.Request.ReceivedAt}
		}
		if err == nil || len(p.Files) > 0 {
			all = append(all, AnswerPart{e, len(p.Files)})
		}
	}
	return all
}

// answerParts lists what the answer is made of, with what can be done about it.
func answerParts(d *Desk, v Visit, reference string, parts []AnswerPart) part {
	t := v.Texts
	if len(parts) == 0 {
		return part{}
	}
	s := part{ID: "parts", Title: t.Text("desk.parts"), Table: &table{Caption: t.Text("desk.parts.caption"), Heads: []string{t.Text("desk.systems.name"), t.Text("desk.parts.gives")}}}
	for _, p := range parts {
		name := cell{Text: t.Text("desk.parts.own"), Head: true}
		if p.System != "" {
			name.Text, name.Note = d.systemName(t, p.System), d.duty(t, p.Entry)
		}
		s.Table.Rows = append(s.Table.Rows, []cell{name, d.gives(v, p)})
	}
	for _, act := range []string{"tell", "system"} {
		s.Links = append(s.Links, may(v, staff.SetSystems, link{ActPath(reference, act), t.Text("desk.form." + act)})...)
	}
	return s
}

func (d *Desk) gives(v Visit, p AnswerPart) cell {
	t := v.Texts
	switch {
	case p.System == "":
		return cell{Text: t.Plural("desk.parts.added", p.Files)}
	case p.Files > 0:
		return cell{Text: t.Plural("desk.parts.files", p.Files)}
	case !p.Ended() && p.Late(v.Now):
		return cell{Text: t.Text("desk.parts.late", "date", d.day(t, p.DueAt)), Tone: "late"}
	case !p.Ended():
		return cell{Text: t.Text("desk.parts.open", "date", d.day(t, p.DueAt)), Tone: "soon"}
	case p.State == ledger.Done || p.State == ledger.NotFound:
		return cell{Text: t.Text("desk.parts." + string(p.State))}
	}
	said := d.said(v, p.Entry)
	return cell{Text: t.Text("desk.parts.missing", "why", said.Text), Note: said.Note}
}

// lookedForm is how an officer says that they have looked at the files for the person, for each law that wants it.
func (l Letter) lookedForm(t *catalog.Texts) []form {
	var laws []option
	for _, c := range l.Checks {
		if c.Code == "withheld" && c.Blocks && !c.OK {
			laws = append(laws, option{Value: c.Facts["law"], Text: t.Text("desk.letter.looked.law", "name", t.Citation(c.Facts["name"]), "clause", t.Citation(c.Facts["clause"]))})
		}
	}
	if len(laws) == 0 || l.Way != nil {
		return nil
	}
	return []form{{
		Action: FilePath(l.Reference) + "/looked", Hidden: hiddenSeq(l.Seq), Title: t.Text("desk.letter.looked"), Intro: []string{t.Text("desk.letter.looked.text")},
		Fields: []field{inputs{t: t, form: "letter"}.choice("boxes", "law", laws)}, Button: t.Text("desk.letter.looked.button"), Quiet: true,
	}}
}
