package deskpage

import (
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
)

// Letter is the letter of an answer before it goes, with what happens then and what is looked at before.
type Letter struct {
	Reference string         `json:"reference"`
	Seq       int            `json:"seq"`
	Kinds     []intake.Kind  `json:"kinds"`
	To        string         `json:"to"`              // masked
	Paper     bool           `json:"paper,omitempty"` // it is posted
	Signing   bool           `json:"signing,omitempty"`
	Theirs    *Mail          `json:"letter,omitempty"`   // in the language of the person
	Own       *Mail          `json:"in_own,omitempty"`   // in that of who looks, where it is another
	Question  string         `json:"question,omitempty"` // of a fee that waits for a signature
	Fee       string         `json:"fee,omitempty"`      // such as "12.50 EUR"
	Effects   []draft.Effect `json:"effects"`            //
	Checks    []draft.Check  `json:"checks"`             //
	Needs     []foureyes.Act `json:"needs,omitempty"`    // a signature, because of these
	Parts     []AnswerPart   `json:"parts,omitempty"`    // of an answer to a request for access
	Clean     bool           `json:"clean"`              // nothing keeps it back
	Way       *Way           `json:"way,omitempty"`      // it is on its way
	Now       time.Time      `json:"now,omitzero"`       // when it goes that is sent now
	Morning   time.Time      `json:"morning,omitzero"`   // when it goes that is sent in the morning
	Stopped   *draft.Check   `json:"stopped,omitempty"`  // why it did not go when it was due
	Refused   *Refusal       `json:"refused,omitempty"`  //
	Happened  []Happened     `json:"since,omitempty"`    // what made the page stale
	LoginFrom string         `json:"-"`                  //
}

// Mail is a letter as it is read.
type Mail struct {
	Lang    string  `json:"lang"`
	Subject string  `json:"subject"`
	Blocks  []Block `json:"blocks"`
}

// Block is a piece of it.
type Block struct {
	Heading string      `json:"heading,omitempty"`
	Text    string      `json:"text,omitempty"`
	Items   []string    `json:"items,omitempty"`
	Facts   [][2]string `json:"facts,omitempty"`
	Quote   []string    `json:"quote,omitempty"`
	Link    string      `json:"link,omitempty"`
	URL     string      `json:"url,omitempty"`
}

// Way is how it is on its way.
type Way struct {
	Act      string    `json:"act"`
	Seq      int       `json:"seq"`
	By       string    `json:"by"` // a name
	Own      bool      `json:"own,omitempty"`
	SignedBy string    `json:"signed_by,omitempty"`
	SendAt   time.Time `json:"send_at,omitzero"` // zero: it waits for a signature
}

type (
	// letterBody is the body of letterShape.
	letterBody struct {
		Lead     []string
		Problem  string
		Faults   []link
		Parts    []part // above the letter
		Sides    []side
		Question *part
		Effects  list
		Checks   list
		Forms    []form
		Links    []link
	}

	side struct {
		Lang, Title, To, Subject string
		Blocks                   []Block
	}

	list struct {
		Title string
		Items []listItem
	}

	listItem struct{ Word, Text, Tone string }
)

func (l Letter) view(d *Desk, v Visit) view {
	t := v.Texts
	body := letterBody{
		Lead: []string{aboutRequest(t, l.Reference, l.Kinds, false)}, Parts: kept(stale(d, t, l.Happened, false), l.state(d, t), answerParts(d, v, l.Reference, l.Parts)),
		Sides: l.sides(t), Effects: l.effects(d, t), Checks: l.checks(d, t), Forms: append(l.lookedForm(t), l.forms(d, t)...),
	}
	if l.Refused != nil {
		body.Problem = l.Refused.words(d, t)
	}
	if l.Theirs == nil && l.Question == "" && l.act() == "decide" {
		body.Parts = append(body.Parts, part{Notice: t.Text("desk.letter.missing")})
	}
	if l.LoginFrom != "" {
		body.Parts = append(body.Parts, part{Notice: t.Text("desk.form.login"), Links: []link{{l.LoginFrom, t.Text("desk.form.login.link")}}})
	}
	if l.Question != "" {
		body.Question = &part{Title: t.Text("desk.letter.question"), Texts: l.fee(t), Quote: l.Question}
	}
	if l.Way == nil {
		body.Links = append(body.Links, link{DecidePath(l.Reference), t.Text("desk.letter.draft")})
	}
	body.Links = append(body.Links, link{FilePath(l.Reference), t.Text("desk.form.back")})
	title := t.Text("desk.letter.of." + l.act())
	if l.Signing {
		title = t.Text("desk.letter.sign." + l.Way.Act)
	}
	return view{shape: letterShape, title: title, body: body, failed: l.Refused != nil}
}

// act is what the page shows: an answer, or what waits for a signature.
func (l Letter) act() string {
	if l.Way == nil {
		return "decide"
	}
	return l.Way.Act
}

func (l Letter) fee(t *catalog.Texts) []string {
	amount, currency, asked := strings.Cut(l.Fee, " ")
	if !asked {
		return nil
	}
	return []string{t.Text("desk.letter.fee", "amount", t.Amount(amount, currency))}
}

// state says where the letter is.
func (l Letter) state(d *Desk, t *catalog.Texts) part {
	switch w := l.Way; {
	case w == nil && l.Stopped != nil:
		return part{Notice: t.Text("desk.letter.stopped", "why", checked(d, t, *l.Stopped)), Wrong: true}
	case w == nil:
		return part{}
	case w.SendAt.IsZero() && w.Own:
		return part{Notice: t.Text("desk.letter.waits.own")}
	case w.SendAt.IsZero():
		return part{Notice: t.Text("desk.letter.waits", "who", named(t, w.By))}
	}
	return part{Notice: t.Text("desk.letter.goes", "date", d.day(t, l.Way.SendAt), "time", d.clock(l.Way.SendAt))}
}

func named(t *catalog.Texts, name string) string {
	if name == "" {
		return t.Text("desk.colleague")
	}
	return name
}

// sides are the letter in the language of the person, and in that of who looks.
func (l Letter) sides(t *catalog.Texts) []side {
	var all []side
	for i, m := range []*Mail{l.Theirs, l.Own} {
		if m == nil {
			continue
		}
		s := side{Lang: m.Lang, Subject: m.Subject, Blocks: m.Blocks, To: t.Text("desk.letter.to", "address", l.To)}
		if i == 0 {
			s.Title = t.Text("desk.letter.theirs", "language", catalog.Name(m.Lang))
			if l.Paper {
				s.To = t.Text("desk.letter.by_post")
			}
		} else {
			s.Title, s.To = t.Text("desk.letter.own", "language", catalog.Name(m.Lang)), t.Text("desk.letter.own.text")
		}
		all = append(all, s)
	}
	return all
}

// forms are the buttons: to send it, to sign it, to call it back.
func (l Letter) forms(d *Desk, t *catalog.Texts) []form {
	if l.LoginFrom != "" && (l.Way == nil || l.Signing) {
		return nil
	}
	switch w := l.Way; {
	case w == nil && l.Clean:
		return []form{l.send(d, t)}
	case w == nil:
		return nil
	case l.Signing && w.SendAt.IsZero() && !w.Own && l.Clean:
		hide := append(hiddenSeq(l.Seq), hidden{"of", number(w.Seq)})
		return []form{{Action: SignPath(l.Reference), Hidden: hide, Intro: []string{t.Text("desk.letter.sign.text." + w.Act)}, Button: t.Text("desk.letter.sign.button")}, l.callBack(t)}
	}
	return []form{l.callBack(t)}
}

func (l Letter) callBack(t *catalog.Texts) form {
	return form{Action: FilePath(l.Reference) + "/callback", Hidden: hiddenSeq(l.Seq), Intro: []string{t.Text("desk.letter.callback.text." + l.act())}, Button: t.Text("desk.letter.callback"), Quiet: true}
}

func (l Letter) send(d *Desk, t *catalog.Texts) form {
	f := form{Action: FilePath(l.Reference) + "/send", Hidden: hiddenSeq(l.Seq), Title: t.Text("desk.letter.send")}
	key := "desk.letter."
	if len(l.Needs) > 0 {
		key = "desk.letter.ask."
	}
	f.Intro = []string{t.Text(key+"text", "time", d.clock(l.Now))}
	if l.Paper {
		f.Intro = append(f.Intro, t.Text("desk.letter.paper"))
	}
	if !l.Now.IsZero() {
		f.More = append(f.More, button{Name: "when", Value: "now", Text: t.Text(key + "now")})
	}
	if !l.Morning.IsZero() {
		f.More = append(f.More, button{Name: "when", Value: "morning", Text: t.Text(key+"morning", "date", d.day(t, l.Morning), "time", d.clock(l.Morning)), Quiet: true})
	}
	return f
}
