// Package mail writes the mails that we send to people: one Go struct per mail, as subject, text and HTML.
//
// Each struct chooses its words in Go (from package catalog) and fits them into a letter; text and HTML are two
// printings of the same letter, so that they cannot say different things.
//
// It must not send, know SES or the database, and must never carry free text that an unverified person gave: of a
// request it prints codes, dates, the reference and the officer's words. A test holds every letter to that.
package mail

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/settings"
)

// Desk is who writes.
type Desk struct {
	*settings.Desk
	Zone *time.Location // the controller's, for dates
}

// Message is a mail ready to be addressed and sent.
type Message struct {
	Lang    string
	Subject string // one line, UTF-8, not encoded
	Text    string
	HTML    string
	Blocks  []Block  // the same letter, for whoever shows it elsewhere than in a mailbox
	Headers []Header // to be set besides From, To and Subject
}

// Block is a piece of a letter: one of a heading, a paragraph, a list, lines of facts, somebody's own words by
// paragraphs, a link.
type Block struct {
	Heading, Text string
	Items         []string
	Facts         [][2]string // label and value
	Quote         []string
	Link, URL     string
}

// Header is one header line of a mail.
type Header struct{ Name, Value string }

// Mail is one of this package's structs.
type Mail interface {
	letter(d Desk, t *catalog.Texts) letter
}

// Render writes a mail in the language of t. It fails on a letter whose template there is no text for.
func (d Desk) Render(t *catalog.Texts, m Mail) (Message, error) {
	l, o := m.letter(d, t), d.Organisation
	if l.Subject == "" {
		return Message{}, fmt.Errorf("mail %T has no subject", m)
	}
	l.Parts = slices.DeleteFunc(l.Parts, func(p part) bool { return p.isEmpty() || l.Paper && p.clicks() })
	l.afterGreeting(t)
	l.Lang, l.From, l.Sender = t.Lang(), o.Name, lines(o.Sender())
	if !l.Paper { // of a posted one, the letter says how to answer
		l.Close = []string{t.Text("mail.questions", "email", o.Contact), t.Text("mail.automatic")}
	}
	html, err := l.html()
	if err != nil {
		return Message{}, err
	}
	return Message{Lang: l.Lang, Subject: oneLine(l.Subject), Text: l.text(), HTML: html, Blocks: l.blocks(), Headers: append(headers(), l.Headers...)}, nil
}

// headers keep machines from answering a machine (RFC 3834; the second is what Exchange listens to).
func headers() []Header {
	return []Header{{"Auto-Submitted", "auto-generated"}, {"X-Auto-Response-Suppress", "All"}}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
}
