package deskpage

import (
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
)

// Decide is the form of an answer, a block for each kind that must be answered. Its
// fields are named after theirs: outcome.access, ground.access, clause.access,
// explanation.access, block.access.
type Decide struct {
	Reference string         `json:"reference"`
	Seq       int            `json:"seq"`
	Kinds     []KindToAnswer `json:"kinds"`
	Others    bool           `json:"others_data,omitempty"` // the mailbox that asked is not that of the person whose data it is
	OptOuts   []optout.Scope `json:"opt_outs,omitempty"`    // what took effect by itself
	Since     time.Time      `json:"opted_out_at,omitzero"`
	DueAt     time.Time      `json:"due_at"`
	Language  string         `json:"language"` // of the letter
	Said      string         `json:"said,omitempty"`
	Parts     []AnswerPart   `json:"parts,omitempty"` // of an answer to a request for access
	Blocks    []Choice       `json:"text_blocks,omitempty"`
	SavedBy   string         `json:"saved_by,omitempty"`
	SavedAt   time.Time      `json:"saved_at,omitzero"` // of the draft; zero: there is none
	Typed     Typed          `json:"typed,omitempty"`
	Faults    []Fault        `json:"errors,omitempty"`
	Refused   *Refusal       `json:"refused,omitempty"`
	Closed    bool           `json:"impossible,omitempty"`
	Happened  []Happened     `json:"since,omitempty"` // what made the form stale
}

// KindToAnswer is one kind, with the grounds that fit it.
type KindToAnswer struct {
	Kind   intake.Kind      `json:"kind"`
	Offers []decision.Offer `json:"grounds"`
}

// DecidePath is where the form is, LetterPath where its letter is shown, SignPath where a colleague signs it.
func DecidePath(reference string) string { return FilePath(reference) + "/decide" }

// LetterPath is where the letter is shown before it goes.
func LetterPath(reference string) string { return FilePath(reference) + "/letter" }

// SignPath is where a colleague looks at what waits for a signature.
func SignPath(reference string) string { return FilePath(reference) + "/sign" }

func (s Decide) view(d *Desk, v Visit) view {
	t := v.Texts
	in := inputs{t, "decide", s.Typed, s.Faults}
	var kinds []intake.Kind
	for _, k := range s.Kinds {
		kinds = append(kinds, k.Kind)
	}
	body := formBody{
		Lead: []string{aboutRequest(t, s.Reference, kinds, false), t.Text("desk.enter.due", "date", d.lastDay(t, s.DueAt))}, Links: []link{{FilePath(s.Reference), t.Text("desk.form.back")}},
		Form: form{Action: DecidePath(s.Reference), Hidden: hiddenSeq(s.Seq), Intro: []string{t.Text("desk.decide.lead", "language", catalog.Name(s.Language))}, More: []button{
			{Name: "do", Value: "show", Text: t.Text("desk.decide.show")}, {Name: "do", Value: "save", Text: t.Text("desk.decide.save"), Quiet: true},
		}},
	}
	body.Problem, body.Faults = in.problem(d, s.Refused)
	body.Aside = kept(stale(d, t, s.Happened, s.Typed != nil), s.effect(d, t), s.words(t), answerParts(d, v, s.Reference, s.Parts), s.saved(d, t))
	for _, k := range s.Kinds {
		body.Form.Groups = append(body.Form.Groups, s.block(in, k))
	}
	if s.Closed {
		body.Form, body.Lead = form{}, body.Lead[:1]
	}
	return view{shape: formShape, title: t.Text("desk.decide"), body: body, failed: body.Problem != ""}
}

// effect says first what took effect by itself: nobody decides on that.
func (s Decide) effect(d *Desk, t *catalog.Texts) part {
	if len(s.OptOuts) == 0 {
		return part{}
	}
	return part{ID: "effect", Title: t.Text("desk.decide.effect"), Texts: []string{
		t.Text("desk.decide.effect.text", "scopes", scopes(t, s.OptOuts), "date", d.day(t, s.Since)),
	}}
}

func (s Decide) words(t *catalog.Texts) part {
	if s.Said == "" {
		return part{}
	}
	return part{ID: "said", Title: t.Text("desk.decide.said"), Quote: s.Said}
}

func (s Decide) saved(d *Desk, t *catalog.Texts) part {
	if s.SavedAt.IsZero() {
		return part{}
	}
	who := s.SavedBy
	if who == "" {
		who = t.Text("desk.colleague")
	}
	return part{ID: "saved", Notice: t.Text("desk.decide.saved", "who", who, "date", d.day(t, s.SavedAt), "time", d.clock(s.SavedAt))}
}

// block is what answers one kind. All of it is there at once; what is not needed stays empty.
func (s Decide) block(in inputs, k KindToAnswer) group {
	t, kind := in.t, string(k.Kind)
	words := in.area("explanation."+kind, 6)
	if own := "desk.decide.own." + kind; t.Has(own) {
		words.Hint = t.Text(own)
	}
	g := group{ID: "kind-" + kind, Title: t.Text("desk.kind." + kind), Fields: []field{
		in.choice("radio", "outcome."+kind, outcomesOf(t, k.Kind)), in.choice("boxes", "ground."+kind, s.grounds(t, k)),
		in.field("text", "clause."+kind), words,
	}}
	if t.Has("desk.decide.hint." + kind) {
		g.Texts = []string{t.Text("desk.decide.hint." + kind)}
	}
	if s.Others && intake.Exports([]intake.Kind{k.Kind}) {
		g.Texts = []string{t.Text("desk.decide.others")}
	}
	if len(s.Blocks) > 0 {
		blocks := []option{{Value: "", Text: t.Text("desk.decide.noblock")}}
		for _, b := range s.Blocks {
			blocks = append(blocks, option{Value: b.Value, Text: b.Text})
		}
		g.Fields = append(g.Fields, in.choice("select", "block."+kind, blocks))
	}
	return g
}

// outcomesOf are how a kind can be answered, or left for later.
func outcomesOf(t *catalog.Texts, k intake.Kind) []option {
	group := "desk.outcome."
	if k == deadline.Complaint {
		group = "desk.decide.complaint."
	}
	all := coded(t, group, []decision.Outcome{decision.Grant, decision.Partly, decision.Refuse})
	return append(all, option{Value: "open", Text: t.Text("desk.decide.open")})
}

// grounds are the sentences that the letter can say, each with its clause in the language of the letter.
func (s Decide) grounds(t *catalog.Texts, k KindToAnswer) []option {
	theirs := Texts(s.Language)
	var all []option
	for _, o := range k.Offers {
		hint := theirs.Citation(o.Clause)
		switch {
		case o.Named:
			hint = t.Text("desk.decide.named")
		case o.Refusal && hint != "":
			hint += " · " + t.Text("desk.decide.refusal")
		case o.Refusal:
			hint = t.Text("desk.decide.refusal")
		}
		all = append(all, option{Value: string(o.Ground), Text: t.Text("ground." + string(o.Ground)), Hint: hint})
	}
	return all
}
