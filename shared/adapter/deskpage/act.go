package deskpage

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/intake"
)

// Act is the form of one act on a file.
type Act struct {
	Reference string        `json:"reference"`
	Act       string        `json:"act"`
	Of        string        `json:"of,omitempty"` // the cause of a question, the reason of an extension, the letter to be mailed again
	Seq       int           `json:"seq"`          // of the file that was shown
	Kinds     []intake.Kind `json:"kinds"`
	Unsure    bool          `json:"kinds_unsure,omitempty"`
	Language  string        `json:"language"` // of letters to the person
	Typed     Typed         `json:"typed,omitempty"`
	Faults    []Fault       `json:"errors,omitempty"`
	Refused   *Refusal      `json:"refused,omitempty"`
	Closed    bool          `json:"impossible,omitempty"` // there is nothing to fill in: the act is not possible
	Since     []Happened    `json:"since,omitempty"`      // what made the form stale
	Course    *Course       `json:"course,omitempty"`
	Choices   []Choice      `json:"choices,omitempty"`
	Changes   []Change      `json:"changes,omitempty"` // of amend: what would be saved
	Shown     string        `json:"shown,omitempty"`   // names the changes that were shown
	LoginFrom string        `json:"-"`                 // an address that leads through a new login; "": none is needed
}

// Choice is something of which one is chosen. DueAt is the date that follows; zero: it says nothing.
type Choice struct {
	Value string           `json:"value"`
	Text  string           `json:"text,omitempty"` // where the words have none for the value
	DueAt time.Time        `json:"due_at,omitzero"`
	File  *attachment.File `json:"file,omitempty"` // that it is
}

// Change is a fact that is put right, in codes.
type Change struct {
	What   string   `json:"what"` // "kinds", "place", "name", "on_behalf_of", "language", "due_at"
	Before []string `json:"before"`
	After  []string `json:"after"`
}

// ActPath is where the form of an act is.
func ActPath(reference, act string) string { return FilePath(reference) + "/act/" + act }

// FilePath is where a file is.
func FilePath(reference string) string { return "/desk/requests/" + reference }

// words is the key of the words of an act.
func (a Act) words() string {
	if a.Of != "" && (a.Act == "ask") {
		return "desk.form." + a.Act + "." + a.Of
	}
	return "desk.form." + a.Act
}

func (a Act) view(d *Desk, v Visit) view {
	t, key := v.Texts, a.words()
	in := inputs{t, a.Act, a.Typed, a.Faults}
	body := formBody{
		Lead: []string{aboutRequest(t, a.Reference, a.Kinds, a.Unsure)}, Links: []link{{FilePath(a.Reference), t.Text("desk.form.back")}},
		Form: form{Action: ActPath(a.Reference, a.Act), Hidden: hiddenSeq(a.Seq), Button: t.Text(key + ".button"), Danger: a.Act == "erase" || a.Act == "remove" || a.Act == "withdraw" || a.Act == "spam"},
	}
	body.Problem, body.Faults = in.problem(d, a.Refused)
	body.Aside = kept(stale(d, t, a.Since, a.Typed != nil), a.change(d, t), a.course(d, t), a.login(t))
	if t.Has(key + ".text") {
		body.Form.Intro = []string{t.Text(key + ".text")}
	}
	if a.writes() {
		body.Form.Intro = append(body.Form.Intro, t.Text("desk.form.language", "language", catalog.Name(a.Language)))
	}
	if a.Of != "" {
		body.Form.Hidden = append(body.Form.Hidden, hidden{"of", a.Of})
	}
	if a.Shown != "" {
		body.Form.Hidden = append(body.Form.Hidden, hidden{"shown", a.Shown})
		body.Form.Button = t.Text(key + ".save")
	}
	if fields := actFields[a.Act]; fields != nil {
		body.Form.Fields = fields(a, d, in)
	}
	if a.Closed {
		body.Form = form{}
	}
	return view{shape: formShape, title: t.Text(key), body: body, failed: body.Problem != ""}
}

// writes reports whether what is typed stands in a letter to the person.
func (a Act) writes() bool { return a.Act == "ask" || a.Act == "extend" }

func (a Act) course(d *Desk, t *catalog.Texts) part {
	if a.Course == nil {
		return part{}
	}
	return part{ID: "course", Title: t.Text("desk.course"), Texts: a.Course.words(d, t)}
}

func (a Act) login(t *catalog.Texts) part {
	if a.LoginFrom == "" {
		return part{}
	}
	return part{Notice: t.Text("desk.form.login"), Links: []link{{a.LoginFrom, t.Text("desk.form.login.link")}}}
}

// actFields are the fields of each act that has some.
var actFields = map[string]func(a Act, d *Desk, in inputs) []field{
	"note": func(_ Act, _ *Desk, in inputs) []field { return []field{in.area("note", 6)} },
	"assign": func(a Act, _ *Desk, in inputs) []field {
		return []field{in.choice("radio", "to", people(in.t, a.Choices))}
	},
	"verify":   Act.verifyFields,
	"ask":      Act.askFields,
	"answer":   func(_ Act, _ *Desk, in inputs) []field { return []field{in.field("date", "at")} },
	"extend":   Act.extendFields,
	"amend":    Act.amendFields,
	"join":     func(_ Act, _ *Desk, in inputs) []field { return []field{in.field("text", "into"), in.area("why", 2)} },
	"reopen":   func(_ Act, _ *Desk, in inputs) []field { return []field{in.area("reason", 4)} },
	"disagree": func(_ Act, _ *Desk, in inputs) []field { return in.entered("statement") },
	"appeal":   func(_ Act, _ *Desk, in inputs) []field { return in.entered("reasons") },
	"mail":     Act.mailFields,
	"posted":   Act.postedFields,
	"system":   Act.systemFields,
	"file":     Act.fileFields,
	"replace":  Act.chosenFile,
	"remove":   Act.chosenFile,
	"tell": func(a Act, d *Desk, in inputs) []field {
		return []field{in.choice("radio", "which", d.systemTasks(in.t, a.Choices))}
	},
}

// entered are the fields for words of the person that an officer enters.
func (in inputs) entered(words string) []field {
	return []field{in.area(words, 6), in.field("date", "received_on"), in.choice("radio", "came_by", coded(in.t, "desk.channel.", intake.Channels))}
}

func (a Act) verifyFields(_ *Desk, in inputs) []field {
	fields := []field{in.choice("boxes", "checked", coded(in.t, "desk.checked.", intake.Checks))}
	if a.Unsure {
		fields = append(fields, in.choice("boxes", "kinds", coded(in.t, "desk.kind.", intake.Kinds())))
	}
	return fields
}

func (a Act) askFields(_ *Desk, in inputs) []field {
	question := in.area("question", 6)
	switch a.Of {
	case "identity":
		return []field{in.choice("boxes", "evidence", coded(in.t, "desk.proof.", intake.Proofs)), question}
	case "fee":
		because := in.choice("radio", "because", coded(in.t, "desk.because.", []string{"repeated", "excessive"}))
		return []field{because, in.field("text", "amount"), in.choice("select", "currency", coded(in.t, "desk.currency.", currencies)), question}
	}
	return []field{question}
}

// currencies are those that the catalogue has names for.
var currencies = []string{"EUR", "USD", "GBP", "CHF", "CAD", "BRL"}

func (a Act) extendFields(d *Desk, in inputs) []field {
	var reasons []option
	for _, c := range a.Choices {
		reasons = append(reasons, option{Value: c.Value, Text: in.t.Text("desk.reason." + c.Value), Hint: in.t.Text("desk.field.extend.date", "date", d.day(in.t, c.DueAt))})
	}
	return []field{in.choice("radio", "reason", reasons), in.area("explanation", 4)}
}

func (a Act) amendFields(_ *Desk, in inputs) []field {
	return []field{
		in.choice("boxes", "kinds", coded(in.t, "desk.kind.", intake.Kinds())),
		in.choice("select", "country", countries(in.t)), in.choice("select", "region", regions(in.t)),
		in.field("text", "name"), in.area("post", 4), in.field("tel", "telephone"),
		in.choice("radio", "on_behalf_of", coded(in.t, "desk.behalf.", []intake.Behalf{intake.Self, intake.Parent, intake.Agent})),
		in.choice("select", "language", languages()),
	}
}

func (a Act) mailFields(_ *Desk, in inputs) []field {
	var templates []option
	for _, c := range a.Choices {
		templates = append(templates, option{Value: c.Value, Text: in.t.Named("desk.mail.", c.Value)})
	}
	return []field{in.choice("radio", "mail", templates)}
}

func (a Act) postedFields(_ *Desk, in inputs) []field {
	var letters []option
	for _, c := range a.Choices {
		letters = append(letters, option{Value: c.Value, Text: in.t.Named("desk.lettername.", c.Text)})
	}
	return []field{
		in.choice("radio", "letter", letters), in.field("date", "posted_on"),
		in.choice("boxes", "not_posted", []option{{Value: "yes", Text: in.t.Text("desk.field.not_posted.yes")}}),
	}
}

// change shows old and new beside each other.
func (a Act) change(d *Desk, t *catalog.Texts) part {
	if len(a.Changes) == 0 {
		return part{}
	}
	shown := table{Caption: t.Text("desk.change.caption"), Heads: []string{t.Text("desk.change.what"), t.Text("desk.change.before"), t.Text("desk.change.after")}}
	for _, c := range a.Changes {
		shown.Rows = append(shown.Rows, []cell{{Text: t.Text("desk.change." + c.What), Head: true}, {Text: c.in(d, t, c.Before)}, {Text: c.in(d, t, c.After)}})
	}
	title := t.Text("desk.change")
	if a.Act == "join" {
		title = t.Text("desk.change.of", "reference", a.Typed.First("into"))
	}
	return part{ID: "change", Title: title, Table: &shown}
}
