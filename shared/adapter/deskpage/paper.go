package deskpage

import (
	"encoding/json"
	"fmt"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/outbox"
)

// Paper is a letter as it is printed: the organisation's head, the address where an envelope has its window, and the
// words as they are kept.
type Paper struct {
	Reference string
	Language  string // the person's
	To        string // what stands in the window, by lines
	ByHand    bool   // no postal address is known: the letter is read out or handed over
	Telephone string // if known
	Letter    outbox.Letter
}

// LetterName names a letter of a file.
func LetterName(l outbox.Letter) string { return fmt.Sprintf("%d-%s", l.Seq, l.Template) }

// Printed reports whether a letter can be printed: what holds no more is not.
func Printed(l outbox.Letter) bool { return l.Paper && l.Text != "" && l.State != outbox.Obsolete }

// PaperPath is where a letter is printed.
func PaperPath(reference string, l outbox.Letter) string {
	return FilePath(reference) + "/letters/" + LetterName(l)
}

type paperBody struct {
	Lead           string
	Links          []link
	Lang, From     string
	Sender, Window []string
	Date, Subject  string
	Mark           string // the reference, in the person's language
	Blocks         []paperBlock
}

// paperBlock is a heading, a paragraph, or what a mail quotes: our own words.
type paperBlock struct{ Heading, Text, Quote string }

func (p Paper) view(d *Desk, v Visit) view {
	t, theirs, lead := v.Texts, catalog.For(p.Language), "desk.paper.lead"
	if p.ByHand {
		lead = "desk.paper.lead.by_hand"
	}
	body := paperBody{
		Lead: t.Text(lead), Links: []link{{FilePath(p.Reference) + "#letters", t.Text("desk.form.back")}}, Lang: theirs.Lang(),
		From: d.Organisation.Name, Sender: strings.Split(strings.TrimSpace(d.Organisation.Postal()), "\n"), Window: strings.Split(p.To, "\n"),
		Date: theirs.Date(p.Letter.WrittenAt.In(d.Zone)), Subject: p.Letter.Subject, Mark: theirs.Text("fact.reference") + ": " + p.Reference, Blocks: paperBlocks(p.Letter.Text),
	}
	if p.Telephone != "" {
		body.Lead += " " + t.Text("desk.paper.telephone", "telephone", p.Telephone)
	}
	if p.Letter.State == outbox.ToPost {
		body.Links = append(body.Links, link{ActPath(p.Reference, "posted") + "?of=" + LetterName(p.Letter), t.Text("desk.form.posted")})
	}
	return view{shape: paperShape, title: t.Text("desk.paper"), body: body}
}

// paperBlocks are the paragraphs of a kept text, whose headings are underlined.
func paperBlocks(text string) []paperBlock {
	var all []paperBlock
	for block := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if head, line, both := strings.Cut(block, "\n"); both && line != "" && strings.Trim(line, "-") == "" {
			all = append(all, paperBlock{Heading: head})
			continue
		}
		if quote, quoted := strings.CutPrefix(block, "> "); quoted {
			all = append(all, paperBlock{Quote: strings.NewReplacer("\n> ", "\n", "\n>", "\n").Replace(quote)})
			continue
		}
		all = append(all, paperBlock{Text: block})
	}
	return all
}

// MarshalJSON is the letter for machines.
func (p Paper) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Reference string `json:"reference"`
		Language  string `json:"language"`
		To        string `json:"to"`
		ByHand    bool   `json:"by_hand,omitempty"`
		Telephone string `json:"telephone,omitempty"`
		outbox.Letter
	}{p.Reference, p.Language, p.To, p.ByHand, p.Telephone, p.Letter})
}
