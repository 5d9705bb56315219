// Package inbound receives mail on one machine, as SES does for a receipt rule
// with a Lambda action: it makes the event of a mail and hands it over. A form
// for people is at GET /inbound; POST /inbound takes the form, or a whole
// message of RFC 5322. It checks no signature: the verdicts are what the
// caller says. It must not know what becomes of a mail.
package inbound

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/mail"
	"net/textproto"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// Mail is a mail on its way in.
type Mail struct {
	Raw      []byte   // header and, if there is one, body, which is not looked at
	Sender   string   // of the envelope; "" for a bounce
	To       []string // of the envelope
	Verdicts map[string]string
	Policy   string // of DMARC
}

// Verdicts that a mail can have; one that is not given is PASS.
var verdictNames = []string{"spam", "virus", "spf", "dkim", "dmarc"}

// maxHeaders is where SES cuts the headers of an event, in octets.
const maxHeaders = 10 << 10

var errHeader = errors.New("the message has no valid header (RFC 5322)")

// event makes the event of a mail for the recipients of one rule.
func (m Mail) event(recipients []string, function string, now time.Time) (events.SimpleEmailEvent, error) {
	parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return events.SimpleEmailEvent{}, errHeader
	}
	var out events.SimpleEmailService
	out.Mail = events.SimpleEmailMessage{
		Timestamp: now.UTC(), Source: m.Sender, MessageID: newID(), Destination: m.To,
		CommonHeaders: common(parsed.Header, m.Sender),
	}
	out.Mail.Headers, out.Mail.HeadersTruncated = fields(m.Raw, m.Sender)
	out.Receipt = events.SimpleEmailReceipt{
		Timestamp: now.UTC(), Recipients: recipients, ProcessingTimeMillis: 1,
		SpamVerdict: m.verdict("spam"), VirusVerdict: m.verdict("virus"), SPFVerdict: m.verdict("spf"),
		DKIMVerdict: m.verdict("dkim"), DMARCVerdict: m.verdict("dmarc"),
		Action: events.SimpleEmailReceiptAction{Type: "Lambda", FunctionARN: function, InvocationType: "Event"},
	}
	if m.Verdicts["dmarc"] == "FAIL" {
		out.Receipt.DMARCPolicy = m.Policy
	}
	return events.SimpleEmailEvent{Records: []events.SimpleEmailRecord{{EventSource: "aws:ses", EventVersion: "1.0", SES: out}}}, nil
}

func (m Mail) verdict(name string) events.SimpleEmailVerdict {
	if status := m.Verdicts[name]; status != "" {
		return events.SimpleEmailVerdict{Status: status}
	}
	return events.SimpleEmailVerdict{Status: "PASS"}
}

func common(h mail.Header, sender string) events.SimpleEmailCommonHeaders {
	list := func(name string) []string {
		if value := h.Get(name); value != "" {
			return []string{value}
		}
		return nil
	}
	return events.SimpleEmailCommonHeaders{
		From: list("From"), To: list("To"), Cc: list("Cc"), ReturnPath: sender,
		MessageID: h.Get("Message-ID"), Date: h.Get("Date"), Subject: h.Get("Subject"),
	}
}

// fields are the header fields in their order, unfolded, as far as SES hands
// them over.
func fields(raw []byte, sender string) (out []events.SimpleEmailHeader, truncated bool) {
	out = append(out, events.SimpleEmailHeader{Name: "Return-Path", Value: "<" + sender + ">"})
	head, _, _ := strings.Cut(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n\n")
	head = strings.NewReplacer("\n ", " ", "\n\t", " ").Replace(head)
	size := 0
	for line := range strings.SplitSeq(head, "\n") {
		if size += len(line) + 2; size > maxHeaders {
			return out, true
		}
		if name, value, ok := strings.Cut(line, ":"); ok {
			out = append(out, events.SimpleEmailHeader{Name: textproto.TrimString(name), Value: textproto.TrimString(value)})
		}
	}
	return out, false
}

// newID has the shape of the ids that SES gives to mail that it receives.
func newID() string {
	var b [20]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
