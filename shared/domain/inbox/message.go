// Package inbox decides what a mail to the desk means: an opt-out, a rights
// request, a reply in a request that exists, or nothing. The table in rules.go
// is the whole decision. It looks at headers and at the verdicts of the mail
// system alone, never at a body. It must not store, send or log anything, and
// what it decides holds no text of the mail but the subject line.
package inbox

import (
	"io"
	"mime"
	"strings"
	"unicode/utf8"
)

// Header is one header field of a mail, unfolded or not.
type Header struct{ Name, Value string }

// Verdict is what the mail system found.
type Verdict string

// The verdicts of SES; any other text is as good as none.
const (
	Pass Verdict = "PASS"
	Fail Verdict = "FAIL"
	Gray Verdict = "GRAY" // no record, no signature: there was nothing to check
)

// Message is a mail as it has arrived.
type Message struct {
	Sender     string   // of the envelope; "" or "<>" for a bounce
	Recipients []string // of the envelope
	Headers    []Header

	Spam, Virus, SPF, DKIM, DMARC Verdict
	DMARCPolicy                   string // none, quarantine, reject: what the From domain wants done on Fail
}

// values are the values of all fields of a name.
func (m Message) values(name string) []string {
	var found []string
	for _, h := range m.Headers {
		if strings.EqualFold(h.Name, name) {
			found = append(found, h.Value)
		}
	}
	return found
}

// first is the first value of a name in lower case, "" if there is none.
func (m Message) first(name string) string {
	if found := m.values(name); len(found) > 0 {
		return strings.ToLower(strings.TrimSpace(found[0]))
	}
	return ""
}

// Subject is the subject line, decoded (RFC 2047).
func (m Message) Subject() string {
	fields := m.values("Subject")
	if len(fields) == 0 {
		return ""
	}
	text := unfold(fields[0])
	if decoded, err := words.DecodeHeader(text); err == nil {
		text = decoded
	}
	return strings.TrimSpace(strings.ToValidUTF8(text, "\ufffd"))
}

// words decodes RFC 2047's words. A charset that it does not know must not hide
// the author's address beside it, so it is read as latin 1 where it is likely
// to be near, and else with a mark for every byte outside ASCII.
var words = mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
	data, err := io.ReadAll(in)
	near := strings.HasPrefix(charset, "windows-125") || strings.HasPrefix(charset, "iso-8859-")
	var out strings.Builder
	for _, b := range data {
		if b < utf8.RuneSelf || near {
			out.WriteRune(rune(b))
		} else {
			out.WriteRune(utf8.RuneError)
		}
	}
	return strings.NewReader(out.String()), err
}}

// unfold joins a field's lines (RFC 5322 section 2.2.3).
func unfold(value string) string {
	return strings.NewReplacer("\r\n", "", "\n", "", "\r", "").Replace(value)
}
