package stack

import (
	"bytes"
	"io"
	"mime"
	"net/mail"

	"privacydesk/infra/local/inbound"
	"privacydesk/shared/domain/inbox"
	"privacydesk/shared/testkit/standin"
)

// keepMail puts a mail to the desk into the mailbox, beside the desk's replies.
func (s *Stack) keepMail(m inbound.Mail) {
	kept := standin.Mail{From: m.Sender, To: m.To, Recipients: m.To}
	parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return // it has been refused
	}
	if from, _ := (inbox.Message{Headers: []inbox.Header{{Name: "From", Value: parsed.Header.Get("From")}}}).Authors(); len(from) > 0 {
		kept.From = from[0].Reveal() // whom the reply goes to
	}
	if kept.Subject, err = new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject")); err != nil {
		kept.Subject = parsed.Header.Get("Subject")
	}
	for _, name := range []string{"From", "To", "Subject", "Date", "Message-Id", "Auto-Submitted"} {
		for _, value := range parsed.Header[name] {
			kept.Headers = append(kept.Headers, standin.Header{Name: name, Value: value})
		}
	}
	text, _ := io.ReadAll(parsed.Body)
	kept.Text = string(text)
	s.StandIn.Receive(kept)
}
