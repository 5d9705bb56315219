package deskpage

import (
	"privacydesk/shared/adapter/catalog"
)

// Bulk asks for the words of what is done with many requests at once, or whether it is to be done.
type Bulk struct {
	Act        string   `json:"act"`
	References []string `json:"references"`
	Colleagues []Choice `json:"colleagues,omitempty"` // of assign
	Typed      Typed    `json:"typed,omitempty"`
	Faults     []Fault  `json:"errors,omitempty"`
	None       bool     `json:"none_ticked,omitempty"` // nothing was ticked
	Many       bool     `json:"too_many,omitempty"`
}

// Fields of a form that does something with many requests.
const (
	FieldRef = "ref"
	FieldAct = "act"
	FieldGo  = "go" // what was asked for is to be done
)

// PathBulk takes what is done with many requests at once.
const PathBulk = "/desk/bulk"

// bulkPath is where an act is done, which has a right of its own.
func bulkPath(act string) string {
	if act == "hold" {
		return PathBulk + "/hold"
	}
	return PathBulk
}

func (p Bulk) view(_ *Desk, v Visit) view {
	t := v.Texts
	in := inputs{t, "bulk", p.Typed, p.Faults}
	title := t.Text("desk.bulk." + p.Act)
	if p.None || p.Many {
		key := "desk.bulk.none"
		if p.Many {
			key = "desk.bulk.many"
		}
		return view{shape: messageShape, title: title, body: message{Texts: []string{t.Text(key)}, Links: []link{{PathHome, t.Text("desk.bulk.back")}}}}
	}
	body := formBody{
		Form:  form{Action: bulkPath(p.Act), Hidden: []hidden{{FieldAct, p.Act}, {FieldGo, "yes"}}, Intro: []string{t.Text("desk.bulk.text." + p.Act)}, Button: t.Text("desk.bulk.button." + p.Act), Danger: p.Act == "spam"},
		Links: []link{{PathHome, t.Text("desk.bulk.back")}},
	}
	body.Problem, body.Faults = in.summary()
	ticked := part{Title: t.Plural("desk.bulk.chosen", len(p.References))}
	for _, ref := range p.References {
		body.Form.Hidden = append(body.Form.Hidden, hidden{FieldRef, ref})
		ticked.Links = append(ticked.Links, link{FilePath(ref), ref})
	}
	body.Aside = []part{ticked}
	if fields := bulkFields[p.Act]; fields != nil {
		body.Form.Fields = fields(p, in)
	}
	return view{shape: formShape, title: title, body: body, failed: len(p.Faults) > 0}
}

// bulkFields are the words that each act needs.
var bulkFields = map[string]func(p Bulk, in inputs) []field{
	"note":   func(_ Bulk, in inputs) []field { return []field{in.area("note", 4)} },
	"assign": func(p Bulk, in inputs) []field { return []field{in.choice("radio", "to", people(in.t, p.Colleagues))} },
	"ask": func(_ Bulk, in inputs) []field {
		return []field{in.choice("radio", "cause", coded(in.t, "desk.form.ask.", []string{"identity", "clarification"})), in.area("question", 5)}
	},
	"hold": func(_ Bulk, in inputs) []field { return []field{in.area("reason", 3), in.field("date", "until")} },
}

// people are those to whom requests can be assigned; nobody comes last.
func people(t *catalog.Texts, choices []Choice) []option {
	var all []option
	for _, c := range choices {
		text := c.Text
		if text == "" {
			text = t.Text("desk.nobody")
		}
		all = append(all, option{Value: c.Value, Text: text})
	}
	return all
}

// BulkDone says of each request what became of it.
type BulkDone struct {
	Act   string     `json:"act"`
	Lines []BulkLine `json:"results"`
}

// BulkLine is what became of one request.
type BulkLine struct {
	Reference string   `json:"reference"`
	Refused   *Refusal `json:"refused,omitempty"` // why it was not done; nil: it was
	Unknown   bool     `json:"unknown,omitempty"` // whether it was done is not known: the desk did not answer
}

func (p BulkDone) view(d *Desk, v Visit) view {
	t, done := v.Texts, 0
	list := table{Caption: t.Text("desk.bulk.results"), Heads: []string{t.Text("desk.column.reference"), t.Text("desk.bulk.result")}}
	for _, l := range p.Lines {
		result := cell{Text: t.Text("desk.bulk.done")}
		switch {
		case l.Unknown:
			result = cell{Text: t.Text("desk.bulk.unknown"), Tone: toneLate}
		case l.Refused != nil:
			result = cell{Text: l.Refused.words(d, t), Tone: toneLate}
		default:
			done++
		}
		list.Rows = append(list.Rows, []cell{{Text: l.Reference, Href: FilePath(l.Reference), Head: true}, result})
	}
	count := t.Plural("desk.bulk.count", done) + " " + t.Plural("desk.bulk.count.not", len(p.Lines)-done)
	if done == len(p.Lines) {
		count = t.Plural("desk.bulk.count", done)
	}
	return view{shape: partsShape, title: t.Text("desk.bulk." + p.Act), body: parts{
		Lead: []string{count}, Parts: []part{{Table: &list, Links: []link{{PathHome, t.Text("desk.bulk.back")}}}},
	}}
}

// Print is some files as they are printed, each on a sheet of its own.
type Print struct {
	Files []File `json:"files"`
}

type sheet struct {
	Stay    stay
	Banners []banner
	Parts   []part
}

func (p Print) view(d *Desk, v Visit) view {
	t := v.Texts
	var sheets []sheet
	for _, f := range p.Files {
		s := sheet{Stay: f.stay(d, v), Banners: f.banners(d, v), Parts: kept(f.words(d, v), f.waits(d, t), f.checks(t), f.answer(d, v), f.letters(d, v), f.dates(d, t), f.history(d, v))}
		for i := range s.Parts {
			s.Parts[i].ID, s.Parts[i].Forms, s.Parts[i].Links = "", nil, nil
			if list := s.Parts[i].Table; list != nil { // each sheet has its own of the same name
				list.Caption += " (" + f.File.Request.ID + ")"
			}
		}
		for i := range s.Banners {
			s.Banners[i].Form, s.Banners[i].Links = nil, nil
		}
		sheets = append(sheets, s)
	}
	return view{shape: printShape, title: t.Plural("desk.print", len(sheets)), body: struct {
		Lead   string
		Sheets []sheet
		Links  []link
	}{t.Text("desk.print.text"), sheets, []link{{PathHome, t.Text("desk.bulk.back")}}}}
}
