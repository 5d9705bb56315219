package mail

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"privacydesk/shared/adapter/catalog"
)

// letter is what a mail says, before it is printed as text or as HTML.
type letter struct {
	Subject string
	Parts   []part
	Headers []Header // beside those of all mails
	Paper   bool     // it is posted: nothing in it is clicked

	// Set by Render, alike in all mails.
	Lang   string
	From   string
	Sender []string // lines
	Close  []string
}

// part is one of: a heading, a paragraph, a list, a button, a link, a table of facts, somebody's own words.
type part struct {
	Heading string
	Text    string
	Items   []string
	Button  *button
	Link    *link
	Facts   []fact
	Quote   []string // by paragraphs
}

// lowered are the words that a letter begins with a small letter after its greeting, in languages that do so after a
// comma: all but nouns and the forms of Sie.
var lowered = map[string][]string{"de": {
	"Abgemeldet", "An", "Auf", "Bis", "Da", "Das", "Dem", "Den", "Der", "Die", "Dies", "Diese", "Dieses", "Ein", "Eine", "Es", "Für", "Im", "In",
	"Jemand", "Mit", "Nach", "Niemand", "Noch", "Nun", "Sobald", "Um", "Unsere", "Von", "Vor", "Was", "Weil", "Wenn", "Wie", "Wir", "Worum", "Zu",
}}

// afterGreeting goes on as the language does after "Guten Tag,".
func (l *letter) afterGreeting(t *catalog.Texts) {
	if len(l.Parts) < 2 || l.Parts[0].Text != t.Text("mail.greeting") {
		return
	}
	first, rest, _ := strings.Cut(l.Parts[1].Text, " ")
	if slices.Contains(lowered[t.Lang()], strings.TrimRight(first, ",:")) {
		l.Parts[1].Text = strings.ToLower(first) + " " + rest
	}
}

// clicks reports whether the part is of no use on paper.
func (p part) clicks() bool { return p.Button != nil || p.Link != nil }

// isEmpty: there was nothing to say, for example because what a mail is about has changed since.
func (p part) isEmpty() bool {
	return p.Heading+p.Text == "" && p.Button == nil && p.Link == nil && len(p.Items)+len(p.Facts)+len(p.Quote) == 0
}

// link leads to a page of ours that is not the main thing of the mail.
type link struct{ Text, URL string }

// button leads to a page of ours; nothing happens by opening it. Fallback introduces the bare address.
type button struct{ Text, URL, Fallback string }

type fact struct{ Label, Value string }

//go:embed templates/letter.html
var templates embed.FS

var letterTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(templates, "templates/letter.html"))
})

func (l letter) html() (string, error) {
	var out bytes.Buffer
	if err := letterTemplate().Execute(&out, l); err != nil {
		return "", fmt.Errorf("render mail: %w", err)
	}
	return out.String(), nil
}

// text prints the letter for readers of plain text, in lines of at most 72 characters except for links. Paper breaks its
// own lines.
func (l letter) text() string {
	width, blocks := mailWidth, []string{}
	if l.Paper {
		width = math.MaxInt
	}
	for _, p := range l.Parts {
		blocks = append(blocks, p.block(width))
	}
	if l.Paper {
		return strings.Join(append(blocks, strings.Join(l.Close, " "), l.From), "\n\n") + "\n"
	}
	var foot []string
	for _, sentence := range l.Close {
		foot = append(foot, wrap(sentence, "", width))
	}
	blocks = append(blocks, "-- \n"+strings.Join(append(slices.Clone(l.Sender), foot...), "\n"))
	return strings.Join(blocks, "\n\n") + "\n"
}

func (p part) block(width int) string {
	switch {
	case p.Heading != "":
		return wrap(p.Heading, "", width) + "\n" + strings.Repeat("-", min(utf8.RuneCountInString(p.Heading), width))
	case p.Button != nil:
		return p.Button.URL
	case p.Link != nil:
		return wrap(p.Link.Text, "", width) + "\n" + p.Link.URL
	case len(p.Quote) > 0:
		return quoted(p.Quote, width)
	case len(p.Items) > 0:
		var items []string
		for _, item := range p.Items {
			items = append(items, wrap("- "+item, "  ", width))
		}
		return strings.Join(items, "\n")
	case len(p.Facts) > 0:
		var facts []string
		for _, f := range p.Facts {
			facts = append(facts, wrap(f.Label+": "+f.Value, "  ", width))
		}
		return strings.Join(facts, "\n")
	}
	return wrap(p.Text, "", width)
}

// blocks are the letter's parts, and who sends it.
func (l letter) blocks() []Block {
	var all []Block
	for _, p := range l.Parts {
		b := Block{Heading: p.Heading, Text: p.Text, Items: p.Items, Quote: p.Quote}
		for _, f := range p.Facts {
			b.Facts = append(b.Facts, [2]string{f.Label, f.Value})
		}
		if p.Link != nil {
			b.Link, b.URL = p.Link.Text, p.Link.URL
		}
		if p.Button != nil {
			b.Link, b.URL = p.Button.Text, p.Button.URL
		}
		all = append(all, b)
	}
	return append(all, Block{Text: strings.Join(l.Sender, ", ")}, Block{Text: strings.Join(l.Close, " ")})
}

func quoted(paragraphs []string, width int) string {
	const mark = "> "
	var out []string
	for _, paragraph := range paragraphs {
		out = append(out, wrap(mark+paragraph, mark, width))
	}
	return strings.Join(out, "\n"+strings.TrimSpace(mark)+"\n")
}

// mailWidth is the longest line of a mail's text.
const mailWidth = 72

// wrap breaks a paragraph into lines; all but the first begin with indent.
func wrap(paragraph, indent string, width int) string {
	var out strings.Builder
	column := 0
	for i, word := range strings.Fields(paragraph) {
		size := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+size > width:
			out.WriteString("\n" + indent)
			column = len(indent)
		default:
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += size
	}
	return out.String()
}
