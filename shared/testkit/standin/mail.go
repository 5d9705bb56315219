package standin

import (
	"net/mail"
	"strings"
	"time"
)

// Mail is one accepted and delivered message, as /mailbox.json shows it.
type Mail struct {
	ID               string    `json:"id"`
	From             string    `json:"from"`
	To               []string  `json:"to"`
	Cc               []string  `json:"cc,omitempty"`
	ReplyTo          []string  `json:"reply_to,omitempty"`
	Recipients       []string  `json:"recipients"` // who got it: no suppressed ones, Bcc included
	Subject          string    `json:"subject"`
	Headers          Headers   `json:"headers"`
	Text             string    `json:"text"`
	HTML             string    `json:"html"`
	ConfigurationSet string    `json:"configuration_set"`
	Tenant           string    `json:"tenant,omitempty"`
	Tags             []Tag     `json:"tags,omitempty"`
	SentAt           time.Time `json:"sent_at"`
	Inbound          bool      `json:"inbound,omitempty"` // somebody wrote it to the desk: SES received it, and did not send it
}

// Header is one header field of a mail.
type Header struct{ Name, Value string }

// Tag is one message tag.
type Tag struct{ Name, Value string }

// addressed says whether the mail went to the address, ignoring case as mail does.
func (m Mail) addressed(to string) bool {
	for _, r := range m.Recipients {
		if strings.EqualFold(r, to) {
			return true
		}
	}
	return false
}

// contains says whether the words stand anywhere that a person would look.
func (m Mail) contains(words string) bool {
	hay := strings.ToLower(strings.Join([]string{
		m.From, strings.Join(m.To, " "), strings.Join(m.Recipients, " "), m.Subject, m.Text, m.ConfigurationSet,
	}, "\n"))
	for word := range strings.FieldsSeq(strings.ToLower(words)) {
		if !strings.Contains(hay, word) {
			return false
		}
	}
	return true
}

// bareAddress takes the address out of `Name <address>`.
func bareAddress(s string) (string, error) {
	parsed, err := mail.ParseAddress(s)
	if err != nil {
		return "", badRequest("Invalid email address %s.", s)
	}
	return parsed.Address, nil
}
