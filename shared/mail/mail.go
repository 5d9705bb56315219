// Package mail writes the mails that we send to people: one Go struct per mail, as subject, text and HTML.
//
// Each struct chooses its words in Go (from package catalog) and fits them into a letter; text and HTML are two
// printings of the same letter, so that they cannot say different things.
//
// It must not send, know SES or the database, and must never carry free text that an unverified person gave:
// structs hold only links, dates, coded facts and words of our own.
package mail

import "privacydesk/shared/catalog"

// Organisation says who is speaking, as desk.yaml gives it. It has the fields of page.Organisation.
type Organisation struct {
	Name      string
	Email     string
	Phone     string
	Postal    string
	PolicyURL string
	HomeURL   string
}

// Message is a mail ready to be addressed and sent.
type Message struct {
	Lang    string
	Subject string
	Text    string
	HTML    string
	Headers []Header // to be set besides From, To and Subject
}

// Header is one header line of a mail.
type Header struct{ Name, Value string }

// Mail is one of this package's structs.
type Mail interface {
	letter(o Organisation, t *catalog.Texts) letter
}

// Render writes a mail in the language of t.
func Render(o Organisation, t *catalog.Texts, m Mail) (Message, error) {
	return Message{}, nil
}

type letter struct{}
